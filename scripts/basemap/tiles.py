"""The region's basemap: data/basemap/**/*.geojson and data/gazetteer/*.csv -> data/basemap.pmtiles.

One command, from the repository's root (about two minutes; it makes its own environment):

    scripts/basemap/build.sh tiles

Same input and same requirements.txt, same bytes: features keep the order of their files, no time and no chance enters,
and gzip writes no date. The layers bear the names and the fields of the OpenMapTiles schema where that has a word, so
one style draws this file and any OpenMapTiles file. As there, land is what the background shows and `water` what is
not land; `land` holds the krai alone, for a style that wants to lift it out.

Zooms 0 to 5 cover the world, 6 to 8 Russia, 9 to 12 the rectangle of data/basemap/region; above 12 clients enlarge.
"""

import csv
import gzip
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import shapely
from babel import Locale
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.geometry import LineString, MultiLineString, Point, box, shape
from shapely.ops import linemerge, polylabel

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "basemap"
OUT = ROOT / "data" / "basemap.pmtiles"

MAX_Z = 12
WORLD_MAX_Z = 5
WIDE_MAX_Z = 8
EXTENT = 4096
BUFFER = 64
# west, south, east, north
WIDE = (15.0, 34.0, 180.0, 81.85)
REGION = (38.5, 41.8, 48.0, 47.8)

ATTRIBUTION = "Made with Natural Earth. © OpenStreetMap contributors (ODbL 1.0). Places: GeoNames (CC BY 4.0)."

# --- words ------------------------------------------------------------------------------------

# The towns of the krai by law; every other settlement there is a village, whatever its size.
TOWNS = set(
    "Ставрополь Пятигорск Кисловодск Невинномысск Ессентуки Михайловск Георгиевск Будённовск Изобильный Железноводск "
    "Светлоград Зеленокумск Новоалександровск Новопавловск Нефтекумск Ипатово Благодарный Лермонтов".split()
) | {"Минеральные Воды"}

# Natural Earth has no Russian names of waters; those that can be seen from the krai, and the great ones.
WATERS_RU = {
    "Al Furat": "Евфрат", "Aldan": "Алдан", "Amu  Darya": "Амударья", "Amur": "Амур", "Angara": "Ангара",
    "Danube": "Дунай", "Daugava": "Западная Двина", "Dnepre": "Днепр", "Dnipro": "Днепр", "Dniester": "Днестр",
    "Don": "Дон", "Euphrates": "Евфрат", "Firat": "Евфрат", "Indigirka": "Индигирка", "Irtysh": "Иртыш",
    "Kama": "Кама", "Khatanga": "Хатанга", "Kolyma": "Колыма", "Lena": "Лена", "Lower Tunguska": "Нижняя Тунгуска",
    "Neva": "Нева", "Ob": "Обь", "Pechora": "Печора", "Severnaya Dvina": "Северная Двина", "Sukhona": "Сухона",
    "Syr Darya": "Сырдарья", "Tigris": "Тигр", "Tobol": "Тобол", "Ural": "Урал", "Vilyuy": "Вилюй",
    "Vistula": "Висла", "Volga": "Волга", "Vychegda": "Вычегда", "Yenisey": "Енисей", "Aral Sea": "Аральское море",
    "Bratsk Res.": "Братское водохранилище", "Issyk-Kul": "Иссык-Куль", "Kakhovka Reservoir": "Каховское водохранилище",
    "Kremenchuk Reservoir": "Кременчугское водохранилище", "L. Beloye": "Белое озеро", "L. Chany": "Чаны",
    "L. Il’men’": "Ильмень", "L. Zaysan": "Зайсан", "Lake Baikal": "Байкал", "Lake Balkhash": "Балхаш",
    "Lake Khanka": "Ханка", "Lake Ladoga": "Ладожское озеро", "Lake Onega": "Онежское озеро",
    "Lake Peipus": "Чудское озеро", "Lake Saimaa": "Сайма", "Lake Sevan": "Севан", "Lake Taymyr": "Таймыр",
    "Lake Tuz": "Туз", "Lake Urmia": "Урмия", "Lake Van": "Ван", "Rybinsk Res.": "Рыбинское водохранилище",
    "Samara Reservoir": "Куйбышевское водохранилище", "Vilyuy Res.": "Вилюйское водохранилище",
    "Tsimlyansk Reservoir": "Цимлянское водохранилище",
}
# lon, lat, first zoom, last zoom: the seas seen at the zooms where the region's own labels are too far apart.
SEAS = [
    ("Чёрное море", "Black Sea", 34.4, 43.2, 3, 7),
    ("Каспийское море", "Caspian Sea", 50.6, 41.6, 3, 7),
    ("Азовское море", "Sea of Azov", 36.6, 46.1, 6, 8),
    ("Средиземное море", "Mediterranean Sea", 19.0, 34.9, 2, 6),
    ("Балтийское море", "Baltic Sea", 19.5, 58.0, 3, 6),
    ("Белое море", "White Sea", 38.0, 65.5, 4, 7),
    ("Баренцево море", "Barents Sea", 40.0, 73.5, 3, 6),
    ("Карское море", "Kara Sea", 72.0, 76.0, 3, 6),
    ("Охотское море", "Sea of Okhotsk", 149.0, 54.0, 3, 6),
    ("Красное море", "Red Sea", 38.0, 20.5, 3, 6),
    ("Персидский залив", "Persian Gulf", 51.5, 26.8, 4, 6),
]
# GeoNames gives these in the spelling of another language that writes Cyrillic.
RUSSIAN = {
    "Анадыр": "Анадырь", "Астрахан": "Астрахань", "Бежетск": "Бежецк", "Благовешченск": "Благовещенск",
    "Грозны": "Грозный", "Дондагъы Ростов": "Ростов-на-Дону", "Елиста": "Элиста", "Енгельс": "Энгельс",
    "Казан": "Казань", "Кирово-Чепетск": "Кирово-Чепецк", "Киселевск": "Киселёвск", "Мтсенск": "Мценск",
    "Налчик": "Нальчик", "Новокузнетск": "Новокузнецк", "Новотроитск": "Новотроицк", "Норилск": "Норильск",
    "Одинтсово": "Одинцово", "Орел": "Орёл", "Перм": "Пермь", "Петропавловск-Камчатски": "Петропавловск-Камчатский",
    "Старая Станция": "Старая Станица", "Твер": "Тверь", "Тихоретск": "Тихорецк", "Тюмен": "Тюмень",
    "Удачны": "Удачный", "Уст-Нера": "Усть-Нера", "Хасав-юрт": "Хасавюрт", "Череповетс": "Череповец",
    "Шчолково": "Щёлково",
}
COUNTRY_NAMES = {"RU": ("Россия", "Russia")}
COUNTRY_POINTS = {"RU": (60.5, 60.5), "KZ": (67.5, 48.3)}
# Natural Earth's seven rivers of the krai that have a Russian name and no English one are spelled by these letters.
LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".split(),
    ),
    ё="yo",
)


def transliterate(name):
    """As GeoNames spells (BGN/PCGN without the signs), so that both kinds of names agree on one map."""
    out, before = [], " "
    for letter in name:
        low = letter.lower()
        latin = LETTERS.get(low, low).replace("_", "")
        if low == "е" and before.lower() in " -аеёиоуыэюяйьъ":
            latin = "ye"
        out.append(latin[:1].upper() + latin[1:] if letter != low else latin)
        before = letter
    return "".join(out)


# --- reading ----------------------------------------------------------------------------------

def read(name):
    features = json.loads((DATA / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return [(shapely.make_valid(shape(f["geometry"])), f["properties"]) for f in features]


def geometries(name):
    return [geometry for geometry, _ in read(name)]


def table(name):
    with (ROOT / "data" / "gazetteer" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(geometry):
    parts = shapely.get_parts(geometry)
    return [p for p in parts if p.geom_type == "LineString" and p.length > 0]


def polygons_of(geometry):
    parts = [q for p in shapely.get_parts(geometry) for q in shapely.get_parts(p)]
    return [p for p in parts if p.geom_type == "Polygon" and p.area > 0]


def merged(lines):
    union = shapely.union_all(lines)
    return lines_of(linemerge(union) if union.geom_type == "MultiLineString" else union)


def km2(polygon):
    scale = math.cos(math.radians(polygon.centroid.y))
    return polygon.area * scale * 111.2**2


def label_point(geometry, tolerance=0.02):
    """The point farthest from the edges of the largest part."""
    largest = max(polygons_of(geometry), key=lambda p: p.area)
    return polylabel(largest, tolerance=tolerance)


# --- features ---------------------------------------------------------------------------------

class Map:
    """Features by layer: geometry in degrees, properties, first and last zoom."""

    def __init__(self):
        self.layers = defaultdict(list)

    def add(self, layer, geometry, properties, first, last=MAX_Z):
        if not geometry.is_empty:
            kept = {k: v for k, v in properties.items() if v not in (None, "")}
            self.layers[layer].append((geometry, kept, first, last))

    def name(self, layer, point, ru, en, first, last=MAX_Z, **more):
        names = {"name": ru or en, "name_ru": ru, "name_en": en or (transliterate(ru) if ru else None)}
        self.add(layer, point, {**names, **more}, first, last)


def water(out):
    whole = box(-180, -85.06, 180, 85.06)
    wide, region = box(*WIDE), box(*REGION)
    out.add("water", whole - shapely.union_all(geometries("world/land")), {"class": "ocean"}, 0, WORLD_MAX_Z)
    # The coast of the region is drawn ten times finer than that around it.
    land = (shapely.union_all(geometries("wide/land")) - region) | shapely.union_all(geometries("region/land"))
    out.add("water", wide - land, {"class": "ocean"}, WORLD_MAX_Z + 1, WIDE_MAX_Z)
    out.add("water", region - land, {"class": "ocean"}, WIDE_MAX_Z + 1)

    def names(properties):
        en = properties.get("name_en")
        return properties.get("name_ru") or WATERS_RU.get(en), en

    def lake(geometry, properties, first, last):
        out.add("water", geometry, {"class": "lake"}, first, last)
        ru, en = names(properties)
        if ru:
            shown = max(first + 1, 4)
            out.name("water_name", label_point(geometry), ru, en, shown, **{"class": "lake"})

    for geometry, p in read("wide/lakes"):
        first = 3 if p["rank"] <= 2 else 4 if p["rank"] <= 3 else 5
        if geometry.intersects(region):
            out.add("water", geometry, {"class": "lake"}, first, WORLD_MAX_Z)
        else:
            lake(geometry, p, first, WIDE_MAX_Z)
    for geometry, p in read("region/lakes"):
        lake(geometry, p, {7: 6, 10: 6, 11: 7}.get(p["rank"], 8), MAX_Z)

    def river(geometry, properties, first, last):
        ru, en = names(properties)
        named = {"name": ru, "name_ru": ru, "name_en": en or transliterate(ru)} if ru else {}
        out.add("waterway", geometry, {"class": "river", "rank": int(properties["rank"]), **named}, first, last)

    for geometry, p in read("wide/rivers"):
        first = 3 if p["rank"] <= 2 else 4 if p["rank"] <= 4 else 5
        river(geometry, p, first, WORLD_MAX_Z)
        river(geometry - region, p, WORLD_MAX_Z + 1, WIDE_MAX_Z)
    for geometry, p in read("region/rivers"):
        if p["kind"] == "River":
            river(geometry, p, {10: 7, 11: 8, 12: 8}.get(int(p["rank"]), 6), MAX_Z)
    for ru, en, lon, lat, first, last in SEAS:
        out.name("water_name", Point(lon, lat), ru, en, first, last, **{"class": "sea"})
    for point, p in read("region/seas_labels"):
        out.name("water_name", point, p["name_ru"], p["name_en"], 8, **{"class": "sea"})


# How strongly the krai's outline is smoothed (degrees), first and last zoom.
KRAI_ZOOMS = [(0.012, 3, 8), (0.005, 9, 9), (0.0025, 10, 10), (0.0, 11, MAX_Z)]


def smooth(krai, by):
    """Without the meanders of the border rivers: seen from afar they are blots on its line."""
    return max(polygons_of(krai.buffer(by).buffer(-2 * by).buffer(by)), key=lambda p: p.area) if by else krai


def boundaries(out, krai):
    region = box(*REGION)
    for line in geometries("world/country_borders"):
        line = line - box(*WIDE)
        out.add("boundary", line, {"admin_level": 2, "disputed": 0}, 0, WORLD_MAX_Z)

    def country(geometry, properties, first, last):
        disputed = int(not properties["kind"].startswith("International"))
        out.add("boundary", geometry, {"admin_level": 2, "disputed": disputed}, first, last)

    # One zoom later than the coast: where the two meet at the region's edge they differ by kilometres.
    fine = WORLD_MAX_Z + 2
    for geometry, p in read("wide/country_borders"):
        country(geometry, p, 0, fine - 1)
        country(geometry - region, p, fine, WIDE_MAX_Z)
    frontier = read("region/country_borders")
    for geometry, p in frontier:
        country(geometry, p, fine, MAX_Z)

    outline = krai.boundary
    for by, first, last in KRAI_ZOOMS:
        out.add("boundary", smooth(krai, by).boundary, {"admin_level": 4, "class": "krai"}, first, last)
    # The neighbours are drawn more coarsely than the krai: what runs along its outline is left out, and the ends that
    # this leaves are drawn up to it. Nor do they say anything at sea or along the country's border.
    others = [shapely.force_2d(g).boundary for g, p in read("region/regions") if p["name_en"] != "Stavropol Krai"]
    land = shapely.union_all(geometries("region/land")).buffer(-0.02)
    away = outline.buffer(0.012) | shapely.union_all([g for g, _ in frontier]).buffer(0.06)
    inner = box(REGION[0] + 0.01, REGION[1] + 0.01, REGION[2] - 0.01, REGION[3] - 0.01)
    for line in merged([(g & inner & land) - away for g in others]):
        if line.length < 0.02:
            continue
        ends = []
        for end in (line.coords[0], line.coords[-1]):
            near = outline.interpolate(outline.project(Point(end)))
            ends.append(near.coords[0] if near.distance(Point(end)) < 0.03 else end)
        line = LineString([ends[0], *line.coords, ends[1]])
        out.add("boundary", line, {"admin_level": 4}, 4)
    seams = [g.boundary for g in geometries("region/districts")]
    for line in merged([g - outline.buffer(0.0004) for g in seams]):
        out.add("boundary", line, {"admin_level": 6}, 8)


def ground(out, krai):
    """What covers the land: the krai itself, built-up areas, and Pyatigorsk's greens and houses."""
    for by, first, last in KRAI_ZOOMS:
        out.add("land", smooth(krai, by), {"class": "krai"}, first, last)
    footprints = read("region/settlements")
    drawn_exactly = krai.buffer(0.35)
    for geometry in geometries("region/urban_ne"):
        out.add("landuse", geometry, {"class": "residential"}, 5, 6)
        out.add("landuse", geometry - drawn_exactly, {"class": "residential"}, 7)
    for geometry, p in footprints:
        first = 7 if km2(geometry) > 4 else 8 if km2(geometry) > 1 else 9
        out.add("landuse", geometry, {"class": "residential"}, first)
    layer_of = {
        "wood": ("landcover", "wood"), "forest": ("landcover", "wood"), "scrub": ("landcover", "wood"),
        "grass": ("landcover", "grass"), "grassland": ("landcover", "grass"), "meadow": ("landcover", "grass"),
        "heath": ("landcover", "grass"), "park": ("landcover", "park"), "farmland": ("landcover", "farmland"),
        "sand": ("landcover", "sand"), "water": ("water", "lake"), "building": ("building", None),
        "industrial": ("landuse", "industrial"), "garages": ("landuse", "industrial"),
        "construction": ("landuse", "industrial"), "farmyard": ("landuse", "industrial"),
        "retail": ("landuse", "commercial"), "commercial": ("landuse", "commercial"),
        "cemetery": ("landuse", "cemetery"), "school": ("landuse", "school"), "university": ("landuse", "school"),
        "kindergarten": ("landuse", "school"), "hospital": ("landuse", "hospital"), "resort": ("landuse", "hospital"),
        "pitch": ("landuse", "pitch"), "parking": ("landuse", "parking"), "residential": ("landuse", "quarter"),
    }
    for geometry, p in read("pyatigorsk/areas"):
        layer, kind = layer_of.get(p["kind"], (None, None))
        if layer is None:
            continue
        first = 12 if layer == "building" else 8 if km2(geometry) > 1 else 10
        out.add(layer, geometry, {"class": kind}, first)
        if p.get("name") and kind in ("park", "school", "hospital", "cemetery", "lake"):
            shown = "park" if kind in ("park", "cemetery") else "lake" if kind == "lake" else "area"
            layer = "water_name" if kind == "lake" else "place"
            out.name(layer, label_point(geometry, 0.0001), p["name"], None, 12, **{"class": shown, "rank": 13})


def roads(out):
    classes = {("highway", 3): ("motorway", 5), ("road", 3): ("trunk", 5), ("road", 4): ("primary", 6),
               ("minor", 5): ("primary", 6), ("minor", 6): ("secondary", 7), ("minor", 7): ("tertiary", 8)}
    # The least first: what is drawn last lies on top.
    for geometry, p in sorted(read("region/roads"), key=lambda r: -r[1]["rank"]):
        kind, first = classes[(p["class"], p["rank"])]
        out.add("transportation", geometry, {"class": kind}, first)
    for geometry in geometries("region/railways"):
        out.add("transportation", geometry, {"class": "rail"}, 7)


# People -> rank; 1 is the greatest.
RANKS = [1_000_000, 500_000, 250_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 300]
FIRST_ZOOM = [3, 4, 5, 6, 7, 7, 8, 9, 9, 10, 10, 11]


def rank_of(people):
    return next((i + 1 for i, least in enumerate(RANKS) if people >= least), len(RANKS) + 1)


def places(out, krai):
    footprints = [(g, p["name"], p["in_krai"], km2(g)) for g, p in read("region/settlements")]
    tree = shapely.STRtree([g for g, *_ in footprints])

    def guess(point, name):
        """How many people live there, when nobody says: some 900 to the square kilometre of footprint."""
        near = [footprints[i] for i in sorted(tree.query(point.buffer(0.03)))]
        return int(max((area for _, n, _, area in near if n == name), default=0.1) * 900)

    def settlement(point, ru, en, people, known, first, last=MAX_Z, town=None, capital=None):
        rank = rank_of(people)
        if town is None:
            town = people >= 20_000
        kind = "city" if people >= 100_000 else "town" if town else "village" if people >= 300 else "hamlet"
        if not (krai.covers(point) or point.within(box(*REGION))):
            last = min(last, WIDE_MAX_Z)
        out.name("place", point, ru, en, first, last,
                 **{"class": kind, "rank": rank, "population": people if known else None, "capital": capital})

    in_krai = table("stavropol_places")
    for row in in_krai:
        name = row["name_ru"]
        if "микрорайон" in name or "вартал" in name:
            continue
        point = Point(float(row["lon"]), float(row["lat"]))
        known = int(row["population"] or 0)
        people = known or guess(point, name)
        town = name in TOWNS and row["source"] != "osm"
        first = FIRST_ZOOM[rank_of(people) - 1] - (1 if town else 0)
        capital = 4 if name == "Ставрополь" else None
        settlement(point, name, row["name_en"].replace("’", ""), people, known > 0, first - (1 if capital else 0),
                   town=town, capital=capital)
    capitals = {p["name_en"] for _, p in read("region/places_ne") if p["capital"].startswith("Admin-1")}
    seen, ours = [], {row["id"] for row in in_krai}
    in_russia = table("russia_places")
    largest = [Point(float(r["lon"]), float(r["lat"])) for r in in_russia if int(r["population"]) > 4_000_000]
    for row in in_russia:
        point = Point(float(row["lon"]), float(row["lat"]))
        name = row["name_ru"].removeprefix("г. ").removeprefix("Город ")
        row["name_ru"] = RUSSIAN.get(name, name)
        if row["id"] in ours or not name or krai.covers(point):
            continue
        people = int(row["population"])
        # The districts of Moscow and Saint Petersburg are rows of their own.
        if people < 4_000_000 and any(point.distance(city) < 0.3 for city in largest):
            continue
        first = 2 if people > 4_000_000 else FIRST_ZOOM[rank_of(people) - 1]
        capital = 2 if row["name_en"] == "Moscow" else 4 if row["name_en"] in capitals else None
        seen.append((row["name_ru"], point))
        settlement(point, row["name_ru"], row["name_en"].replace("’", ""), people, True, first, capital=capital)
    for geometry, name, inside, area in footprints:
        point = label_point(geometry, 0.002)
        if inside or any(n == name and p.distance(point) < 0.15 for n, p in seen):
            continue
        settlement(point, name, None, int(area * 900), False, FIRST_ZOOM[rank_of(int(area * 900)) - 1] + 1)
    abroad = read("wide/places") + [r for r in read("region/places_ne") if r[1]["country"] == "GE"]
    taken = set()
    for point, p in sorted(abroad, key=lambda r: (r[1]["rank"], r[1]["name_en"])):
        if p["country"] == "RU" or not p.get("name_ru") or p["name_en"] in taken:
            continue
        taken.add(p["name_en"])
        first = {0: 3, 1: 3, 2: 4, 3: 4, 4: 5}.get(p["rank"], 6)
        settlement(point, p["name_ru"], p["name_en"], int(p["population"]), True, first)

    for geometry, p in read("region/regions"):
        if p["name_en"] != "Stavropol Krai":
            out.name("place", label_point(geometry), p["name_ru"], p["name_en"], 6, 8, **{"class": "state", "rank": 3})
        else:
            out.name("place", label_point(geometry), p["name_ru"], p["name_en"], 5, 7, **{"class": "state", "rank": 1})
    for geometry, p in read("region/districts"):
        if p["kind"] == "district":
            # Districts became okrugs in 2020 to 2023; their borders and first words stayed.
            word = p["name_ru"].removesuffix(" район")
            out.name("place", label_point(geometry), f"{word} округ", f"{transliterate(word)} District", 8, 11,
                     **{"class": "district", "rank": 6})
    russian, english = Locale("ru").territories, Locale("en").territories
    for geometry, p in read("wide/countries"):
        iso = p["iso"]
        if iso not in russian:
            continue
        ru, en = COUNTRY_NAMES.get(iso, (russian[iso], english[iso]))
        area = km2(geometry)
        first = 2 if area > 1_000_000 else 3 if area > 300_000 else 4 if area > 60_000 else 5
        point = Point(COUNTRY_POINTS[iso]) if iso in COUNTRY_POINTS else label_point(geometry, 0.1)
        out.name("place", point, ru, en, first, 6, **{"class": "country", "rank": first - 1, "iso_a2": iso})


# --- tiles ------------------------------------------------------------------------------------

def project(coordinates):
    """Degrees -> the web-mercator square [0, 1], y down."""
    lon, lat = coordinates[:, 0], np.clip(coordinates[:, 1], -85.0511287, 85.0511287)
    sine = np.sin(np.radians(lat))
    return np.stack([(lon + 180) / 360, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)], axis=1)


def window_of(z):
    """The tiles of a zoom that the file holds, as x0, y0, x1, y1, ends included."""
    west, south, east, north = (-180, -85.06, 180, 85.06) if z <= WORLD_MAX_Z else WIDE if z <= WIDE_MAX_Z else REGION
    (x0, y0), (x1, y1) = project(np.array([[west, north], [east, south]])) * 2**z
    last = 2**z - 1
    return int(x0), max(int(y0), 0), min(math.ceil(x1) - 1, last), min(math.ceil(y1) - 1, last)


def split(geometry, z):
    """The parts of a geometry by tile of a zoom: down the tree, so that each step clips what little is left."""
    wx0, wy0, wx1, wy1 = window_of(z)
    margin = BUFFER / EXTENT / 2**z
    todo = [(0, 0, 0, geometry)]
    while todo:
        level, x, y, part = todo.pop()
        side = 1 / 2**level
        down = z - level
        if (x + 1 << down) <= wx0 or (x << down) > wx1 or (y + 1 << down) <= wy0 or (y << down) > wy1:
            continue
        bounds = (x * side - margin, y * side - margin, (x + 1) * side + margin, (y + 1) * side + margin)
        if not (bounds[0] <= part.bounds[0] and bounds[1] <= part.bounds[1]
                and part.bounds[2] <= bounds[2] and part.bounds[3] <= bounds[3]):
            part = shapely.clip_by_rect(part, *bounds)
            if part.is_empty:
                continue
        if level == z:
            yield x, y, part
            continue
        px0, py0, px1, py1 = part.bounds
        for cx in (2 * x, 2 * x + 1):
            for cy in (2 * y, 2 * y + 1):
                half = side / 2
                if (px0 <= (cx + 1) * half + margin and px1 >= cx * half - margin
                        and py0 <= (cy + 1) * half + margin and py1 >= cy * half - margin):
                    todo.append((level + 1, cx, cy, part))


def in_tile(geometry, z, x, y):
    """In the whole numbers of the tile's grid; nothing when nothing is left."""
    def to_grid(c):
        return np.round((c * 2**z - (x, y)) * EXTENT)

    geometry = shapely.transform(geometry, to_grid)
    kind = shapely.get_dimensions(geometry)
    if kind == 2:
        if not geometry.is_valid:
            geometry = shapely.make_valid(geometry)
        parts = [p for p in polygons_of(geometry) if p.area >= 1]
        return shapely.multipolygons(parts) if parts else None
    if kind == 1:
        parts = [p for p in lines_of(shapely.remove_repeated_points(geometry))]
        return MultiLineString(parts) if parts else None
    return geometry


def tiles(layers):
    """(tile id, bytes) in the order of the file."""
    made = {}
    for z in range(MAX_Z + 1):
        grid = EXTENT * 2**z
        by_tile = defaultdict(lambda: defaultdict(list))
        for layer, features in layers.items():
            for geometry, properties, first, last in features:
                if not first <= z <= last:
                    continue
                if geometry.geom_type == "Point":
                    px, py = geometry.x * 2**z, geometry.y * 2**z
                    x, y = int(px), int(py)
                    wx0, wy0, wx1, wy1 = window_of(z)
                    if wx0 <= x <= wx1 and wy0 <= y <= wy1:
                        by_tile[(x, y)][layer].append((geometry, properties))
                    continue
                # Half a pixel of a 512 px tile; at the last zoom, which is enlarged, nearly nothing.
                simple = shapely.simplify(geometry, (1 if z == MAX_Z else 4) / grid, preserve_topology=True)
                if simple.geom_type.endswith("Polygon"):
                    # Less than two pixels square is noise.
                    least = 0 if z == MAX_Z else (16 / grid) ** 2
                    parts = [p for p in polygons_of(simple) if p.area > least]
                    if not parts:
                        continue
                    simple = shapely.multipolygons(parts)
                for x, y, part in split(simple, z):
                    by_tile[(x, y)][layer].append((part, properties))
        for (x, y), content in by_tile.items():
            encoded = []
            for layer in ORDER:
                features = []
                for geometry, properties in content.get(layer, []):
                    placed = in_tile(geometry, z, x, y)
                    if placed is not None and not placed.is_empty:
                        features.append({"geometry": placed, "properties": properties})
                if features:
                    encoded.append({"name": layer, "features": features})
            if encoded:
                data = mapbox_vector_tile.encode(encoded, default_options={"extents": EXTENT, "y_coord_down": True})
                made[zxy_to_tileid(z, x, y)] = gzip.compress(data, 9, mtime=0)
        print(f"zoom {z:2}: {len(by_tile)} tiles", file=sys.stderr)
    return sorted(made.items())


ORDER = ["land", "landcover", "landuse", "water", "waterway", "building", "transportation", "boundary", "water_name",
         "place"]


def described(layers):
    """`vector_layers` of TileJSON."""
    out = []
    for layer in ORDER:
        fields = {}
        for _, properties, _, _ in layers[layer]:
            for key, value in properties.items():
                fields[key] = "String" if isinstance(value, str) else "Number"
        zooms = [(first, last) for _, _, first, last in layers[layer]]
        out.append({"id": layer, "minzoom": min(z for z, _ in zooms), "maxzoom": max(z for _, z in zooms),
                    "fields": dict(sorted(fields.items()))})
    return out


def main():
    krai = shapely.union_all(geometries("region/stavropol_krai"))
    out = Map()
    water(out)
    ground(out, krai)
    boundaries(out, krai)
    roads(out)
    places(out, krai)
    projected = {
        layer: [(shapely.transform(shapely.force_2d(g), project), *rest) for g, *rest in features]
        for layer, features in out.layers.items()
    }
    with OUT.open("wb") as file:
        writer = Writer(file)
        for tile_id, data in tiles(projected):
            writer.write_tile(tile_id, data)
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_zoom": 0, "max_zoom": MAX_Z,
            "min_lon_e7": -1_800_000_000, "min_lat_e7": -850_511_287, "max_lon_e7": 1_800_000_000,
            "max_lat_e7": 850_511_287, "center_zoom": 7, "center_lon_e7": 432_000_000, "center_lat_e7": 449_500_000,
        }
        metadata = {
            "name": "Ryadom: Stavropol Krai", "description": "Basemap of Stavropol Krai and what lies round it",
            "attribution": ATTRIBUTION, "version": "1", "type": "baselayer", "vector_layers": described(out.layers),
        }
        writer.finalize(header, metadata)
    print(f"{OUT.relative_to(ROOT)}: {OUT.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()

"""gdal_newest.py URL COUNT: a GDAL newer than the system's (pyogrio brings one along) reads OGC API and our files by
address, and its own log tells what it asked for; run by ogc_readers.sh.

What has changed since 3.6: from 3.7 on GDAL names the reference system in every question, it takes its page size out of
the API document, and it knows PMTiles (3.8) and tile matrix sets of version 2.
"""

import json
import math
import re
import sys
import tempfile
import urllib.request
from urllib.parse import quote, unquote

import pyogrio

URL, COUNT = sys.argv[1], int(sys.argv[2])
AT = "/ogc/collections/locations"
AREA = (41.9, 44.9, 42.2, 45.2)
VERSION = ".".join(map(str, pyogrio.__gdal_version__))
LOG = tempfile.NamedTemporaryFile("r", suffix=".log")
pyogrio.set_gdal_config_options({"CPL_LOG": LOG.name, "CPL_DEBUG": True, "CPL_CURL_VERBOSE": True})


def say(text):
    print(f"gdal_newest.py: GDAL {VERSION}, {text}", file=sys.stderr)


def get(path):
    with urllib.request.urlopen(f"{URL}{path}", timeout=20) as answer:
        return json.load(answer)


def matched(query):
    return get(f"{AT}/items?limit=1&{query}")["numberMatched"]


def asked():
    """The questions since the last call."""
    return [unquote(path) for path in re.findall(r"GET (\S+) HTTP", LOG.read())]


def read(source, **how):
    """The columns of what GDAL finds, by name."""
    about, _, positions, columns = pyogrio.raw.read(source, **how)
    return dict(zip(about["fields"], columns, strict=True)) | {"": positions}


def features():
    area = ",".join(map(str, AREA))
    museums, free = "category = 'museum'", "benefit_kind = 'free'"
    # What is to be found, how GDAL is asked for it, and what of that has to reach the service.
    cases = [
        (COUNT, {}, "limit="),
        (matched(f"bbox={area}"), {"bbox": AREA}, "bbox=41.89999"),
        (matched("category=museum"), {"where": museums}, "category=museum"),
        (matched("category=museum&benefit_kind=free"), {"where": f"{museums} AND {free}"}, "category=museum&benefit_kind=free"),
        (matched(f"category=museum&bbox={area}"), {"where": museums, "bbox": AREA}, "category=museum"),
        (matched("filter=" + quote("benefit_value >= 10 AND benefit_kind = 'percent'")),
         {"where": "benefit_value >= 10 AND benefit_kind = 'percent'"}, "benefit_kind=percent"),
        (matched("filter=" + quote("name LIKE '%парк%'")), {"where": "name LIKE '%парк%'"}, "limit="),
        (1, {"where": "id = 'demo-001'"}, "/items/demo-001"),
    ]
    for want, how, pushed in cases:
        asked()
        found = len(read(f"OAPIF:{URL}/ogc", layer="locations", **how)["id"])
        questions = [question for question in asked() if f"{AT}/items" in question]
        assert found == want > 0, (how, found, want, questions)
        assert pushed in questions[-1], (how, questions)
        assert "LIKE" not in how.get("where", "") or not re.search(r"[?&](name|filter)=", questions[-1]), questions
        # All of the demo stands on one page of 1,000: the page size of the API document is understood.
        assert len(questions) == 2, questions
    say(f"OAPIF: {COUNT} places; bbox, values and ids are asked of the service")


def to_metres(lon, lat):
    radius_m = 6_378_137
    return math.radians(lon) * radius_m, math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * radius_m


def tiles():
    west, south, east, north = get(AT)["extent"]["spatial"]["bbox"][0]
    (left, bottom), (right, top) = to_metres(west, south), to_metres(east, north)
    for form in ("MVT", "GEOJSON"):
        for z in (0, 6, 9):
            # GDAL takes the degrees of the collection's extent for metres of the tiles, unless it is told the metres.
            found = read(f"OGCAPI:{URL}{AT}", layer=f"Zoom level {z}", API="TILES", VECTOR_FORMAT=form,
                         MINX=left, MINY=bottom, MAXX=right, MAXY=top)
            counts = found.get("point_count", [None] * len(found[""]))
            places = sum(1 if count is None or count != count else int(count) for count in counts)
            assert places == COUNT, (form, z, places)
        say(f"OGC API - Tiles as {form}: {COUNT} places at each of three zooms")


def files():
    for ending in ("fgb", "pmtiles"):
        at = f"{URL}/download/locations.{ending}"
        asked()
        ids = set(read(f"/vsicurl/{at}")["id"])
        assert len(ids) == COUNT, (ending, len(ids))
        assert asked(), ending
    inside = len(read(f"/vsicurl/{URL}/download/locations.fgb", bbox=AREA)["id"])
    assert inside == matched("bbox=" + ",".join(map(str, AREA))) > 0, inside
    say(f"FlatGeobuf and PMTiles by address: {COUNT} places")


features()
tiles()
files()

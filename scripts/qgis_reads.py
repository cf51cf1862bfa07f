"""qgis_reads.py URL FILES PICTURES: QGIS as its users have it, without a window; run by qgis_reads.sh.

FILES holds the downloads locations.geojson, .csv and .fgb. What is drawn is left in PICTURES.
"""

import json
import math
import re
import sys
import urllib.request
from urllib.parse import quote, urlsplit

from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsExpression,
    QgsFeatureRequest,
    QgsMapBoxGlStyleConversionContext,
    QgsMapBoxGlStyleConverter,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsNetworkAccessManager,
    QgsNetworkRequestParameters,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

URL, FILES, PICTURES = sys.argv[1:]
AT = f"{URL}/ogc/collections/locations"
AREA = (41.9, 44.9, 42.2, 45.2)
# What of the map is drawn: all of the demo's places; and how large a mark is, with its outline, in pixels.
DRAWN, SIZE, MARK, MARK_PX = QgsRectangle(41.0, 43.7, 45.2, 46.0), QSize(900, 700), "#c00000", 8

asked = []


def say(text):
    print(f"qgis_reads.py: {text}", file=sys.stderr)


def get(address):
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read()


def matched(query):
    return json.loads(get(f"{AT}/items?limit=1&{query}"))["numberMatched"]


def requests(app):
    """What was asked since the last call; threads tell the main one of their requests by events."""
    app.processEvents()
    since = list(asked)
    asked.clear()
    return since


def items(addresses):
    return [urlsplit(a).query for a in addresses if urlsplit(a).path.endswith("/items")]


def opened(layer):
    assert layer.isValid(), (layer.source(), layer.error().message())
    return layer


def oapif(more=""):
    uri = f"typename='locations' url='{URL}/ogc' pagingEnabled='true' hideDownloadProgressDialog='1' {more}"
    return opened(QgsVectorLayer(uri, "places", "OAPIF"))


def features(app):
    want = {f["id"]: f for f in json.loads(get(f"{URL}/download/locations.geojson"))["features"]}
    layer = oapif()
    assert (layer.featureCount(), layer.wkbType()) == (len(want), QgsWkbTypes.Point), layer.featureCount()
    west, south, east, north = json.loads(get(AT))["extent"]["spatial"]["bbox"][0]
    box = layer.extent()
    assert (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()) == (west, south, east, north), box
    names = ["id", "name", "category", "benefit_kind", "benefit_value", "categories"]
    got = {f["id"]: f for f in layer.getFeatures()}
    assert got.keys() == want.keys(), got.keys() ^ want.keys()
    for name, feature in got.items():
        point, position = feature.geometry().asPoint(), want[name]["geometry"]["coordinates"]
        assert math.dist((point.x(), point.y()), position) < 1e-9, (name, point, position)
        # QGIS has a null of its own.
        mine = {n: None if feature[n] == NULL or feature[n] == [] else feature[n] for n in names}
        theirs = {n: None if want[name]["properties"].get(n) == [] else want[name]["properties"].get(n) for n in names} | {"id": name}
        assert mine == theirs, (mine, theirs)
    say(f"OAPIF: {len(got)} places with their values")

    requests(app)
    small = oapif("pageSize='17'")
    requests(app)
    assert len({f["id"] for f in small.getFeatures()}) == len(want)
    pages = items(requests(app))
    assert len(pages) == math.ceil(len(want) / 17) and all("limit=17" in page for page in pages), pages
    say(f"OAPIF: the same in {len(pages)} pages")

    inside = oapif("restrictToRequestBBOX='1'")
    requests(app)
    count = sum(1 for _ in inside.getFeatures(QgsFeatureRequest().setFilterRect(QgsRectangle(*AREA))))
    assert count == matched("bbox=" + ",".join(map(str, AREA))) > 0, count
    pages = items(requests(app))
    assert pages and all("bbox=" in page for page in pages), pages
    say(f"OAPIF: {count} places of an area, asked for by bbox")

    for expression, filter_text in [
        ("category = 'museum'", "category = 'museum'"),
        ("benefit_value >= 10 and benefit_kind = 'percent'", "benefit_value >= 10 AND benefit_kind = 'percent'"),
        ("name ilike '%парк%'", "CASEI(name) LIKE CASEI('%парк%')"),
    ]:
        want_count = matched("filter=" + quote(filter_text))
        some = oapif()
        count = sum(1 for _ in some.getFeatures(QgsFeatureRequest(QgsExpression(expression))))
        assert some.setSubsetString(expression), expression
        subset = some.featureCount(), sum(1 for _ in some.getFeatures())
        assert (count, *subset) == (want_count,) * 3 and count > 0, (expression, count, subset, want_count)
        say(f"OAPIF: {count} places with {expression}")


def draw(layers, picture):
    """The picture of DRAWN, and the function from lon, lat to its pixels."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), mercator, QgsProject.instance())
    settings.setDestinationCrs(mercator)
    settings.setExtent(to_map.transformBoundingBox(DRAWN))
    settings.setOutputSize(SIZE)
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [error.message for error in job.errors()]
    image = job.renderedImage().convertToFormat(QImage.Format_RGB32)
    assert image.save(f"{PICTURES}/{picture}.png")
    pixels = settings.mapToPixel()

    def pixel(lon, lat):
        at = pixels.transform(to_map.transform(QgsPointXY(lon, lat)))
        return at.x(), at.y()

    return image, pixel


def tile_layer(template, zmax):
    # As in a project: what means something in the string itself is encoded.
    address = quote(f"{URL}{template}", safe=":/{}")
    return opened(QgsVectorTileLayer(f"type=xyz&url={address}&zmin=0&zmax={zmax}", "tiles"))


def vector_tiles(app):
    for picture, template in [
        ("tiles", "/tiles/locations/{z}/{x}/{y}.mvt"),
        ("museums", "/tiles/locations/{z}/{x}/{y}.mvt?category=museum&benefit=free"),
        ("ogc_tiles", "/ogc/collections/locations/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt"),
    ]:
        layer = tile_layer(template, 18)
        style = QgsVectorTileBasicRendererStyle("places", "locations", QgsWkbTypes.PointGeometry)
        style.setSymbol(QgsMarkerSymbol.createSimple({"name": "circle", "color": MARK, "size": "3"}))
        renderer = QgsVectorTileBasicRenderer()
        renderer.setStyles([style])
        layer.setRenderer(renderer)
        requests(app)
        image, pixel = draw([layer], picture)
        # Each place or cluster of the tiles that QGIS took, as their GeoJSON twins have it, is a mark; there is no other.
        expected = []
        for address in requests(app):
            twin = get(address.replace(".mvt", ".geojson").replace("f=mvt", "f=geojson"))
            for feature in json.loads(twin)["features"] if twin else []:
                x, y = pixel(*feature["geometry"]["coordinates"])
                if 0 <= x < SIZE.width() and 0 <= y < SIZE.height():
                    expected.append((x, y))
        assert len(expected) >= 3, (picture, expected)
        for x, y in expected:
            found = image.pixelColor(int(x), int(y))
            assert found == QColor(MARK), (picture, x, y, found.name())
        white = QColor("white").rgb()
        for y in range(SIZE.height()):
            for x in range(SIZE.width()):
                if image.pixel(x, y) != white:
                    assert any(math.dist((x, y), mark) < MARK_PX for mark in expected), (picture, x, y)
        say(f"vector tiles: {len(expected)} marks, all where they belong ({PICTURES}/{picture}.png)")


def basemap(app):
    """The map under the places, in our own style as QGIS understands it."""
    style = json.loads(get(f"{URL}/style/light.json?locations=no"))
    converter = QgsMapBoxGlStyleConverter()
    result = converter.convert(json.dumps(style), QgsMapBoxGlStyleConversionContext())
    assert result == QgsMapBoxGlStyleConverter.Success, converter.errorMessage()
    layer = tile_layer("/basemap/{z}/{x}/{y}.mvt", json.loads(get(f"{URL}/basemap.json"))["maxzoom"])
    layer.setRenderer(converter.renderer())
    requests(app)
    image, _ = draw([layer], "basemap")
    assert requests(app)
    drawn = {}
    for y in range(0, SIZE.height(), 2):
        for x in range(0, SIZE.width(), 2):
            name = image.pixelColor(x, y).name()
            drawn[name] = drawn.get(name, 0) + 1
    used = set(re.findall(r"#[0-9a-f]{6}", json.dumps(style)))
    common = {name for name, count in drawn.items() if count >= 20 and name in used}
    assert len(common) >= 3 and drawn.get("#ffffff", 0) < 0.05 * sum(drawn.values()), drawn
    say(f"basemap: {len(common)} colours of the style ({PICTURES}/basemap.png)")


def files():
    count = matched("")
    for source in [
        f"{FILES}/locations.geojson",
        f"{FILES}/locations.fgb",
        # What the dialogue makes of an address, with the type GeoJSON and with HTTP(S).
        f"{URL}/download/locations.geojson",
        f"/vsicurl/{URL}/download/locations.fgb",
    ]:
        layer = opened(QgsVectorLayer(source, "file", "ogr"))
        assert layer.featureCount() == count == len({f["id"] for f in layer.getFeatures()}), (source, layer.featureCount())
        assert layer.crs().authid() in ("EPSG:4326", "OGC:CRS84"), layer.crs().authid()
        area = QgsFeatureRequest().setFilterRect(QgsRectangle(*AREA))
        inside = sum(1 for _ in layer.getFeatures(area))
        assert inside == matched("bbox=" + ",".join(map(str, AREA))), (source, inside)
    table = f"file://{FILES}/locations.csv?type=csv&xField=lon&yField=lat&crs=EPSG:4326"
    assert opened(QgsVectorLayer(table, "file", "delimitedtext")).featureCount() == count
    say(f"files: {count} places in GeoJSON and FlatGeobuf, here and by address, and in CSV")


def main():
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    network = QgsNetworkAccessManager.instance()
    network.requestAboutToBeCreated[QgsNetworkRequestParameters].connect(
        lambda what: asked.append(what.request().url().toString())
    )
    features(app)
    vector_tiles(app)
    basemap(app)
    files()
    app.exitQgis()


main()

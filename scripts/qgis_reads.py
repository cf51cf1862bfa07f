"""qgis_reads.py URL FOLDER PICTURE: PyQGIS reads the service at URL and the files in FOLDER; run by qgis_reads.sh."""

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

URL, FOLDER, PICTURE = sys.argv[1:4]
BOX = (41.9, 44.9, 42.2, 45.2)


def say(text):
    print(f"qgis_reads.py: {text}", file=sys.stderr)


def same(what, got, want):
    assert got == want, f"{what}: {got}, not {want}"
    say(f"{what}: {got}")


with open(os.path.join(FOLDER, "locations.geojson")) as file:
    PLACES = json.load(file)["features"]


def want(test):
    return sum(test(place["properties"], *place["geometry"]["coordinates"]) for place in PLACES)


def inside(_, lon, lat):
    return BOX[0] <= lon <= BOX[2] and BOX[1] <= lat <= BOX[3]


def count(layer, request=None):
    return len({feature["id"] for feature in layer.getFeatures(request or QgsFeatureRequest())})


def ogc_api():
    layer = QgsVectorLayer(f" url='{URL}/ogc' typename='locations' pageSize='17'", "places", "OAPIF")
    assert layer.isValid(), layer.error().message()
    assert layer.crs().authid() in ("OGC:CRS84", "EPSG:4326"), layer.crs().authid()
    names = {field.name() for field in layer.fields()}
    assert {"id", "name", "category", "benefit_value"} <= names, names
    same("OGC API, all of the collection", count(layer), len(PLACES))
    in_box = QgsFeatureRequest().setFilterRect(QgsRectangle(*BOX))
    same("OGC API, an extent", count(layer, in_box), want(inside))
    museums = QgsFeatureRequest().setFilterExpression("\"category\" = 'museum'")
    same("OGC API, an expression", count(layer, museums), want(lambda p, *_: p["category"] == "museum"))
    assert layer.setSubsetString("\"category\" = 'museum'"), layer.error().message()
    same("OGC API, a layer's own filter", count(layer), want(lambda p, *_: p["category"] == "museum"))


def files():
    for ending in ("geojson", "fgb"):
        layer = QgsVectorLayer(os.path.join(FOLDER, f"locations.{ending}"), ending, "ogr")
        assert layer.isValid(), ending
        same(f"locations.{ending}", layer.featureCount(), len(PLACES))
    layer = QgsVectorLayer(f"/vsicurl/{URL}/download/locations.fgb", "by ranges", "ogr")
    assert layer.isValid(), layer.error().message()
    same("locations.fgb by byte ranges, an extent", count(layer, QgsFeatureRequest().setFilterRect(QgsRectangle(*BOX))), want(inside))


def vector_tiles():
    layer = QgsVectorTileLayer(f"type=xyz&url={URL}/tiles/locations/{{z}}/{{x}}/{{y}}.mvt&zmin=0&zmax=18", "tiles")
    assert layer.isValid(), layer.error().message()
    style = QgsVectorTileBasicRendererStyle("places", "locations", QgsWkbTypes.PointGeometry)
    style.setSymbol(QgsMarkerSymbol.createSimple({"name": "circle", "size": "4", "color": "168,66,13"}))
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles([style])
    layer.setRenderer(renderer)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setBackgroundColor(QColor("white"))
    settings.setOutputSize(QSize(600, 600))
    settings.setExtent(QgsRectangle(4588000, 5446000, 5009000, 5757000))  # the demo's region
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [error.message for error in job.errors()]
    picture = job.renderedImage()
    assert picture.save(PICTURE), PICTURE
    inked = sum(picture.pixelColor(x, y).lightness() < 200 for x in range(0, 600, 2) for y in range(0, 600, 2))
    assert inked > 200, f"{inked} pixels of {PICTURE} have something on them"
    say(f"vector tiles: {inked} of 90000 looked-at pixels have something on them ({PICTURE})")


app = QgsApplication([], False)
app.initQgis()
ogc_api()
files()
vector_tiles()
del app  # exitQgis() of 3.22 may crash with layers still known to Python
os._exit(0)

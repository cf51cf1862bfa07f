"""ogc_readers.py URL PMTILES TILES COUNT: OWSLib, the reader of PMTiles and validators; run by ogc_readers.sh.

The deepest tiles of the PMTiles file are left in TILES/z/x/y.mvt for GDAL.
"""

import gzip
import json
import os
import sys
import urllib.request
from importlib.resources import files
from urllib.parse import quote

import cql2
import jsonschema
import morecantile
import yaml
from geojson_pydantic import FeatureCollection
from ogcapi_registry import parse_conformance_classes, validate_ogc_api
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate
from owslib.ogcapi.features import Features
from pmtiles.reader import MmapSource, Reader, all_tiles
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from tipg import model as tile_models

URL, PMTILES, TILES, COUNT = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


def say(text):
    print(f"ogc_readers.py: {text}", file=sys.stderr)


def get(path):
    with urllib.request.urlopen(f"{URL}{path}", timeout=20) as answer:
        return json.load(answer)


def owslib():
    service = Features(f"{URL}/ogc/")
    assert service.feature_collections() == ["locations"], service.feature_collections()
    assert any(c.endswith("ogcapi-features-3/1.0/conf/filter") for c in service.conformance()["conformsTo"])
    assert service.api()["openapi"].startswith("3.0")
    assert service.collection("locations")["id"] == "locations"
    queryables = service.collection_queryables("locations")["properties"]
    assert "category" in queryables and "geometry" in queryables
    ids, offset = set(), 0
    while True:
        page = service.collection_items("locations", limit=23, offset=offset)
        assert page["numberMatched"] == COUNT, page["numberMatched"]
        if not page["features"]:
            break
        ids |= {f["id"] for f in page["features"]}
        offset += page["numberReturned"]
    assert len(ids) == COUNT, (len(ids), COUNT)
    museums = sum(f["properties"]["category"] == "museum" for f in get("/download/locations.geojson")["features"])
    text = service.collection_items("locations", filter="category = 'museum'", limit=500)
    tree = {"op": "=", "args": [{"property": "category"}, "museum"]}
    by_json = get("/ogc/collections/locations/items?limit=500&filter-lang=cql2-json&filter=" + quote(json.dumps(tree)))
    assert text["numberMatched"] == by_json["numberMatched"] == museums > 0
    one = service.collection_item("locations", sorted(ids)[0])
    assert one["type"] == "Feature"
    say(f"OWSLib: {COUNT} places, {museums} museums")


AT = "/ogc/collections/locations"
# What each document has to be. The schemas of Features Part 1 are the published ones, as the package `ogctests` carries
# them; those of Tiles Part 1 and Tile Matrix Set 2.0 are models that others generated from the published ones.
FEATURES = {
    "/ogc": "landingPage",
    "/ogc/conformance": "confClasses",
    "/ogc/collections": "collections",
    AT: "collection",
    f"{AT}/items?limit=5000": "featureCollectionGeoJSON",
    f"{AT}/items/demo-001": "featureGeoJSON",
}
TILE_MODELS = {
    f"{AT}/tiles": tile_models.TileSetList,
    f"{AT}/tiles/WebMercatorQuad": tile_models.TileSet,
    "/ogc/tileMatrixSets": tile_models.TileMatrixSetList,
    "/ogc/tileMatrixSets/WebMercatorQuad": morecantile.TileMatrixSet,
    "/tiles/locations.json": tile_models.TileJSON,
}
# What the models let pass and the published schema of a tileset (20-057) does not.
TILESET = {"type": "object", "required": ["dataType", "crs", "links"], "properties": {
    "dataType": {"enum": ["map", "vector", "coverage"]}, "crs": {"type": "string", "format": "uri"},
    "tileMatrixSetURI": {"type": "string", "format": "uri"},
    "links": {"type": "array", "items": {"type": "object", "required": ["href", "rel"]}},
    "boundingBox": {"type": "object", "required": ["lowerLeft", "upperRight"]},
    "layers": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["id", "dataType"]}}}}


def published_features():
    """A validator by name. The published schemas are of OpenAPI 3.0, which has a JSON Schema of its own."""
    folder = files("ogctests") / "features/schemas"
    loaded = {file.name.removesuffix(".yaml"): yaml.safe_load(file.read_text()) for file in folder.iterdir()}
    registry = Registry().with_resources(
        (f"urn:{name}", Resource.from_contents(schema, default_specification=DRAFT202012)) for name, schema in loaded.items())
    return lambda name: OAS30Validator(loaded[name], registry=registry, format_checker=OAS30Validator.FORMAT_CHECKER)


def documents():
    schema = published_features()
    for path, name in FEATURES.items():
        schema(name).validate(get(path))
    for path, model in TILE_MODELS.items():
        model.model_validate(get(path))
    for tileset in get(f"{AT}/tiles")["tilesets"], [get(f"{AT}/tiles/WebMercatorQuad")]:
        for each in tileset:
            jsonschema.validate(each, TILESET, format_checker=jsonschema.FormatChecker())
    for name in ("queryables", "sortables"):
        jsonschema.Draft202012Validator.check_schema(get(f"{AT}/{name}"))
    api = get("/ogc/api")
    validate(api)
    # What each conformance class that we declare wants in the API document.
    verdict = validate_ogc_api(api, parse_conformance_classes(get("/ogc/conformance")["conformsTo"]))
    assert verdict.is_compliant and not verdict.critical_errors, verdict.critical_errors
    FeatureCollection.model_validate(get(f"{AT}/items?limit=5000"))
    ours = get("/ogc/tileMatrixSets/WebMercatorQuad")
    theirs = morecantile.tms.get("WebMercatorQuad").model_dump()["tileMatrices"]
    for mine, their in zip(ours["tileMatrices"], theirs, strict=False):
        assert abs(mine["scaleDenominator"] / their["scaleDenominator"] - 1) < 1e-9
        assert abs(mine["cellSize"] / their["cellSize"] - 1) < 1e-9
        assert (mine["id"], mine["matrixWidth"]) == (their["id"], their["matrixWidth"])
        assert all(abs(a - b) < 1e-3 for a, b in zip(mine["pointOfOrigin"], their["pointOfOrigin"], strict=True))
    say("the documents are as the published schemas of Features, Tiles, Tile Matrix Set, OpenAPI 3.0 and GeoJSON want them")


# One of each kind that the guides and the standard's own examples have, on our queryables.
CQL2 = [
    {"op": "=", "args": [{"property": "category"}, "museum"]},
    {"op": "and", "args": [{"op": ">=", "args": [{"property": "benefit_value"}, 10]},
                           {"op": "=", "args": [{"property": "benefit_kind"}, "percent"]}]},
    {"op": "or", "args": [{"op": "isNull", "args": [{"property": "wheelchair"}]},
                          {"op": "not", "args": [{"op": "=", "args": [{"property": "category"}, "cafe"]}]}]},
    {"op": "in", "args": [{"property": "category"}, ["museum", "theatre", "library"]]},
    {"op": "between", "args": [{"property": "benefit_value"}, 10, 50]},
    {"op": "like", "args": [{"op": "casei", "args": [{"property": "name"}]}, {"op": "casei", "args": ["%МУЗЕЙ%"]}]},
    {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [41.9, 44.9, 42.2, 45.2]}]},
    {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": [
        [[41.5, 44.5], [43, 44.5], [43, 45.5], [41.5, 44.5]]]}]},
    {"op": ">", "args": [{"op": "*", "args": [{"property": "benefit_value"}, 2]}, 50]},
    {"op": "a_contains", "args": [{"property": "categories"}, ["museum"]]},
]


def cql2_expressions():
    """Each fits the published schema, in the reading of another implementation; its text asks for the same places."""
    for tree in CQL2:
        expression = cql2.parse_json(json.dumps(tree))
        expression.validate()
        counts = {}
        for lang, text in (("cql2-json", json.dumps(tree)), ("cql2-text", expression.to_text())):
            path = f"{AT}/items?limit=1&filter-lang={lang}&filter={quote(text)}"
            counts[lang] = get(path)["numberMatched"]
        assert len(set(counts.values())) == 1, (tree, expression.to_text(), counts)
        assert 0 < counts["cql2-json"] <= COUNT, (tree, counts)
    say(f"CQL2: {len(CQL2)} expressions fit the schema, and ask for the same as JSON and as text")


def pmtiles():
    with open(PMTILES, "rb") as file:
        reader = Reader(MmapSource(file))
        metadata, deepest = reader.metadata(), reader.header()["max_zoom"]
        assert metadata["license"] == "CC BY 4.0" and metadata["seq"] > 0 and metadata["generated"], metadata
        tiles = 0
        for (z, x, y), data in all_tiles(MmapSource(file)):
            if z == deepest:
                folder = os.path.join(TILES, str(z), str(x))
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, f"{y}.mvt"), "wb") as out:
                    out.write(gzip.decompress(data))
                tiles += 1
        say(f"PMTiles: {tiles} tiles of zoom {deepest}")


owslib()
documents()
cql2_expressions()
pmtiles()

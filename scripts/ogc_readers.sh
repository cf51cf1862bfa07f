#!/usr/bin/env bash
# ogc_readers.sh BINARY: others read our OGC API and our files: GDAL of the system and a new one, OWSLib, the PMTiles
# reader, validators with the published schemas, the abstract tests of Features and CQL2 (all but the system's GDAL from
# PyPI). Counts have to agree. Part of `make test-full`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh

BIN=${1:?the binary}
command -v ogrinfo >/dev/null || die "ogrinfo is missing: sudo apt-get install -y gdal-bin"
VENV=target/ogc_readers
PACKAGES=('owslib==0.35.0' 'pmtiles==3.8.1' 'morecantile==7.1.0' 'openapi-spec-validator==0.9.0' 'geojson-pydantic==2.2.0'
  'cql2==0.6.0' 'jsonschema-rs==0.61.0' 'pyogrio==0.13.0' 'geopandas==1.2.0' 'ogcapi-registry==0.4.0' 'httpx==0.28.1'
  'pyyaml==6.0.4' 'pytest==9.2.0')
# Of these only what they bring themselves is used: schemas and tests of the one, models of the other.
ALONE=('ogctests==0.1.15' 'tipg==1.6.1')
# The source, for what the wheel leaves out: the published schema and examples of CQL2.
SOURCE='cql2==0.6.0'
WANTED="${PACKAGES[*]} ${ALONE[*]} $SOURCE"
if [ "$(cat "$VENV/installed" 2>/dev/null)" != "$WANTED" ]; then
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  PIP=("$VENV/bin/pip" --quiet --disable-pip-version-check)
  "${PIP[@]}" install "${PACKAGES[@]}"
  "${PIP[@]}" install --no-deps "${ALONE[@]}"
  "${PIP[@]}" download --no-deps --no-binary cql2 --dest "$VENV/source" "$SOURCE"
  mkdir "$VENV/cql2"
  tar -xzf "$VENV"/source/cql2-*.tar.gz -C "$VENV/cql2" --strip-components=1
  printf '%s' "$WANTED" >"$VENV/installed"
fi
start_demo "$BIN"

for ending in geojson csv fgb pmtiles; do curl -sf "$URL/download/locations.$ending" -o "$WORK/locations.$ending"; done
# Compressed, as browsers and GDAL ask for it, a file is as long; and HEAD does not say another length.
for ending in geojson csv fgb pmtiles; do
  bytes=$(curl -sf --compressed "$URL/download/locations.$ending" | wc -c) || die "$ending does not arrive compressed"
  [ "$bytes" -eq "$(wc -c <"$WORK/locations.$ending")" ] || die "$ending, compressed: $bytes bytes come out"
  length=$(curl -sfI "$URL/download/locations.$ending" | tr -d '\r' | sed -n 's/^content-length: //Ip')
  [ "${length:-$bytes}" -eq "$bytes" ] || die "HEAD of $ending says $length bytes, and there are $bytes"
done

# count WHAT ARGS...: features that GDAL counts by reading each of them.
count() { ogr2ogr -f CSV /vsistdout/ "$@" 2>"$WORK/gdal" | tail -n +2 | wc -l || { cat "$WORK/gdal" >&2; exit 1; }; }
same() { [ "$2" = "$3" ] || die "$1: $2, not $3"; say "$1: $2 places"; }

# What our GeoJSON file says, counted by Node, is what everybody has to count.
want() { node -p 'const f=JSON.parse(require("fs").readFileSync(process.argv[1])).features; f.filter(({properties:p,geometry:{coordinates:[x,y]}})=>eval(process.argv[2])).length' "$WORK/locations.geojson" "$1"; }
ALL=$(want true)
[ "$ALL" -ge 100 ] || die "the demo has only $ALL places"
OAPIF=("OAPIF:$URL/ogc" locations)
PAGES=(-oo PAGE_SIZE=17)
# One column, so that a line break within a text is not counted as a place.
same "GDAL, OAPIF, page by page" "$(count "${PAGES[@]}" -select category "${OAPIF[@]}")" "$ALL"
same "GDAL, OAPIF, bbox" "$(count "${PAGES[@]}" -select category -spat 41.9 44.9 42.2 45.2 "${OAPIF[@]}")" \
  "$(want 'x>=41.9&&x<=42.2&&y>=44.9&&y<=45.2')"
same "GDAL, OAPIF, attribute" "$(count "${PAGES[@]}" -select category -where "category = 'museum'" "${OAPIF[@]}")" \
  "$(want 'p.category==="museum"')"
same "GDAL, OAPIF, attributes" \
  "$(count "${PAGES[@]}" -select category -where "benefit_value >= 10 AND benefit_kind = 'percent'" "${OAPIF[@]}")" \
  "$(want 'p.benefit_value>=10&&p.benefit_kind==="percent"')"
# What GDAL asks for is read out of what it says of itself: the filter has to reach the service, not only be applied after.
asked() { CPL_DEBUG=ON CPL_CURL_VERBOSE=NO ogr2ogr -f CSV /vsistdout/ "$@" 2>&1 >/dev/null | grep -o "HTTP: Fetch([^)]*)" || true; }
sends() {
  local what=$1 wanted=$2
  shift 2
  asked -select category "$@" "${OAPIF[@]}" >"$WORK/asked"
  grep -q "/items?.*$wanted" "$WORK/asked" || { cat "$WORK/asked" >&2; die "$what does not reach the service"; }
  say "$what reaches the service"
}
sends "GDAL's bbox" 'bbox=41\.' -spat 41.9 44.9 42.2 45.2
sends "GDAL's attribute filter" 'category=museum' -where "category = 'museum'"
sends "GDAL's bbox with an attribute filter" 'bbox=41.*category=museum' -where "category = 'museum'" -spat 41.9 44.9 42.2 45.2
# 3.6 asks the service for equal values alone, and looks after the rest itself.
sends "what of GDAL's filter is an equality" 'benefit_kind=percent' -where "benefit_value >= 10 AND benefit_kind = 'percent'"
same "GDAL, OAPIF, by id" "$(count -select category -where "id = 'demo-001'" "${OAPIF[@]}")" 1
for ending in geojson csv fgb; do
  options=()
  [ "$ending" != csv ] || options=(-oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat)
  same "GDAL, $ending" "$(count "${options[@]}" -select category "$WORK/locations.$ending")" "$ALL"
done
same "GDAL, fgb, by its index" "$(count -select category -spat 41.9 44.9 42.2 45.2 "$WORK/locations.fgb")" \
  "$(want 'x>=41.9&&x<=42.2&&y>=44.9&&y<=45.2')"

"$VENV/bin/python" scripts/gdal_newest.py "$URL" "$ALL"
"$VENV/bin/python" scripts/cql2_examples.py "$URL" "$VENV/cql2"
# The abstract tests of Features Part 1.
SUITE=$("$VENV/bin/python" -c 'from importlib.resources import files; print(files("ogctests"))')
INSTANCE_URL=$URL/ogc/ "$VENV/bin/python" -m pytest --quiet -p no:cacheprovider --rootdir "$SUITE" "$SUITE/features/core" >&2 || die "the abstract tests of Features fail"
"$VENV/bin/python" scripts/ogc_readers.py "$URL" "$WORK/locations.pmtiles" "$WORK/tiles" "$ALL"
# The deepest tiles of the PMTiles file, each place a feature, by GDAL's MVT driver.
sum=0
for tile in "$WORK"/tiles/*/*/*.mvt; do
  n=$(ogrinfo -ro -so -al "MVT:$tile" 2>/dev/null | sed -n 's/^Feature Count: //p')
  sum=$((sum + n))
done
same "GDAL, MVT out of PMTiles" "$sum" "$ALL"

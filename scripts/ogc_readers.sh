#!/usr/bin/env bash
# ogc_readers.sh BINARY: others read our OGC API and our files: GDAL (OAPIF, FlatGeobuf, GeoJSON, CSV, MVT), OWSLib, the
# PMTiles reader, and validators of the documents (all but GDAL from PyPI). Counts have to agree. Part of `make test-full`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh

BIN=${1:?the binary}
command -v ogrinfo >/dev/null || die "ogrinfo is missing: sudo apt-get install -y gdal-bin"
VENV=target/ogc_readers
if [ ! -x "$VENV/bin/pip" ] || ! "$VENV/bin/python" -c 'import cql2, owslib, pmtiles, morecantile, openapi_spec_validator, geojson_pydantic' 2>/dev/null; then
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check 'owslib==0.35.0' 'pmtiles==3.8.1' 'morecantile==7.1.0' \
    'openapi-spec-validator==0.9.0' 'geojson-pydantic==2.2.0' 'cql2==0.6.0'
fi
start_demo "$BIN"

for ending in geojson csv fgb pmtiles; do curl -sf "$URL/download/locations.$ending" -o "$WORK/locations.$ending"; done

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
for ending in geojson csv fgb; do
  options=()
  [ "$ending" != csv ] || options=(-oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat)
  same "GDAL, $ending" "$(count "${options[@]}" -select category "$WORK/locations.$ending")" "$ALL"
done
same "GDAL, fgb, by its index" "$(count -select category -spat 41.9 44.9 42.2 45.2 "$WORK/locations.fgb")" \
  "$(want 'x>=41.9&&x<=42.2&&y>=44.9&&y<=45.2')"

"$VENV/bin/python" scripts/ogc_readers.py "$URL" "$WORK/locations.pmtiles" "$WORK/tiles" "$ALL"
# The deepest tiles of the PMTiles file, each place a feature, by GDAL's MVT driver.
sum=0
for tile in "$WORK"/tiles/*/*/*.mvt; do
  n=$(ogrinfo -ro -so -al "MVT:$tile" 2>/dev/null | sed -n 's/^Feature Count: //p')
  sum=$((sum + n))
done
same "GDAL, MVT out of PMTiles" "$sum" "$ALL"

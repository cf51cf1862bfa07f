#!/usr/bin/env bash
# gdal.sh BINARY: GDAL reads our vector tiles, and counts in them what their GeoJSON twins count. Part of `make test-full`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh

BIN=${1:?the binary}
command -v ogrinfo >/dev/null || die "ogrinfo is missing: sudo apt-get install -y gdal-bin"
start_demo "$BIN"

# places TILE: how many places stand in a tile, as GDAL and as our GeoJSON have it.
compared=0
for tile in 0/0/0 4/9/5 6/39/22 7/78/45 8/157/91 9/315/183; do
  geojson=$(curl -sf "$URL/tiles/locations/$tile.geojson" || true)
  [ -n "$geojson" ] || continue
  want=$(node -p 'JSON.parse(process.argv[1]).features.reduce((n, f) => n + (f.properties.point_count ?? 1), 0)' "$geojson")
  got=$(ogrinfo -ro -q -dialect sqlite -sql 'SELECT sum(coalesce(point_count, 1)) AS places FROM locations' \
    "MVT:$URL/tiles/locations/$tile.mvt" | sed -n 's/.*places (Integer[0-9]*) = //p')
  [ "$got" = "$want" ] || die "tile $tile: GDAL counts ${got:-nothing}, GeoJSON $want"
  compared=$((compared + 1))
  say "tile $tile: $got places"
done
[ "$compared" -ge 4 ] || die "only $compared tiles hold anything"

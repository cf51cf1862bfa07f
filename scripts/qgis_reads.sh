#!/usr/bin/env bash
# qgis_reads.sh BINARY: QGIS without a window reads OGC API, our vector tiles and files, and draws what docs/tiles.md and
# docs/ogc.md tell its users to open. Counts have to be the API's. Part of `make test-full`, unless RYADOM_TEST_QGIS=0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh

BIN=${1:?the binary}
if [ "${RYADOM_TEST_QGIS:-1}" = 0 ]; then
  say "left out: RYADOM_TEST_QGIS=0"
  exit 0
fi
PYTHON=$(qgis_python) || die "QGIS for Python is missing: sudo apt-get install -y --no-install-recommends python3-qgis"
start_demo "$BIN"

for ending in geojson csv fgb; do curl -sf "$URL/download/locations.$ending" -o "$WORK/locations.$ending"; done
# What was drawn stays, to be looked at.
mkdir -p target/qgis
# Settings, caches and sockets of its own: nothing of the person who runs this is read or changed.
env -u DISPLAY -u WAYLAND_DISPLAY QT_QPA_PLATFORM=offscreen HOME="$WORK" XDG_RUNTIME_DIR="$WORK" \
  XDG_CONFIG_HOME="$WORK/config" XDG_CACHE_HOME="$WORK/cache" XDG_DATA_HOME="$WORK/share" no_proxy=127.0.0.1 \
  "$PYTHON" scripts/qgis_reads.py "$URL" "$WORK" target/qgis

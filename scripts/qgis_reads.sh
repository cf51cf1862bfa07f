#!/usr/bin/env bash
# qgis_reads.sh BINARY: QGIS itself, without a screen, opens the layer: OGC API, vector tiles, files. Counts have to agree, and
# what it draws has to be something. Part of `make test-full`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh

BIN=${1:?the binary}
PYTHON=/usr/bin/python3 # the packages of the system are for its own Python
"$PYTHON" -c 'import qgis.core' 2>/dev/null || die "PyQGIS is missing: sudo apt-get install -y --no-install-recommends python3-qgis"
start_demo "$BIN"
for ending in geojson fgb; do curl -sf "$URL/download/locations.$ending" -o "$WORK/locations.$ending"; done
mkdir -p target/qgis
QT_QPA_PLATFORM=offscreen QGIS_CUSTOM_CONFIG_PATH="$WORK/profile" XDG_RUNTIME_DIR="$WORK" \
  "$PYTHON" scripts/qgis_reads.py "$URL" "$WORK" target/qgis/tiles.png

#!/usr/bin/env bash
# build.sh [tiles|sprites|glyphs]...: makes the committed files of the map again from what lies in this repository
# (all three without a word). Needs python3 with venv, node and npm; nothing outside target/ and data/ is touched.
#
#   tiles    data/basemap/** and data/gazetteer/*  -> data/basemap.pmtiles        (tiles.py)
#   sprites  the Maki icons                        -> data/style/sprite-*         (sprites.mjs)
#   glyphs   Noto Sans (Debian: fonts-noto-core)   -> data/style/glyphs/*         (glyphs.py)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
HERE=scripts/basemap
VENV=target/basemap-venv

python() {
  if [ ! -e "$VENV/done" ] || [ "$HERE/requirements.txt" -nt "$VENV/done" ]; then
    python3 -m venv "$VENV"
    "$VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$HERE/requirements.txt"
    touch "$VENV/done"
  fi
  "$VENV/bin/python" "$@"
}

[ $# -gt 0 ] || set -- tiles sprites glyphs
for what in "$@"; do
  case $what in
    tiles) python "$HERE/tiles.py" ;;
    sprites)
      npm --prefix "$HERE" ci --no-audit --no-fund
      node "$HERE/sprites.mjs"
      ;;
    glyphs) python "$HERE/glyphs.py" ;;
    *)
      printf 'build.sh: tiles, sprites or glyphs, not %s\n' "$what" >&2
      exit 1
      ;;
  esac
done

#!/usr/bin/env bash
# load_tiles.sh [PLACES]: tiles on loopback, gzip, 8 connections, a million places by default. Cold (no tile kept) at many
# zooms, filtered (first use of a filter, then repeated), kept, and beside them a handler of 20 kB of fixed bytes; then the
# size of the largest tile met and what 5,000 idle listeners of events cost.
#
# RYADOM_TEST_LOAD_DB=sqlite://… takes a store that holds the places already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PLACES=${1:-1000000}
SECONDS_EACH=${SECONDS_EACH:-4}
command -v wrk >/dev/null || { echo "load_tiles.sh: wrk is missing; run: sudo apt-get install -y wrk" >&2; exit 1; }
cargo build --release --bin ryadom --examples
BIN=target/release/ryadom
WORK=$(mktemp -d)
PIDS=()
finish() {
  [ ${#PIDS[@]} = 0 ] || kill "${PIDS[@]}" 2>/dev/null || true
  rm -rf "$WORK"
}
trap finish EXIT

DB=${RYADOM_TEST_LOAD_DB:-}
if [ -z "$DB" ]; then
  DB="sqlite://$WORK/ryadom.db"
  target/release/examples/sample_places "$PLACES" >"$WORK/places.ndjson"
  "$BIN" import --quiet --database-url "$DB" "$WORK/places.ndjson"
fi
start() {
  local log=$WORK/out.$RANDOM
  "$@" >"$log" 2>"$log.err" &
  PID=$!
  PIDS+=("$PID")
  for _ in $(seq 1 2400); do
    URL=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -1 || true)
    [ -z "$URL" ] || return 0
    kill -0 "$PID" || { cat "$log.err" >&2; exit 1; }
    sleep 0.05
  done
  exit 1
}
target/release/examples/sample_places 4096 99 |
  grep -oE '"coordinates":\[[^]]*' | sed 's/.*\[//; s/,/ /' >"$WORK/points.txt"
# tiles ZOOM: the tiles of that zoom over the sample's places.
tiles() {
  awk -v z="$1" 'BEGIN {pi = atan2(0, -1); n = 2 ^ z}
    {lat = $2 * pi / 180; s = sin(lat) / cos(lat); y = (1 - log(s + sqrt(s * s + 1)) / pi) / 2
     printf "/tiles/locations/%d/%d/%d.mvt\n", z, ($1 + 180) / 360 * n, y * n}' "$WORK/points.txt" | sort -u
}
cat >"$WORK/tiles.lua" <<'LUA'
local paths = {}
for line in io.lines(os.getenv("TILES")) do paths[#paths + 1] = line .. (os.getenv("FILTER") or "") end
local i = math.random(#paths)
request = function()
  i = i % #paths + 1
  return wrk.format("GET", paths[i], { ["Accept-Encoding"] = "gzip" })
end
done = function(summary, latency)
  io.write(string.format("%10.0f/s  p99 %7.2f ms  p99.9 %7.2f ms  %6.1f kB a tile\n",
    summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000,
    summary.bytes / summary.requests / 1000))
end
LUA
hit() { wrk -t2 -c8 -d"${SECONDS_EACH}s" -s "$WORK/tiles.lua" "$1" | tail -1; }

for z in 0 2 4 6 8 10 12 14 16 18; do tiles "$z" >"$WORK/z$z"; done
cat "$WORK"/z* >"$WORK/all"
export TILES
start "$BIN" serve --listen 127.0.0.1:0 --tile-cache-mib 0 --database-url "$DB"
for z in 0 2 4 6 8 10 12 14 16 18; do
  TILES=$WORK/z$z
  printf 'cold, zoom %2d: %s\n' "$z" "$(hit "$URL")"
done
TILES=$WORK/all
printf 'cold, all zooms: %s\n' "$(hit "$URL")"
for filter in '?category=grocery&benefit=free' '?open_at=now' '?q=%D0%BC%D0%B8%D1%80'; do
  export FILTER=$filter
  printf 'first tile of %s: ' "$filter"
  curl -gs -o /dev/null -w '%{time_total} s\n' "$URL/tiles/locations/6/39/23.mvt$filter"
  printf 'cold, %s: %s\n' "$filter" "$(hit "$URL")"
done
unset FILTER
printf 'largest tile: '
while read -r path; do curl -s -H 'Accept-Encoding: gzip' -o /dev/null -w '%{size_download}\n' "$URL$path"; done \
  < <(shuf -n 600 --random-source=<(yes) "$WORK/all"; cat "$WORK/z0" "$WORK/z2") | sort -n | tail -1 | sed 's/$/ bytes, gzip/'
kill "$PID"; wait "$PID" 2>/dev/null || true

start target/release/examples/limit_twin 1000
TWIN=$URL
start "$BIN" serve --listen 127.0.0.1:0 --database-url "$DB"
head -400 "$WORK/all" >"$WORK/some"
TILES=$WORK/some
hit "$URL" >/dev/null
printf 'kept: %s\n' "$(hit "$URL")"
echo /fixed >"$WORK/fixed"
TILES=$WORK/fixed
printf '20 kB of fixed bytes: %s\n' "$(hit "$TWIN")"

resident() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$PID/status"; }
nearest() { wrk -t1 -c8 -d"${SECONDS_EACH}s" "$URL/api/v1/locations/nearest?lon=41.97&lat=45.04&limit=10" | awk '/Requests\/sec/ {print $2}'; }
ulimit -n 20000 2>/dev/null || true
BEFORE=$(resident) RATE=$(nearest)
node scripts/idle_clients.mjs "$URL" 5000 >"$WORK/idle" &
PIDS+=($!)
sleep 8
echo "idle listeners: $(tail -1 "$WORK/idle"); memory $BEFORE -> $(resident) MiB; nearest $RATE -> $(nearest) per s"

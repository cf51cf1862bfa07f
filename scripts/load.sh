#!/usr/bin/env bash
# load.sh [PLACES]: the load test on loopback. Nearest 10 over HTTP with 32 connections, at a million places by default:
# Ryadom (unfiltered and with filters), "the limit" (examples/limit_twin.rs) and PostGIS through a prepared statement,
# in ROUNDS rounds on this machine; medians, ratios, start time and memory at the end.
#
# wrk (Debian) makes the load over HTTP, pgbench over SQL; each run lasts SECONDS_EACH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PLACES=${1:-1000000}
ROUNDS=${ROUNDS:-3}
SECONDS_EACH=${SECONDS_EACH:-8}
CONNECTIONS=32

if [ -z "${RYADOM_TEST_POSTGIS:-}" ]; then
  scripts/need.sh
  if ! command -v wrk >/dev/null; then
    if [ "$(id -u)" = 0 ]; then apt-get install -y --no-install-recommends wrk >/dev/null
    else echo "load.sh: wrk is missing; run: sudo apt-get install -y wrk" >&2; exit 1; fi
  fi
  exec scripts/with_postgis.sh "$0" "$PLACES"
fi

cargo build --release --bin ryadom --examples
BIN=target/release/ryadom
WORK=$(mktemp -d)
PIDS=()
finish() {
  [ ${#PIDS[@]} = 0 ] || kill "${PIDS[@]}" 2>/dev/null || true
  rm -rf "$WORK"
}
trap finish EXIT

target/release/examples/sample_places "$PLACES" >"$WORK/places.ndjson"
echo "source text: $(stat -c %s "$WORK/places.ndjson") bytes of NDJSON for $PLACES places"

DB="sqlite://$WORK/ryadom.db"
/usr/bin/time -f "import into SQLite: %e s, peak %M KiB" \
  "$BIN" import --quiet --database-url "$DB" "$WORK/places.ndjson"

# Starts "$@", waits for the address it prints, and leaves it in URL and the process in PID.
start() {
  local log=$WORK/out.$RANDOM
  "$@" >"$log" 2>"$log.err" &
  PID=$!
  PIDS+=("$PID")
  for _ in $(seq 1 1200); do
    URL=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -1 || true)
    [ -z "$URL" ] || return 0
    kill -0 "$PID" || { cat "$log.err" >&2; exit 1; }
    sleep 0.05
  done
  echo "load.sh: $1 printed no address" >&2
  exit 1
}
resident() { awk '/VmRSS/ {printf "%d MiB now", $2/1024} /VmHWM/ {printf "%d MiB at the peak, ", $2/1024}' "/proc/$1/status"; }

# Random positions round real settlements: the same list for all.
target/release/examples/sample_places 4096 99 |
  grep -oE '"coordinates":\[[^]]*' | sed 's/.*\[//; s/,/ /' >"$WORK/queries.txt"
cat >"$WORK/nearest.lua" <<LUA
local q = {}
for line in io.lines("$WORK/queries.txt") do
  local lon, lat = line:match("(%S+) (%S+)")
  q[#q + 1] = string.format(wrk.path, lon, lat)
end
local i = math.random(#q)
request = function()
  i = i % #q + 1
  return wrk.format("GET", q[i])
end
done = function(summary, latency)
  io.write(string.format("RESULT %.0f %.3f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(99) / 1000, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
LUA
# hit NAME URL: one run; appends "rate p99_ms" to a file of that name.
hit() {
  local line
  line=$(wrk -t2 -c$CONNECTIONS -d"${SECONDS_EACH}s" -s "$WORK/nearest.lua" "$2" | grep RESULT)
  # shellcheck disable=SC2086
  set -- "$1" $line
  [ "$5" = 0 ] 2>/dev/null || [ "${5:-0}" = 0 ] || echo "load.sh: $1 had $5 errors" >&2
  echo "$3 $4" >>"$WORK/$1.runs"
}

BEGAN=$(date +%s%N)
start "$BIN" serve --listen 127.0.0.1:0 --database-url "$DB"
echo "start: $(( ($(date +%s%N) - BEGAN) / 1000000 )) ms to the printed address; $(resident "$PID")"
grep -h 'read .* locations' "$WORK"/*.err || true
OURS=$URL OURS_PID=$PID
start target/release/examples/limit_twin "$PLACES"
LIMIT=$URL

"$BIN" import --quiet --database-url "$RYADOM_TEST_POSTGIS" "$WORK/places.ndjson"
psql -q "$RYADOM_TEST_POSTGIS" -c 'VACUUM ANALYZE locations' \
  -c 'CREATE TABLE queries (n serial PRIMARY KEY, p geography)'
awk '{print "SRID=4326;POINT(" $1 " " $2 ")"}' "$WORK/queries.txt" |
  psql -q "$RYADOM_TEST_POSTGIS" -c '\copy queries (p) FROM STDIN'
cat >"$WORK/nearest.sql" <<'SQL'
\set n random(1, 4096)
SELECT id, name, category, lon, lat FROM locations ORDER BY geog <-> (SELECT p FROM queries WHERE n = :n) LIMIT 10;
SQL

BASE='/api/v1/locations/nearest?lon=%s&lat=%s&limit=10'
for round in $(seq 1 "$ROUNDS"); do
  echo "round $round of $ROUNDS"
  hit limit "$LIMIT/nearest?lon=%s&lat=%s"
  hit unfiltered "$OURS$BASE"
  hit common "$OURS$BASE&category=grocery"
  hit rare "$OURS$BASE&category=transport"
  hit absent "$OURS$BASE&category=other"
  hit two_filters "$OURS$BASE&category=grocery&benefit=free"
  hit open_now "$OURS$BASE&open_at=now"
  RATE=$(pgbench -n -M prepared -c 8 -j 2 -T "$SECONDS_EACH" -f "$WORK/nearest.sql" "$RYADOM_TEST_POSTGIS" 2>/dev/null |
    awk '/^tps/ {printf "%.0f", $3}')
  echo "$RATE 0" >>"$WORK/postgis.runs"
done
echo "Ryadom after the load: $(resident "$OURS_PID")"

median() { cut -d' ' -f"$2" "$WORK/$1.runs" | sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]}'; }
L=$(median limit 1) LP=$(median limit 2) U=$(median unfiltered 1) P=$(median postgis 1)
printf '%-12s %10s %10s %14s %14s %16s\n' work "per s" "p99 ms" "of the limit" "of unfiltered" "times PostGIS"
for work in limit unfiltered common rare absent two_filters open_now postgis; do
  R=$(median $work 1)
  awk -v w=$work -v r="$R" -v p="$(median $work 2)" -v l="$L" -v u="$U" -v g="$P" \
    'BEGIN {printf "%-12s %10.0f %10.2f %14.2f %14.2f %16.1f\n", w, r, p, r/l, r/u, r/g}'
done
awk -v u="$(median unfiltered 2)" -v l="$LP" 'BEGIN {printf "p99: %.2f of the limit'"'"'s\n", u/l}'

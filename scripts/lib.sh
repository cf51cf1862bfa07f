#!/usr/bin/env bash
# What the scripts beside this file share. Sourced, never run; it says nothing and changes nothing by itself.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# --- which PostgreSQL -------------------------------------------------------------------------

# Directories that may hold PostgreSQL server binaries, the preferred first: 15 (the version the
# service is proven against), then the newest. RYADOM_TEST_PG_BINDIR, when set, is the only one.
pg_bindirs() {
  if [ -n "${RYADOM_TEST_PG_BINDIR:-}" ]; then
    printf '%s\n' "$RYADOM_TEST_PG_BINDIR"
    return
  fi
  local tool dir
  {
    printf '%s\n' /usr/lib/postgresql/15/bin
    for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
      printf '%s\n' "$dir"
    done | sort -Vr
    if tool=$(command -v pg_config); then "$tool" --bindir || true; fi
    # A `postgres` on the PATH is often a link or a copy outside its installation: follow it.
    if tool=$(command -v postgres) && tool=$(readlink -f "$tool"); then dirname "$tool"; fi
  } | awk '!seen[$0]++'
}

# pg_config_of BINDIR NAME: one answer of that installation's own pg_config (or Debian's layout).
pg_config_of() {
  if [ -x "$1/pg_config" ]; then
    "$1/pg_config" "--$2"
    return
  fi
  local major=${1%/bin}
  major=${major##*/}
  case $2 in
    sharedir) printf '%s\n' "/usr/share/postgresql/$major" ;;
    pkglibdir) printf '%s\n' "${1%/bin}/lib" ;;
    *) return 1 ;;
  esac
}

# True when BINDIR has a whole server of version 15 or later, and PostGIS 3 installed for it.
pg_has_postgis() {
  local tool major
  for tool in initdb pg_ctl postgres psql; do [ -x "$1/$tool" ] || return 1; done
  major=$("$1/postgres" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9]*\).*/\1/p') || return 1
  [ "${major:-0}" -ge 15 ] || return 1
  [ -e "$(pg_config_of "$1" sharedir)/extension/postgis.control" ] || return 1
  [ -e "$(pg_config_of "$1" pkglibdir)/postgis-3.so" ]
}

# The binaries to use, or failure when no installation has PostGIS.
pg_bindir() {
  local dir
  while IFS= read -r dir; do
    if pg_has_postgis "$dir"; then
      printf '%s\n' "$dir"
      return 0
    fi
  done < <(pg_bindirs)
  return 1
}

# --- QGIS -------------------------------------------------------------------------------------

# The first python3 that knows QGIS, or failure: a Python that was built by hand or comes first on the
# PATH knows nothing of Debian's packages.
qgis_python() {
  local python
  while IFS= read -r python; do
    if "$python" -c 'import qgis.core' 2>/dev/null; then
      printf '%s\n' "$python"
      return 0
    fi
  done < <({ type -ap python3; printf '%s\n' /usr/bin/python3; } | awk '!seen[$0]++')
  return 1
}

# --- signals ----------------------------------------------------------------------------------

# A step runs in a process group of its own, so that one signal to the script ends the step with
# everything it started; bash alone would wait for the step to finish before it looked at a trap.
# The script calls trap_signals once, with the seconds that a group has to end by itself.
RUN_GROUP=""
RUN_GRACE=10

run_group() {
  local status=0
  set -m
  "$@" &
  RUN_GROUP=$!
  set +m
  wait "$RUN_GROUP" || status=$?
  # What the step left running in its group (a server of a failed test) goes with it.
  kill -TERM -- "-$RUN_GROUP" 2>/dev/null || true
  RUN_GROUP=""
  return "$status"
}

on_signal() {
  trap '' INT TERM HUP
  if [ -n "$RUN_GROUP" ]; then
    kill -TERM -- "-$RUN_GROUP" 2>/dev/null || true
    local tenth
    for ((tenth = 0; tenth < RUN_GRACE * 10; tenth++)); do
      kill -0 -- "-$RUN_GROUP" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$RUN_GROUP" 2>/dev/null || true
  fi
  exit "$1"
}

trap_signals() {
  RUN_GRACE=$1
  trap 'on_signal 130' INT
  trap 'on_signal 143' TERM
  trap 'on_signal 129' HUP
}

# Steps have a process group of their own, so they must not read the terminal.
quiet_stdin() {
  if [ -t 0 ] || ! { : <&0; } 2>/dev/null; then exec </dev/null; fi
}

# start_demo BINARY: a demo of its own for the rest of the script: its address in URL, its folder in WORK.
start_demo() {
  WORK=$(mktemp -d)
  "$1" demo --listen 127.0.0.1:0 --data-dir "$WORK" >"$WORK/out" 2>"$WORK/err" &
  PID=$!
  trap 'kill "$PID" 2>/dev/null || true; rm -rf "$WORK"' EXIT
  URL=
  for _ in $(seq 1 600); do
    URL=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$WORK/out" | head -n 1 || true)
    [ -z "$URL" ] || break
    kill -0 "$PID" || { cat "$WORK/err" >&2; exit 1; }
    sleep 0.05
  done
}

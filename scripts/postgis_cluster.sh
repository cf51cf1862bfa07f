#!/usr/bin/env bash
# A throwaway PostgreSQL cluster with PostGIS, for tests. One cluster is one directory.
#
#   postgis_cluster.sh new             makes a cluster in a directory of its own, on a free port, and
#                                      starts it. Prints three lines, shell assignments:
#                                        DIR=/tmp/...
#                                        PORT=23456
#                                        URL=postgres://ryadom@127.0.0.1:23456/ryadom
#   postgis_cluster.sh start DIR PORT  starts it again. Already running on PORT: nothing to do. A DIR
#                                      that is missing or empty is made a cluster first.
#   postgis_cluster.sh stop DIR        a fast stop: connections are cut, the data stays. Already
#                                      stopped: nothing to do.
#   postgis_cluster.sh destroy DIR     stops it and removes DIR. Already gone: nothing to do.
#   postgis_cluster.sh root            makes a directory for RYADOM_TEST_PG_ROOT (below) and prints it.
#   postgis_cluster.sh sweep ROOT      destroys every cluster that `new` made under ROOT, and ROOT.
#
# All answer only when the thing is done: after `start` the port takes connections, after `stop` it
# refuses them. Exit status 0 or, with the reason on stderr, 1 (2: wrong usage).
#
# The cluster listens on 127.0.0.1 alone (no password: trust), its socket, data and log are in DIR,
# fsync and synchronous_commit are on, text is UTF-8 sorted by code point (C.UTF-8), the time zone
# UTC. Role ryadom is a superuser, database ryadom exists and has the extension postgis. PostgreSQL
# refuses to run as root, so root's clusters run as the user postgres, or nobody.
#
# RYADOM_TEST_PG_ROOT    where `new` puts its directories (scripts/with_postgis.sh sets it, and
#                        sweeps it at its end); else the temporary directory.
# RYADOM_TEST_PG_BINDIR  the server binaries to use, when the ones found are not the ones wanted.
set -euo pipefail

# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

MARK=.ryadom-throwaway # in every directory this script may remove

usage() {
  sed -n '2,/^set -euo/{/^set -euo/d;s/^# \{0,1\}//;p;}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

PG_USER=""
if [ "$(id -u)" -eq 0 ]; then
  for PG_USER in postgres nobody ""; do
    [ -z "$PG_USER" ] || ! id -u "$PG_USER" >/dev/null 2>&1 || break
  done
  [ -n "$PG_USER" ] || die "root may not run PostgreSQL, and there is no user postgres or nobody"
fi

# Runs a command as the cluster's user, in a clean environment: no PG*, locale or TZ of the caller.
as_pg() {
  local clean=(env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/ LC_ALL=C.UTF-8 TZ=UTC)
  cd / # the caller's directory may be closed to that user
  if [ -z "$PG_USER" ]; then
    "${clean[@]}" "$@"
  elif command -v setpriv >/dev/null; then
    setpriv --reuid "$PG_USER" --regid "$(id -g "$PG_USER")" --clear-groups -- "${clean[@]}" "$@"
  else
    runuser -u "$PG_USER" -- "${clean[@]}" "$@"
  fi
}

pg_bin() {
  [ -n "${BIN:-}" ] || BIN=$(pg_bindir) || die "no PostgreSQL 15+ with PostGIS 3 here: run scripts/need.sh"
}

postmaster_pid() { # the pid file belongs to the cluster's user
  as_pg sed -n 1p "$1/data/postmaster.pid" 2>/dev/null | tr -cd '0-9'
}

is_running() { as_pg "$BIN/pg_ctl" -D "$1/data" status >/dev/null 2>&1; }

absolute() { # of a directory that may not exist yet
  case $1 in /*) printf '%s\n' "${1%/}" ;; *) printf '%s\n' "$PWD/${1%/}" ;; esac
}

init_cluster() {
  local dir=$1
  [ ${#dir} -le 80 ] || die "$dir: too long a path for a Unix socket"
  as_pg "$BIN/initdb" --pgdata="$dir/data" --username=ryadom --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || {
    cat "$dir/initdb.log" >&2
    die "initdb failed"
  }
  as_pg tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
fsync = on
synchronous_commit = on
shared_buffers = 256MB
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
CONF
}

# Ready once: the database and the extension, then the mark that they are there.
fill_cluster() {
  local dir=$1 port=$2
  local psql=("$BIN/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U ryadom)
  as_pg "${psql[@]}" -d postgres -c 'CREATE DATABASE ryadom' || return 1
  as_pg "${psql[@]}" -d ryadom -c 'CREATE EXTENSION postgis' || return 1
  printf 'filled\n' >"$dir/$MARK"
}

launch() { # pg_ctl puts the server in a session of its own: a Ctrl-C here does not reach it
  as_pg "$BIN/pg_ctl" -D "$1/data" -l "$1/log" -o "-p $2" -w -t 120 start >/dev/null 2>&1 </dev/null
}

port_taken_says_log() { as_pg tail -n 20 "$1/log" 2>/dev/null | grep -q 'could not bind\|could not create any TCP'; }

cmd_start() {
  local dir port=$2
  dir=$(absolute "$1")
  [[ $port =~ ^[0-9]{1,5}$ ]] || usage
  pg_bin
  if [ ! -e "$dir/$MARK" ]; then
    mkdir -p "$dir"
    [ -z "$(ls -A "$dir")" ] || die "$dir is not empty and not a cluster of this script"
    : >"$dir/$MARK"
    chmod 700 "$dir"
    [ -z "$PG_USER" ] || chown -R "$PG_USER:$(id -g "$PG_USER")" "$dir"
  fi
  as_pg test -w "$dir" || die "$dir: closed to the user ${PG_USER:-$(id -un)}"
  as_pg test -e "$dir/data/PG_VERSION" || init_cluster "$dir"
  if is_running "$dir"; then
    local on
    on=$(as_pg sed -n 4p "$dir/data/postmaster.pid" | tr -cd '0-9')
    [ "$on" = "$port" ] || die "$dir runs already, on port $on"
  elif ! launch "$dir" "$port"; then
    as_pg tail -n 20 "$dir/log" >&2 || true
    die "PostgreSQL in $dir did not start on port $port"
  fi
  [ -s "$dir/$MARK" ] || fill_cluster "$dir" "$port" || die "no database with PostGIS in $dir"
}

cmd_stop() {
  local dir
  dir=$(absolute "$1")
  [ -e "$dir/$MARK" ] || die "$dir is not a cluster of this script"
  pg_bin
  is_running "$dir" || return 0
  as_pg "$BIN/pg_ctl" -D "$dir/data" -m fast -w -t 60 stop >/dev/null || die "$dir did not stop"
}

cmd_destroy() {
  local dir pid
  dir=$(absolute "$1")
  [ -e "$dir" ] || return 0
  [ -e "$dir/$MARK" ] || die "$dir is not a cluster of this script"
  pg_bin
  if is_running "$dir"; then
    pid=$(postmaster_pid "$dir")
    as_pg "$BIN/pg_ctl" -D "$dir/data" -m immediate -w -t 20 stop >/dev/null 2>&1 ||
      { [ -z "$pid" ] || as_pg kill -KILL "$pid" || true; }
  fi
  rm -rf -- "$dir"
}

cmd_sweep() {
  local root dir status=0
  root=$(absolute "$1")
  [ -d "$root" ] || return 0
  for dir in "$root"/pg.*; do
    [ -e "$dir/$MARK" ] || continue
    (cmd_destroy "$dir") || status=1
  done
  rmdir -- "$root" 2>/dev/null || status=1
  return "$status"
}

# A port below the range the kernel hands out by itself, so that it stays free while the cluster is
# stopped, and one that nobody answers on. That it can really be bound only the server can tell.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s\n' "$port"
}

# fresh_dir NAME PARENT...: a directory in the first PARENT that the cluster's user can reach, with a
# path short enough for a socket in it.
fresh_dir() {
  local name=$1 parent made
  shift
  for parent in "$@"; do
    [ ${#parent} -le 60 ] || continue
    made=$(mktemp -d "$parent/$name.XXXXXX" 2>/dev/null) || continue
    [ -z "$PG_USER" ] || chown "$PG_USER:$(id -g "$PG_USER")" "$made"
    if as_pg test -w "$made"; then
      printf '%s\n' "$made"
      return 0
    fi
    rmdir -- "$made"
  done
  die "no directory for a cluster that ${PG_USER:-$(id -un)} can reach: tried $*"
}

cmd_root() { fresh_dir ryadom-pg "${TMPDIR:-/tmp}" /tmp; }

cmd_new() {
  pg_bin
  local port try
  if [ -n "${RYADOM_TEST_PG_ROOT:-}" ]; then
    NEW_DIR=$(fresh_dir pg "$RYADOM_TEST_PG_ROOT") # nowhere else: it would not be swept
  else
    NEW_DIR=$(fresh_dir ryadom-pg "${TMPDIR:-/tmp}" /tmp)
  fi
  : >"$NEW_DIR/$MARK"
  trap '[ -z "$NEW_DIR" ] || (cmd_destroy "$NEW_DIR")' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  init_cluster "$NEW_DIR"
  for ((try = 1; ; try++)); do
    port=$(free_port)
    if launch "$NEW_DIR" "$port"; then break; fi
    if [ "$try" -ge 20 ] || ! port_taken_says_log "$NEW_DIR"; then
      as_pg tail -n 20 "$NEW_DIR/log" >&2 || true
      die "PostgreSQL did not start"
    fi
  done
  fill_cluster "$NEW_DIR" "$port" || die "no database with PostGIS"
  printf 'DIR=%q\nPORT=%s\nURL=postgres://ryadom@127.0.0.1:%s/ryadom\n' "$NEW_DIR" "$port" "$port"
  NEW_DIR=""
}

case ${1:-}/$# in
  new/1) cmd_new ;;
  root/1) cmd_root ;;
  start/3) cmd_start "$2" "$3" ;;
  stop/2) cmd_stop "$2" ;;
  destroy/2) cmd_destroy "$2" ;;
  sweep/2) cmd_sweep "$2" ;;
  *) usage ;;
esac

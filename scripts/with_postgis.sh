#!/usr/bin/env bash
# with_postgis.sh CMD [ARG...]: runs CMD beside a throwaway PostGIS, which is gone when CMD is done,
# when it fails and when this script is interrupted or terminated. Exits with CMD's status.
#
# CMD finds in its environment:
#   RYADOM_TEST_POSTGIS     postgres://ryadom@127.0.0.1:PORT/ryadom, the shared cluster: the role is a
#                           superuser (a test makes its own databases), the database has PostGIS.
#   RYADOM_TEST_PG_CLUSTER  absolute path of scripts/postgis_cluster.sh. A test that has to stop and
#                           start its PostgreSQL takes a cluster of its own: `new` prints the lines
#                           DIR=, PORT= and URL= and the cluster runs; then `stop DIR`,
#                           `start DIR PORT`, and at the end `destroy DIR`. One that a failed test
#                           leaves behind is destroyed here.
#   RYADOM_TEST_PG_ROOT     where those clusters lie; nothing for a test to touch.
# and none of libpq's own variables (PGHOST, PGUSER, PGSSLMODE ...), which drivers would obey.
#
# CMD runs in a process group of its own and does not read the terminal. To have a cluster at hand:
# eval "$(scripts/postgis_cluster.sh new)"; psql "$URL"; scripts/postgis_cluster.sh destroy "$DIR"
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh disable=SC1091
. "$HERE/lib.sh"

[ $# -gt 0 ] || die "which command?"
export RYADOM_TEST_PG_CLUSTER=$HERE/postgis_cluster.sh
export RYADOM_TEST_PG_ROOT=""
quiet_stdin

for name in $(compgen -e PG); do
  case $name in
    PGHOST* | PGPORT | PGUSER | PGPASS* | PGDATA* | PGSSL* | PGSERVICE* | PGOPTIONS | PGAPPNAME | \
      PGTZ | PGCLIENTENCODING | PGGSS* | PGCHANNELBINDING | PGREQUIRE* | PGTARGET* | PGSYSCONFDIR)
      unset "$name"
      ;;
  esac
done

# shellcheck disable=SC2317 # the trap calls it
sweep() {
  trap '' INT TERM HUP
  [ -z "$RYADOM_TEST_PG_ROOT" ] || "$RYADOM_TEST_PG_CLUSTER" sweep "$RYADOM_TEST_PG_ROOT" || true
}
trap sweep EXIT
trap_signals 5

RYADOM_TEST_PG_ROOT=$("$RYADOM_TEST_PG_CLUSTER" root)

# SIGKILL leaves a script no time to sweep: a process that holds only the end of a pipe sweeps then.
exec {alive}> >(
  trap '' INT TERM HUP
  # shellcheck disable=SC2016
  exec setsid bash -c 'cat >/dev/null; exec "$1" sweep "$2"' watch \
    "$RYADOM_TEST_PG_CLUSTER" "$RYADOM_TEST_PG_ROOT" >/dev/null 2>&1
)

made=$("$RYADOM_TEST_PG_CLUSTER" new {alive}>&-)
RYADOM_TEST_POSTGIS=$(sed -n 's/^URL=//p' <<<"$made")
export RYADOM_TEST_POSTGIS

# shellcheck disable=SC2317 # run_group calls it, in a process of its own
detached() {
  exec {alive}>&-
  exec "$@"
}

status=0
run_group detached "$@" || status=$?
exit "$status"

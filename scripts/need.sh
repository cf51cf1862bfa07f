#!/usr/bin/env bash
# need.sh: what `make test` needs beyond Rust and Node. Quick and silent when all is there. What is
# missing is installed from Debian's packages when this may be done without asking (root, or sudo
# with no password); else the one line that does it is printed, and the exit status is 1.
#
#   a C compiler, make      for the crates that build C
#   PostgreSQL + PostGIS 3  15, or a later one already here; only its binaries: no cluster of the
#                           system is made, started or used (scripts/postgis_cluster.sh)
#   chromium                for the browser tests
#   openssl                 for their https: makes a certificate for localhost
#   zbar-tools              a reader of QR codes that is not ours, for the same
#   python3                 reads the service's SQLite file for them (Node 20 does not)
#   a font with Cyrillic    so that what they see can be read
#   gdal-bin, curl, venv    with the argument "slow", for `make test-full`
#   QGIS for Python         the same, unless RYADOM_TEST_QGIS=0: some 200 MB to fetch, 1 GB on the disk
set -euo pipefail

# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Rust and Node are the developer's own choice of where from: only said, never installed.
check_toolchains() {
  local ok=0 version
  if ! command -v cargo >/dev/null; then
    say "cargo is missing: install Rust (rustup, profile default)"
    ok=1
  elif ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    say "rustfmt or clippy is missing: rustup component add rustfmt clippy"
    ok=1
  fi
  version=$(node --version 2>/dev/null) || version=v0
  version=${version#v}
  if [ "${version%%.*}" -lt 20 ] || ! command -v npm >/dev/null; then
    say "Node.js 20 or later with npm is needed (found: node ${version/#0/none})"
    ok=1
  fi
  return "$ok"
}

has_cyrillic_font() {
  if command -v fc-list >/dev/null; then
    [ -n "$(fc-list :lang=ru family 2>/dev/null | head -n 1)" ]
  else
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts \
      \( -name 'DejaVuSans.ttf' -o -name 'NotoSans-Regular.ttf' \) -print -quit 2>/dev/null)" ]
  fi
}

# The version to install: the server that is here already, else 15, else what the system offers.
postgres_major() {
  local major
  for major in $(pg_bindirs | sed -n 's#^/usr/lib/postgresql/\([0-9]*\)/bin$#\1#p') 15 \
    $(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | sed 's/^postgresql-\([0-9]*\).*/\1/' | sort -rn); do
    if [ "$major" -ge 15 ] && [ -n "$(apt-cache show "postgresql-$major-postgis-3" 2>/dev/null)" ]; then
      printf '%s\n' "$major"
      return
    fi
  done
  printf '15\n'
}

WITH=${1:-}
MISSING=()
POSTGIS_MISSING=""
look() {
  MISSING=()
  POSTGIS_MISSING=""
  command -v cc >/dev/null && printf '#include <stdlib.h>\n' | cc -E -x c - >/dev/null 2>&1 ||
    MISSING+=(gcc libc6-dev)
  command -v make >/dev/null || MISSING+=(make)
  pg_bindir >/dev/null || POSTGIS_MISSING=yes
  command -v chromium >/dev/null || MISSING+=(chromium)
  command -v openssl >/dev/null || MISSING+=(openssl)
  command -v zbarimg >/dev/null || MISSING+=(zbar-tools)
  command -v python3 >/dev/null || MISSING+=(python3)
  has_cyrillic_font || MISSING+=(fonts-dejavu-core)
  if [ "$WITH" = slow ]; then
    command -v ogrinfo >/dev/null || MISSING+=(gdal-bin)
    command -v curl >/dev/null || MISSING+=(curl)
    # Debian parts the module that makes environments of Python's own from Python.
    python3 -c 'import ensurepip' 2>/dev/null || MISSING+=(python3-venv)
    [ "${RYADOM_TEST_QGIS:-1}" = 0 ] || qgis_python >/dev/null || MISSING+=(python3-qgis)
  fi
}

packages() { # the names, when it is known (after apt-get update) which PostgreSQL there is
  local major
  if [ -n "$POSTGIS_MISSING" ]; then
    major=$(postgres_major)
    MISSING+=("postgresql-$major" "postgresql-$major-postgis-3")
  fi
}

check_toolchains
look
[ ${#MISSING[@]} -gt 0 ] || [ -n "$POSTGIS_MISSING" ] || exit 0

if ! command -v apt-get >/dev/null; then
  die "install these by hand (no apt-get here): ${MISSING[*]} ${POSTGIS_MISSING:+PostgreSQL 15+ with PostGIS 3}"
fi

AS_ROOT=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    packages
    say "missing: ${MISSING[*]}. Run this, then again what you ran:"
    printf 'sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n' "${MISSING[*]}" >&2
    exit 1
  fi
  AS_ROOT=(sudo -n)
fi

apt() {
  "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

apt update || say "apt-get update failed: going on with the lists that are here"
packages
say "installing ${MISSING[*]}"

# No `main` cluster on port 5432 where there was no PostgreSQL before: the packages obey this file,
# which is needed only while they are set up.
DROP_IN=""
if [ -n "$POSTGIS_MISSING" ] && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
  DROP_IN=/etc/postgresql-common/createcluster.d/ryadom-no-main-cluster.conf
  trap '"${AS_ROOT[@]}" rm -f "$DROP_IN"' EXIT
  "${AS_ROOT[@]}" mkdir -p "${DROP_IN%/*}"
  printf 'create_main_cluster = false\n' | "${AS_ROOT[@]}" tee "$DROP_IN" >/dev/null
fi

apt install -y --no-install-recommends "${MISSING[@]}" || die "apt-get install failed: ${MISSING[*]}"

look
if [ ${#MISSING[@]} -gt 0 ] || [ -n "$POSTGIS_MISSING" ]; then
  die "installed, and still missing: ${MISSING[*]} ${POSTGIS_MISSING:+PostgreSQL 15+ with PostGIS 3}"
fi

#!/usr/bin/env bash
# test.sh [slow]: the proof that the project works, step by step; the first that fails ends it.
#
#   test.sh        what `make test` and .ci/run say: prerequisites, front end, format, lints, the Rust
#                  tests on both stores, and the browser tests against the same optimised binary
#   test.sh slow   the tests marked #[ignore = "slow: ..."], one at a time, and what takes long of the
#                  front end's (`make test-full` runs both)
#
# All cargo steps share profile `ci` and one environment, so that none undoes another's build; the
# tools' own summaries are the last thing printed.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh disable=SC1091
. scripts/lib.sh

trap_signals 20 # longer than with_postgis.sh takes to end its command and its cluster
exec </dev/null

BEGAN=$SECONDS
step() {
  local title=$1 began=$SECONDS status=0
  shift
  printf '\n==> [%4ds] %s\n' $((SECONDS - BEGAN)) "$title"
  run_group "$@" || status=$?
  if [ "$status" -ne 0 ]; then
    printf '\n==> [%4ds] FAILED after %ds, exit status %d: %s\n' \
      $((SECONDS - BEGAN)) $((SECONDS - began)) "$status" "$title" >&2
    exit "$status"
  fi
}

# A login shell that was never opened (CI, cron) may not have rustup's directory on the PATH.
CARGO_BIN=${CARGO_HOME:-${HOME:-}/.cargo}/bin
command -v cargo >/dev/null || [ ! -x "$CARGO_BIN/cargo" ] || export PATH="$CARGO_BIN:$PATH"
# npm and Chromium keep caches and settings at home; where there is none, in target/.
if [ ! -w "${HOME:-/nonexistent}" ]; then
  mkdir -p target/home
  export npm_config_cache="$PWD/target/home/npm" XDG_CACHE_HOME="$PWD/target/home/cache" \
    XDG_CONFIG_HOME="$PWD/target/home/config"
fi

NPM=(npm --prefix static)

target() {
  cargo metadata --no-deps --format-version 1 |
    node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).target_directory'
}

# Clippy is the compiler with more lints, so here it compiles our crate. `cargo clippy` would check the crates of others
# for it once more, which a clean checkout takes five minutes for. Its arguments travel as cargo's own front end sends them.
linting_compiler() {
  local driver
  driver=$(dirname "$(rustup which rustc 2>/dev/null || command -v rustc)")/clippy-driver
  [ -x "$driver" ] || driver=$(command -v clippy-driver) || die "clippy-driver is missing: rustup component add clippy"
  export RUSTC_WORKSPACE_WRAPPER=$driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
}

case ${1:-} in
  "")
    step "prerequisites (scripts/need.sh)" scripts/need.sh
    step "front end: npm ci" "${NPM[@]}" ci --include=dev --no-audit --no-fund
    step "front end: npm run check" "${NPM[@]}" run check
    step "front end: npm test" "${NPM[@]}" test
    step "cargo fmt --check" cargo fmt --check
    linting_compiler
    step "cargo build of everything, linted" cargo test --profile ci --all-targets --no-run
    # They wait for databases and other processes more than they work.
    step "cargo test, with PostGIS" scripts/with_postgis.sh env RUST_TEST_THREADS=4 cargo test --profile ci
    # The binary of the browser tests is the one that cargo test has just built: a build of its own would leave out
    # the features that only dev-dependencies ask for, and so make half of all crates again.
    step "browser tests, with PostGIS" scripts/with_postgis.sh env RYADOM_BIN="$(target)/ci/ryadom" "${NPM[@]}" run e2e
    ;;
  slow)
    step "prerequisites (scripts/need.sh)" scripts/need.sh slow
    linting_compiler
    step "slow tests, with PostGIS" \
      scripts/with_postgis.sh cargo test --profile ci -- --ignored --test-threads=1
    # As long as RYADOM_TEST_FUZZ_SECONDS says, like the fuzzing in Rust above.
    step "front end: fuzz" env RYADOM_TEST_FUZZ_SECONDS="${RYADOM_TEST_FUZZ_SECONDS:-60}" \
      "${NPM[@]}" test -- src/wallet/offer.fuzz.test.ts
    # The files that show more when it may take long (SLOW and looksOn in e2e/harness.ts).
    step "browser tests: every verdict and view in every look" env RYADOM_TEST_SLOW=1 \
      RYADOM_BIN="$(target)/ci/ryadom" "${NPM[@]}" run e2e -- e2e/scan e2e/operator e2e/partner e2e/wallet e2e/map
    step "GDAL reads the tiles" scripts/gdal.sh "$(target)/ci/ryadom"
    step "GDAL, OWSLib and others read OGC API and the files" scripts/ogc_readers.sh "$(target)/ci/ryadom"
    step "QGIS reads OGC API, the tiles and the files" scripts/qgis_reads.sh "$(target)/ci/ryadom"
    # With the readers that the step before has installed.
    step "browser tests: the guides' examples for GDAL and OWSLib, every page" env RYADOM_TEST_SLOW=1 \
      RYADOM_TEST_PYTHON="$PWD/target/ogc_readers/bin/python" RYADOM_BIN="$(target)/ci/ryadom" "${NPM[@]}" run e2e -- e2e/guides e2e/examples e2e/docs e2e/widget e2e/two_gis
    step "schemathesis walks the API as each role" scripts/schemathesis.sh "$(target)/ci/ryadom" \
      "${RYADOM_TEST_SCHEMATHESIS_SECONDS:-60}"
    ;;
  *) die "which tests? (none, or: slow)" ;;
esac

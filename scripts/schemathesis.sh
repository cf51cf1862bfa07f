#!/usr/bin/env bash
# schemathesis.sh BINARY [SECONDS]: the whole OpenAPI document, walked by schemathesis (PyPI) as each role; SECONDS each.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
VENV=target/schemathesis
if [ ! -x "$VENV/bin/schemathesis" ]; then
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check 'schemathesis==4.32.5'
fi
PATH="$PWD/$VENV/bin:$PATH" PYTHONPATH=scripts SCHEMATHESIS_HOOKS=schemathesis_hooks exec "$VENV/bin/python" scripts/walk_api.py "$@"

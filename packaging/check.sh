#!/bin/sh
# Format, lint, types and import contracts; with --tests the tests too: sh packaging/check.sh [--tests]
# Everything is checked even when something fails; the exit code is 1 if anything did.
set -eu
# shellcheck source=packaging/python.sh
. "$(dirname -- "$0")/python.sh"

case "$#:${1:-}" in
    0: | 1:--tests) ;;
    *)
        echo "usage: sh packaging/check.sh [--tests]" >&2
        exit 2
        ;;
esac

prepare --dev --headless
cd "$root"
failed=0

# check WHAT COMMAND...: name it, run it, remember a failure
check() {
    echo "== $1"
    shift
    "$@" || failed=1
}

check "format" .venv/bin/ruff format --check --quiet .
check "lint" .venv/bin/ruff check --quiet --output-format concise .
check "types" .venv/bin/mypy
check "types of packaging" .venv/bin/mypy packaging
check "imports" .venv/bin/lint-imports

if [ "${1:-}" = --tests ]; then
    check "tests" sh packaging/test.sh --tests-only
fi
exit "$failed"

#!/bin/sh
# Pin every package anew, for all platforms, with hashes: sh packaging/pin.sh [--upgrade]
# Without --upgrade, pins that still satisfy pyproject.toml stay as they are. No index address is written down.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root"

if ! command -v uv >/dev/null; then
    echo "Pinning needs uv on PATH; see the README." >&2
    exit 1
fi

# pin FILE SOURCES AND OPTIONS...: hashes of every platform's wheels, for Python 3.11 and newer
pin() {
    file=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        "$@" --output-file "$file" >/dev/null
    echo "$file"
}

# The program, and the tool that installs the checkout itself.
pin packaging/requirements.txt pyproject.toml --group build "$@"
# The same versions, and what the checks and tests need.
pin packaging/requirements-dev.txt pyproject.toml --group build --group dev --constraint packaging/requirements.txt "$@"
# uv, for machines that have none.
pin packaging/uv.txt packaging/uv.in "$@"

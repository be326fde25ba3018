# Read by the scripts beside it: sets `root`, the checkout, and `prepare`, which sets up .venv there.
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 1

# prepare [--dev] [--headless]: any Python from 3.8 will do, for it only looks after the environment. Its standard
# input is nothing, so that what is piped into the program stays for the program.
prepare() {
    if [ -x "$root/.venv/bin/python" ]; then
        "$root/.venv/bin/python" -E -s "$root/packaging/prepare" "$@" </dev/null
    elif python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then
        python3 -E -s "$root/packaging/prepare" "$@" </dev/null
    elif command -v uv >/dev/null; then
        uv run --quiet --no-project --python '>=3.8' "$root/packaging/prepare" "$@" </dev/null
    else
        echo "The workbench needs Python 3.8 or newer as python3, or uv, to set itself up; neither is here." >&2
        echo "On Debian or Ubuntu: sudo apt-get install python3" >&2
        return 1
    fi
}

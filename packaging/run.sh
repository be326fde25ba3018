#!/bin/sh
# Set up everything, then open the workbench on its sample workspace: sh packaging/run.sh [FILE] [--headless] [--json]
set -eu
# shellcheck source=packaging/python.sh
. "$(dirname -- "$0")/python.sh"

headless=
for argument in "$@"; do
    if [ "$argument" = --headless ]; then headless=--headless; fi
done
if [ -z "$headless" ] && [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): going on without a window." >&2
    headless=--headless
    set -- "$@" --headless
fi

# shellcheck disable=SC2086 # empty means no argument at all
prepare $headless
exec "$root/.venv/bin/workbench" demo "$@"

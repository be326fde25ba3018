#!/bin/sh
# Set up the development environment, check, and run the tests: sh packaging/test.sh [PYTEST ARGUMENTS]
#   --setup-only  set up and stop
#   --tests-only  leave out the checks (format, lint, types, imports)
set -eu
# shellcheck source=packaging/python.sh
. "$(dirname -- "$0")/python.sh"

failed=0
case "${1:-}" in
    --setup-only)
        prepare --dev
        exit 0
        ;;
    --tests-only)
        shift
        prepare --dev
        ;;
    *)
        prepare --dev
        sh "$root/packaging/check.sh" || failed=1
        ;;
esac

cd "$root"
# Windows are drawn into memory, on a machine with a screen too: a test never takes the pointer or the focus.
export QT_QPA_PLATFORM=offscreen
if [ "$(id -u)" = 0 ]; then
    # Chromium's sandbox does not start for root; the tests show it nothing but their own pages.
    export QTWEBENGINE_DISABLE_SANDBOX=1
fi
# pytest's own exit code 5, "no tests ran", is a failure here as well.
.venv/bin/python -m pytest "$@" || failed=1
exit "$failed"

#!/usr/bin/env bash
# Runs the end-to-end tests, or what else is named, on a screen that nobody sees: run.sh [COMMAND…]
# The app, the server and the command line must be built.
set -euo pipefail
cd "$(dirname "$0")"

# Each of them makes WebKit's screenshots hang.
unset WEBKIT_DISABLE_COMPOSITING_MODE WEBKIT_DISABLE_DMABUF_RENDERER
export GDK_BACKEND=x11 LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_SKIA_ENABLE_CPU_RENDERING=1 NO_AT_BRIDGE=1 LC_ALL=C.UTF-8 TZ=UTC

[ $# -gt 0 ] || set -- node --test --test-concurrency=2 --test-timeout=600000 *.test.mjs
exec xvfb-run -a -s "-screen 0 1600x1200x24" dbus-run-session --config-file="$PWD/session-bus.conf" -- "$@"

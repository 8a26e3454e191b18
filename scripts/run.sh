#!/usr/bin/env bash
# Builds the server, the command line and the fleet, and lets the fleet work three days against the server.
# ONCE=1 ends after the summary, whose last line is one JSON object; else the server stays up, and where there is a
# screen the app opens beside it, with the code that makes it a courier's phone printed here. SEED and COURIERS are the
# fleet's.
set -euo pipefail
cd "$(dirname "$0")/.."

built=${CARGO_TARGET_DIR:-target}/debug
if [ -z "${ONCE:-}" ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then has_screen=1; else has_screen=; fi

if [ -n "$has_screen" ]; then scripts/set-up.sh app; else scripts/set-up.sh build; fi
cargo build --locked -p saddlebag-sync-server -p saddlebag -p saddlebag-tests \
    --bin saddlebag-sync-server --bin saddlebag --bin saddlebag-fleet >&2

fleet() {
    exec "$built/saddlebag-fleet" --server "$built/saddlebag-sync-server" --days 3 \
        --seed "${SEED:-1}" --couriers "${COURIERS:-31}" "$@"
}
if [ -n "${ONCE:-}" ]; then fleet --once; fi
if [ -z "$has_screen" ]; then fleet --stay; fi

npm run build --silent --prefix mobile >&2
cargo build --locked -p saddlebag-app >&2
folder=$(mktemp -d --tmpdir saddlebag-run.XXXXXX)
fleet --stay --folder "$folder/county" > >(tee "$folder/told") &
fleet=$!
trap 'kill "$fleet" 2>/dev/null && wait "$fleet" || true; rm -rf "$folder"' EXIT
until address=$(grep -om1 "server stays at http[^ ]*" "$folder/told" 2>/dev/null); do
    if ! kill -0 "$fleet" 2>/dev/null; then
        echo "The fleet ended before its summary." >&2
        exit 1
    fi
    sleep 1
done
echo
echo "The app opens. It can be the phone of courier C01: paste the line \"link\" (saddlebag:…) as the address, from"
"$built/saddlebag-sync-server" admin --data "$folder/county/data" --as M01 code C01 --address "${address##* }"
# What it writes goes with the county that it belongs to.
XDG_DATA_HOME=$folder/app "$built/saddlebag-app"

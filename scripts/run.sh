#!/usr/bin/env bash
# Builds the server, the command line and the fleet, and lets the fleet work three days against the server.
# ONCE=1 ends after the summary, whose last line is one JSON object; else the server stays up until stopped.
# SEED and COURIERS are the fleet's.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/set-up.sh build
cargo build --locked -p saddlebag-sync-server -p saddlebag -p saddlebag-tests \
    --bin saddlebag-sync-server --bin saddlebag --bin saddlebag-fleet >&2

built=${CARGO_TARGET_DIR:-target}/debug
if [ -n "${ONCE:-}" ]; then end=--once; else end=--stay; fi
exec "$built/saddlebag-fleet" --server "$built/saddlebag-sync-server" --days 3 \
    --seed "${SEED:-1}" --couriers "${COURIERS:-31}" "$end"

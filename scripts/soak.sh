#!/usr/bin/env bash
# The long tests, in a release build. PART runs one alone; SEED and COUNT say which and how many. Whatever fails names the
# one command that brings it again.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/set-up.sh test
built=${CARGO_TARGET_DIR:-target}/release
cargo build --locked --release -p saddlebag-sync-server -p saddlebag -p saddlebag-tests --bins
exec "$built/saddlebag-soak" ${PART:+--part "$PART"} ${SEED:+--seed "$SEED"} ${COUNT:+--count "$COUNT"}

#!/usr/bin/env bash
# Takes a picture of every screen, in both sizes, light and dark, Chinese and Kazakh: all in target/screenshots, the best
# in docs/screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/set-up.sh screenshots
npm run build --silent --prefix mobile
cargo build --locked --workspace --bins
mobile/e2e/run.sh node screenshots.mjs

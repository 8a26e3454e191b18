#!/usr/bin/env bash
# Writes anew everything that is generated and committed. A test fails where it was forgotten.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/set-up.sh test
UPDATE_GENERATED=1 cargo test --quiet -p saddlebag-records
UPDATE_GENERATED=1 cargo test --quiet -p saddlebag-app --test generated
cargo run --quiet -p saddlebag-tests --bin generate -- all
git status --short

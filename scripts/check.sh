#!/usr/bin/env bash
# Everything about the code that is not whether it works.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/set-up.sh test
set -x
cargo fmt --all --check
cargo clippy --locked --workspace --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
cargo test --locked -p saddlebag-tests --test layering --test third_party
npm run check --silent --prefix mobile
{ set +x; } 2>/dev/null
if cargo deny --version >/dev/null 2>&1; then
    cargo deny --offline --locked check bans licenses sources
fi

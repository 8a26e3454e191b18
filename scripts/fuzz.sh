#!/usr/bin/env bash
# Fuzzes each target for SECONDS (60), or the one named by TARGET, with the stable compiler: its coverage pass is asked for
# by name, so neither nightly nor cargo-fuzz is needed. What it finds new stays in tests/fuzz/found, what fails in
# tests/fuzz/artifacts, with the command that shows it again.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/set-up.sh build
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# With --target the flags are not for build scripts, which are not fuzzed.
cargo build --locked --release --manifest-path tests/fuzz/Cargo.toml --target "$host"
built=tests/fuzz/target/$host/release
failed=0
for target in ${TARGET:-fact packed_facts packed_changes plan_guard phone_guard request}; do
    mkdir -p "tests/fuzz/found/$target" "tests/fuzz/artifacts/$target"
    echo "== $target, ${SECONDS_EACH:-60} s"
    "$built/$target" -max_total_time="${SECONDS_EACH:-60}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -print_final_stats=1 -artifact_prefix="tests/fuzz/artifacts/$target/" \
        "tests/fuzz/found/$target" "tests/fuzz/corpus/$target" 2>&1 |
        grep -E "^==|ERROR|panicked|SUMMARY|stat::number_of_executed_units|stat::new_units_added|Test unit written" ||
        failed=1
    for input in tests/fuzz/artifacts/"$target"/*; do
        [ -e "$input" ] || continue
        failed=1
        echo "FAILED: $built/$target $input"
    done
done
exit $failed

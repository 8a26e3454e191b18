#!/usr/bin/awk -f
# How many tests passed and failed, from what cargo-nextest, cargo test, Vitest and Node's test runner print.

function after(word,    i) {
    for (i = 2; i <= NF; i++) if ($i ~ "^" word) return $(i - 1) + 0
    return 0
}

# cargo-nextest:  Summary [   1.2s] 30 tests run: 29 passed, 1 failed, 2 skipped
# cargo test:     test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.17s
$1 == "Summary" || /^test result: / {
    passed += after("passed")
    failed += after("failed") + after("timed")
    skipped += after("skipped") + after("ignored")
}

# Vitest:  Tests  1 failed | 11 passed | 1 skipped (13)
$1 == "Tests" && $NF ~ /^\([0-9]+\)$/ {
    passed += after("passed")
    failed += after("failed")
    skipped += after("skipped") + after("todo")
}

# Node:  # pass 3
($1 == "#" || $1 == "ℹ") && NF == 3 {
    if ($2 == "pass") passed += $3
    if ($2 == "fail" || $2 == "cancelled") failed += $3
    if ($2 == "skipped" || $2 == "todo") skipped += $3
}

END {
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
}

#!/usr/bin/awk -f
# The seconds and the name of each suite, from what cargo-nextest or cargo test prints.

# cargo-nextest:  PASS [   0.005s] (1/30) saddlebag-records cbor::tests::…
match($0, /^ *(PASS|FAIL|SIGNAL|ABORT|SIG[A-Z]+|TIMEOUT|LEAK)? *\[ *[0-9.]+s\]/) && $1 != "Summary" {
    seconds = $0
    sub(/^[^[]*\[ */, "", seconds)
    rest = $0
    sub(/^[^]]*\] */, "", rest)
    sub(/^\([^)]*\) */, "", rest)
    split(rest, words, " ")
    times[words[1]] += seconds
}

# cargo test:  Running unittests src/lib.rs (target/debug/deps/saddlebag_records-0123456789abcdef)
$1 == "Running" {
    suite = $NF
    sub(/^.*\//, "", suite)
    sub(/-[0-9a-f]+\)$/, "", suite)
}
/^test result: .*finished in / {
    times[suite] += substr($NF, 1, length($NF) - 1)
}

END {
    for (suite in times) if (suite != "") printf "%f\t%s\n", times[suite], suite
}

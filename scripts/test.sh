#!/usr/bin/env bash
# Does all the set-up, runs every test, and prints what share of the time each suite took. Goes on after a
# failure, to show all of them, and ends with one plain line.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never NO_COLOR=1 LC_ALL=C.UTF-8
# What is built once has no use for what makes the second build faster, and it is as large as all the rest.
export CARGO_INCREMENTAL=0

built=${CARGO_TARGET_DIR:-target}
logs=$built/test-logs
mkdir -p "$logs"
: >"$logs/shares"
failed=0

# Runs a command, shows and keeps what it prints, and leaves its duration in `took`, seconds.
timed() {
    local log=$logs/$1 begun=$EPOCHREALTIME
    shift
    "$@" 2>&1 | tee "$log" || failed=1
    took=$(awk -v begun="$begun" -v now="$EPOCHREALTIME" 'BEGIN { print now - begun }')
}

share() {
    printf '%s\t%s\n' "$1" "$2" >>"$logs/shares"
}

# Parts the time of a run among its suites by what each says it took. Suites of one run may have run side by
# side, so the parts are of the run's own time.
share_among_suites() {
    scripts/suite-times.awk "$logs/$1" | awk -F '\t' -v took="$took" '
        { seconds[$2] = $1; all += $1 }
        END { for (suite in seconds) printf "%f\t%s\n", took * (all ? seconds[suite] / all : 1), suite }
    ' >>"$logs/shares"
}

# What everything after it stands on: where it fails, nothing else is worth its time.
needed() {
    if [ $failed -ne 0 ]; then
        echo "0 passed, 1 failed"
        exit 1
    fi
}

timed set-up scripts/set-up.sh test
share "$took" "set-up"
needed

# The app's binary holds the front end.
timed front-end-build npm run build --silent --prefix mobile
share "$took" "front end, build"
needed

# One selection of crates for all: another would unify features differently and build everything again.
if cargo nextest --version >/dev/null 2>&1; then
    build_tests=(cargo nextest run --locked --workspace --no-run)
    run_tests=(cargo nextest run --locked --workspace --no-fail-fast)
else
    build_tests=(cargo test --locked --workspace --no-run)
    run_tests=(cargo test --locked --workspace --no-fail-fast --lib --bins --tests)
fi
build() {
    cargo build --locked --workspace --bins && "${build_tests[@]}"
}
timed build build
share "$took" "build"
needed

timed tests "${run_tests[@]}"
share_among_suites tests
ran=(tests examples)
timed examples cargo test --locked --workspace --no-fail-fast --doc
share "$took" "examples in the documentation"

if [ -e tests/node-client/package.json ]; then
    SADDLEBAG_SYNC_SERVER=$(realpath "$built")/debug/saddlebag-sync-server \
        timed node-client npm test --silent --prefix tests/node-client
    share "$took" "node-client"
    ran+=(node-client)
fi

timed front-end-check npm run check --silent --prefix mobile
share "$took" "front end, types and layers"
timed front-end npm test --silent --prefix mobile
share "$took" "front end"
timed e2e mobile/e2e/run.sh
share "$took" "end to end"
ran+=(front-end e2e)

echo
echo "Time by suite:"
sort -t $'\t' -k 1,1 -nr "$logs/shares" | awk -F '\t' '
    { line[NR] = $2; seconds[NR] = $1; all += $1 }
    END { for (i = 1; i <= NR; i++) printf "%5.1f %%  %6.1f s  %s\n", 100 * seconds[i] / all, seconds[i], line[i] }
'
echo
counted=$(cd "$logs" && cat "${ran[@]}" | "$OLDPWD/scripts/test-counts.awk")
case $counted in "0 passed"* | *", "[1-9]*" failed"*) failed=1 ;; esac
# A suite that did not even build has no count of its own.
if [ $failed -ne 0 ]; then counted=${counted/, 0 failed/, 1 failed}; fi
echo "$counted"
exit $failed

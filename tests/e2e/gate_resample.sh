#!/usr/bin/env bash
# gate_resample.sh - error rates of the gate on rounds drawn from a recorded sweep: equal sides are
# not called slower, injected slowdowns are found. The sweep is real (results/reference/gate) and
# the draws have a seed, so the outcome is the same each time.
#
#   tests/e2e/gate_resample.sh GATE_RESAMPLE
set -euo pipefail
resample=$1
recorded=$(cd "$(dirname "$0")/../.." && pwd)/results/reference/gate
rounds=${ROUNDS:-120} # that fit in 50 s, with these eight cells
failures=0

# tries NUMBER NEW METRICS STRATEGY LEVEL METRIC [CELL [REST]]: runs that number of gates; out gets
# their outcomes and the verdicts of that one item. CELL multiplies its figures, REST those of all
# other cells.
tries() { "$resample" "$recorded" a "$2" "$3" "$rounds" "$1" "${@:4}" >out; }

# check WORDS LINE MIN MAX: MIN to MAX tries must have that outcome.
check() {
    local found
    found=$(sed -n "s/^$2: //p" out)
    found=${found:-0}
    echo "$1 (ratio $(sed -n 's/^ratio: //p' out)): '$2' $found times"
    if [ "$found" -lt "$3" ] || [ "$found" -gt "$4" ]; then
        echo "FAILED: that is not from $3 to $4; all of it:"
        cat out
        failures=$((failures + 1))
    fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
resample=$(realpath "$resample")
cd "$work"
tries 200 b cpu,overhead event-loop 50 cpu
check "200 gates of equal sides" "exit 1" 0 0
check "200 gates of equal sides" "exit 0" 180 200
tries 40 cpu25 cpu,overhead event-loop 50 cpu
check "40 gates of 25 us more CPU per request" "exit 1" 40 40
tries 40 wait overhead event-loop 50 overhead
check "40 gates of 60 us more wait per request" "exit 1" 40 40
tries 40 cpu10 cpu,overhead event-loop 50 cpu
check "40 gates of 10 us more CPU per request" "exit 1" 40 40
check "40 gates of 10 us more CPU per request" same 0 0

# With multiplied figures: everywhere by less than one cell could show, in one cell by much, and in
# one cell by much while all others are a little faster.
tries 40 b cpu,overhead event-loop 50 cpu 1.1 1.1
check "40 gates of 10 % more everywhere" "exit 1" 40 40
tries 40 b cpu,overhead event-loop 50 cpu 1.05 1.05
check "40 gates of 5 % more everywhere" "exit 0" 0 0
check "40 gates of 5 % more everywhere" "exit 1" 36 40
for cell in "event-loop 50 cpu" "event-loop 50 overhead"; do
    # shellcheck disable=SC2086
    tries 40 b cpu,overhead $cell 1.4
    check "40 gates of 40 % more in one cell, $cell" "exit 1" 36 40
    # shellcheck disable=SC2086
    tries 40 b cpu,overhead $cell 1.25
    check "40 gates of 25 % more in one cell, $cell" "exit 0" 0 0
    # shellcheck disable=SC2086
    tries 40 b cpu,overhead $cell 1.25 0.96
    check "40 gates of 25 % more in one cell, $cell, and 4 % less in all others" "exit 0" 0 0
done
[ "$failures" -eq 0 ]

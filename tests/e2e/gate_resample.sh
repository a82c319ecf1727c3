#!/usr/bin/env bash
# gate_resample.sh - how often the gate errs, on rounds drawn from a recorded sweep: equal sides
# are not called slower, slowdowns on purpose are found. The sweep is a real one
# (results/reference/gate), the drawing has a seed: the outcome is the same each time.
#
#   tests/e2e/gate_resample.sh GATE_RESAMPLE
set -euo pipefail
resample=$1
recorded=$(cd "$(dirname "$0")/../.." && pwd)/results/reference/gate
rounds=${ROUNDS:-100}
failures=0

# tries NUMBER NEW METRICS STRATEGY LEVEL METRIC: gates of that number; what they come to is in
# out, with the verdicts of that one item.
tries() { "$resample" "$recorded" a "$2" "$3" "$rounds" "$1" "${@:4}" >out; }

# check WORDS LINE MIN MAX: so many tries must have ended so.
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
tries 200 b cpu,overhead event-loop 100 cpu
check "200 gates of equal sides" "exit 1" 0 2
tries 40 cpu25 cpu,overhead event-loop 100 cpu
check "40 gates of 15 us more CPU a request" slower 38 40
tries 40 wait overhead thread-pool 100 overhead
check "40 gates of a doubled overhead" slower 38 40
tries 40 cpu10 cpu,overhead event-loop 100 cpu
check "40 gates of 6 us more CPU a request" same 0 0
check "40 gates of 6 us more CPU a request" slower 1 40
[ "$failures" -eq 0 ]

#!/usr/bin/env bash
# disturbed.sh - cells that are stopped from outside, also by scripts/omission, or held back by the CPU quota
# of a control group.
#
#   tests/e2e/disturbed.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

field() { column row.csv "$1"; }

# Sets $cell. The measured cell takes three seconds; the cell of the memory probe has ended before.
find_measured_cell() {
    cell=$(cell_of)
    [ "$cell" ] && sleep 0.4 && [ "$(cell_of)" = "$cell" ]
}

# Each sets $found to a pid.
find_cell() { found=$cell; }
find_group() { found=-$cell; }
find_worker() { found=$(children_of "bench cell" "$cell" | head -1) && [ "$found" ]; }
find_origin() { found=$(children_of . "$pid" | grep -vx "$cell") && [ "$found" ]; }

# stop PART STRATEGY SECONDS: measures while one of the processes is stopped for that time.
stop() {
    local cell found
    start --strategy "$2" --levels 4 --requests 4 --delay 3s --rounds 1 --csv row.csv
    await find_measured_cell && await "find_$1" || return
    kill -s STOP -- "$found"
    sleep "$3"
    kill -s CONT -- "$found"
    wait_for_end
    expect_note row.csv stopped 1
}

# expect_stopped PART SECONDS: the row is invalid, and its reason says that the part was stopped for
# at least the time that this script measured.
expect_stopped() {
    local seconds
    seconds=$(field reason | sed -n "s/.*; meanwhile $1 was stopped for \([0-9.]*\) s.*/\1/p")
    expect_column row.csv status "1 invalid"
    awk -v got="${seconds:-0}" -v least="$2" 'BEGIN { exit !(got >= least) }' ||
        fail "'$(field reason)' does not say that $1 was stopped for $2 s"
}

case_stopped_cell() {
    stop cell event-loop 1.2
    expect_stopped "the cell" 1.1
}

case_stopped_group() {
    stop group process-pool 1.2
    expect_stopped "the cell" 1.1
}

case_stopped_origin() {
    stop origin thread-pool 1.2
    expect_stopped "the origin" 1.1
}

# The harness checks for it once per second when nothing progresses.
case_stopped_worker() {
    stop worker process-pool 2.6
    expect_stopped "a process of the cell" 0.5
}

# Too short to affect the figures.
case_stopped_shortly() {
    stop cell event-loop 0.01
    expect_column row.csv status "1 valid"
}
needs_quiet stopped_shortly

case_cpu_quota() {
    local group
    make_group cpu cpu.max cpu.cfs_quota_us 10000 || { left_out "no control group can be made"; return; }
    run_in_group --strategy thread-per-request --levels 60 --requests 240 --delay 30ms --rounds 1 \
        --csv row.csv
    expect_note row.csv cpu-throttled 1
    [[ $(field reason) != *"never in flight"* ]] || fail "accused: $(field reason)"
    [ "$(field status)" = valid ] || [[ $(field reason) == *"the CPU quota held"* ]] ||
        fail "the reason does not name the quota: $(field reason)"
}

# p99 latency of the row in o/$1, in us.
p99_of() { column "o/$1/runs.csv" latency_p99_us; }

# scripts/omission stops the origin of a closed and of an open loop for as long: only the open loop has it in
# its 99th percentile.
case_omission() {
    local status=0 mode
    "$root/scripts/omission" --bench "$program" --duration 4 --stall 150 --level 4 --rate 300 --out o \
        >out 2>err || status=$?
    [ "$status" -eq 0 ] || fail "status $status: $(cat out err)"
    for mode in closed open open-narrow; do
        expect_column "o/$mode/runs.csv" status "1 valid"
        expect_note "o/$mode/runs.csv" stopped 1
    done
    awk -v closed="$(p99_of closed)" -v open="$(p99_of open)" -v narrow="$(p99_of open-narrow)" \
        'BEGIN { exit !(closed > 0 && open > 3 * closed && narrow > 3 * closed) }' ||
        fail "the open loop does not show the stop: $(cat out)"
    expect_in out "| closed: 4 in flight | "
    expect_in out "| open: 300/s, at most 500 in flight | 1,200 | "
}
needs_quiet omission

# Ended while the origin is stopped, it leaves nothing behind.
one_is_stopped() {
    local each
    for each in $(leftovers); do
        grep -qs '^State:.T' "/proc/$each/status" && return
    done
    return 1
}
case_omission_is_interrupted() {
    mkdir scratch
    TMPDIR=$PWD/scratch "$root/scripts/omission" --bench "$program" --duration 16 --stall 790 --rate 10 \
        >out 2>err &
    pid=$!
    await one_is_stopped
    kill "$pid"
    wait_for_end
    expect_status 143
    no_leftovers || fail "still there: $(leftovers)"
    [ -z "$(ls scratch)" ] || fail "left: $(ls scratch)"
}
needs_quiet omission_is_interrupted

run_cases "$@"

#!/usr/bin/env bash
# disturbed.sh - cells that are stopped from outside, or held back by the CPU quota of a control
# group.
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

run_cases "$@"

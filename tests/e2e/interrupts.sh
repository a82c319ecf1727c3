#!/usr/bin/env bash
# interrupts.sh - Ctrl-C, and processes that are killed or stopped in the middle of a sweep.
#
#   tests/e2e/interrupts.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

interrupt_with() {
    start --levels 1,10,50 --delay 100ms --rounds 50 --out "$1"
    await has_rows "$1/runs.csv" 4 || return
    kill -"$1" "$pid"
    wait_for_end
    expect_status 130
    no_leftovers || fail "processes are left: $(leftovers)"
    [ "$(tail -c 1 "$1/runs.csv" | xxd -p)" = 0a ] || fail "the last row is not whole"
    column "$1/runs.csv" status | grep -qv '^valid$' && fail "an interrupted cell left a row"
    expect_in "$1/env.json" '"state": "interrupted"'
    expect_in out "Cost time;"
    expect_in err "bench: interrupted"
}

case_interrupted() {
    interrupt_with INT
    interrupt_with TERM
    interrupt_with HUP
}

case_harness_killed() {
    start --strategy process-pool --levels 20 --delay 5s --rounds 1 --out o
    await has_pids "bench cell" 21 || return # the cell and its workers
    kill -KILL "$pid"
    wait_for_end
    await no_leftovers
    [ "$(wc -l <o/runs.csv)" -eq 1 ] || fail "rows of a cell that did not end"
}

# The other child of the harness, which has not called exec.
origin_of() { comm -3 <(pids_of "--strategy" | sort) <(echo "$pid") | tr -d '\t'; }

# In the first round a memory probe, which leaves no row, precedes each cell; in the second round
# the running cell is the measured one.
in_second_round() { await has_rows a 2; }

case_worker_killed() {
    start --strategy process-pool --levels 5 --delay 4s --rounds 2 --once-above off --csv a
    in_second_round && await has_pids "bench cell" 6 || return
    sleep 1
    kill -KILL "$(children_of "bench cell" "$(cell_of)" | head -1)"
    wait_for_end
    expect_status 4
    expect_in a "was killed by signal 9 (Killed) while it fetched 'http://127."
    expect_column a status "$(printf '1 failed\n1 valid')"
    expect_column a lost "$(printf '1 0\n1 1')"
    expect_column a ok "$(printf '1 4\n1 5')"
}

# kill_in_second_round STRATEGY PROCESSES FIND REASON: kills the process that FIND prints.
kill_in_second_round() {
    start --strategy "$1" --levels 5 --delay 1500ms --rounds 2 --csv a
    in_second_round && await has_pids "bench cell" "$2" || return
    kill -KILL "$($3)"
    wait_for_end
    expect_status 4
    expect_in a "$4"
    expect_column a status "$(printf '1 failed\n1 valid')"
}

case_cell_killed() {
    kill_in_second_round process-pool 6 cell_of "the cell's process was killed by signal 9 (Killed)"
}

case_origin_killed() { kill_in_second_round event-loop 1 origin_of "the origin was killed by signal 9"; }

case_stopped_cell_can_be_interrupted() {
    start --strategy event-loop --levels 5 --delay 1500ms --rounds 2 --csv a
    await has_pids "bench cell" 1 || return
    kill -STOP "$(pids_of "bench cell")"
    sleep 0.1
    kill -INT "$pid"
    wait_for_end
    expect_status 130
}

run_cases "$@"

#!/usr/bin/env bash
# limited.sh - machines that lack what some cells need: those cells are infeasible, with the
# reason, and the others are measured.
#
#   tests/e2e/limited.sh PROGRAM [CASE ...]     all cases, or those named
#
# Skipped with a sanitizer, which reserves more address space than any limit leaves and does not
# work under strace or without /proc.
set -u
nm "$1" 2>/dev/null | grep -q '__[at]san_init' && exit 77
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Runs bench through a command that takes something away from it.
run_by() {
    status=0
    "$@" >out 2>err || status=$?
}

# expect_row STRATEGY LEVEL STATUS TEXT: checks its row in row.csv.
expect_row() {
    local row
    row=$(grep -F ",$1,$2," row.csv)
    [[ $row == *",$3,"*"$4"* ]] || fail "$1@$2 is not '$3 ... $4' but '$row'"
}

case_address_space() {
    run_by bash -c 'ulimit -v 700000 && exec "$@"' bash "$program" run \
        --strategy thread-pool,event-loop --levels 1,300 --delay 1ms --rounds 1 --csv row.csv
    expect_status 0
    expect_row thread-pool 1 valid ""
    expect_row thread-pool 300 infeasible "MiB of address space in one process, but the limit (ulimit -v)"
    expect_row event-loop 1 valid ""
    expect_row event-loop 300 valid ""
}

# As in a sandbox that refuses pidfd_open(2).
case_pidfds() {
    local refused=(strace -f -o trace -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS)
    "${refused[@]}" true 2>/dev/null || { left_out "strace cannot inject errors here"; return; }
    run_by "${refused[@]}" "$program" run --strategy process-per-request,event-loop --levels 3 \
        --delay 1ms --rounds 1 --csv row.csv
    expect_status 0
    expect_row process-per-request 3 infeasible "needs pidfd_open(2)"
    expect_row event-loop 3 valid ""
}

# Without /proc no cell can start; bench says so before it creates a file.
case_proc() {
    unshare -m true 2>/dev/null || { left_out "/proc cannot be unmounted"; return; }
    run_by unshare -m sh -c 'umount -l /proc && exec "$@"' sh "$program" run --strategy event-loop \
        --levels 3 --delay 1ms --rounds 1 --csv none.csv
    expect_status 2
    grep -q "^bench: /proc is not mounted: .*; run 'mount -t proc proc /proc'$" err ||
        fail "without /proc it says '$(cat err)'"
    [ -e none.csv ] && fail "without /proc a file was begun"
}

run_cases "$@"

#!/usr/bin/env bash
# faults.sh - what becomes of strategies that each do one thing wrong, and whether the figures
# of those whose cost is known are right.
#
#   tests/e2e/faults.sh BENCH_FAULTY
#
# The strategies are those of tests/support/faulty.c and tests/support/known.c.
set -u
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# One field of the row of a strategy; a comma in quotes separates nothing.
field() {
    awk -F, -v strategy="$1" -v name="$2" '
        {
            parts = split($0, part, "\"")
            for (i = 2; i <= parts; i += 2) gsub(/,/, ";", part[i])
            line = part[1]
            for (i = 2; i <= parts; i++) line = line part[i]
            $0 = line
        }
        FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["strategy"] == strategy { print $at[name] }' runs.csv waiting.csv known.csv
}

# expect STRATEGY STATUS WORDS: its row has that status, and the words are in its reason.
expect() {
    local status reason
    status=$(field "$1" status)
    reason=$(field "$1" reason)
    if [ "$status" != "$2" ] || [[ $reason != *"$3"* ]]; then
        fail "$1 is '$status: $reason', not '$2: ...$3...'"
    else
        printf '%-20s %s: %s\n' "$1" "$status" "$reason"
    fi
}

# Those that let the harness wait are measured beside the others.
waiting=hangs-in-run,queues,halves-the-level
known=sequential,known-threads,known-processes,known-both
others=$("$program" list | awk '/^[a-z]/ { print $1 }' |
    grep -vE "^(${waiting//,/|}|${known//,/|})\$" | paste -sd,)
sweep() {
    "$program" --levels 4 --requests 16 --rounds 1 --timeout 1s "$@" >/dev/null
}
sweep --strategy $waiting --delay 100ms --csv waiting.csv &
sweep --strategy "$others" --delay 30ms --csv runs.csv
status=$?
wait %1
# Alone: memory is shared out among all who use the program and its libraries.
sweep --strategy $known --delay 30ms --csv known.csv
if [ "$status" -ne 4 ] || [ ! -s runs.csv ] || [ ! -s waiting.csv ] || [ ! -s known.csv ]; then
    echo "FAILED: exit status $status, not 4"
    exit 1
fi

died="the cell's process was killed by signal"
expect aborts-in-open failed "$died 6 (Aborted) while it opened the strategy"
expect crashes-in-run failed "$died 11 (Segmentation fault) while the strategy ran"
expect crashes-in-close failed "$died 11 (Segmentation fault) while it closed the strategy"
expect exits-in-run failed "exited with status 0 while the strategy ran"
expect hangs-in-run failed "made no progress"
expect refuses failed "the machinery is out of order"
expect leaves-child failed "left processes behind"
expect forgets failed "1 of 16 requests failed (lost 1)"
expect makes-up invalid "the origin was asked 0 times"
expect fetches-twice invalid "the origin was asked 32 times"
expect keeps-connections invalid "1 connections for 16 requests"
expect backdates invalid "came before the delay that the origin stamped"
expect queues invalid "the level was never in flight"
expect doubles-the-level invalid "is below the ideal"
expect halves-the-level invalid "2 fetches were in flight at the most where it must be 4"

# What a crash had done until then is counted, and the rest is lost.
[ "$(field crashes-in-run ok)" = 3 ] || fail "crashes-in-run has another ok than 3"
[ "$(field crashes-in-run lost)" = 13 ] || fail "crashes-in-run has another lost than 13"
[ -z "$(field crashes-in-run cost_s)" ] || fail "crashes-in-run has a cost time"

# Nothing of them is left running.
for exe in /proc/[0-9]*/exe; do
    [ "$(readlink "$exe" 2>/dev/null)" = "$program" ] && fail "$exe is left"
done

# How much a strategy has of one column, or two, over the sequential one; times a factor.
over_sequential() {
    awk -v a="$(field "$1" "$2")" -v b="${3:+$(field "$1" "$3")}" -v factor="$4" \
        -v c="$(field sequential "$2")" -v d="${3:+$(field sequential "$3")}" \
        'BEGIN { print (a + b - c - d) * factor }'
}

# known STRATEGY PIECES THREADS PROCESSES: its cost over that of the sequential one.
known() {
    local cpu_ms memory_mib waits faults threads
    [ "$(field "$1" status)" = valid ] || fail "$1 is not valid: $(field "$1" reason)"
    threads=$(field "$1" threads_peak)
    [ "$threads" -eq "$3" ] || { [ "$own_threads" ] && [ "$threads" -le $((2 * $3)) ]; } ||
        fail "$1: $threads threads, not $3"
    [ "$(field "$1" processes_peak)" = "$4" ] ||
        fail "$1: $(field "$1" processes_peak) processes, not $4"
    [ "$(field "$1" peak_pss_bytes)" ] || return
    cpu_ms=$(over_sequential "$1" user_s system_s 1e3)
    memory_mib=$(over_sequential "$1" peak_pss_bytes "" 9.5367431640625e-07)
    waits=$(over_sequential "$1" voluntary_ctx_switches "" 1)
    faults=$(over_sequential "$1" minor_faults "" 1)
    printf '%-20s %s waits (%d known), %s page faults (%d known)\n' "$1" "$waits" \
        $(($2 * 50)) "$faults" $(($2 * 512))
    [ "$waits" -ge $(($2 * 50)) ] && [ "$waits" -le $(($2 * 50 * 3)) ] ||
        fail "$1 waited $waits times where $(($2 * 50)) are known"
    [ "$faults" -ge $(($2 * 512)) ] && [ "$faults" -le $(($2 * 512 * ${most_faults:-2})) ] ||
        fail "$1 had $faults page faults where $(($2 * 512)) are known"
    printf '%-20s %s threads, %s processes, %s ms of CPU (%d known), %s MiB (%d known)\n' "$1" \
        "$3" "$4" "$cpu_ms" $(($2 * 20)) "$memory_mib" $(($2 * 2))
    # Making threads and processes costs something too, under a sanitizer a good deal.
    awk "BEGIN { exit !($cpu_ms >= 0.95 * $2 * 20 && $cpu_ms <= ${most_cpu:-2} * $2 * 20) }" ||
        fail "$1 used $cpu_ms ms of CPU where $(($2 * 20)) are known"
    awk "BEGIN { exit !($memory_mib >= 0.95 * $2 * 2 && $memory_mib <= ${most_memory:-1.5} * $2 * 2) }" ||
        fail "$1 used $memory_mib MiB where $(($2 * 2)) are known"
}

# Sanitizers keep maps of all memory of their own.
# The one for threads has some of its own.
own_threads=
nm "$program" 2>/dev/null | grep -q '__tsan_init' && own_threads=yes
nm "$program" 2>/dev/null | grep -q '__[at]san_init' &&
    most_memory=20 most_faults=20 most_cpu=5
known known-threads 4 5 1
known known-processes 4 5 5
known known-both 8 9 5

[ "$failures" -eq 0 ]

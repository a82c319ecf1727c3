#!/usr/bin/env bash
# faults.sh - strategies that each do one thing wrong must get the right row, and strategies of
# known cost the right figures.
#
#   tests/e2e/faults.sh BENCH_FAULTY [CASE ...]     all cases, or those named
#
# The strategies are those of faulty.c, known_cost.c and corrupting_strategies.c in tests/support.
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# -- helpers -------------------------------------------------------------------------------

# Runs the strategies; their rows go to swept/. Each case names the strategies that it tests, and
# case_every_strategy_has_a_case checks that every strategy is named.
sweep() {
    rm -rf swept
    run --levels 4 --requests 16 --rounds 1 --timeout 1s --raw --out swept --strategy "$@"
}

# One field of the rows of a strategy.
field() { column swept/runs.csv "$2" "$1"; }

# expect_verdict STRATEGY STATUS TEXT: its rows have that status, and their reason contains the
# text.
expect_verdict() {
    local status reason
    status=$(field "$1" status | sort -u)
    reason=$(field "$1" reason | sort -u)
    if [ "$status" != "$2" ] || [[ $reason != *"$3"* ]]; then
        fail "$1 is '$status: $reason', not '$2: ...$3...'"
    else
        printf '    %-20s %s: %s\n' "$1" "$status" "$reason"
    fi
}

# -- strategies that do one thing wrong ----------------------------------------------------

case_crashes() {
    local died="the cell's process was killed by signal"
    sweep aborts-in-open,crashes-in-run,crashes-in-close,exits-in-run,refuses,leaves-child --delay 30ms
    expect_status 4
    expect_verdict aborts-in-open failed "$died 6 (Aborted) while it opened the strategy"
    expect_verdict crashes-in-run failed "$died 11 (Segmentation fault) while the strategy ran"
    expect_verdict crashes-in-close failed "$died 11 (Segmentation fault) while it closed the strategy"
    expect_verdict exits-in-run failed "exited with status 0 while the strategy ran"
    expect_verdict refuses failed "the machinery is out of order"
    expect_verdict leaves-child failed "left processes behind"
    # Results from before the crash are counted, the rest is lost.
    [ "$(field crashes-in-run ok)" = 3 ] || fail "crashes-in-run has another ok than 3"
    [ "$(field crashes-in-run lost)" = 13 ] || fail "crashes-in-run has another lost than 13"
    [ -z "$(field crashes-in-run cost_s)" ] || fail "crashes-in-run has a cost time"
}

case_false_reports() {
    sweep forgets,makes-up,fetches-twice,keeps-connections,backdates --delay 30ms
    expect_status 4
    expect_verdict forgets failed "1 of 16 requests failed (lost 1)"
    expect_verdict makes-up invalid "the origin received 0 requests"
    expect_verdict fetches-twice invalid "the origin received 32 requests"
    expect_verdict keeps-connections invalid "1 connections for 16 requests"
    expect_verdict backdates invalid "came before the delay that the origin stamped"
}

case_wrong_level() {
    # It beats the ideal too; how many are in flight depends on other load.
    sweep doubles-the-level --delay 300ms
    expect_status 4
    expect_verdict doubles-the-level invalid " fetches were in flight; the level allows 4"
    sweep halves-the-level --delay 100ms
    expect_status 4
    expect_verdict halves-the-level invalid "at most 2 fetches were in flight instead of 4"
}

case_hang() {
    sweep hangs-in-run --delay 100ms
    expect_status 4
    expect_verdict hangs-in-run failed "made no progress"
}

# bench does not fault a strategy that may have waited for a CPU, so idle CPUs are needed.
case_level_never_in_flight() {
    sweep queues --delay 100ms
    expect_status 4
    expect_verdict queues invalid "the level was never in flight"
}
needs_quiet level_never_in_flight

# -- strategies that overwrite the memory that they share with the harness -----------------

overwrote="the cell's process has overwritten"

# expect_scribbled NAME STATUS TEXT: as expect_verdict, for a single row, and requests.csv has one
# line per request.
expect_scribbled() {
    expect_verdict "corrupts-$1" "$2" "$3"
    [ "$(field "corrupts-$1" status | wc -l)" -eq 1 ] || fail "corrupts-$1 has not one row"
    [ "$(awk -F, -v name="corrupts-$1" '$4 == name' swept/requests.csv | wc -l)" -eq 16 ] ||
        fail "corrupts-$1 has not one line per request in requests.csv"
}

case_corrupted_work() {
    sweep corrupts-zero-work,corrupts-full-work --delay 1ms
    expect_status 4
    expect_scribbled zero-work failed "16 of 16 requests failed (lost 16)"
    expect_scribbled full-work failed "$overwrote 16 of 16 results: request 1: unknown outcome"
}

# Each of these also makes one request fail, so that the harness names its URL.
case_corrupted_offsets() {
    local name failed_one="1 of 16 requests failed (io_failed 1); the first was http://127."
    sweep corrupts-no-targets,corrupts-many-targets,corrupts-many-results,corrupts-no-results --delay 1ms
    expect_status 4
    for name in no-targets many-targets many-results no-results; do
        expect_scribbled "$name" failed "$failed_one"
    done
    sweep corrupts-far-parts,corrupts-endless-urls,corrupts-far-urls,corrupts-counter --delay 1ms
    expect_status 4
    for name in far-parts endless-urls far-urls counter; do
        expect_scribbled "$name" failed "$failed_one"
    done
}

case_corrupted_size() {
    local died="the cell's process was killed by signal"
    sweep corrupts-truncates,corrupts-grows,corrupts-holes --delay 1ms
    expect_status 4
    expect_scribbled truncates failed "$died 6 (Aborted) while it closed the strategy"
    expect_scribbled grows failed "$died 6 (Aborted) while it closed the strategy"
    expect_scribbled holes failed "16 of 16 requests failed (lost 16)"
}

case_corrupted_results() {
    sweep corrupts-odd-outcomes,corrupts-odd-codes,corrupts-wrapping-lengths --delay 1ms
    expect_status 4
    expect_scribbled odd-outcomes failed "$overwrote 2 of 16 results: request 3: unknown outcome 8"
    expect_scribbled odd-codes failed "16 of 16 requests failed (io_failed 16)"
    expect_scribbled wrapping-lengths invalid "of bodies; the origin sent"
}

case_corrupted_stamps() {
    sweep corrupts-backward-stamps,corrupts-future-stamps,corrupts-ancient-stamps,corrupts-no-begins --delay 1ms
    expect_status 4
    expect_scribbled backward-stamps failed "$overwrote 16 of 16 results: request 1: it ended before"
    expect_scribbled future-stamps failed "request 1: it has a time stamp outside the life"
    expect_scribbled ancient-stamps failed "request 1: it has a time stamp outside the life"
    expect_scribbled no-begins failed "request 1: it ended but never began"
}

case_corrupted_text_of_the_report() {
    sweep corrupts-endless-versions,corrupts-control-characters,corrupts-endless-failure --delay 1ms
    expect_status 4
    expect_scribbled endless-versions failed "$overwrote its report: its libcurl version is not valid text"
    expect_scribbled control-characters failed "$overwrote its report: its libevent version is not valid text"
    expect_scribbled endless-failure failed "$overwrote its report: its failure is not valid text"
}

case_corrupted_figures_of_the_report() {
    sweep corrupts-endless-run,corrupts-wrapping-times,corrupts-wrapping-cpu,corrupts-much-memory --delay 1ms
    expect_status 4
    expect_scribbled endless-run failed "$overwrote its report: its run took longer than"
    expect_scribbled wrapping-times failed "$overwrote its report: its setup took longer than"
    expect_scribbled wrapping-cpu invalid "s of CPU time; more than"
    expect_scribbled much-memory failed "$overwrote its report: more resident memory"
    sweep corrupts-many-switches,corrupts-many-faults,corrupts-wrapping-shares --delay 1ms
    expect_status 4
    expect_scribbled many-switches failed "$overwrote its report: more voluntary context switches"
    expect_scribbled many-faults failed "$overwrote its report: more minor faults"
    expect_scribbled wrapping-shares failed "$overwrote its report: more voluntary context switches"
}

case_corrupted_end() {
    sweep corrupts-odd-stage,corrupts-zero-all-and-exits --delay 1ms
    expect_status 4
    expect_scribbled odd-stage failed "exited with status 0 with an invalid report"
    expect_scribbled zero-all-and-exits failed "exited with status 0 before it began"
    sweep corrupts-full-all-and-exits,corrupts-full-all-and-dies --delay 1ms
    expect_status 4
    expect_scribbled full-all-and-exits failed "$overwrote its report: unknown stage 4294967295"
    expect_scribbled full-all-and-dies failed \
        "the cell's process was killed by signal 9 (Killed) with an invalid report"
}

# Different bytes at each level.
case_corrupted_noise() {
    sweep corrupts-noise-and-exits --levels 1-8 --delay 1ms
    expect_status 4
    [ "$(grep -c "$overwrote its report" swept/runs.csv)" -eq 8 ] ||
        fail "noise in shared memory was believed: $(field corrupts-noise-and-exits reason)"
}

case_feigned_progress() {
    sweep corrupts-feigned-progress --delay 1ms
    expect_status 4
    expect_scribbled feigned-progress failed "made no progress"
}

# -- strategies that fail only while their level is held in flight -------------------------

# expect_no_memory STRATEGY TEXT: its rows are valid, have no memory, and give the reason.
expect_no_memory() {
    expect_verdict "$1" valid ""
    [ "$(field "$1" notes | grep -cw memory-probe-failed)" -eq 2 ] ||
        fail "$1 has the notes '$(field "$1" notes)', not twice memory-probe-failed"
    [ -z "$(field "$1" peak_pss_bytes | tr -d '\n')" ] || fail "$1 has memory"
    [[ $(field "$1" memory_probe_failure | uniq -c) == *" 2 "*"$2"* ]] ||
        fail "$1 has '$(field "$1" memory_probe_failure)', not twice '$2'"
}

# Each is probed twice before its rows go without memory.
case_memory_probe_failed() {
    sweep held-and-crashes,held-and-ends,held-and-refuses --delay 1ms --rounds 2
    expect_status 0
    expect_no_memory held-and-crashes \
        "the cell's process was killed by signal 11 (Segmentation fault) while the strategy ran"
    expect_no_memory held-and-ends "the cell ended before 1 request was in flight"
    expect_no_memory held-and-refuses "it does not like to wait"
}

case_memory_probe_stalled() {
    sweep held-and-stalls --delay 1ms --rounds 2
    expect_status 0
    expect_no_memory held-and-stalls "0 requests were in flight instead of 1"
}

case_memory_probe_without_its_origin() {
    sweep held-and-kills-origin --delay 1ms --rounds 2
    expect_status 0
    expect_no_memory held-and-kills-origin "the origin was killed by signal 9 (Killed)"
}

case_memory_probe_failed_once() {
    sweep held-and-crashes-once --delay 1ms --rounds 2
    expect_status 0
    expect_verdict held-and-crashes-once valid ""
    [ "$(field held-and-crashes-once peak_pss_bytes | grep -c .)" -eq 2 ] ||
        fail "the second attempt to read memory did not count"
    [[ $(field held-and-crashes-once notes) != *memory-probe* ]] ||
        fail "held-and-crashes-once has the notes '$(field held-and-crashes-once notes)'"
}

# Every strategy must be named by a case in this file.
case_every_strategy_has_a_case() {
    local name
    "$program" list | awk '/^[a-z]/ { print $1 }' >names
    [ "$(wc -l <names)" -ge 61 ] || fail "only $(wc -l <names) strategies"
    while read -r name; do
        declare -f | grep -qE "^ +sweep ([a-z,-]*,)?${name}[, ;]" || fail "no case runs $name"
    done <names
}

# -- strategies of known cost --------------------------------------------------------------

# The difference of a strategy to the sequential one in one column, or in the sum of two; times a
# factor.
over_sequential() {
    awk -v a="$(field "$1" "$2")" -v b="${3:+$(field "$1" "$3")}" -v factor="$4" \
        -v c="$(field sequential "$2")" -v d="${3:+$(field sequential "$3")}" \
        'BEGIN { print (a + b - c - d) * factor }'
}

# expect_cost STRATEGY PIECES THREADS PROCESSES: its cost above that of the sequential one.
expect_cost() {
    local cpu_ms memory_mib waits faults threads
    [ "$(field "$1" status)" = valid ] || fail "$1 is not valid: $(field "$1" reason)"
    threads=$(field "$1" threads_peak)
    [ "$threads" -eq "$3" ] || { [ "$sanitizer_threads" ] && [ "$threads" -le $((2 * $3)) ]; } ||
        fail "$1: $threads threads, not $3"
    [ "$(field "$1" processes_peak)" = "$4" ] ||
        fail "$1: $(field "$1" processes_peak) processes, not $4"
    [ "$(field "$1" peak_pss_bytes)" ] || return
    cpu_ms=$(over_sequential "$1" user_s system_s 1e3)
    memory_mib=$(over_sequential "$1" peak_pss_bytes "" 9.5367431640625e-07)
    waits=$(over_sequential "$1" voluntary_ctx_switches "" 1)
    faults=$(over_sequential "$1" minor_faults "" 1)
    printf '    %-20s %s waits (%d known), %s page faults (%d known)\n' "$1" "$waits" \
        $(($2 * 50)) "$faults" $(($2 * 512))
    [ "$waits" -ge $(($2 * 50)) ] && [ "$waits" -le $(($2 * 50 * 3)) ] ||
        fail "$1 waited $waits times where $(($2 * 50)) are known"
    [ "$faults" -ge $(($2 * 512)) ] && [ "$faults" -le $(($2 * 512 * ${most_faults:-2})) ] ||
        fail "$1 had $faults page faults where $(($2 * 512)) are known"
    printf '    %-20s %s threads, %s processes, %s ms of CPU (%d known), %s MiB (%d known)\n' "$1" \
        "$3" "$4" "$cpu_ms" $(($2 * 20)) "$memory_mib" $(($2 * 2))
    # Creating threads and processes costs CPU time too, much more under a sanitizer.
    awk "BEGIN { exit !($cpu_ms >= 0.95 * $2 * 20 && $cpu_ms <= ${most_cpu:-2} * $2 * 20) }" ||
        fail "$1 used $cpu_ms ms of CPU where $(($2 * 20)) are known"
    awk "BEGIN { exit !($memory_mib >= 0.95 * $2 * 2 && $memory_mib <= ${most_memory:-1.5} * $2 * 2) }" ||
        fail "$1 used $memory_mib MiB where $(($2 * 2)) are known"
}

# Shared memory is divided among all processes that map the program and its libraries.
case_known_costs() {
    local sanitizer_threads='' most_memory most_faults most_cpu
    # Sanitizers keep shadow memory; the thread sanitizer starts one thread per process.
    nm "$program" 2>/dev/null | grep -q '__tsan_init' && sanitizer_threads=yes
    nm "$program" 2>/dev/null | grep -q '__[at]san_init' &&
        most_memory=20 most_faults=20 most_cpu=5
    sweep sequential,known-threads,known-processes,known-both --delay 30ms
    expect_status 0
    expect_cost known-threads 4 5 1
    expect_cost known-processes 4 5 5
    expect_cost known-both 8 9 5
}
needs_quiet known_costs

run_cases "$@"

#!/usr/bin/env bash
# sweeps.sh - whole sweeps: levels, order, limits of strategies, strategies that are not ranked.
#
#   tests/e2e/sweeps.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"
count=$(grep -c '^STRATEGY' "$root/strategies/list.def")
# A delay long enough for every worker of a busy machine to send its first request.
held=300ms

case_quick_profile() {
    run --profile quick --budget off --out o --label host=ci --label "note=a b"
    expect_status 0
    # What takes long is measured once: sequential and coroutine-blocking at level 100.
    expect_column o/runs.csv status "$((9 * count - 4)) valid"
    expect_column o/runs.csv level \
        "$(printf '%s 1\n%s 10\n%s 100' "$((3 * count))" "$((3 * count))" "$((3 * count - 4))")"
    expect_column o/runs.csv run_id "$((9 * count - 4)) $(sed -n 's/.*"run_id": "\(.*\)".*/\1/p' o/env.json)"
    expect_in o/env.json '"state": "complete"'
    expect_in o/plan.json '"host=ci"'
    expect_in o/plan.json '"note=a b"'
    expect_in o/plan.json '"profile": "quick"'
    expect_in out "levels 1,10,100"
    grep -qE '^event-loop +Number: 100 +Cost time: 0\.[0-9]{3}' out || fail "no line of the article"
    # The address sanitizer warns about context switches, although each is announced to it.
    grep -v "ASan doesn't fully support makecontext" err >errors && fail "errors: $(cat errors)"
    grep -q $'\x1b' out && fail "escape codes in piped output"
    # The table again, read from the files.
    cp out first
    run summary o
    expect_status 0
    sed '1,/^Cost time/d; / rows: /,$d; /^$/d' first >a
    sed '1,/^Cost time/d; /^$/d' out >b
    cmp -s a b || fail "the summary differs from the table of the run"
}

case_seed_repeats_the_order() {
    run --strategy $four --levels 1,3,5 --delay 1ms --rounds 2 --seed 5 --csv a
    run --strategy $four --levels 1,3,5 --delay 1ms --rounds 2 --seed 5 --csv b
    run --strategy $four --levels 1,3,5 --delay 1ms --rounds 2 --seed 6 --csv c
    cmp -s <(cut -d, -f3-7 a) <(cut -d, -f3-7 b) || fail "the same seed, another order"
    cmp -s <(cut -d, -f3-7 a) <(cut -d, -f3-7 c) && fail "another seed, the same order"
    run --strategy $four --levels 1,3,5 --delay 1ms --rounds 1 --order grouped --csv d
    [ "$(column d strategy | uniq | wc -l)" -eq 4 ] || fail "grouped is not"
}

case_variations() {
    run --strategy $four --levels 10 --delay 0 --requests 200 --rounds 1 --connections reuse --csv a
    expect_status 0
    expect_column a status "4 valid"
    expect_column a ok "4 200"
    expect_column a connections "$(printf '1 1\n3 10')"
    run --strategy $four --levels 20 --delay 20ms --capacity 5 --rounds 1 --csv a
    expect_status 0
    expect_column a ideal_s "$(printf '3 0.080000000\n1 0.400000000')"
    run --strategy $four --levels 12 --delay $held --max-host-connections 4 --rounds 1 --csv a
    expect_status 0
    expect_note a libcurl-queue 1
    expect_column a origin_inflight_peak "$(printf '1 1\n2 12\n1 4')"
    run --strategy $four --levels 3 --delay 1ms --requests 2 --rounds 1 --warmup 1 --csv a
    expect_status 0
    expect_column a inflight_peak "$(printf '1 1\n3 2')"
    expect_column a round "4 1"
}

# If a timer of 1 ms replaces an immediate callback, the loop is some fifty times slower with one
# request at a time. A factor of five is far from that, and from noise.
case_immediate_callbacks_do_not_wait() {
    run --strategy sequential,event-loop --levels 1 --delay 0 --requests 500 \
        --connections reuse --rounds 3 --csv a
    expect_status 0
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { name = $at["strategy"]; s = $at["run_s"]
          if (!(name in best) || s < best[name]) best[name] = s }
        END { exit !(best["event-loop"] < 5 * best["sequential"]) }' a ||
        fail "the event loop waits for a timer: $(cut -d, -f5,14 a | tr '\n' ' ')"
}

# The article's models by one word, with the number that each may have in flight.
case_article() {
    run --strategy article --levels 8 --delay $held --rounds 1 --csv a
    expect_status 0
    expect_column a status "6 valid"
    expect_column a inflight_peak "$(printf '2 1\n4 8')"
}

case_workers() {
    run --strategy event-loop-per-core,process-event-loop,event-loop --workers 3 --levels 2,8 \
        --delay $held --rounds 1 --csv a
    expect_status 0
    expect_column a status "6 valid"
    expect_column a workers "$(printf '2 \n2 2\n2 3')"
    expect_column a origin_inflight_peak "$(printf '3 2\n3 8')"
    run --strategy process-event-loop --workers 3 --levels 8 --delay $held --rounds 1 --csv a \
        --max-host-connections 2
    expect_status 0
    expect_column a workers "1 2"
    expect_column a origin_inflight_peak "1 2"
}

# Workers that exit before the end of the run are counted, too.
case_exited_workers_are_counted() {
    run --strategy thread-per-request,process-per-request --levels 6 --delay 20ms --requests 20 \
        --rounds 1 --csv a
    expect_status 0
    expect_column a status "2 valid"
    # The thread sanitizer adds its own threads.
    nm "$program" 2>/dev/null | grep -q __tsan_init || expect_column a threads_peak "2 7"
    expect_column a processes_peak "$(printf '1 1\n1 7')"
}

case_unsupported_options() {
    run --strategy process-per-request,thread-per-request --levels 3 --delay 1ms --rounds 1 \
        --connections reuse --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n1 valid')"
    expect_in a "does not reuse connections; use --connections fresh"
    run --strategy raw-epoll --url "https://127.0.0.1/" --levels 1
    expect_status 2
    expect_in err "fetches only from http://<IPv4 address>[:port]/"
}

# A reference is shown but never ranked, however fast it is.
case_reference() {
    run --strategy raw-epoll,sequential --levels 20 --delay 5ms --rounds 3 --csv a
    expect_status 0
    expect_note a reference 3
    expect_in out "# reference"
    grep -qE 'fastest: sequential [0-9]+ms' out || fail "sequential is not the fastest"
    grep -q 'fastest: raw-epoll' out && fail "a reference is called the fastest"
    run summary --format csv a
    [ "$(cut -d, -f2,19 out | tail -2)" = "$(printf 'sequential,0\nraw-epoll,1')" ] ||
        fail "the summary does not mark it: $(cut -d, -f2,19 out)"
}

case_long_cells() {
    run --strategy sequential,event-loop --levels 1,10 --delay 20ms --max-cell 100ms \
        --once-above 15ms --rounds 2 --csv a
    expect_status 0
    expect_column a status "$(printf '1 skipped\n3 valid')"
    expect_in a "over --max-cell 100ms"
    expect_note a measured-once 3
}

case_dry_run() {
    run --strategy $four --dry-run --levels 1,500 --seed 1
    expect_status 0
    [ "$(grep -cE '^ +[123] +[0-9]+ ' out)" -eq 22 ] || fail "not 22 cells: $(cat out)"
    expect_in out "25.1"
    [ -e results ] && fail "a dry run wrote something"
}

# Results must not go to closed streams, and closed streams must not slow bench down.
case_closed_streams() {
    "$program" --strategy thread-pool --levels 1,3 --rounds 1 --delay 1ms --out o \
        >&- 2>&- <&- || fail "status $?"
    expect_column o/runs.csv status "2 valid"
}

# Without a descriptor for a process from the kernel, bench still notices its end. The leak check of
# the address sanitizer cannot examine a process under strace; all other cases run it.
case_no_pidfd() {
    command -v strace >/dev/null || return 0
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
        strace -f -qq -o trace -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS \
        "$program" --strategy process-pool,event-loop --levels 3 --rounds 2 --delay 1ms \
        --csv a >out 2>err || fail "status $?: $(cat err)"
    expect_column a status "4 valid"
    grep -q INJECTED trace || fail "nothing was injected"
}

run_cases "$@"

#!/usr/bin/env bash
# shellcheck disable=SC2031,SC2034 # cases run in subshells; the status is read in cases.sh
# rates.sh - open loop: requests that become due at planned moments, and cells that end after a
# time.
#
#   tests/e2e/rates.sh PROGRAM [CASE ...]     all cases, or those named
#
# On a busy machine a client may be late, so no case asserts that a rate was held.
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

strategies=$(grep -c '^STRATEGY' "$root/strategies/list.def")
concurrent=$((strategies - 2)) # those with more than one request in flight
one_of_each=event-loop,poll-loop,coroutine,thread-pool,thread-per-request,process-per-request

# expect_awk MESSAGE FILE CONDITION: CONDITION holds in all rows of a CSV; in it, of("NAME") is the
# value of a column.
expect_awk() {
    # Messages of failed rows may contain commas; those of valid rows have none.
    awk -F, "function of(name) { return \$at[name] + 0 }
        NR == 1 { for (i = 1; i <= NF; i++) at[\$i] = i; next }
        !($3) { print; bad = 1 }
        END { exit bad || NR < 2 }" "$2" >bad || fail "$1: $(head -c 600 bad)"
}

expect_empty() { [ -z "$(column "$1" "$2" | sort -u)" ] || fail "$2: $(column "$1" "$2" | sort -u)"; }

# -- rates ---------------------------------------------------------------------------------

case_every_strategy() {
    run --strategy all --rates 40 --duration 500ms --rounds 1 --raw --out o
    expect_status 0
    expect_in out "rates 40 per second, constant arrivals for 500ms, at most 500 in flight"
    expect_in out "left out: sequential, coroutine-blocking (one request at a time cannot hold a rate)"
    expect_column o/runs.csv status "$concurrent valid"
    expect_column o/runs.csv ok "$concurrent 20"
    expect_column o/runs.csv unfinished "$concurrent 0"
    expect_column o/runs.csv rate_rps "$concurrent 40"
    expect_column o/runs.csv level "$concurrent 500"
    expect_column o/runs.csv inflight_limit "$concurrent 500"
    expect_empty o/runs.csv overhead_s
    expect_empty o/runs.csv ideal_s
    expect_empty o/runs.csv ramp_s
    expect_empty o/runs.csv peak_pss_bytes
    expect_empty o/runs.csv latency_p99_us # of twenty requests
    expect_awk "ends before the last was due" o/runs.csv 'of("run_s") >= 0.475'
    expect_awk "a latency below the delay" o/runs.csv 'of("latency_min_us") >= 50000'
    expect_awk "begins before it is due" o/requests.csv 'of("start_us") >= of("due_us")'
    expect_awk "begins before it is due" o/requests.csv 'of("begin_us") >= of("due_us")'
    # Request i is due 25 ms after the one before it.
    expect_awk "due at another time" o/requests.csv \
        'of("request") == 1 ? (first = of("due_us")) <= 0 : \
            (off = of("due_us") - first - 25000 * (of("request") - 1)) < 1 && off > -1'
}

case_kept_connections() {
    run --strategy all --rates 40 --duration 500ms --connections reuse --delay 5ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n%s valid' "$((concurrent - 1))")"
    expect_column a ok "$(printf '1 \n%s 20' "$((concurrent - 1))")"
}

# The same moments for all strategies and variants of a round, others in the next round.
case_poisson() {
    run --strategy $one_of_each --rates 100 --arrivals poisson --duration 300ms --rounds 2 --seed 4 \
        --variant a --variant b:X=1 --delay 5ms --raw --out o
    expect_status 0
    expect_column o/runs.csv status "24 valid"
    expect_column o/runs.csv arrivals "24 poisson"
    [ "$(column o/runs.csv requests | sort -u | wc -l)" -le 2 ] || fail "not the same requests"
    expect_awk "begins before it is due" o/requests.csv 'of("start_us") >= of("due_us")'
    # The gaps, in whole microseconds, which the zero of each row shifts by a rounding.
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { round = $at["round"]; request = $at["request"]; due = $at["due_us"] }
        request == 1 { first = due }
        { gap = due - first; key = round "," request
          if ((key in gaps) && (gap - gaps[key] > 1 || gaps[key] - gap > 1)) bad = 1
          gaps[key] = gap }
        END { if (gaps["1,5"] == gaps["2,5"]) bad = 1; exit bad }' o/requests.csv ||
        fail "other moments, or the same in both rounds"
    run compare o --base a --head b --metric cpu,p50 --threshold 900%
    [ "$status" -ne 2 ] || fail "compare: $(cat err)"
    grep -qE 'event-loop +100/s ' out || fail "no line of a rate: $(head -20 out)"
}

case_tls() {
    run --strategy event-loop,thread-pool,process-per-request --rates 40 --duration 300ms --tls \
        --delay 5ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "3 valid"
    expect_column a tls_handshakes "3 12"
    run --strategy event-loop,thread-pool --rates 40 --duration 300ms --tls --tls-sessions on \
        --connections reuse --delay 5ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "2 valid"
}

# BENCH_INJECT names a cell by its rate.
case_injected() {
    run --strategy event-loop,thread-pool --rates 20,40 --duration 200ms --delay 5ms --rounds 1 \
        --variant "a:BENCH_INJECT=cpu:1us@event-loop@40" --csv a
    expect_status 0
    expect_note a injected 1
    expect_awk "another cell" a '(of("rate_rps") == 40 && $5 == "event-loop") == /injected/'
    run --strategy event-loop --rates 20 --max-in-flight 40 --duration 200ms --delay 5ms --rounds 1 \
        --variant "a:BENCH_INJECT=cpu:1us@event-loop@40" --csv a
    expect_note a injected 0
}

# -- overload ------------------------------------------------------------------------------

# The origin serves 20 per second of 200. One timeout after the last was due the cell ends; requests
# that have not ended are unfinished, and no failures.
case_unfinished() {
    run --strategy $one_of_each --rates 200 --duration 500ms --capacity 1 --delay 50ms \
        --max-in-flight 4 --timeout 2s --rounds 1 --raw --out o
    expect_status 0
    expect_column o/runs.csv status "6 valid"
    expect_note o/runs.csv rate-not-held 6
    expect_column o/runs.csv requests "6 100"
    expect_awk "requests are missing" o/runs.csv 'of("ok") + of("unfinished") == 100'
    expect_awk "more than the origin can serve" o/runs.csv 'of("ok") <= 54 && of("ok") > 0'
    expect_awk "ends too early, or serves all" o/runs.csv 'of("run_s") >= 2.4 && of("run_s") < 5'
    expect_column o/runs.csv inflight_peak "6 4"
    expect_empty o/runs.csv latency_p90_us
    expect_empty o/runs.csv latency_max_us
    [ "$(wc -l <o/requests.csv)" -eq 601 ] || fail "$(wc -l <o/requests.csv) lines"
    expect_in o/requests.csv ",unfinished,"
    run summary o
    expect_status 0
    expect_in out "unfinished"
    expect_in out "rate not held"
}

# A fetch that the server never answers fails by its own timeout, before the cell's time is over.
case_stall() {
    run --strategy $one_of_each --rates 50 --duration 400ms --fault stall:20 --timeout 1s --rounds 1 --csv a
    expect_status 4
    expect_column a status "6 failed"
    expect_awk "not those that stall" a 'of("timed_out") > 0 && of("timed_out") + of("ok") == 20'
    run --strategy event-loop --rates 50 --duration 400ms --fault stall:20 --timeout 1s --rounds 1 \
        --allow-errors 60 --csv a
    expect_status 0
    expect_note a errors-allowed 1
}

case_refused() {
    run --strategy event-loop,thread-pool --rates 100 --duration 300ms --capacity 1 --overload refuse \
        --delay 100ms --rounds 1 --csv a
    expect_status 4
    expect_column a status "2 failed"
    expect_in a "of 30 requests were refused (503)"
}

# More are due than may be in flight: they wait in the client, and their latency grows.
case_max_in_flight() {
    run --strategy $one_of_each --rates 100 --duration 300ms --max-in-flight 2 --timeout 20s --rounds 1 --csv a
    expect_status 0
    expect_column a status "6 valid"
    expect_column a ok "6 30"
    expect_column a inflight_limit "6 2"
    expect_column a inflight_peak "6 2"
    expect_note a rate-not-held 6
    # The last but one is due after 280 ms and begins after 14 others of 50 ms.
    expect_awk "latency does not count from the due moment" a 'of("latency_max_us") >= 450000'
    run --strategy event-loop,thread-pool --rates 50 --duration 100ms --max-in-flight 1 --rounds 1 --csv a
    expect_status 0
    expect_column a ok "2 5"
    expect_column a inflight_peak "2 1"
}

# Far beyond the rate of any client: the cell ends, and its row says so.
case_far_beyond() {
    run --strategy event-loop,poll-loop,coroutine,thread-pool,thread-per-request,raw-epoll \
        --connections reuse --rates 500000 --duration 100ms --timeout 1s --max-in-flight 50 --delay 1ms --rounds 1 \
        --csv a
    [ "$status" -eq 0 ] || [ "$status" -eq 4 ] || fail "status $status: $(cat err)"
    expect_column a requests "6 50000"
    expect_awk "requests are missing" a 'of("ok") + of("unfinished") + of("timed_out") + \
        of("connect_failed") + of("io_failed") == 50000'
    expect_awk "it does not end" a 'of("run_s") < 15'
    [ "$(column a notes | grep -cw rate-not-held)" -eq "$(column a status | grep -cx valid)" ] ||
        fail "a row held the rate"
}

# -- durations -----------------------------------------------------------------------------

case_duration_of_levels() {
    run --strategy all --levels 1,5 --duration 300ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "$((2 * strategies)) valid"
    expect_note a slots-full 0
    expect_empty a rate_rps
    expect_empty a ideal_s
    expect_awk "ends early" a 'of("run_s") >= 0.3'
    # Each in flight begins at most six within 300 ms.
    expect_awk "more than can be" a 'of("ok") == of("requests") && of("ok") > 0 && of("ok") <= 6 * of("inflight_limit")'
    run --strategy event-loop --levels 50 --duration 200ms --delay 0 --connections reuse --rounds 1 --csv a
    expect_status 0
    expect_awk "only one per place" a 'of("requests") > 50'
    # Only a run shows how many ports a duration takes.
    run --strategy event-loop --levels 500 --duration 10s --delay 0 --rounds 1 --dry-run
    expect_status 0
    grep -q "infeasible" out && fail "refused: $(cat out)"
    run --strategy event-loop --levels 5 --duration 1s --requests 5
    expect_status 2
    expect_in err "--duration and --requests exclude each other; give one of them"
}

serve() {
    env --default-signal=INT "$program" serve --address "$1" --delay 5ms >"serve.$1" 2>&1 &
    servers+=($!)
    await grep -qs listening "serve.$1" || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' "serve.$1")
}

case_per_host_rate() {
    local servers=() server one two port
    run --strategy $one_of_each --levels 5 --requests 10 --per-host-rate 20 --delay 5ms --rounds 1 --raw --out o
    expect_status 0
    expect_column o/runs.csv ok "6 10"
    expect_column o/runs.csv per_host_rate_rps "6 20"
    expect_awk "faster than the limit" o/runs.csv 'of("run_s") >= 0.45'
    expect_awk "begins before it is due" o/requests.csv 'of("start_us") >= of("due_us")'
    # Two hosts get ten each, both at once.
    serve 127.0.0.1 && one=127.0.0.1:$port
    serve 127.0.0.2 && two=127.0.0.2:$port
    run --strategy event-loop,thread-pool --levels 5 --requests 20 --per-host-rate 20 \
        --url "http://$one/detail/{1..5}" --url "http://$two/detail/{1..5}" --rounds 1 --raw --out p
    expect_status 0
    expect_column p/runs.csv ok "2 20"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { split($at["url"], part, "/"); key = $at["strategy"] part[3]; due = $at["due_us"] }
        (key in last) && due - last[key] < 49990 { bad = 1 }
        { last[key] = due; if (due > 460000) bad = 1 }
        END { exit bad }' p/requests.csv || fail "a host gets more than 20 per second, or waits for another"
    # With a rate they wait longer than that asks for.
    run --strategy event-loop --rates 100 --duration 100ms --per-host-rate 20 --delay 5ms --rounds 1 --csv a
    expect_status 0
    expect_column a ok "1 10"
    expect_note a rate-not-held 1
    expect_awk "faster than the limit" a 'of("run_s") >= 0.45'
    for server in "${servers[@]}"; do
        kill -INT "$server"
        wait "$server"
    done
}

# -- refused plans -------------------------------------------------------------------------

case_infeasible() {
    run --strategy sequential,event-loop --rates 50 --duration 100ms --rounds 2 --delay 5ms --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n2 valid')"
    expect_in a "holds one request at a time"
    run --strategy event-loop --rates 50,1000000 --duration 1h --dry-run
    expect_status 0
    expect_in out "infeasible: needs room for more than 10000000 requests"
    expect_usage_error "nothing to run: sequential at rate 10 holds one request at a time" \
        --strategy sequential --rates 10
    expect_usage_error "has no request that becomes due within the duration" \
        --strategy event-loop --rates 1 --arrivals poisson --duration 1ms --seed 1
    expect_usage_error "use a longer --timeout, a lower rate or a lower --max-in-flight" \
        --strategy event-loop --rates 100 --capacity 1 --timeout 1s
    expect_usage_error "file descriptors in one process" --strategy raw-epoll --rates 10 --max-in-flight 100000
}

case_messages() {
    expect_usage_error "--rates and --levels exclude each other" --rates 10 --levels 10
    expect_usage_error "--rates and --requests exclude each other" --rates 10 --requests 10
    expect_usage_error "--arrivals poisson needs --rates" --arrivals poisson
    expect_usage_error "did you mean 'poisson'?" --rates 10 --arrivals poison
    expect_usage_error "--rates: '0' is not a whole number" --rates 0
    expect_usage_error "--rates: '1000001' is not a whole number" --rates 1000001
    expect_usage_error "--duration: '0' is out of range" --rates 10 --duration 0
    expect_usage_error "--max-in-flight: '0' is not a whole number" --rates 10 --max-in-flight 0
    expect_usage_error "at none of the --rates; add 20 to them" --rates 10 --cells event-loop@20
    expect_usage_error "names levels, not rates" --profile ci --rates 10
}

case_plan() {
    run plan --rates 20,40 --arrivals poisson --duration 200ms --max-in-flight 30 --per-host-rate 500 \
        --strategy event-loop,thread-pool --delay 5ms --rounds 1 --seed 3
    expect_status 0
    mv out p.json
    expect_in p.json '"arrivals": "poisson"'
    tr -d ' \n' <p.json >flat
    expect_in flat '"levels":[]'
    expect_in flat '"rates":[20,40]'
    run --plan p.json --out o
    expect_status 0
    expect_column o/runs.csv status "4 valid"
    expect_column o/runs.csv rate_rps "$(printf '2 20\n2 40')"
    run --plan o/plan.json --csv a # what the run wrote is the same plan
    expect_status 0
    [ "$(column a requests | sort)" = "$(column o/runs.csv requests | sort)" ] || fail "another plan"
    run --cells event-loop@20,thread-pool@40 --rates 20,40 --duration 100ms --delay 5ms --rounds 1 --csv a
    expect_status 0
    expect_column a rate_rps "$(printf '1 20\n1 40')"
}

# -- interrupts ----------------------------------------------------------------------------

case_interrupted_and_resumed() {
    start --strategy event-loop,thread-pool --rates 20,30 --duration 300ms --delay 5ms --rounds 4 \
        --arrivals poisson --seed 6 --raw --out o
    await has_rows o/runs.csv 4 || return
    kill -INT "$pid"
    wait_for_end
    expect_status 130
    no_leftovers || fail "processes are left"
    run --resume --out o
    expect_status 0
    expect_column o/runs.csv status "16 valid"
    [ "$(column o/runs.csv run_id | sort -u | wc -l)" -eq 1 ] || fail "several run_ids"
    [ "$(cut -d, -f1-7 o/requests.csv | sort | uniq -d | wc -l)" -eq 0 ] || fail "requests are there twice"
    run --strategy event-loop,thread-pool --rates 20,30 --duration 300ms --delay 5ms --rounds 4 \
        --arrivals poisson --seed 6 --csv whole
    [ "$(column o/runs.csv requests | sort)" = "$(column whole requests | sort)" ] || fail "other requests"
    run --resume --out o --rates 20
    expect_status 2
}

# Workers that sleep until a distant moment end at once.
case_interrupted_while_it_sleeps() {
    local strategy
    for strategy in ${one_of_each//,/ } process-pool event-loop-per-core raw-epoll; do
        start --strategy "$strategy" --rates 1 --duration 1h --delay 5ms --rounds 1 --out "$strategy"
        await has_pids "bench cell" 1 || return
        sleep 0.3
        kill -INT "$pid"
        wait_for_end
        expect_status 130
        no_leftovers || fail "$strategy leaves processes"
        [ "$(wc -l <"$strategy/runs.csv")" -eq 1 ] || fail "$strategy has a row"
    done
}

case_worker_killed() {
    start --strategy process-pool --rates 10 --duration 3s --max-in-flight 5 --delay 1s --timeout 5s \
        --rounds 1 --csv a
    await has_pids "bench cell" 6 || return # the cell and its workers
    sleep 0.5
    kill -KILL "$(children_of "bench cell" "$(cell_of)" | head -1)"
    wait_for_end
    expect_status 4
    expect_column a status "1 failed"
    expect_in a "was killed by signal 9 (Killed)"
}

# -- reports --------------------------------------------------------------

case_reports() {
    run --strategy $one_of_each --rates 400,500 --duration 300ms --delay 5ms --rounds 3 --raw --out o
    expect_status 0
    expect_in out "Latency, 99th percentile; further columns at rate 500/s"
    expect_in out "36 rows: 36 valid"
    run summary o --show reached,unfinished,late_p99 --chart
    expect_status 0
    expect_in out "Rate reached"
    for format in csv json markdown hyperfine github; do
        run summary o --format "$format"
        expect_status 0
        [ -s out ] || fail "$format is empty"
    done
    run plot o --out plots
    expect_status 0
    run report o --out report.html
    expect_status 0
    expect_in report.html "reached per second"
    run timeline o --out t.svg
    expect_status 0
    # Rows of levels do not share a table with them.
    run --strategy event-loop --levels 5 --delay 5ms --rounds 1 --out levels
    run summary o levels
    expect_status 5
}

run_cases "$@"

#!/usr/bin/env bash
# origin.sh - the features of the embedded origin: delays, overload, bodies, TLS, faults.
#
#   tests/e2e/origin.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"
count=$(grep -c '^STRATEGY' "$root/strategies/list.def")

# Every strategy meets the same delays: the sorted stamps differ only by lateness, and no stamp is
# below the drawn delay (the harness checks that). Strategies that hold the level have the same
# ideal.
case_drawn_delays() {
    for delay in uniform:5ms..40ms normal:20ms,10ms lognormal:20ms,0.8 exponential:20ms; do
        run --strategy $four --levels 20 --requests 60 --delay $delay --seed 4 --rounds 1 --raw --out o
        expect_status 0
        [ "$(grep -c "$delay" o/runs.csv)" -eq 4 ] || fail "the rows do not say $delay"
        expect_in out "theoretical minimum: of the delays drawn from $delay"
        [ "$(column o/runs.csv ideal_s | sort -u | wc -l)" -eq 2 ] || fail "not two ideals"
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
            { print $at["strategy"], $at["origin_delay_us"] }' o/requests.csv | sort -k1,1 -k2,2n |
            awk '$1 != name { name = $1; i = 0 }
                { i++; if (!(i in least) || $2 < least[i]) least[i] = $2; sum += $2; all++ }
                END { for (i in least) low += least[i]
                      exit !(all == 240 && sum / 4 < low * 1.3 && low > 60 * 10000) }' ||
            fail "$delay is not the same for all"
        rm -r o
    done
    run --strategy event-loop --levels 1 --delay uniform:5ms..40ms --timeout 39ms --requests 500
    expect_status 2
    expect_in err "which --delay uniform:5ms..40ms draws with this seed"
}
needs_quiet drawn_delays

# Above the capacity, pages wait, are refused, or all slow down.
# A delay within which every worker of a busy machine has sent its first request.
case_overload() {
    run --strategy event-loop,thread-pool --levels 4,20 --delay 300ms --capacity 5 --overload refuse \
        --rounds 1 --out o
    expect_status 4
    expect_column o/runs.csv status "$(printf '2 failed\n2 valid')"
    expect_column o/runs.csv ok "$(printf '2 4\n2 5')"
    expect_column o/runs.csv bad_status "$(printf '2 0\n2 15')"
    expect_column o/runs.csv origin_refused "$(printf '2 0\n2 15')"
    expect_in out "15 of 20 requests were refused (503)"
    expect_in out "20 requests at a time exceed --capacity 5, so the origin refuses some"
    run --strategy event-loop,thread-pool --levels 4,20 --delay 300ms --capacity 5 --overload slow \
        --rounds 1 --csv a
    expect_status 0
    expect_column a ideal_s "$(printf '2 0.300000000\n2 1.200000000')"
    expect_column a overload "4 slow"
    expect_in out "theoretical minimum: a lower bound; above its capacity of 5 the origin slows down"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["level"] == 20 && $at["origin_delay_p50_s"] < 1 { exit 1 }' a ||
        fail "nobody was slowed down"
    run --overload slow
    expect_status 2
    expect_in err "give --capacity"
}

# Compressed and chunked: the client decodes the bytes of the origin's page and counts the bytes
# that the origin sent. The reference has no decompression, and says so.
case_bodies() {
    run --strategy thread-pool,coroutine,raw-epoll --levels 5 --requests 20 --delay 1ms --rounds 1 \
        --body gzip,chunked --body-bytes 20000 --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n2 valid')"
    expect_column a body_bytes "$(printf '1 \n2 400000')"
    expect_in out "does not decompress pages"
    awk -F, '{ gsub(/"[^"]*"/, "quoted") } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["status"] == "valid" && !($at["encoded_bytes"] > 0 && $at["encoded_bytes"] < 200000) { exit 1 }' a ||
        fail "nothing was compressed"
    run --strategy thread-pool,coroutine,raw-epoll --levels 5 --delay 1ms --rounds 1 --body chunked --csv a
    expect_status 0
    expect_column a status "3 valid"
}

case_tls() {
    local url
    run --tls --levels 1,20 --delay 20ms --rounds 1 --out o
    expect_status 0
    expect_column o/runs.csv status "$(printf '2 infeasible\n%s valid' $((2 * count - 2)))"
    expect_in o/runs.csv "does not support TLS; drop --tls"
    expect_column o/runs.csv tls_sessions "$((2 * count)) off"
    expect_column o/runs.csv tls_handshakes "$(printf '2 \n%s 1\n%s 20' $((count - 1)) $((count - 1)))"
    expect_column o/runs.csv tls_resumed "$(printf '2 \n%s 0' $((2 * count - 2)))"
    column o/runs.csv tls_agreed | grep -qx 'TLSv1.[23] [A-Z0-9_-]*' || fail "nothing was agreed on"
    [ "$(column o/runs.csv tls_p50_us | grep -c '[1-9]')" -eq $((2 * count - 2)) ] ||
        fail "no time of a handshake"
    expect_in out "over TLS, sessions not resumed"
    expect_in o/env.json '"key": "P-256"'
    expect_in o/plan.json '"tls_sessions": "off"'
    # A session ends with its process; otherwise each handle needs one full handshake.
    run --tls --tls-sessions on --strategy sequential,thread-pool,process-per-request --levels 4 \
        --delay 1ms --rounds 1 --csv on
    expect_status 0
    expect_column on requests "3 40"
    expect_column on tls_resumed "$(printf '1 0\n1 36\n1 39')"
    expect_column on tls_sessions "3 on"
    run --tls --strategy sequential --levels 4 --requests 40 --delay 1ms --rounds 1 --csv off
    run summary on off
    expect_status 5
    expect_in err "rows that differ in tls_sessions"
    expect_usage_error "--tls is for the embedded origin" --tls --url http://127.0.0.1/
    expect_usage_error "--tls-sessions on needs --tls" --tls-sessions on
    expect_usage_error "--tls-ca needs --tls" serve --tls-ca ca.pem
    # curl accepts the server with this CA, and not without it.
    start serve --tls --tls-ca ca.pem --delay 1ms
    await grep -qs listening out || return
    url=$(grep -o 'https://[0-9.:]*' out)
    expect_in out "for curl --cacert ca.pem"
    curl -sS --cacert ca.pem "$url/detail/1" 2>&1 | grep -q 'film-1' || fail "curl gets no page"
    curl -sS "$url/detail/1" >page 2>&1
    [ $? -eq 60 ] || fail "curl believes anybody: $(head -c 300 page)"
    curl -sS --cacert ca.pem "$url/stats" | grep -q '"tls_handshakes": 2' || fail "not counted"
    # A second server that finds the port in use leaves the file of the first one unchanged.
    cp ca.pem first.pem
    run serve --tls --tls-ca ca.pem --port "${url##*:}"
    expect_status 2
    expect_in err "Address already in use"
    cmp ca.pem first.pem || fail "the file is another's"
    kill -TERM "$pid"
    wait_for_end
    expect_status 0
}

# Injected faults: the same in every cell, and counted alike by client and origin.
case_fault() {
    run --strategy thread-pool,process-per-request,event-loop,coroutine,raw-epoll --levels 20 --rounds 1 \
        --delay 5ms --timeout 1s --seed 1 --fault stall:10 --fault 500:20 --fault bad-chunk:20 --csv a
    expect_status 4
    expect_column a status "5 failed"
    expect_column a faults "5 stall:10 bad-chunk:20 500:20"
    expect_note a faults-asked 5
    for outcome in ok bad_status timed_out io_failed; do
        [ "$(column a $outcome | sort -u | wc -l)" -eq 1 ] ||
            fail "$outcome differs between strategies: $(column a $outcome | sort | uniq -c)"
        column a $outcome | grep -qx 0 && fail "$outcome is 0"
    done
    expect_in a "; --fault asks for stall:10 bad-chunk:20 500:20); the first was"
    run --strategy $four --levels 4 --rounds 1 --delay 0 --fault reset-before-head:50 --connections reuse --csv a
    expect_status 4
    expect_column a status "4 failed"
    expect_usage_error "unknown fault 'x'; bench serve --help lists the kinds" --fault x
    expect_usage_error "raises the faults to 120 % of the pages" --fault 500:60 --fault stall:60
    expect_usage_error "'0' is not a whole number from 1 to 100" --fault 500:0
    expect_usage_error "--fault is for the embedded origin" --fault 500 --url http://127.0.0.1/
    expect_usage_error "--timeout 3600s is above 1800s" --fault drip --timeout 1h
}

# Combined features of the origin; each has its own tests.
case_combinations() {
    local most="--strategy thread-pool,process-per-request,event-loop,coroutine --rounds 1"
    run $most --levels 20 --delay 10ms --tls --body gzip,chunked --body-bytes 20000 --csv a
    expect_status 0
    expect_column a status "4 valid"
    expect_column a tls_handshakes "4 20"
    expect_column a body_bytes "4 400000"
    expect_column a page_bytes "4 20000"
    [ "$(column a encoded_bytes | sort -u | wc -l)" -eq 1 ] || fail "not as many bytes in all"
    run $most --levels 20 --delay 10ms --tls --body gzip,chunked --csv b
    run summary a b
    expect_status 5
    expect_in err "rows that differ in page_bytes"

    run $most --levels 40 --delay 10ms --seed 1 --tls --fault reset-in-head:30 --csv a
    expect_status 4
    expect_column a status "4 failed"
    expect_column a tls_handshakes "4 40"
    [ "$(column a io_failed | sort -u | wc -l)" -eq 1 ] || fail "not the same fail in all"
    column a io_failed | grep -qx 0 && fail "no fault was injected"

    run $most --levels 20 --requests 60 --seed 4 --delay lognormal:20ms,0.5 --tls --csv a
    expect_status 0
    expect_column a status "4 valid"
    [ "$(column a ideal_s | sort -u | wc -l)" -eq 1 ] || fail "not one ideal"

    run $most --levels 20 --delay 10ms --seed 1 --capacity 5 --overload slow --fault 500:30 --csv a
    expect_status 4
    expect_column a status "4 failed"
    [ "$(column a bad_status | sort -u | wc -l)" -eq 1 ] || fail "not the same fail in all"
    run $most --levels 20 --delay 50ms --seed 1 --capacity 5 --overload refuse --fault 500:30 --csv a
    expect_status 4
    expect_column a status "4 failed" # not invalid: refused and faulty responses are distinguished
    column a origin_refused | grep -qx 0 && fail "nothing was refused"

    expect_usage_error "drop chunked from --body" --body chunked --fault length-too-short
}

run_cases "$@"

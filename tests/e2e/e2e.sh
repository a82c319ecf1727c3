#!/usr/bin/env bash
# e2e.sh - bench as its user meets it: whole sweeps, bad input, Ctrl-C, killed processes.
#
#   tests/e2e/e2e.sh PROGRAM [NAME ...]     all cases, or those named
#
# Each case runs in an empty directory of its own. What a case leaves behind, a process or a
# file it was not asked for, fails it.
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
four=sequential,thread-pool,process-pool,event-loop
count=$(grep -c '^STRATEGY' "$root/strategies/list.def")
. "$root/tests/support/cases.sh"

# -- sweeps --------------------------------------------------------------------------------

case_quick() {
    run --profile quick --out o --label host=ci --label "note=a b"
    expect_status 0
    expect_column o/runs.csv status "$((3 * count)) valid"
    expect_column o/runs.csv level "$(printf '%s 1\n%s 10\n%s 100' "$count" "$count" "$count")"
    expect_column o/runs.csv run_id "$((3 * count)) $(sed -n 's/.*"run_id": "\(.*\)".*/\1/p' o/env.json)"
    expect_in o/env.json '"state": "complete"'
    expect_in o/env.json '"host": "ci"'
    expect_in o/env.json '"note": "a b"'
    expect_in o/env.json '"profile": "quick"'
    expect_in out "levels 1,10,100"
    grep -qE '^event-loop +Number: 100 +Cost time: 0\.[0-9]{3}' out || fail "no line of the article"
    # The address sanitizer remarks that somebody makes contexts; it is told of each switch.
    grep -v "ASan doesn't fully support makecontext" err >errors && fail "errors: $(cat errors)"
    grep -q $'\x1b' out && fail "escape codes in piped output"
    # The table again, from the files.
    cp out first
    run summary o
    expect_status 0
    sed -n '/^Cost time/,/^Memory/p' first >a
    sed -n '/^Cost time/,/^Memory/p' out >b
    cmp -s a b || fail "the summary differs from the table of the run"
}

case_csv_on_stdout() {
    run --profile quick --csv - --strategy event-loop
    expect_status 0
    [ "$(wc -l <out)" -eq 4 ] || fail "$(wc -l <out) lines of CSV"
    expect_column out status "3 valid"
    awk -F, 'NF != n && n { exit 1 } { n = NF }' out || fail "rows of different lengths"
    expect_in err "Cost time"
    [ -e results ] && fail "a directory that nobody asked for"
    cp out runs.csv
    run summary runs.csv
    expect_status 0
}

# One row a request, and no line more; kept connections are told from new ones.
case_raw() {
    run --raw --strategy process-pool,event-loop --levels 1,10 --requests 40 --delay 1ms --rounds 2 --warmup 1 --seed 3 --out o
    expect_status 0
    [ "$(wc -l <o/requests.csv)" -eq 321 ] || fail "$(wc -l <o/requests.csv) lines"
    expect_column o/requests.csv outcome "320 ok"
    expect_column o/requests.csv new_connections "320 1"
    expect_in out "o/requests.csv"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; columns = NF; next }
        NF != columns { print "fields: " NF; exit 1 }
        !($at["begin_us"] >= 0 && $at["start_us"] >= $at["begin_us"] &&
          $at["first_byte_us"] >= $at["start_us"] && $at["end_us"] >= $at["first_byte_us"] &&
          $at["connect_us"] > 0 && $at["origin_delay_us"] >= 1000) { print; exit 1 }' \
        o/requests.csv >wrong || fail "a row that cannot be: $(cat wrong)"
    # The median of the requests is the one of the cell; each is rounded to a tenth.
    awk -F, '$4 == "event-loop" && $5 == 10 && $3 == 1 { print $12 - $9 }' o/requests.csv |
        sort -g | sed -n 20p >median
    awk -F, -v median="$(cat median)" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        $at["strategy"] == "event-loop" && $at["level"] == 10 && $at["round"] == 1 {
            seen = 1; off = $at["latency_p50_us"] - median }
        END { exit !(seen && off < 0.2 && off > -0.2) }' o/runs.csv || fail "another median"
    run --raw --strategy thread-pool,event-loop --levels 10 --delay 0 --requests 200 --rounds 1 \
        --connections reuse --out k
    expect_status 0
    expect_column k/requests.csv new_connections "$(printf '380 0\n20 1')"
    [ "$(column k/requests.csv connection | sort -n | tail -1)" -eq 10 ] || fail "connections"
    # Failed cells have theirs; without a directory there is no place for them.
    run --raw --levels 2 --rounds 1 --url http://127.0.0.1:1/ --strategy event-loop --out f
    expect_status 4
    expect_column f/requests.csv outcome "2 connect_failed"
    expect_column f/requests.csv first_byte_us "2 "
    bad "give --out too" --raw --csv a
    mkdir taken
    echo kept >taken/requests.csv
    bad "taken/requests.csv is there already: give another --out" --raw --out taken
    [ "$(cat taken/requests.csv)" = kept ] || fail "a requests.csv was overwritten"
}

# A limit on the size of files stands for a full disk: the row of the cell does not appear, and
# of its requests none.
case_raw_disk_full() {
    status=0
    (
        trap '' XFSZ
        ulimit -f 64 # KiB
        exec "$program" --raw --strategy event-loop --levels 100 --delay 1ms --rounds 20 --out o \
            >out 2>err
    ) || status=$?
    expect_status 4
    expect_in err "o/requests.csv: File too large"
    [ "$(($(wc -l <o/runs.csv) * 100 - 99))" -eq "$(wc -l <o/requests.csv)" ] ||
        fail "$(wc -l <o/runs.csv) lines of cells, $(wc -l <o/requests.csv) of requests"
}

case_default_directory() {
    run --strategy sequential --levels 1 --rounds 1 --delay 1ms
    expect_status 0
    [ "$(ls -d results/[0-9]*T[0-9]*Z/runs.csv | wc -l)" -eq 1 ] || fail "no results/<UTC time>"
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
    run --strategy $four --levels 12 --delay 20ms --max-host-connections 4 --rounds 1 --csv a
    expect_status 0
    expect_note a libcurl-queue 1
    expect_column a origin_inflight_peak "$(printf '1 1\n2 12\n1 4')"
    run --strategy $four --levels 3 --delay 1ms --requests 2 --rounds 1 --warmup 1 --csv a
    expect_status 0
    expect_column a inflight_peak "$(printf '1 1\n3 2')"
    expect_column a round "4 1"
}

# Every strategy meets the same delays: the sorted stamps differ by lateness alone, and none is
# below what was drawn (the harness holds that). The ideal is the same wherever the level is.
case_drawn_delays() {
    for delay in uniform:5ms..40ms normal:20ms,10ms lognormal:20ms,0.8; do
        run --strategy $four --levels 20 --requests 60 --delay $delay --seed 4 --rounds 1 --raw --out o
        expect_status 0
        [ "$(grep -c "$delay" o/runs.csv)" -eq 4 ] || fail "the rows do not say $delay"
        expect_in out "ideal  of the delays that were drawn from $delay"
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

# At more than the capacity: pages wait, are refused, or all of them take longer.
case_overload() {
    run --strategy event-loop,thread-pool --levels 4,20 --delay 30ms --capacity 5 --overload refuse \
        --rounds 1 --out o
    expect_status 4
    expect_column o/runs.csv status "$(printf '2 failed\n2 valid')"
    expect_column o/runs.csv ok "$(printf '2 4\n2 5')"
    expect_column o/runs.csv bad_status "$(printf '2 0\n2 15')"
    expect_column o/runs.csv origin_refused "$(printf '2 0\n2 15')"
    expect_in out "15 of 20 requests were refused (503)"
    expect_in out "with 20 requests at a time and --capacity 5 the origin will refuse some"
    run --strategy event-loop,thread-pool --levels 4,20 --delay 30ms --capacity 5 --overload slow \
        --rounds 1 --csv a
    expect_status 0
    expect_column a ideal_s "$(printf '2 0.030000000\n2 0.120000000')"
    expect_column a overload "4 slow"
    expect_in out "ideal  a lower bound: over its capacity of 5 the origin slows down"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["level"] == 20 && $at["origin_delay_p50_s"] < 0.1 { exit 1 }' a ||
        fail "nobody was slowed down"
    run --overload slow
    expect_status 2
    expect_in err "give one"
}

# Compressed and in chunks: what the client has decoded is what the origin had, and what came
# over the wire is what it sent. The reference has no decompression, and says so.
case_bodies() {
    run --strategy thread-pool,coroutine,raw-epoll --levels 5 --requests 20 --delay 1ms --rounds 1 \
        --body gzip,chunked --body-bytes 20000 --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n2 valid')"
    expect_column a body_bytes "$(printf '1 \n2 400000')"
    expect_in out "it has no decompression"
    awk -F, '{ gsub(/"[^"]*"/, "quoted") } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["status"] == "valid" && !($at["encoded_bytes"] > 0 && $at["encoded_bytes"] < 200000) { exit 1 }' a ||
        fail "nothing was compressed"
    run --strategy thread-pool,coroutine,raw-epoll --levels 5 --delay 1ms --rounds 1 --body chunked --csv a
    expect_status 0
    expect_column a status "3 valid"
}

# "Call me at once" turned into a timer of 1 ms makes the loop some fifty times slower when it
# has one request at a time. Five is far from that, and from what noise does.
case_no_timer_trap() {
    run --strategy sequential,event-loop --levels 1 --delay 0 --requests 500 \
        --connections reuse --rounds 3 --csv a
    expect_status 0
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { name = $at["strategy"]; s = $at["run_s"]
          if (!(name in best) || s < best[name]) best[name] = s }
        END { exit !(best["event-loop"] < 5 * best["sequential"]) }' a ||
        fail "the event loop waits for a timer: $(cut -d, -f5,14 a | tr '\n' ' ')"
}

# The article's own models by one word; what each may have in flight.
case_article() {
    run --strategy article --levels 8 --delay 20ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "6 valid"
    expect_column a inflight_peak "$(printf '2 1\n4 8')"
}

case_workers() {
    run --strategy event-loop-per-core,process-event-loop,event-loop --workers 3 --levels 2,8 \
        --delay 20ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "6 valid"
    expect_column a workers "$(printf '2 \n2 2\n2 3')"
    expect_column a origin_inflight_peak "$(printf '3 2\n3 8')"
    run --strategy process-event-loop --workers 3 --levels 8 --delay 20ms --rounds 1 --csv a \
        --max-host-connections 2
    expect_status 0
    expect_column a workers "1 2"
    expect_column a origin_inflight_peak "1 2"
}

# Workers that are gone when the run ends are counted all the same.
case_workers_that_go() {
    run --strategy thread-per-request,process-per-request --levels 6 --delay 20ms --requests 20 \
        --rounds 1 --csv a
    expect_status 0
    expect_column a status "2 valid"
    # The thread sanitizer has threads of its own.
    nm "$program" 2>/dev/null | grep -q __tsan_init || expect_column a threads_peak "2 7"
    expect_column a processes_peak "$(printf '1 1\n1 7')"
}

case_what_a_strategy_cannot_do() {
    run --strategy process-per-request,thread-per-request --levels 3 --delay 1ms --rounds 1 \
        --connections reuse --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n1 valid')"
    expect_in a "no connection outlives its request in this model: use --connections fresh"
    run --strategy raw-epoll --url "https://127.0.0.1/" --levels 1
    expect_status 2
    expect_in err "it fetches from http://<IPv4 address>[:port]/ only"
}

# A reference is shown and never ranked, however fast it is.
case_reference() {
    run --strategy raw-epoll,sequential --levels 20 --delay 5ms --rounds 3 --csv a
    expect_status 0
    [ "$(column a notes | grep -c 'reference$')" -eq 3 ] || fail "notes: $(column a notes)"
    expect_in out "#  reference"
    grep -qE 'raw-epoll *$' out && fail "a reference is called the fastest"
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

case_progress() {
    run --strategy event-loop --levels 1,10 --rounds 1 --delay 1ms --progress always --csv a
    expect_status 0
    grep -q $'\x1b\[K' err || fail "no progress bar"
    expect_in err "left 0:00"
    grep -q $'\x1b' out && fail "the bar is in the output"
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --progress never --csv a
    [ -s err ] && fail "a progress bar"
}

# -- small commands ------------------------------------------------------------------------

case_small_commands() {
    run list
    expect_status 0
    [ "$(grep -c '^    costs ' out)" -eq "$(grep -c '^STRATEGY' "$root/strategies/list.def")" ] ||
        fail "not every strategy is listed"
    for word in waits "requests share" limit "a reference, not ranked" "keeps no connection"; do
        expect_in out "$word"
    done
    run env
    expect_status 0
    expect_in out '"libcurl"'
    expect_in out '"PROXY": ""'
    for command in "" run list serve env summary; do
        run $command --help
        expect_status 0
        expect_in out "Usage: bench"
    done
    run --version
    expect_status 0
}

case_summary_of_nothing() {
    run summary
    expect_status 2
    run summary /no/such/file
    expect_status 2
    echo "a,b" >x.csv
    run summary x.csv
    expect_status 2
    expect_in err "no column 'strategy'"
}

# -- bad input: one line that says what to do, status 2, nothing started or left -------------

case_bad_input() {
    bad "there are run, list" frobnicate
    bad "unknown option --nonsense; there are --strategy" --nonsense
    bad "there is no strategy 'x'; there are all, article, sequential" --strategy x
    bad "there is no strategy ''" --strategy ""
    bad "there is no strategy ''" --strategy sequential,
    bad "'x' is not a whole number from 1 to 100000" --levels x
    bad "'0' is not a whole number" --levels 1,0
    bad "needs a level on either side" --levels 1,...
    bad "goes down" --levels 5-3
    bad "not between 5 and 1" --levels 5,...,1
    bad "whole number from 1" --requests 0
    bad "whole number from 1" --rounds none
    bad "whole number from 0" --warmup -1
    bad "not a duration" --delay 50
    bad "not a duration" --delay 50min
    bad "more than an hour" --delay 2h
    bad "none of 50ms, uniform:20ms..80ms" --delay poisson:5ms
    bad "does not go up" --delay uniform:80ms..20ms
    bad "none of queue, refuse, slow" --capacity 5 --overload drop
    bad "none of plain, gzip, chunked, gzip,chunked" --body brotli
    bad "whole number from 1" --body-bytes 0
    bad "whole number from 1" --capacity 0
    bad "fetches http and https only" --url ftp://127.0.0.1/
    bad "fetches http and https only" --url file:///etc/passwd
    bad "not an address" --url ""
    bad "not an address" --url "http://"
    bad "neither {id} nor a range" --url "http://127.0.0.1/{x}"
    bad "the only pair of braces" --url "http://127.0.0.1/{id}/{id}"
    bad "neither {id} nor a range" --url "http://127.0.0.1/{1..}"
    bad "goes down" --url "http://127.0.0.1/{9..1}"
    bad "cannot find the host" --url "http://no.such.host.invalid/"
    bad "is none of fresh, reuse" --connections maybe
    bad "not from 1ms" --timeout 0
    bad "not a duration" --timeout soon
    bad "--timeout 50ms is not above --delay 50ms" --timeout 50ms
    bad "--timeout 1s is not above --delay 5s" --timeout 1s --delay 5s
    bad "whole number from 1" --max-host-connections 0
    bad "whole number from 1" --workers 0
    bad "is none of shuffled, grouped" --order random
    bad "whole number from 0" --seed x
    bad "write off" --once-above 0
    bad "not a duration" --max-cell long
    bad "--out: give a directory" --out ""
    bad "cannot make the directory /dev/null" --out /dev/null/x
    bad "cannot write /no/such/dir/x" --csv /no/such/dir/x
    bad "cannot write /no/such/dir/x" --csv /no/such/dir/x --out o
    [ -e o ] && fail "a directory of a command that failed"
    bad "--delay is for the embedded origin" --url http://127.0.0.1/ --delay 5ms
    bad "--capacity is for the embedded origin" --capacity 5 --url http://127.0.0.1/
    bad "unknown option -x" -xy
    bad "not of the form key=value" --label x
    bad "takes no value" --raw=yes
    bad "is none of auto, always, never" --progress sometimes
    bad "is none of quick, article" --profile slow
    bad "takes no value" --dry-run=yes
    bad "needs a value" --levels
    bad "is no option" run extra
    bad "over --max-cell" --max-cell 1ns
    bad "is not an IPv4 address" serve --address localhost
    bad "from 0 to 65535" serve --port 65536
    bad "not a duration" serve --delay x
    bad "is none of table, csv" summary --format nonsense x
    bad "for bench itself" cell 3 4
    bad "for bench itself" cell
    mkdir taken
    echo kept >taken/runs.csv
    bad "taken/runs.csv is there already: give another --out" --out taken
    [ "$(cat taken/runs.csv)" = kept ] || fail "a runs.csv was overwritten"
}

case_port_in_use() {
    start serve --delay 0
    await grep -q listening out || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' out)
    "$program" serve --port "$port" >out2 2>err2
    [ $? -eq 2 ] || fail "a port in use is no usage error"
    expect_in err2 "cannot listen on 127.0.0.1 port $port: Address already in use"
    kill -TERM "$pid"
    wait_for_end
    expect_status 0
}

# -- TLS -----------------------------------------------------------------------------------

case_tls() {
    local url
    run --tls --levels 1,20 --delay 20ms --rounds 1 --out o
    expect_status 0
    expect_column o/runs.csv status "$(printf '2 infeasible\n%s valid' $((2 * count - 2)))"
    expect_in o/runs.csv "it has no TLS: leave out --tls"
    expect_column o/runs.csv tls_sessions "$((2 * count)) off"
    expect_column o/runs.csv tls_handshakes "$(printf '2 \n%s 1\n%s 20' $((count - 1)) $((count - 1)))"
    expect_column o/runs.csv tls_resumed "$(printf '2 \n%s 0' $((2 * count - 2)))"
    column o/runs.csv tls_agreed | grep -qx 'TLSv1.[23] [A-Z0-9_-]*' || fail "nothing was agreed on"
    [ "$(column o/runs.csv tls_p50_us | grep -c '[1-9]')" -eq $((2 * count - 2)) ] ||
        fail "no time of a handshake"
    expect_in out "over TLS, sessions not resumed"
    expect_in o/env.json '"key": "P-256"'
    expect_in o/env.json '"tls_sessions": "off"'
    # A process takes its session with it; else each handle needs one handshake in full.
    run --tls --tls-sessions on --strategy sequential,thread-pool,process-per-request --levels 4 \
        --delay 1ms --rounds 1 --csv on
    expect_status 0
    expect_column on requests "3 40"
    expect_column on tls_resumed "$(printf '1 0\n1 36\n1 39')"
    expect_column on tls_sessions "3 on"
    run --tls --strategy sequential --levels 4 --requests 40 --delay 1ms --rounds 1 --csv off
    run summary on off
    expect_status 2
    expect_in err "rows that differ in tls_sessions"
    bad "--tls is for the embedded origin" --tls --url http://127.0.0.1/
    bad "--tls-sessions on needs --tls" --tls-sessions on
    bad "--tls-ca is for --tls" serve --tls-ca ca.pem
    # curl believes the server with its authority, and without it does not.
    start serve --tls --tls-ca ca.pem --delay 1ms
    await grep -qs listening out || return
    url=$(grep -o 'https://[0-9.:]*' out)
    expect_in out "for curl --cacert ca.pem"
    curl -sS --cacert ca.pem "$url/detail/1" 2>&1 | grep -q 'film-1' || fail "curl gets no page"
    curl -sS "$url/detail/1" >page 2>&1
    [ $? -eq 60 ] || fail "curl believes anybody: $(head -c 300 page)"
    curl -sS --cacert ca.pem "$url/stats" | grep -q '"tls_handshakes": 2' || fail "not counted"
    # A second server that finds the port taken leaves the first one's file alone.
    cp ca.pem first.pem
    run serve --tls --tls-ca ca.pem --port "${url##*:}"
    expect_status 2
    expect_in err "Address already in use"
    cmp ca.pem first.pem || fail "the file is another's"
    kill -TERM "$pid"
    wait_for_end
    expect_status 0
}

# -- limits of the machine -----------------------------------------------------------------

case_infeasible() {
    (
        ulimit -n 100
        run --strategy event-loop,thread-pool --levels 10,30,100 --delay 1ms --rounds 2 --csv a
        echo "$status" >status
    )
    status=$(cat status)
    expect_status 0
    expect_column a status "$(printf '3 infeasible\n6 valid')"
    expect_in a "needs 154 file descriptors in one process, the limit is 100: raise it with ulimit -n 154"
    (
        ulimit -n 70
        run --strategy event-loop --levels 100 --out o
        echo "$status" >status
    )
    status=$(cat status)
    expect_status 2
    expect_in err "no cell can work here"
    [ -e o ] && fail "a directory for nothing"
}

# Which CPUs a process may run on; its first thread, since a sanitizer starts others.
cpus_of() { sed -n 's/^Cpus_allowed_list:\s*//p' "/proc/$1/status" 2>/dev/null; }

case_pinned() {
    local allowed client origin pids
    allowed=$(cpus_of self | tr , '\n' | sed 's/-/ /' |
        while read -r from to; do seq "$from" "${to:-$from}"; done)
    client=$(echo "$allowed" | sed -n 1p)
    origin=$(echo "$allowed" | sed -n 2p)
    bad "is none of auto, off or CPU lists" --pin sometimes
    bad "is not a list" --pin "0:"
    bad "is not within the CPUs that may be used here" --pin 0:8191
    bad "give the CPUs of the client and of the origin" --pin "$client"
    bad "with --url there is no origin to pin" --url http://127.0.0.1/ --pin "$client:$client"
    # Nowhere else to go: said, not done.
    taskset -c "$client" "$program" --pin auto --strategy event-loop --levels 1 --rounds 1 \
        --csv a >out 2>err || fail "status $?"
    expect_in out "not pinned: only one CPU may be used"
    expect_column a pin "1 "
    [ "$origin" ] || { left_out "only one CPU"; return; }
    start --pin "$client:$origin" --strategy process-pool --levels 3 --delay 2s --rounds 1 --out o
    await has_pids "bench cell" 4 || return
    sleep 0.2
    pids=$(pids_of "bench cell")
    [ "$(for one in $pids; do cpus_of "$one"; done | sort -u)" = "$client" ] ||
        fail "the cell may run on $(cpus_of "$(cell_of)")"
    [ "$(for one in $(children_of "--pin" "$pid"); do cpus_of "$one"; done)" = "$origin" ] ||
        fail "the origin may run elsewhere"
    [ "$(cpus_of "$pid")" = "$(cpus_of self)" ] || fail "the harness is confined"
    wait_for_end
    expect_status 0
    expect_in out "pinned: client on CPU $client, origin on CPU $origin"
    expect_column o/runs.csv pin "1 $client:$origin"
    expect_in o/env.json "\"pin\": \"$client:$origin\""
    run --pin auto --strategy event-loop --levels 1 --rounds 1 --csv a
    expect_in out "pinned: client on CPU"
    run --pin off --strategy event-loop --levels 1 --rounds 1 --csv b
    expect_in out "not pinned"
    expect_column b pin "1 "
    run summary a b
    expect_status 2
    expect_in err "rows that differ in pin"
}

left_out() { echo "    left out: $*"; }

# A user's number of processes holds for everybody but root, so root becomes somebody.
case_infeasible_for_the_user() {
    local somebody=(setpriv --reuid 54321 --regid 54321 --clear-groups)
    [ "$(id -u)" -eq 0 ] && "${somebody[@]}" test -x "$program" 2>/dev/null ||
        { left_out "not root, or the program is not for others"; return; }
    status=0
    "${somebody[@]}" prlimit --nproc=40:40 "$program" --strategy process-pool,event-loop \
        --levels 10,100 --delay 1ms --rounds 2 --csv - >a 2>err || status=$?
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n6 valid')"
    expect_in a "needs 108 threads or processes, the limit (ulimit -u) is 40 with 1 in use: use a lower level, or ulimit -u 109"
}

# A control group with one setting, in $group; of version 1 or 2, whichever has the controller.
make_group() {
    local top=/sys/fs/cgroup
    [ -d "$top/$1" ] && top=$top/$1
    group=$top/bench-e2e-$$
    mkdir "$group" 2>/dev/null || return 1
    if [ -e "$group/$2" ] && echo "$4" >"$group/$2"; then return 0; fi
    if [ -e "$group/$3" ] && echo "$4" >"$group/$3"; then return 0; fi
    rmdir "$group"
    return 1
}

# Runs bench inside it.
run_in_group() {
    (
        echo "$BASHPID" >"$group/cgroup.procs" || exit
        run "$@"
        echo "$status" >status
    )
    status=$(cat status)
    await rmdir "$group" 2>/dev/null
}

case_infeasible_tasks_of_the_group() {
    local group
    make_group pids pids.max pids.max 40 || { left_out "no control group can be made"; return; }
    run_in_group --strategy thread-pool,process-pool --levels 10,100 --delay 1ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "$(printf '2 infeasible\n2 valid')"
    expect_in a "needs 108 threads or processes, the limit (of its control group) is 40 with 2 in use"
    expect_in a ">$group/pids.max"
}

case_infeasible_memory_of_the_group() {
    local group
    make_group memory memory.max memory.limit_in_bytes 419430400 ||
        { left_out "no control group can be made"; return; }
    run_in_group --strategy process-pool --levels 1,3000 --delay 1ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n1 valid')"
    expect_in a "MiB of memory, the limit (of its control group) is 400 with"
}

# In a network of its own, which ends with the command.
run_with_ports() {
    unshare -n bash -c 'ip link set lo up && cd /proc/sys/net/ipv4 &&
        echo "$1" >ip_local_port_range && echo "$2" >ip_local_reserved_ports &&
        cd "$3" && shift 3 && exec "$@"' bash "$1" "$2" "$PWD" "$program" "${@:3}" >out 2>err
}

case_infeasible_ports() {
    unshare -n ip link set lo up 2>/dev/null || { left_out "no network of one's own"; return; }
    run_with_ports "20000 20109" 20000-20009 --strategy event-loop --levels 10,99,100 --delay 1ms \
        --rounds 1 --csv a || fail "status $?: $(cat err)"
    expect_column a status "$(printf '1 infeasible\n2 valid')"
    expect_in a "needs 101 ports for connections to one address at a time, and the limit (net.ipv4.ip_local_port_range) is 100: use a lower level, or sysctl"
    run_with_ports "20000 20099" "" --strategy event-loop --levels 10 --requests 100 --delay 1ms \
        --rounds 1 --csv a && fail "status 0"
    expect_in err "use fewer --requests, or --connections reuse, or sysctl -w net.ipv4.ip_local_port_range="
    run_with_ports "20000 20099" "" --strategy event-loop --levels 10 --requests 99 --delay 1ms \
        --rounds 1 --csv a || fail "status $?: $(cat err)"
    expect_column a status "1 valid"
    run_with_ports "20000 20099" "" --strategy event-loop --levels 10 --requests 200 --delay 1ms \
        --connections reuse --rounds 1 --csv a || fail "status $?: $(cat err)"
    expect_column a status "1 valid"
}

case_warnings() {
    run --dry-run --strategy sequential --levels 1 --delay 1h
    expect_status 0
    expect_in out "warning: this will take about 1.0 hours"
    run --dry-run --strategy sequential --levels 1
    grep -q warning out && fail "a warning of nothing"
    unshare -n true 2>/dev/null || { left_out "no network of one's own"; return; }
    unshare -n bash -c 'ip link set lo up; echo 20 >/proc/sys/net/core/somaxconn; "$0" "$@"' "$program" \
        --strategy event-loop --levels 21 --rounds 1 --out o >out 2>err
    expect_in out "warning: 21 connections at a time may overflow the origin's queue, which net.core.somaxconn limits to 20"
    expect_in o/env.json "sysctl -w net.core.somaxconn=21"
}

# Streams that are closed are no place for results, and no reason to be slow.
case_closed_streams() {
    "$program" --strategy thread-pool --levels 1,3 --rounds 1 --delay 1ms --out o \
        >&- 2>&- <&- || fail "status $?"
    expect_column o/runs.csv status "2 valid"
}

# Where the kernel gives no descriptor for a process, its end is seen all the same. The leak check
# of the address sanitizer cannot look at a process that strace holds; every other case makes it.
case_no_pidfd() {
    command -v strace >/dev/null || return 0
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
        strace -f -qq -o trace -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS \
        "$program" --strategy process-pool,event-loop --levels 3 --rounds 2 --delay 1ms \
        --csv a >out 2>err || fail "status $?: $(cat err)"
    expect_column a status "4 valid"
    grep -q INJECTED trace || fail "nothing was injected"
}

case_disk_full() {
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv /dev/full
    [ "$status" -eq 0 ] && fail "a full disk is no success"
    expect_in err "No space left on device"
}

# -- going on ------------------------------------------------------------------------------

# The rows of a runs.csv as far as they name cells, sorted.
cells_of() {
    awk -F, '{ gsub(/"[^"]*"/, "quoted") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at["variant"], $at["round"], $at["strategy"], $at["level"], $at["position"] }' "$1" | sort
}

# Killed again and again, at any moment, and gone on with: the same rows as in one go.
case_resume_after_kill() {
    local plan=(--strategy "event-loop,process-pool" --levels "1,5,9" --rounds 4 --delay 20ms
        --seed 5 --variant a --variant b:X=1) kills=0
    run "${plan[@]}" --out whole
    expect_status 0
    start "${plan[@]}" --out o
    await test -s o/env.json || return
    for _ in 1 2 3; do
        sleep "0.$((RANDOM % 6 + 2))"
        kill -KILL "$pid" 2>/dev/null && kills=$((kills + 1))
        wait "$pid" 2>/dev/null
        # What a kill in the middle of a write would leave.
        printf '2026,a,1,"torn' >>o/runs.csv
        start --resume --out o
        await grep -q "rows are there already" out || return
    done
    wait_for_end
    expect_status 0
    [ "$kills" -gt 0 ] || fail "it was never killed"
    cells_of whole/runs.csv >expected
    cells_of o/runs.csv >got
    cmp expected got || fail "not the rows of a sweep in one go"
    expect_column o/runs.csv status "48 valid"
    [ "$(column o/runs.csv run_id | sort -u | wc -l)" -eq 1 ] || fail "several run_ids"
    expect_in o/env.json '"state": "complete"'
    expect_in o/env.json '"resumed": ['
    # Nothing is left to do: the tables again. The whole command may be typed again, too.
    run "${plan[@]}" --resume --out o
    expect_status 0
    expect_in out "48 rows: 48 valid"
    expect_column o/runs.csv status "48 valid"
}

# The requests of a cell that has no row are dropped; the others stay as they were.
case_resume_with_requests() {
    start --strategy event-loop,process-pool --levels 3,7 --rounds 4 --delay 60ms --raw --out o
    await has_rows o/runs.csv 5 || return
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    # As if it had been killed between the requests of a cell and its row.
    tail -3 o/requests.csv | sed 's/,[0-9]*,event-loop,/,9,event-loop,/; s/,[0-9]*,process-pool,/,9,process-pool,/' \
        >>o/requests.csv
    printf 'torn' >>o/requests.csv
    run --resume --out o
    expect_status 0
    expect_column o/runs.csv status "16 valid"
    [ "$(wc -l <o/requests.csv)" -eq $((1 + 4 * 2 * 10)) ] || fail "$(wc -l <o/requests.csv) lines"
    [ "$(sort -u o/requests.csv | wc -l)" -eq $((1 + 4 * 2 * 10)) ] || fail "requests are there twice"
    grep -q torn o/requests.csv && fail "the torn line is there"
    grep -q ',9,' o/requests.csv && fail "requests without a row are there"
    run --resume --out o --raw --delay 1ms
    expect_status 2
}

case_resume_after_interrupt() {
    start --strategy sequential --levels 1,2,3 --rounds 3 --delay 100ms --out o --csv a
    await has_rows o/runs.csv 3 || return
    kill -INT "$pid"
    wait_for_end
    expect_status 130
    expect_in err "go on with bench --resume --out o"
    run --resume --out o
    expect_status 0
    expect_column o/runs.csv status "9 valid"
    expect_column a status "9 valid"
}

# A disk that fills up leaves whole rows, and --resume can go on when there is room again.
case_rows_are_whole_on_a_full_disk() {
    mkdir o
    # In a mount namespace of its own; who may not have one cannot test this.
    unshare -m mount -t tmpfs none o 2>/dev/null || return 0
    status=0
    unshare -m bash -c 'mount -t tmpfs -o size=40k none o || exit 99
        "$0" --strategy sequential --levels 1 --delay 0 --rounds 150 --out o/run >out 2>err
        status=$?
        cp o/run/runs.csv full.csv
        mount -o remount,size=400k o
        "$0" --resume --out o/run >out2 2>err2 || status=resumed-$?
        cp o/run/runs.csv a
        exit "$status"' "$program" || status=$?
    expect_status 4
    expect_in err "o/run/runs.csv: cannot write the results: No space left on device"
    [ "$(tail -c 1 full.csv | od -An -tx1 | tr -d ' ')" = 0a ] || fail "the last row is torn"
    [ "$(wc -l <full.csv)" -lt 151 ] || fail "the disk was never full"
    expect_column a status "150 valid"
}

# Nothing is mixed; the difference is named.
case_resume_refuses() {
    local change name
    run --strategy event-loop --levels 1,2 --rounds 2 --delay 1ms --label who=me --out o
    expect_status 0
    cp -r o kept
    for change in "--levels 1,3" "--rounds 3" "--delay 2ms" "--seed 7" "--connections reuse" \
        "--strategy all" "--variant b:X=1" "--label who=you" "--timeout 5s"; do
        # shellcheck disable=SC2086
        run --resume --out o $change
        expect_status 2
        expect_in err "cannot go on with o: plan."
    done
    expect_in err "plan.timeout_s was 30.0 and is 5.0 now"
    for name in hostname kernel cpu_model program_crc32 version libcurl tls; do
        sed -i "s/\"$name\": \".*\"/\"$name\": \"another\"/" o/env.json
        run --resume --out o
        expect_status 2
        expect_in err ".$name was \"another\""
        cp kept/env.json o/env.json
    done
    run --resume
    expect_status 2
    expect_in err "--resume needs --out DIR"
    run --resume --out nowhere
    expect_status 2
    expect_in err "nowhere/env.json"
    cmp o/runs.csv kept/runs.csv || fail "runs.csv was touched"
    # Two at a time would write over each other.
    start --strategy sequential --levels 1 --delay 3s --rounds 1 --out busy
    await test -s busy/env.json || return
    run --resume --out busy
    expect_status 2
    expect_in err "another bench is writing to busy/runs.csv"
    kill -INT "$pid"
    wait_for_end
}

# -- variants ------------------------------------------------------------------------------

# Two environments in one sweep; each row says which libcurl its own cell ran with.
case_variants() {
    local shim
    shim=$(find "$(dirname "$program")/tests" -name '*other-libcurl.so')
    # The address sanitizer wants to be the first library; it need not be.
    run --strategy event-loop,process-pool --levels 2,5 --rounds 2 --delay 2ms --out o \
        --variant base "--variant=other:LD_PRELOAD=$shim,ASAN_OPTIONS=verify_asan_link_order=0"
    expect_status 0
    expect_column o/runs.csv status "16 valid"
    expect_column o/runs.csv variant "$(printf '8 base\n8 other')"
    [ "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at["variant"], $at["libcurl_version"] == "99.1.2-other" }' o/runs.csv | sort -u)" = \
        "$(printf 'base 0\nother 1')" ] || fail "a row has the version of another variant"
    expect_in o/env.json "\"LD_PRELOAD\": \"$shim\""
    expect_in out "x 2 variants"
    expect_in out "Variant other"
    run --variant a --variant a:X=1 --dry-run
    expect_status 2
    expect_in err "the name of 'a:X=1' was given before"
    # A cell that cannot even start is a row with a reason.
    mkdir bad
    echo "no library" >bad/libcurl.so.4
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv a \
        --variant "bad:LD_LIBRARY_PATH=$PWD/bad"
    expect_status 4
    expect_in a "the cell's process exited with status 127 before it had begun"
}

# -- other addresses -----------------------------------------------------------------------

case_url() {
    start serve --delay 5ms
    await grep -q listening out || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' out)
    server=$pid
    status=0
    "$program" --strategy $four --url "http://127.0.0.1:$port/detail/{1..100}" --levels 1,30 --rounds 1 --csv a \
        >out2 2>err || status=$?
    expect_status 0
    expect_column a status "8 valid"
    expect_column a ideal_s "8 "
    expect_column a origin_requests "8 "
    if getent hosts localhost >/dev/null; then # a minimal container knows no names
        "$program" --strategy $four --url "http://localhost:$port/detail/{id}" --levels 3 --rounds 1 --csv a \
            >out2 2>err || fail "a host name: $(cat err)"
        expect_column a ok "4 3"
    fi
    status=0
    "$program" --strategy $four --url "http://127.0.0.1:$port/nothing" --levels 2 --rounds 1 --csv a >out2 2>err ||
        status=$?
    expect_status 4
    expect_column a bad_status "4 2"
    expect_in a "2 of 2 requests failed (bad_status 2)"
    kill -INT "$server"
    pid=$server
    wait_for_end
    expect_status 0
    status=0
    "$program" --strategy $four --url "http://127.0.0.1:$port/" --levels 2 --rounds 1 --csv a >out2 2>err || status=$?
    expect_status 4
    expect_column a status "4 failed"
    expect_column a connect_failed "4 2"
}

# Pages that the origin spoils on request: the same in every cell, counted alike by both sides.
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
    bad "'x' is none of reset-at-once, " --fault x
    bad "makes it 120 % of the pages" --fault 500:60 --fault stall:60
    bad "'0' is not a whole number from 1 to 100" --fault 500:0
    bad "--fault is for the embedded origin" --fault 500 --url http://127.0.0.1/
    bad "--timeout 3600s is over 1800s" --fault drip --timeout 1h
}

# What the origin can do at once: each has its own tests, here they meet.
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
    expect_status 2
    expect_in err "rows that differ in page_bytes"

    run $most --levels 40 --delay 10ms --seed 1 --tls --fault reset-in-head:30 --csv a
    expect_status 4
    expect_column a status "4 failed"
    expect_column a tls_handshakes "4 40"
    [ "$(column a io_failed | sort -u | wc -l)" -eq 1 ] || fail "not the same fail in all"
    column a io_failed | grep -qx 0 && fail "nothing was spoilt"

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
    expect_column a status "4 failed" # and not invalid: refused and spoilt are told apart
    column a origin_refused | grep -qx 0 && fail "nothing was refused"

    bad "leave out chunked" --body chunked --fault length-too-short
}

# -- interruptions and deaths --------------------------------------------------------------

interrupted_by() {
    start --levels 1,10,50 --delay 100ms --rounds 50 --out "$1"
    await has_rows "$1/runs.csv" 4 || return
    kill -"$1" "$pid"
    wait_for_end
    expect_status 130
    no_leftovers || fail "processes are left: $(leftovers)"
    [ "$(tail -c 1 "$1/runs.csv" | xxd -p)" = 0a ] || fail "the last row is not whole"
    column "$1/runs.csv" status | grep -qv '^valid$' && fail "an interrupted cell left a row"
    expect_in "$1/env.json" '"state": "interrupted"'
    expect_in out "Cost time in s"
    expect_in err "bench: interrupted"
}

case_interrupted() {
    interrupted_by INT
    interrupted_by TERM
    interrupted_by HUP
}

case_harness_killed() {
    start --strategy process-pool --levels 20 --delay 5s --rounds 1 --out o
    await has_pids "bench cell" 21 || return # the cell and its workers
    kill -KILL "$pid"
    wait_for_end
    await no_leftovers
    [ "$(wc -l <o/runs.csv)" -eq 1 ] || fail "rows of a cell that did not end"
}

# The other child of the harness: the one that was not exec'd.
origin_of() { comm -3 <(pids_of "--strategy" | sort) <(echo "$pid") | tr -d '\t'; }
# The cells of the first round have a census before them, which leaves no row; in the second what
# runs is what is measured.
second_round() { await has_rows a 2; }

case_worker_killed() {
    start --strategy process-pool --levels 5 --delay 4s --rounds 2 --once-above off --csv a
    second_round && await has_pids "bench cell" 6 || return
    sleep 1
    kill -KILL "$(children_of "bench cell" "$(cell_of)" | head -1)"
    wait_for_end
    expect_status 4
    expect_in a "was killed by signal 9 (Killed) while it fetched http://127."
    expect_column a status "$(printf '1 failed\n1 valid')"
    expect_column a lost "$(printf '1 0\n1 1')"
    expect_column a ok "$(printf '1 4\n1 5')"
}

case_cell_killed() {
    start --strategy process-pool --levels 5 --delay 1500ms --rounds 2 --csv a
    second_round && await has_pids "bench cell" 6 || return
    kill -KILL "$(cell_of)"
    wait_for_end
    expect_status 4
    expect_in a "the cell's process was killed by signal 9 (Killed)"
    expect_column a status "$(printf '1 failed\n1 valid')"
}

case_origin_killed() {
    start --strategy event-loop --levels 5 --delay 1500ms --rounds 2 --csv a
    second_round && await has_pids "bench cell" 1 || return
    kill -KILL "$(origin_of)"
    wait_for_end
    expect_status 4
    expect_in a "the origin was killed by signal 9"
    expect_column a status "$(printf '1 failed\n1 valid')"
}

case_stopped_cell_can_be_interrupted() {
    start --strategy event-loop --levels 5 --delay 1500ms --rounds 2 --csv a
    await has_pids "bench cell" 1 || return
    kill -STOP "$(pids_of "bench cell")"
    sleep 0.1
    kill -INT "$pid"
    wait_for_end
    expect_status 130
}

case_reader_goes_away() {
    # As with any other program, a closed pipe ends it; nothing of it stays.
    "$program" --levels 1,10,50 --delay 50ms --rounds 50 --csv - 2>err | head -3 >out
    await no_leftovers
    [ "$(wc -l <out)" -eq 3 ] || fail "$(wc -l <out) lines"
}

# -- the picture ---------------------------------------------------------------------------

case_picture() {
    command -v gnuplot >/dev/null || return 0
    run --strategy event-loop,sequential --levels 1,10 --delay 5ms --rounds 2 --out o
    PATH=$(dirname "$program"):$PATH "$root/scripts/plot" o/runs.csv >names 2>err ||
        fail "plot: $(cat err)"
    [ "$(head -c 4 o/cost.png | xxd -p)" = 89504e47 ] || fail "no PNG"
    for word in event-loop sequential ideal; do
        grep -q ">$word<\|>$word " o/cost.svg || grep -q "$word" o/cost.svg ||
            fail "no $word in the SVG"
    done
    echo "strategy,level,status" >none.csv
    "$root/scripts/plot" none.csv >names 2>err && fail "a picture of nothing"
    expect_in err "no valid row"
}

run_cases "$@"

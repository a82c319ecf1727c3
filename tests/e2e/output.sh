#!/usr/bin/env bash
# output.sh - the destinations of results, their content, and the state after a full disk.
#
#   tests/e2e/output.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

case_csv_on_stdout() {
    run --profile quick --csv - --strategy event-loop
    expect_status 0
    [ "$(wc -l <out)" -eq 10 ] || fail "$(wc -l <out) lines of CSV"
    expect_column out status "9 valid"
    awk -F, 'NF != n && n { exit 1 } { n = NF }' out || fail "rows of different lengths"
    expect_in err "Cost time"
    [ -e results ] && fail "a directory that nobody asked for"
    cp out runs.csv
    run summary runs.csv
    expect_status 0
}

# One row per request, and no other line; kept connections differ from new ones.
case_raw() {
    run --raw --strategy process-pool,event-loop --levels 1,10 --requests 40 --delay 1ms --rounds 2 --warmup 1 --seed 3 --out o
    expect_status 0
    [ "$(wc -l <o/requests.csv)" -eq 321 ] || fail "$(wc -l <o/requests.csv) lines"
    expect_column o/requests.csv outcome "320 ok"
    expect_column o/requests.csv new_connections "320 1"
    expect_in out "o: runs.csv plan.json env.json requests.csv"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; columns = NF; next }
        NF != columns { print "fields: " NF; exit 1 }
        !($at["begin_us"] >= 0 && $at["start_us"] >= $at["begin_us"] &&
          $at["first_byte_us"] >= $at["start_us"] && $at["end_us"] >= $at["first_byte_us"] &&
          $at["connect_us"] > 0 && $at["origin_delay_us"] >= 1000) { print; exit 1 }' \
        o/requests.csv >wrong || fail "a row that cannot be: $(cat wrong)"
    # The median of the requests equals that of the cell; each is rounded to a tenth.
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        $at["strategy"] == "event-loop" && $at["level"] == 10 && $at["round"] == 1 {
            print $at["end_us"] - $at["begin_us"] }' o/requests.csv |
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
    # Failed cells have rows of requests, too; without a directory there is no place for them.
    run --raw --levels 2 --rounds 1 --url http://127.0.0.1:1/ --strategy event-loop --out f
    expect_status 4
    expect_column f/requests.csv outcome "2 connect_failed"
    expect_column f/requests.csv first_byte_us "2 "
    expect_usage_error "give --out too" --raw --csv a
    mkdir taken
    echo kept >taken/requests.csv
    expect_usage_error "taken/requests.csv already exists; give another --out" --raw --out taken
    [ "$(cat taken/requests.csv)" = kept ] || fail "a requests.csv was overwritten"
}

# A file size limit simulates a full disk: neither the row of the cell nor any row of its requests
# appears.
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
    [ "$(ls -d results/[0-9]*T[0-9]*Z-????/runs.csv | wc -l)" -eq 1 ] || fail "no results/<run id>"
}

case_progress() {
    run --strategy event-loop --levels 1,10 --rounds 1 --delay 1ms --progress always --csv a
    expect_status 0
    grep -q $'\x1b\[J' err || fail "no progress line"
    expect_in err "0:00 left"
    grep -q $'\x1b' out && fail "the progress line is in the output"
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --progress never --csv a
    [ -s err ] && fail "a progress line"
}

# One line that never wraps and leaves nothing behind, even if the terminal is resized; no line
# without a terminal that obeys, or if a pager shares it.
case_progress_on_a_terminal() {
    local screen=$root/tests/support/screen.py sweep="--strategy event-loop --levels 1,2,5,10,20
        --rounds 3 --delay 30ms --csv a"
    for widths in 20 40 80 200 120,30 80,25 30,120; do
        rm -f a
        # shellcheck disable=SC2086
        TERM=xterm "$screen" "$widths" "$program" $sweep >out || fail "exit status $? with $widths columns"
        grep -q ' left ' out && fail "residue with $widths columns: $(grep ' left ' out)"
        expect_in out "Conclusion"
        grep -q 'Number:' out && fail "lines of cells on a terminal"
    done
    rm -f a
    # shellcheck disable=SC2086
    TERM=dumb "$screen" 80 "$program" $sweep --verbose >out
    [ "$(grep -c 'Number:' out)" -eq 15 ] || fail "--verbose: $(cat out)"
    script -qec "TERM=dumb '$program' $(echo $sweep) --csv b" /dev/null </dev/null >typed
    grep -q $'\x1b' typed && fail "escape sequences with TERM=dumb"
    script -qec "TERM=xterm '$program' $(echo $sweep) --csv c | cat" /dev/null </dev/null >typed
    grep -q $'\x1b' typed && fail "a progress line beside a pager"
    return 0
}

# Colours on a terminal alone, and not against the reader's will (no-color.org).
case_colour() {
    run --strategy event-loop,sequential --levels 10 --rounds 3 --delay 10ms --csv a
    grep -q $'\x1b' out && fail "colours in a file"
    script -qec "TERM=xterm '$program' summary a" /dev/null </dev/null >typed
    grep -q $'\x1b\[32m' typed || fail "the fastest is not green"
    NO_COLOR=1 script -qec "TERM=xterm '$program' summary a" /dev/null </dev/null >typed
    grep -q $'\x1b' typed && fail "colours in spite of NO_COLOR"
    script -qec "TERM=dumb '$program' summary a" /dev/null </dev/null >typed
    grep -q $'\x1b' typed && fail "colours on a dumb terminal"
    return 0
}

# Rows with failed requests: ranked if that was allowed, when measured or when summarized.
case_allow_errors() {
    run --strategy event-loop,thread-pool --levels 20 --rounds 3 --delay 10ms --requests 100 \
        --fault 500:5 --seed 1 --csv a
    expect_status 4
    expect_column a status "6 failed"
    run summary a
    expect_in out "No row is valid"
    run summary --allow-errors 10 a
    expect_in out "failed)"
    grep -qE 'Level 20, fastest: [a-z-]+ [0-9.]+ms \([0-9.]+% failed\)' out || fail "no share: $(cat out)"
    run summary --allow-errors 1% a
    expect_in out "No row is valid"
    run --strategy event-loop,thread-pool --levels 20 --rounds 3 --delay 10ms --requests 100 \
        --fault 500:5 --seed 1 --allow-errors 10% --csv b
    expect_status 0
    expect_column b status "6 valid"
    expect_note b errors-allowed 6
    run --strategy event-loop --levels 20 --rounds 1 --delay 10ms --requests 100 \
        --fault 500:5 --seed 1 --allow-errors 1 --csv c
    expect_status 4
    # The allowed share is a condition: the two are not put into one table.
    run summary a b
    expect_status 5
    expect_in err "conditions"
}

# A line that every cell writes to standard error appears once per sweep; of the loader's warning about
# bench itself there is one more.
case_cell_lines() {
    LD_PRELOAD=$PWD/missing.so run --strategy event-loop,process-pool --levels 1,2 --rounds 3 --delay 1ms \
        --csv a
    expect_status 0
    expect_column a status "12 valid"
    [ "$(grep -c 'missing.so' err)" -eq 2 ] || fail "$(grep -c 'missing.so' err) warnings: $(cat err)"
    [ "$(grep -c '^bench: a cell wrote: ERROR: ld.so: .*missing.so' err)" -eq 1 ] || fail "$(cat err)"
    # Its last line is in the reason of a cell that breaks; what is no text reaches no terminal.
    printf '#!/bin/sh\necho first >&2\nprintf "no \\033[31msuch\\nlast \\033thing\\n" >&2\nexit 3\n' >broken
    printf '#!/bin/sh\nseq 1 300 >&2\nhead -c 100000 /dev/zero | tr "\\0" x >&2\nexit 3\n' >endless
    chmod +x broken endless
    run --strategy event-loop --levels 1,2 --rounds 2 --delay 1ms --csv b --variant "a:BENCH_PROGRAM=$PWD/broken"
    expect_status 4
    expect_in b "before it began; it last wrote 'last ?thing'"
    [ "$(cat err)" = "$(printf 'bench: a cell wrote: %s\n' first 'no ?[31msuch' 'last ?thing')" ] ||
        fail "$(cat -v err)"
    run --strategy event-loop --levels 1,2 --rounds 2 --delay 1ms --csv c --variant "a:BENCH_PROGRAM=$PWD/endless"
    expect_status 4
    expect_column c status "4 failed"
    [ "$(wc -l <err)" -eq 101 ] || fail "$(wc -l <err) lines"
    expect_in err "bench: a cell wrote: 100"
    expect_in err "bench: a cell wrote: (further lines of cells are not shown)"
}

case_disk_full() {
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv /dev/full
    [ "$status" -eq 0 ] && fail "a full disk is no success"
    expect_in err "No space left on device"
}

case_closed_pipe() {
    # A closed pipe ends it, as it ends other programs, and leaves no process.
    "$program" --levels 1,10,50 --delay 50ms --rounds 50 --csv - 2>err | head -3 >out
    await no_leftovers
    [ "$(wc -l <out)" -eq 3 ] || fail "$(wc -l <out) lines"
}

run_cases "$@"

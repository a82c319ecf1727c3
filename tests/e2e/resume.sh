#!/usr/bin/env bash
# resume.sh - sweeps that were interrupted and are continued with --resume.
#
#   tests/e2e/resume.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# The columns of a runs.csv that identify cells, sorted.
cells_of() {
    awk -F, '{ gsub(/"[^"]*"/, "quoted") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at["variant"], $at["round"], $at["strategy"], $at["level"], $at["position"] }' "$1" | sort
}

# Killed repeatedly at random moments and resumed: the same rows as in one run.
case_resume_after_kill() {
    local plan=(--strategy "event-loop,process-pool" --levels "1,5,9" --rounds 4 --delay 20ms
        --seed 5 --variant a --variant b:X=1) kills=0
    run "${plan[@]}" --out whole
    expect_status 0
    start "${plan[@]}" --out o
    await has_rows o/runs.csv 2 || return
    for _ in 1 2 3; do
        sleep "0.$((RANDOM % 6 + 2))"
        kill -KILL "$pid" 2>/dev/null && kills=$((kills + 1))
        wait "$pid" 2>/dev/null
        # The file after a kill in the middle of a write.
        printf '2026,a,1,"torn' >>o/runs.csv
        start --resume --out o
        await grep -q "resuming after [0-9]* recorded row" out || return
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
    # Nothing is left to do, so it prints the tables. The whole command may be repeated, too.
    run "${plan[@]}" --resume --out o
    expect_status 0
    expect_in out "48 rows: 48 valid"
    expect_column o/runs.csv status "48 valid"
}

# Requests of a cell without a row are dropped; the others stay unchanged.
case_resume_with_requests() {
    start --strategy event-loop,process-pool --levels 3,7 --rounds 4 --delay 60ms --raw --out o
    await has_rows o/runs.csv 5 || return
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    # The state after a kill between the requests of a cell and its row.
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

# The files of a program that was killed before its first row do not prevent a new run.
case_sweep_without_rows_starts_again() {
    local plan=(--strategy sequential --levels 1 --delay 0 --rounds 2 --raw) bytes header
    run "${plan[@]}" --out whole
    expect_status 0
    header=$(head -1 whole/runs.csv | wc -c)
    for bytes in 0 1 100 "$((header - 1))" "$header"; do
        mkdir "o$bytes"
        head -c "$bytes" whole/runs.csv >"o$bytes/runs.csv"
        # Also with requests that belong to no row, or an incomplete plan.
        head -3 whole/requests.csv >"o$bytes/requests.csv"
        [ "$bytes" -eq 0 ] || cp whole/plan.json "o$bytes"
        run --resume --out "o$bytes"
        expect_status 2
        expect_in err "--resume needs the --out of an earlier run: cannot "
        run "${plan[@]}" --out "o$bytes"
        expect_status 0
        expect_column "o$bytes/runs.csv" status "2 valid"
        [ "$(wc -l <"o$bytes/requests.csv")" -eq 3 ] || fail "$(wc -l <"o$bytes/requests.csv") lines of requests"
        run --resume --out "o$bytes"
        expect_status 0
    done
    # With all files but no row, it can also be resumed.
    for bytes in 0 100 "$header"; do
        head -c "$bytes" whole/runs.csv >"o$bytes/runs.csv"
        sed -i 's/"state": "complete"/"state": "interrupted"/' "o$bytes/env.json"
        run --resume --out "o$bytes"
        expect_status 0
        expect_column "o$bytes/runs.csv" status "2 valid"
    done
    # A file with a row, whole or torn, is kept, and so is another program's file.
    for bytes in "$((header + 1))" "$(wc -c <whole/runs.csv)"; do
        mkdir -p kept
        head -c "$bytes" whole/runs.csv >kept/runs.csv
        run "${plan[@]}" --out kept
        expect_status 2
        expect_in err "kept/runs.csv already exists; give another --out"
        [ "$(wc -c <kept/runs.csv)" -eq "$bytes" ] || fail "it was written to"
        grep -q -- --resume err && fail "a hint that leads nowhere"
    done
    echo "of something else" >kept/runs.csv
    run "${plan[@]}" --out kept
    expect_status 2
    expect_in kept/runs.csv "of something else"
}

# A row whose requests are missing is not complete.
case_resume_refuses_missing_requests() {
    local line
    run --strategy event-loop --levels 2,3 --rounds 2 --delay 1ms --raw --order grouped --out o
    expect_status 0
    cp -r o kept
    for line in 2 4 '$' '2,$'; do
        sed -i "${line}d" o/requests.csv
        cp o/requests.csv short
        run --resume --out o
        expect_status 2
        expect_in err "remove its row and all later ones from runs.csv to measure them again"
        cmp o/requests.csv short || fail "requests.csv was touched"
        cmp o/runs.csv kept/runs.csv || fail "runs.csv was touched"
        cp kept/requests.csv o
    done
    # As the message says, only the missing part is measured again.
    sed -i '$d' o/requests.csv
    sed -i '$d' o/runs.csv
    sed -i 's/"state": "complete"/"state": "interrupted"/' o/env.json
    run --resume --out o
    expect_status 0
    expect_column o/runs.csv status "4 valid"
    [ "$(wc -l <o/requests.csv)" -eq 11 ] || fail "$(wc -l <o/requests.csv) lines"
}

# A file size limit is a failed write like any other, not a signal.
case_rows_are_whole_at_the_file_size_limit() {
    local plan=(--strategy sequential --levels 1 --delay 0 --rounds 150 --quiet)
    (ulimit -f 40 && exec "$program" "${plan[@]}" --out o) 2>&1 | cat >err
    status=${PIPESTATUS[0]}
    expect_status 4
    expect_in err "o/runs.csv: cannot write the results: File too large"
    [ "$(tail -c 1 o/runs.csv | od -An -tx1 | tr -d ' ')" = 0a ] || fail "the last row is torn"
    has_rows o/runs.csv 5 || fail "there are no rows"
    run --resume --out o
    expect_status 0
    expect_column o/runs.csv status "150 valid"
    # From the first byte on, and in shared memory.
    (ulimit -f 0 && exec "$program" "${plan[@]}" --out o2) 2>&1 | cat >err
    status=${PIPESTATUS[0]}
    expect_status 2
    expect_in err "cannot write the results: File too large"
    (ulimit -f 4 && exec "$program" "${plan[@]}" --out o3) 2>&1 | cat >err
    status=${PIPESTATUS[0]}
    expect_status 4
    expect_in err "bytes of shared memory: File too large"
    for out in o2 o3; do
        run "${plan[@]}" --out "$out"
        expect_status 0
    done
}

case_resume_after_interrupt() {
    start --strategy sequential --levels 1,2,3 --rounds 3 --delay 100ms --out o --csv a
    await has_rows o/runs.csv 3 || return
    kill -INT "$pid"
    wait_for_end
    expect_status 130
    expect_in err "continue with bench --resume --out o"
    run --resume --out o --csv a
    expect_status 0
    expect_column o/runs.csv status "9 valid"
    expect_column a status "9 valid"
}

# The rows of a search tell how many cells are left of it.
case_resumed_search_is_predicted() {
    run --find-rate 'p50<10s' --rates 100,800 --strategy event-loop --delay 1ms --duration 1s \
        --rounds 1 --connections reuse --out o --dry-run
    expect_in out "about 8 cells, about 8 s"
    run --find-rate 'p50<10s' --rates 100,800 --strategy event-loop --delay 1ms --duration 1s \
        --rounds 1 --connections reuse --out o --quiet
    head -2 o/runs.csv >kept && mv kept o/runs.csv
    run --resume --out o
    expect_status 0
    expect_in out "about 7 cells, about 7 s"
}

# A full disk leaves whole rows, and --resume can continue when there is space again.
case_rows_are_whole_on_a_full_disk() {
    mkdir o
    # Runs in a separate mount namespace; without the privilege for one this cannot be tested.
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

# Different plans are not mixed; the difference is named.
case_resume_refuses() {
    local change name
    run --strategy event-loop --levels 1,2 --rounds 2 --delay 1ms --label who=me --out o
    expect_status 0
    cp -r o kept
    for change in "--levels 1,3" "--rounds 1" "--delay 2ms" "--seed 7" "--connections reuse" \
        "--strategy all" "--variant b:X=1" "--warmup 1" "--timeout 5s"; do
        # shellcheck disable=SC2086
        run --resume --out o $change
        expect_status 2
        expect_in err "cannot resume o: "
    done
    expect_in err 'timeout was "30s" and is "5s" now'
    for name in kernel cpu_model program_crc32 version libcurl tls; do
        sed -i "s/\"$name\": \".*\"/\"$name\": \"another\"/" o/env.json
        run --resume --out o
        expect_status 2
        expect_in err ".$name was \"another\""
        cp kept/env.json o/env.json
    done
    # Two containers are one machine; a label is only for readers.
    sed -i 's/"hostname": ".*"/"hostname": "another"/' o/env.json
    run --resume --out o --label who=you
    expect_status 0
    cp kept/env.json o/env.json
    run --resume
    expect_status 2
    expect_in err "--resume needs --out DIR"
    run --resume --out nowhere
    expect_status 2
    expect_in err "cannot read nowhere"
    cmp o/runs.csv kept/runs.csv || fail "runs.csv was touched"
    # Two at once would overwrite each other.
    start --strategy sequential --levels 1 --delay 3s --rounds 1 --out busy
    await test -s busy/env.json || return
    run --resume --out busy
    expect_status 2
    expect_in err "another bench is writing to busy/runs.csv"
    kill -INT "$pid"
    wait_for_end
}

run_cases "$@"

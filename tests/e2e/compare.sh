#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# compare.sh - bench compare and bench calibrate as users run them: exit statuses, refusals,
# repeated measurements.
#
#   tests/e2e/compare.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Sweeps one small cell in two variants into o.
two_variants() {
    run --strategy event-loop --levels 4 --requests 20 --delay 1ms --rounds 12 --variant base \
        --variant "${1:-new}" --out o --quiet
    expect_status 0
    [ -s out ] && fail "--quiet printed $(head -c 200 out)"
}

# Changes a column in the rows of a variant; the new value is an awk expression of the old one, v.
edit() {
    awk -F, -v OFS=, -v name="$2" -v variant="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
        $at["variant"] == variant { v = $at[name]; $at[name] = '"$4"' }
        { print }' "$1" >edited && mv edited "$1"
}

compare_base_to_new() { run compare o --base base --head new "$@"; }

# -- exit statuses -------------------------------------------------------------------------

case_slower() {
    two_variants new:BENCH_INJECT=cpu:500us
    compare_base_to_new --markdown m --json j --junit x --metric cpu
    expect_status 1
    expect_in out "slower"
    expect_in out "event-loop"
    expect_in m "slower"
    expect_in x "<failure"
    python3 -c 'import json; json.load(open("j"))["problems"]' || fail "j is no comparison"
    compare_base_to_new --markdown - --metric cpu
    expect_in err "slower overall in cpu, and in 1 of 1 comparison"
    expect_in out "### "
    run compare o --base new --new base --metric cpu # in the other direction; --new is an alias of --head
    expect_status 0
    expect_in out "faster in 1 of 1"
}

# A report that cannot be written whole leaves the old one.
case_reports_are_replaced_whole() {
    local report
    two_variants
    for report in json markdown junit; do
        echo old >"$report"
        (ulimit -f 0 && exec "$program" compare o --base base --head new --$report "$report") 2>&1 |
            cat >err
        [ "${PIPESTATUS[0]}" -eq 2 ] || fail "--$report: status ${PIPESTATUS[0]}"
        expect_in err "bench: cannot write '$report': File too large"
        [ "$(cat "$report")" = old ] || fail "--$report has destroyed what was there"
        [ "$(find . -name "$report*" | wc -l)" -eq 1 ] || fail "it left $(ls)"
        "$program" compare o --base base --head new "--$report" - >to_stdout 2>/dev/null
        "$program" compare o --base base --head new "--$report" "$report" >out 2>&1
        cmp -s to_stdout "$report" || fail "--$report - is not --$report $report"
    done
}

case_same_and_cannot_tell() {
    two_variants
    edit o/runs.csv overhead_s new '0.05 + $at["round"] / 1e6'
    edit o/runs.csv overhead_s base '0.05 + $at["round"] / 1e6'
    compare_base_to_new --metric overhead
    expect_status 0
    expect_in out "1 same"
    edit o/runs.csv overhead_s new '$at["round"] % 2 ? 0.01 : 0.09'
    compare_base_to_new --metric overhead
    expect_status 3
    expect_in out "too noisy"
    head -7 o/runs.csv >few && mv few o/runs.csv
    compare_base_to_new --metric overhead
    expect_status 3
    expect_in out "cannot decide"
}

# A regression counts even if other rows are missing; without one, missing rows fail.
case_incomplete() {
    two_variants
    cp o/runs.csv whole
    edit o/runs.csv status new '$at["round"] == 3 ? "failed" : v'
    compare_base_to_new --threshold 900%
    expect_status 4
    expect_in out "1 of 12 rows failed"
    head -n -1 whole >o/runs.csv
    compare_base_to_new --threshold 900%
    expect_status 4
    expect_in out "rows"
    cp whole o/runs.csv
    edit o/runs.csv level new 5
    compare_base_to_new --threshold 900%
    expect_status 4
    expect_in out "has no row of this cell"
    expect_in out "nothing was compared"
}

case_not_comparable() {
    two_variants
    mv o a
    run --strategy event-loop --levels 4 --requests 20 --delay 1ms --rounds 2 --timeout 20s \
        --out b --quiet
    run compare a b --base base
    expect_status 5
    expect_in out "timeout is \"30s\" in a and \"20s\" in b"
    run --strategy event-loop --levels 1,2,4 --requests 20 --delay 2ms --rounds 2 --out c --quiet
    run compare a c --base base --json j --markdown m
    expect_status 5
    expect_in out "delay is"
    expect_in j '"noted"'
    grep noted out m && fail "notes beside the refusal"
    cp b/runs.csv lonely.csv
    run compare b lonely.csv
    expect_status 5
    expect_in out "no env.json"
    sed -i 's/"kernel": "[^"]*"/"kernel": "another"/' b/env.json
    cp -r a d
    run compare b d --head base
    expect_status 5
    expect_in out "machine.kernel is"
}

# Rows from other servers have no ideal and so no overhead: the cost time gates.
case_other_servers() {
    local port server side
    env --default-signal=INT "$program" serve --delay 1ms >serve 2>&1 &
    server=$!
    await grep -q listening serve || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' serve)
    for side in a b; do
        run --url "http://127.0.0.1:$port/detail/{1..20}" --strategy event-loop --levels 4 --requests 20 \
            --rounds 12 --out $side --quiet
        expect_status 0
    done
    run compare a b --threshold 900% --json j
    expect_status 0
    grep -q overhead out && fail "overhead is compared: $(cat out)"
    expect_in out "2 same"
    run compare a b --metric overhead --threshold 900%
    expect_status 3
    kill -INT "$server"
    wait "$server" || fail "the server ended with $?"
}

# Two variants of a run are not rounds of one cell.
case_two_runs_with_variants() {
    two_variants
    mv o a
    two_variants
    expect_usage_error "a has the variants" compare a o
    expect_usage_error "choose one with --head" compare a o --base base
    expect_usage_error "; did you mean 'new'?" compare a o --base base --head nwe
    run compare a o --base base --head new --threshold 900%
    expect_status 0
    expect_in out "12 of 12 rows valid"
    expect_in out "not paired"
}

# A variant that claims its own libcurl but does not use it.
case_claims() {
    mkdir nothing_here
    two_variants "new:LD_LIBRARY_PATH=$PWD/nothing_here"
    compare_base_to_new --threshold 900%
    expect_status 5
    expect_in out "sets another LD_LIBRARY_PATH"
    compare_base_to_new --threshold 900% --new-libcurl 0.0.1
    expect_status 5
    expect_in out "not with 0.0.1 as claimed"
}

case_usage() {
    expect_usage_error "give two runs" compare
    two_variants
    mv o runs
    for words in "one run needs two variants|runs" "one run needs two variants|runs --base base" \
        "has no variant|runs --base base --head nwe" "compared with itself|runs runs" \
        "cannot read|runs/none --base a --head b" "is not one of cost, overhead|runs --metric speed" \
        "is not a share|runs --threshold quick" "works only on two variants|runs other --retry 1"; do
        # shellcheck disable=SC2086
        expect_usage_error "${words%%|*}" compare ${words#*|}
    done
}

# -- measuring again -----------------------------------------------------------------------

# All cells are slower by 4 %. No cell shows that alone, as its threshold is 5 %. The rows show it
# together; a new measurement of all cells does not, and single cells never did.
case_overall() {
    run --cells event-loop@4,thread-pool@4 --requests 20 --delay 1ms --rounds 12 --variant base \
        --variant new --out o --quiet
    edit o/runs.csv system_s base 0
    edit o/runs.csv system_s new 0
    edit o/runs.csv user_s base '0.01 + $at["round"] / 1e6'
    edit o/runs.csv user_s new '1.04 * (0.01 + $at["round"] / 1e6)'
    compare_base_to_new --metric cpu --json j --junit x
    expect_status 1
    expect_in out "slower overall in cpu"
    expect_in out "OVERALL, 2 cells"
    expect_in j '"outcome": "regression"'
    expect_in x 'classname="bench.overall" name="cpu"'
    compare_base_to_new --metric cpu --strict --json j
    expect_status 0
    grep -q OVERALL out && fail "--strict has an overall line"
    expect_in j '"strict": true'
    compare_base_to_new --metric cpu --threshold 10%
    expect_status 0
    expect_in out "nothing slower: overall cpu +4.0 %"
    compare_base_to_new --metric cpu --retry 1
    [ "$status" -eq 3 ] || [ "$status" -eq 0 ] || fail "status $status: $(cat out)"
    expect_in out "overall cpu: slower at first; measured again"
    expect_column o/retry-1/runs.csv strategy $'24 event-loop\n24 thread-pool'
}

# Measuring one of two cells again says nothing about both together.
case_retry_of_one_cell() {
    run --cells event-loop@4,thread-pool@4 --requests 20 --delay 1ms --rounds 12 --variant base \
        --variant new --out o --quiet
    edit o/runs.csv system_s base 0
    edit o/runs.csv system_s new 0
    edit o/runs.csv user_s base '0.01 + $at["round"] / 1e6'
    edit o/runs.csv user_s new '(0.01 + $at["round"] / 1e6) * ($at["strategy"] == "event-loop" ? 4 : $at["round"] % 2 ? 0.01 : 3)'
    compare_base_to_new --metric cpu --threshold 200% --retry 1
    expect_status 3
    expect_column o/retry-1/runs.csv strategy "24 event-loop"
    expect_in out "slower at first; measured again"
    grep -q "^cannot tell OVERALL, 2 cells" out || fail "the overall line: $(grep OVERALL out)"
}

# A cell with a row that is not valid is left out of the overall line and named.
case_cells_left_out_of_the_overall() {
    run --cells event-loop@4,thread-pool@4 --requests 20 --delay 1ms --rounds 12 --variant base \
        --variant new --out o --quiet
    edit o/runs.csv overhead_s new '$at["strategy"] == "event-loop" && $at["round"] == 3 ? -0.001 : v'
    compare_base_to_new --threshold 900%
    expect_status 0
    expect_in out "event-loop 4: not in the overall overhead: of 12 rounds base has a valid figure above 0 in 12, new in 11"
}

# A real regression shows again in a new measurement; an apparent one does not.
case_retry() {
    two_variants new:BENCH_INJECT=cpu:500us
    compare_base_to_new --metric cpu --retry 1
    expect_status 1
    expect_in out "measured again: slower by"
    [ -s o/retry-1/runs.csv ] || fail "no rows of the other measurement"
    expect_column o/retry-1/runs.csv strategy "24 event-loop"
    rm -r o
    two_variants
    edit o/runs.csv user_s new 'v * 10 + 1'
    compare_base_to_new --metric cpu --threshold 300%
    expect_status 1
    compare_base_to_new --metric cpu --threshold 300% --retry 2
    [ "$status" -eq 3 ] || [ "$status" -eq 0 ] || fail "status $status: $(cat out)"
    expect_in out "slower at first; measured again"
    edit o/runs.csv user_s new '(v - 1) / 10'
    edit o/runs.csv status new '$at["round"] == 3 ? "failed" : v'
    compare_base_to_new --metric cpu --threshold 900% --retry 1
    expect_status 0
    expect_in out "measured again, all rows are valid"
}

# -- a budget ------------------------------------------------------------------------------

case_budget() {
    run --cells event-loop@2,thread-pool@2 --requests 4 --delay 1ms --budget 2s --out o
    expect_status 0
    expect_in out "2 cells, for 2s"
    [ "$(column o/runs.csv round | sort -n | tail -1)" -gt 4 ] || fail "$(tail -1 o/runs.csv)"
    expect_in o/env.json '"state": "complete"'
    # Whole rounds of all cells.
    [ $((($(wc -l <o/runs.csv) - 1) % 2)) -eq 0 ] || fail "half a round"
}

# Clearly slower at the first interim analysis, so the rest of the budget is not spent.
case_decided_early() {
    local start_s=$SECONDS
    run --cells event-loop@2 --requests 4 --delay 1ms --budget 20s --out o --variant base \
        --variant new:BENCH_INJECT=cpu:5ms
    expect_status 0
    expect_in out "the verdict is decided"
    [ $((SECONDS - start_s)) -lt 15 ] || fail "it took $((SECONDS - start_s)) s of 20"
    expect_in o/env.json '"planned_analyses": 5'
    compare_base_to_new
    expect_status 1
    expect_in out "in each of 5 analyses"
}

case_calibrate() {
    run calibrate --budget 4s --out c -- --cells event-loop@2,thread-pool@2,process-pool@2 \
        --requests 4 --delay 1ms
    expect_status 0
    expect_in out "worth gating on"
    [ -s results/calibration.json ] || fail "no results/calibration.json"
    run --profile ci --requests 4 --delay 1ms --budget 1s --out o
    expect_status 0
    expect_in out "calibrated by results/calibration.json"
    column o/runs.csv strategy | sed 1d | sort -u >used
    python3 -c 'import json
for cell in json.load(open("results/calibration.json"))["cells"]:
    if cell["gates"]: print(cell["strategy"])' | sort -u >chosen
    diff used chosen >/dev/null || fail "chosen $(tr '\n' ' ' <chosen) used $(tr '\n' ' ' <used)"
    # From another plan, from another machine, and empty.
    run --profile ci --requests 4 --delay 7ms --budget 1s --cells event-loop@2 --out p
    expect_in out "delay was"
    sed -i 's/"kernel": "[^"]*"/"kernel": "another"/' results/calibration.json
    run --profile ci --requests 4 --delay 1ms --cells event-loop@2 --budget 1s --out q
    expect_in out "machine.kernel was \"another\""
    echo '{' >results/calibration.json
    run --profile ci --out r
    expect_status 2
    expect_in err "results/calibration.json"
    [ -e r ] && fail "it began"
    run --levels 1 --rounds 1 --strategy event-loop --delay 1ms --out s # which needs no calibration
    expect_status 0
    rm -r results c
}
needs_quiet calibrate

# The rounds of a search are no fair sample.
case_no_search() {
    run --find-rate 'p50<1s' --rates 100 --strategy event-loop --delay 1ms --duration 100ms \
        --rounds 3 --variant base --variant new --out o --quiet
    expect_status 0
    compare_base_to_new
    expect_status 2
    expect_in err "o is a search (--find-rate), whose rates depend on its own results"
}

# A calibration that fails or is interrupted keeps the old file and says where its rows are.
case_calibrate_keeps_the_old_file() {
    local measured=(-- --cells event-loop@2 --delay 1ms)
    mkdir results
    echo old >results/calibration.json
    start calibrate --budget 20s --out c "${measured[@]}"
    await has_rows c/runs.csv 2 || return
    kill -INT "$pid"
    wait_for_end
    expect_status 130
    expect_in err "interrupted; results/calibration.json was not written; the rows so far are in c"
    (ulimit -f 40 && exec "$program" calibrate --budget 20s --out d "${measured[@]}") 2>&1 | cat >err
    status=${PIPESTATUS[0]}
    expect_status 4
    expect_in err "results/calibration.json was not written; the rows are in d: d/runs.csv: cannot write"
    run calibrate --budget 100ms --out e "${measured[@]}"
    expect_status 3
    expect_in err "the rows are in e: no cell is quiet enough"
    # Two calibrations within one second get separate directories.
    "$program" calibrate --budget 100ms "${measured[@]}" >out2 2>err2 &
    run calibrate --budget 100ms "${measured[@]}"
    wait $!
    for file in err err2; do expect_in "$file" "no cell is quiet enough"; done
    [ "$(find results -name 'calibration-*' | wc -l)" -eq 2 ] || fail "$(ls results)"
    [ "$(cat results/calibration.json)" = old ] || fail "the old file is gone"
    [ "$(find results -name '*.new' | wc -l)" -eq 0 ] || fail "$(ls results)"
}

run_cases "$@"

#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# plan.sh - plans as data: printed, recorded, run again, resumed, measured again; and the limits of
# a plan from a file.
#
#   tests/e2e/plan.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# The cells in their order: round, position, strategy, level, requests, variant.
order_of() { python3 -c '
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    print(*(row[c] for c in ("variant", "round", "position", "strategy", "level", "requests")))' "$1"; }

# Prints a field of a plan.json or env.json, given the keys that lead to it.
json() { python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2:]: value = value[key]
print(json.dumps(value))' "$@"; }

# Sweeps one small cell in two variants, the second of which is slower.
slower() {
    run --strategy event-loop --levels 4 --requests 20 --delay 1ms --rounds 12 --variant base \
        --variant new:BENCH_INJECT=cpu:500us --out o "$@"
}

# -- round trips ---------------------------------------------------------------------------

case_same_sweep_from_its_plan() {
    local was
    run --strategy event-loop,process-pool --levels 1,4 --rounds 2 --delay uniform:1ms..3ms \
        --variant a --variant b:X=1 --label k=v --fault 500:10 --timeout 2s --out a
    was=$status # from the pages with a fault
    run run --plan a --out b
    expect_status "$was"
    order_of a/runs.csv >a.order
    order_of b/runs.csv >b.order
    cmp a.order b.order || fail "another order, or other cells"
    cmp a/plan.json b/plan.json || fail "another plan"
    # One table can hold both, as nothing differs.
    run summary a b
    expect_status 0
}

case_printed_and_overridden() {
    run plan --strategy event-loop --levels 1,3 --delay 3ms --variant x:A=1 --variant y \
        --label "k=$(printf '\xff')" --header "Authorization: secret" --url http://127.0.0.1/
    expect_status 2
    expect_in err "--delay is for the embedded origin"
    run plan --strategy event-loop --levels 1,3 --delay 3ms --variant x:A=1 --variant y \
        --label "k=$(printf '\xff')"
    expect_status 0
    mv out p.json
    [ "$(json p.json plan labels)" = '[{"base64": "az3/"}]' ] || fail "$(json p.json plan labels)"
    [ "$(json p.json plan seed)" = '"auto"' ] || fail "$(json p.json plan seed)"
    run run --plan p.json --rounds 1 --delay 1ms --label new=1 --out o
    expect_status 0
    expect_column o/runs.csv strategy "4 event-loop"
    expect_column o/runs.csv delay_s "4 0.001000000"
    # A list on the command line replaces the list in the file.
    [ "$(json o/plan.json plan labels)" = '["new=1"]' ] || fail "$(json o/plan.json plan labels)"
    run plan --plan o
    expect_status 0
    cmp out o/plan.json || fail "the plan of a directory is printed otherwise"
    run run --plan nowhere.json
    expect_status 2
    expect_in err "cannot read nowhere.json"
    echo '{"schema": 1, "plan": {"dealy": "1ms"}}' >p.json
    expect_usage_error "unknown plan field 'dealy'; did you mean 'delay'?" run --plan p.json
    expect_usage_error "--resume takes the plan of --out DIR" --resume --out o --plan p.json
}

# An argument that is not UTF-8 is recorded unchanged; once it vanished and shifted the others.
case_bytes_that_are_not_utf8() {
    run --strategy sequential --levels 1,2 --rounds 1 --delay 1ms --label "$(printf 'a=\xff\xfe')" \
        --label b=c --out o
    expect_status 0
    sed -i 3d o/runs.csv
    run --resume --out o
    expect_status 0
    expect_column o/runs.csv status "2 valid"
    [ "$(json o/plan.json plan labels)" = '[{"base64": "YT3//g=="}, "b=c"]' ] ||
        fail "$(json o/plan.json plan labels)"
}

case_large_seeds() {
    local seed
    for seed in 9223372036854775808 18446744073709551615; do
        run --strategy event-loop,sequential --levels 1,2,3 --rounds 2 --delay 1ms --seed $seed --out o$seed
        expect_status 0
        [ "$(json o$seed/plan.json plan seed)" = "\"$seed\"" ] || fail "$(json o$seed/plan.json plan seed)"
        order_of o$seed/runs.csv >whole
        sed -i '$d' o$seed/runs.csv
        run --resume --out o$seed
        expect_status 0
        order_of o$seed/runs.csv >resumed
        cmp whole resumed || fail "another order with seed $seed"
    done
}

# -- untrusted files -----------------------------------------------------------------------

# A run directory is data: the variables that it sets for cells are shown, and are set only if no
# other user may write the file, or with --trust.
case_untrusted_plans() {
    local how
    printf '#!/bin/sh\ntouch %s/ran\nexec %s "$@"\n' "$PWD" "$program" >evil
    chmod +x evil
    slower
    expect_status 0
    cp -r o compared
    chmod 666 compared/plan.json
    python3 - "$PWD/evil" <<'END'
import json, sys
plan = json.load(open("o/plan.json"))
plan["plan"]["variants"][1]["settings"] += ["BENCH_PROGRAM=" + sys.argv[1], "E=\x1b[31m"]
json.dump(plan, open("o/plan.json", "w"))
END
    chmod 666 o/plan.json
    for how in "run --plan o --rounds 1 --out n" "run --resume --out o --rounds 13" \
        "compare compared --base base --head new --retry 1 --metric cpu"; do
        # shellcheck disable=SC2086
        run $how
        expect_status 2
        expect_in err "add --trust"
        cat out err >said
        expect_in said "variant new of the plan sets BENCH_INJECT=cpu:500us"
        [ "${how%% *}" = compare ] || {
            expect_in said "variant new of the plan sets BENCH_PROGRAM=$PWD/evil"
            expect_in said 'E=?[31m'
        }
        grep -q $'\x1b' said && fail "an escape reached the terminal"
        [ -e ran ] && fail "a program of the file ran: $how"
        [ -e n ] && fail "a directory was made: $how"
        [ -e compared/retry-1 ] && fail "it was measured again: $how"
    done
    run compare compared --base base --head new --retry 1 --metric cpu --trust
    expect_status 1
    run run --plan o --rounds 1 --out n --trust
    [ -e ran ] || fail "with --trust it did not run: $(cat err)"
    rm ran
    chmod 644 o/plan.json
    run run --plan o --rounds 1 --out m
    [ -e ran ] || fail "the user's own file was not run: $(cat err)"
    # Options on the command line are trusted.
    chmod 666 o/plan.json
    run run --plan o --variant c:Y=1 --rounds 1 --out k
    expect_status 0
}

# -- resuming ------------------------------------------------------------------------------

# The used part of a budget stays used, and so do its interim analyses.
case_budget_goes_on() {
    local used
    start --cells event-loop@2 --requests 4 --delay 20ms --budget 6s --variant a --variant b \
        --stop budget --out o
    await has_rows o/runs.csv 20 || return
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    used=$(json o/env.json budget used_s)
    awk -v used="$used" 'BEGIN { exit !(used > 0.5 && used < 6) }' || fail "used $used s"
    run --resume --out o
    expect_status 0
    awk -v was="$used" -v used="$(json o/env.json budget used_s)" \
        'BEGIN { exit !(used > was && used < 7.5) }' || fail "used $(json o/env.json budget used_s) s in all"
    [ "$(json o/env.json state)" = '"complete"' ] || fail "$(json o/env.json state)"
    # The budget is spent: nothing more is measured, although the plan has more rounds.
    cp o/runs.csv finished.csv
    run --resume --out o
    expect_status 0
    cmp o/runs.csv finished.csv || fail "a finished sweep went on"
}

case_analyses_go_on() {
    start --cells event-loop@2 --requests 4 --delay 20ms --budget 8s --variant a --variant b --out o
    await grep -qs '"interim_analyses": 2' o/env.json || return
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    run --resume --out o
    expect_status 0
    [ "$(json o/env.json budget interim_analyses)" -ge 2 ] ||
        fail "$(json o/env.json budget interim_analyses) analyses"
    [ "$(json o/env.json budget planned_analyses)" -eq 5 ] ||
        fail "$(json o/env.json budget planned_analyses) were planned"
}

case_rounds_may_grow() {
    run --strategy event-loop --levels 1,2 --rounds 2 --delay 1ms --out o
    expect_status 0
    run --resume --out o --rounds 4
    expect_status 0
    expect_column o/runs.csv round "$(printf '2 1\n2 2\n2 3\n2 4')"
    [ "$(json o/plan.json plan rounds)" = 4 ] || fail "$(json o/plan.json plan rounds)"
    run --resume --out o --rounds 3
    expect_status 2
    expect_in err 'rounds was "4" and is "3" now'
}

# A directory of the first edition can be read but not resumed.
case_first_edition() {
    cp -r "$root/results/reference/slow-site" o
    cp o/runs.csv before
    run --resume --out o
    expect_status 2
    expect_in err "cannot read o/plan.json"
    expect_in err "o is a run of bench 0.1, which cannot be resumed: measure again with another --out"
    run summary o
    expect_status 0
    cmp before o/runs.csv || fail "it was touched"
}

# -- measuring again -----------------------------------------------------------------------

# The destination of the rows is not part of the plan.
case_retry_leaves_the_csv_alone() {
    slower --csv rows.csv
    expect_status 0
    cp rows.csv before
    run compare o --base base --head new --metric cpu --retry 1
    expect_status 1
    expect_in out "measured again: slower by"
    cmp rows.csv before || fail "the file of --csv was written to"
    run compare o/runs.csv --base base --head new --metric cpu --retry 1
    expect_status 2
    expect_in err "give its directory instead of 'o/runs.csv'"
    rm -r o
    slower --csv -
    expect_status 0
    run compare o --base base --head new --metric cpu --retry 1 --json j
    expect_status 1
    grep -q '^[0-9TZ-]*-[0-9a-f]*,new,' out && fail "rows are mixed into the table"
    [ "$(json o/retry-1/plan.json plan rounds)" -eq 12 ] || fail "other rounds"
}

# Ctrl-C ends the second retry as it ends the first.
case_interrupted_in_the_second_retry() {
    slower --delay 20ms
    expect_status 0
    start compare o --base base --head new --metric cpu --retry 9
    await has_rows o/retry-2/runs.csv 3 || return
    kill -INT "$pid"
    wait_for_end
    expect_status 130
    [ "$(json o/retry-2/env.json state)" = '"interrupted"' ] || fail "$(json o/retry-2/env.json state)"
    [ -e o/retry-3 ] && fail "it went on"
}

# -- conditions ----------------------------------------------------------------------------

# Two containers on one machine count as one machine; the duration of a name lookup does not matter.
case_two_hosts_of_one_machine() {
    for dir in a b; do
        run --strategy event-loop --levels 2 --requests 20 --delay 1ms --rounds 8 --out $dir --quiet
        expect_status 0
    done
    sed -i 's/"hostname": ".*"/"hostname": "another"/; s/"load_average": ".*"/"load_average": "9"/' b/env.json
    run compare a b --threshold 900%
    expect_status 0
    run summary a b
    expect_status 0
    # Other CPUs, or a smaller share of them, count as another machine.
    cp b/env.json kept
    sed -i 's/"cpus_allowed_list": ".*"/"cpus_allowed_list": "7"/' b/env.json
    run compare a b --threshold 900%
    expect_status 5
    expect_in out 'machine.cpus_allowed_list is'
    run summary a b
    expect_status 5
    expect_in err 'machine.cpus_allowed_list'
    sed 's/"descriptors": /"cgroup_cpus": 0.5, "descriptors": /' kept >b/env.json
    run compare a b --threshold 900%
    expect_status 5
    expect_in out "limits.cgroup_cpus is"
    expect_in out "0.5"
}

run_cases "$@"

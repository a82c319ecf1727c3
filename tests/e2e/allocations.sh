#!/usr/bin/env bash
# allocations.sh - fails each allocation of a command in turn: the command either does all of its
# work or ends with a message.
#
#   tests/e2e/allocations.sh PROGRAM [CASE ...]     all cases, or those named
#
#   TEST_ALL    set: every allocation; else about TRIES of them for each command
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

TRIES=${TRIES:-30}
preload=$build_dir/tests/failing_alloc.so

# Allocations through a sanitizer cannot be made to fail this way.
is_possible() {
    [ -e "$preload" ] && ! nm -D "$program" 2>/dev/null | grep -q '__[at]san_init\|__ubsan_' ||
        { left_out "the program allocates through a sanitizer"; return 1; }
}

# Runs bench with allocation $1 failing; 0: none. The timeout of a minute is far above any run.
run_failing() {
    local k=$1
    shift
    status=0
    timeout -s KILL 60 env LD_PRELOAD="$preload" FAILING_ALLOC="$k" FAILING_ALLOC_COUNT="$PWD/count" \
        "$program" "$@" >out 2>err </dev/null || status=$?
}

# The numbers of the allocations to fail, out of $1.
numbers() {
    local stride=$(($1 / TRIES + 1))
    [ -z "${TEST_ALL:-}" ] || stride=1
    seq 1 "$stride" "$1"
}

# The status must be $whole, as without a failure, or there must be one message.
expect_end() {
    if [ "$status" -ge 124 ]; then
        fail "allocation $1: it ended with status $status: $(head -c 200 err)"
    elif [ "$status" -ne "$whole" ] && ! { [ "$(wc -l <err)" -eq 1 ] && grep -q '^bench: [^ ]' err; }; then
        fail "allocation $1: status $status without one message: $(head -c 300 err)"
    fi
}

# try COMPLETE ARGUMENT...: runs bench with each allocation failing. If the status is that of a run
# without failures, the function COMPLETE prints what is missing from the output.
try() {
    local complete=$1 k whole count missing tried=0 endings=0
    shift
    run_failing 0 "$@"
    whole=$status
    [ ! -s err ] || fail "it fails without a failure: $(head -c 300 err)"
    count=$(cat count)
    "$complete" keep
    for k in $(numbers "$count"); do
        reset_output
        run_failing "$k" "$@"
        tried=$((tried + 1))
        expect_end "$k"
        [ "$status" -eq "$whole" ] || { endings=$((endings + 1)); continue; }
        missing=$("$complete" check)
        [ -z "$missing" ] || fail "allocation $k: status $status, but $missing"
    done
    echo "    $* : $tried of $count allocations failed, $endings ended it"
}

# -- commands that print -------------------------------------------------------------------

# The keys of JSON, without its values, which differ.
keys_of() { grep -o '"[^"]*":' "$1"; }

same_output() {
    if [ "$1" = keep ]; then cp out kept; else cmp -s out kept || echo "it prints something else"; fi
}

same_keys() {
    if [ "$1" = keep ]; then keys_of out >kept; else
        keys_of out | diff - kept >differences || echo "the keys differ: $(grep '^[<>]' differences | head -3 | tr '\n' ' ')"
    fi
}

case_env() { is_possible && try same_keys env; }
case_list() { is_possible && try same_output list; }
case_plan() { is_possible && try same_output plan --strategy all --levels 1,10,100 --seed 3 --variant a --variant b:X=1 --label k=v; }

case_dry_run() { is_possible && try same_output run --dry-run --strategy all --levels 1,10 --rounds 1 --seed 3; }

# Measures rows for the commands that read them.
measure() {
    run --strategy sequential --levels 1,2 --rounds 2 --delay 0 --seed 3 --out "$1"
    [ -s "$1/env.json" ] || fail "nothing was measured: $(cat err)"
}

case_summary() {
    is_possible || return
    measure m
    for format in table markdown csv json hyperfine github; do
        try same_output summary --format "$format" m
    done
}

case_plot() {
    is_possible || return
    command -v gnuplot >/dev/null || { left_out "no gnuplot"; return; }
    measure m
    try same_pictures plot --show cost --out p m
    try same_output summary --chart --show cost,memory m
}

case_timeline() {
    is_possible || return
    run --strategy event-loop,sequential --levels 3 --rounds 2 --delay 1ms --seed 3 --raw --out m
    for format in svg perfetto; do
        try same_output timeline --format "$format" --out - m
    done
}

same_pictures() {
    if [ "$1" = keep ]; then
        cp p.png kept.png && cp p.svg kept.svg
    elif ! cmp -s p.png kept.png || ! cmp -s p.svg kept.svg; then
        echo "it draws something else"
    fi
}

# -- commands that measure -----------------------------------------------------------------

reset_output() { rm -rf o; [ ! -d begun ] || cp -r begun o; }

# The columns that each row has, without the notes.
columns_of() {
    awk -F, '{ gsub(/"[^"]*"/, "quoted") } NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
        { for (i = 1; i <= NF; i++) if ($i != "" && name[i] != "notes") printf "%s ", name[i]; print "" }' "$1" | sort
}

facts_of_run() {
    column o/runs.csv status | sort | uniq -c
    columns_of o/runs.csv
    head -1 o/runs.csv
    wc -l <o/requests.csv
    cat o/plan.json
    keys_of o/env.json
}

same_run() {
    facts_of_run >facts 2>&1
    if [ "$1" = keep ]; then cp facts kept; else
        diff facts kept >differences || echo "this differs: $(grep '^[<>]' differences | head -3 | tr '\n' ' ')"
    fi
}

case_run() {
    is_possible && try same_run --strategy sequential --levels 1,2 --rounds 2 --delay 0 --seed 3 --raw --out o
}

case_run_tls() {
    is_possible && try same_run --tls --strategy sequential --levels 1,2 --rounds 2 --delay 0 --seed 3 --raw --out o
}

# Resumes a sweep that has two of its four rows.
case_resume() {
    is_possible || return
    run --strategy sequential --levels 1,2 --rounds 2 --delay 0 --seed 3 --raw --out begun
    expect_status 0
    sed -i '4,$d' begun/runs.csv
    sed -i 's/"state": "complete"/"state": "interrupted"/' begun/env.json
    reset_output
    try same_run --resume --out o
}

# -- compare -------------------------------------------------------------------------------

same_reports() {
    if [ "$1" = keep ]; then
        for report in out md json xml; do cp "$report" "kept.$report"; done
    else
        for report in out md json xml; do cmp -s "$report" "kept.$report" || echo "$report is another"; done
    fi
}

case_compare() {
    is_possible || return
    run --strategy sequential --levels 1,2 --rounds 6 --delay 0 --seed 3 --variant a --variant b:X=1 --out m
    [ -s m/env.json ] || fail "nothing was measured: $(cat err)"
    # With this threshold all sides are equal: the verdict is not under test.
    try same_reports compare m --base a --head b --threshold 99% --markdown md --json json --junit xml
}

# -- serve ---------------------------------------------------------------------------------

is_listening() { grep -q "^listening" out || is_gone; }

# The connection whose allocation fails may lose its request; the next one must be answered.
fetch_twice() {
    local url answered=0
    url=$(sed -n 's/^listening on \([^ ]*\) .*/\1/p' out)
    [ "$url" ] || return
    for _ in 1 2 3; do
        curl -sf -m 5 --cacert ca.pem "${url}detail/1" >page 2>/dev/null && answered=$((answered + 1))
    done
    curl -sf -m 5 --cacert ca.pem "${url}stats" >stats 2>/dev/null && answered=$((answered + 1))
    is_gone || [ "$answered" -ge 3 ] || fail "allocation $1: $answered of 4 requests were answered"
}

serve_failing() {
    local k=$1
    shift
    rm -f out err count ca.pem
    : >out
    : >ca.pem
    LD_PRELOAD="$preload" FAILING_ALLOC="$k" FAILING_ALLOC_COUNT="$PWD/count" "$program" serve --port 0 "$@" \
        >out 2>err </dev/null &
    pid=$!
    await is_listening
    fetch_twice "$k"
    kill -TERM "$pid" 2>/dev/null
    wait_for_end
}

try_serve() {
    local count k whole=0 tried=0 endings=0
    serve_failing 0 "$@"
    expect_status 0
    count=$(cat count)
    for k in $(numbers "$count"); do
        serve_failing "$k" "$@"
        tried=$((tried + 1))
        [ "$status" -eq 0 ] || endings=$((endings + 1))
        expect_end "$k"
    done
    echo "    serve $* : $tried of $count allocations failed, $endings ended it"
}

case_serve() { is_possible && try_serve --delay 0; }
case_serve_tls() { is_possible && try_serve --delay 0 --tls --tls-ca ca.pem; }

run_cases "$@"

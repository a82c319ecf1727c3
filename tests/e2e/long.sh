#!/usr/bin/env bash
# long.sh - measures the figures that docs/design.md promises. Ratios against an ideal or against
# another strategy of the same run are checked; times are only printed.
#
#   tests/e2e/long.sh PROGRAM
set -u
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# The median of an expression over the rows of a CSV that match a condition; both are awk,
# where at(NAME) is the field of that column.
median() {
    awk -F, "
        function at(name) { return \$column[name] }
        { gsub(/\"[^\"]*\"/, \"quoted\") }
        NR == 1 { for (i = 1; i <= NF; i++) column[\$i] = i; next }
        $2 { print $3 }" "$1" | sort -g |
        awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# expect_at_most NAME VALUE LIMIT: the value must not exceed the limit.
expect_at_most() {
    printf '%-64s %.4f (at most %s)\n' "$1" "$2" "$3"
    awk -v value="$2" -v limit="$3" 'BEGIN { exit !(value != "" && value <= limit) }' ||
        fail "$1 is $2, over $3"
}

all_valid() {
    local others
    others=$(awk -F, '{ gsub(/"[^"]*"/, "quoted") }
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "status") status = i; next }
        $status != "valid"' "$1" | wc -l)
    [ "$others" -eq 0 ] || fail "$others rows of $1 are not valid"
}

echo "-- the README's sweep"
start_s=$SECONDS
"$program" --strategy all --levels 1,3,5,...,500 --csv sweep >log || fail "status $?"
all_valid sweep
echo "$(($(wc -l <sweep) - 1)) rows in $((SECONDS - start_s)) s"

echo "-- a delay of 1 s, five rounds"
"$program" --levels 100 --delay 1s --rounds 5 --once-above off --requests 100 \
    --strategy thread-pool,process-pool,event-loop --csv second >log || fail "status $?"
"$program" --levels 500 --delay 1s --rounds 5 --strategy event-loop --csv high >log ||
    fail "status $?"
"$program" --levels 10 --delay 1s --rounds 5 --once-above off --strategy sequential \
    --csv ten >log || fail "status $?"
for name in thread-pool process-pool event-loop; do
    expect_at_most "$name, level 100: run_s / ideal_s" \
        "$(median second "at(\"strategy\") == \"$name\"" 'at("run_s") / at("ideal_s")')" 1.05
    expect_at_most "$name, level 100: |origin's peak - 100|" \
        "$(median second "at(\"strategy\") == \"$name\"" '(at("origin_inflight_peak") - 100) ^ 2')" 0
done
expect_at_most "event-loop, level 500: cost_s / ideal_s" \
    "$(median high 1 'at("cost_s") / at("ideal_s")')" 1.10
expect_at_most "sequential, 10 pages: run_s / ideal_s" \
    "$(median ten 1 'at("run_s") / at("ideal_s")')" 1.005
expect_at_most "sequential: |origin's peak - 1|" "$(median ten 1 '(at("origin_inflight_peak") - 1) ^ 2')" 0
all_valid second
all_valid high
all_valid ten

echo "-- coroutines beside the event loop, and the mistake beside sequential"
"$program" --levels 500 --rounds 15 --strategy event-loop,coroutine --csv loops >log ||
    fail "status $?"
all_valid loops
for figure in 'at("cost_s")' 'at("user_s") + at("system_s")'; do
    expect_at_most "coroutine / event-loop, level 500: $figure" \
        "$(awk -v a="$(median loops 'at("strategy") == "coroutine"' "$figure")" \
            -v b="$(median loops 'at("strategy") == "event-loop"' "$figure")" \
            'BEGIN { print a / b }')" 1.15
done
"$program" --levels 10,30 --rounds 3 --strategy sequential,coroutine-blocking --csv serial >log ||
    fail "status $?"
all_valid serial
expect_at_most "coroutine-blocking: in flight at the origin" \
    "$(median serial 'at("strategy") == "coroutine-blocking"' 'at("origin_inflight_peak")')" 1
expect_at_most "coroutine-blocking / sequential, run_s at level 30" \
    "$(awk -v a="$(median serial 'at("strategy") == "coroutine-blocking" && at("level") == 30' \
        'at("run_s")')" \
        -v b="$(median serial 'at("strategy") == "sequential" && at("level") == 30' 'at("run_s")')" \
        'BEGIN { print a / b }')" 1.05

echo "-- CPU per request at 10,000 in flight beside 1,000: libcurl has lists that it goes through when"
echo "   a transfer or a connection ends; how it is driven decides how far"
"$program" --levels 1000,10000 --delay 1s --rounds 5 --once-above off \
    --strategy event-loop,coroutine,poll-loop --csv many >log || fail "status $?"
all_valid many
for name in event-loop coroutine poll-loop; do
    expect_at_most "$name, CPU per request, 10,000 / 1,000 in flight" \
        "$(awk -v a="$(median many "at(\"strategy\") == \"$name\" && at(\"level\") == 10000" \
            '(at("user_s") + at("system_s")) / 10')" \
            -v b="$(median many "at(\"strategy\") == \"$name\" && at(\"level\") == 1000" \
                'at("user_s") + at("system_s")')" 'BEGIN { print a / b }')" 1.5
done

echo "-- one at a time without a delay: the trap of the 1 ms timer"
"$program" --levels 1 --delay 0 --requests 5000 --connections reuse --rounds 7 \
    --strategy sequential,event-loop --csv one >log || fail "status $?"
all_valid one
sequential=$(median one 'at("strategy") == "sequential"' 'at("run_s")')
loop=$(median one 'at("strategy") == "event-loop"' 'at("run_s")')
expect_at_most "event-loop / sequential, run_s of 5000 kept requests" \
    "$(awk -v a="$loop" -v b="$sequential" 'BEGIN { print a / b }')" 1.3

echo "-- what the harness adds around a cell"
start_ns=$(date +%s%N)
"$program" --levels 1 --delay 0 --rounds 100 --strategy sequential --csv cells >log ||
    fail "status $?"
end_ns=$(date +%s%N)
awk -F, -v span_ns=$((end_ns - start_ns)) '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { inside += $at["setup_s"] + $at["run_s"] + $at["teardown_s"]; n++ }
    END { printf "%.2f ms a cell besides open, run and close, over %d cells\n",
          (span_ns / 1e9 - inside) / n * 1e3, n }' cells

echo "-- the delay that the origin keeps: 10,000 requests at 500 in flight"
"$program" --levels 500 --requests 10000 --delay 50ms --connections reuse --rounds 3 \
    --strategy event-loop --csv origin >log || fail "status $?"
all_valid origin
for column in p50 p99 max; do
    printf 'stamped delay, %s: %.3f ms\n' "$column" \
        "$(median origin 1 "at(\"origin_delay_${column}_s\") * 1e3")"
done
expect_at_most "never early: 50 ms / shortest latency" \
    "$(median origin 1 '50000 / at("latency_min_us")')" 1

[ "$failures" -eq 0 ] && echo "long: all held"
[ "$failures" -eq 0 ]

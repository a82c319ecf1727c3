#!/usr/bin/env bash
# plot.sh - the pictures of bench plot, and the charts of bench summary.
#
#   tests/e2e/plot.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"
levels=$root/results/reference/article-levels/runs.csv

has_gnuplot() { command -v gnuplot >/dev/null || { left_out "no gnuplot"; return 1; }; }
expect_picture() { # PREFIX
    [ "$(head -c 4 "$1.png" | xxd -p)" = 89504e47 ] || fail "no picture $1.png: $(cat err)"
    tail -c 20 "$1.svg" | grep -q '</svg>' || fail "no picture $1.svg: $(cat err)"
}

# The texts of a picture, one per line.
texts() {
    python3 -c 'import re, sys, html
for text in re.findall(r"<text>(.*?)</text>", open(sys.argv[1]).read(), re.S):
    print(html.unescape(re.sub(r"<[^>]*>", "", text)).strip())' "$1"
}

# Rows of three variants from those of one.
make_variants() {
    awk -F, -v OFS=, 'NR == 1 { print; next }
        { $2 = "default"; print; $2 = "b"; print; $2 = "c"; print }' "$levels" >"$1"
}

case_beside_the_run() {
    has_gnuplot || return 0
    run --strategy event-loop,sequential --levels 1,10 --delay 5ms --rounds 2 --out o
    run plot o/runs.csv
    expect_status 0
    [ "$(cat out)" = $'o/cost.png\no/cost.svg' ] || fail "$(cat out)"
    expect_picture o/cost
    texts o/cost.svg >words
    for word in event-loop sequential "theoretical minimum" "cost time" "level: requests in flight" 1 10; do
        grep -qxF "$word" words || fail "no $word in the picture: $(cat words)"
    done
    rm o/cost.*
    (cd o && "$program" plot runs.csv && [ -f cost.png ]) >out 2>err || fail "in the directory: $(cat err)"
    run plot o --show all -o p
    expect_status 0
    for word in cost overhead cpu memory p50 throughput knee speedup; do expect_picture "p-$word"; done
}

# With nothing to draw there is a message, and no picture.
# What is there is replaced only by a picture of its kind; nothing is written if one file may not be.
case_replaces_pictures_only() {
    local file
    has_gnuplot || return 0
    cp "$levels" runs.csv
    for file in x.png x.svg; do
        rm -f x.png x.svg
        echo "a result" >$file
        run plot runs.csv -o x
        expect_status 2
        expect_in err "'$file' exists and is not a"
        expect_in err "give another --out"
        [ "$(cat $file)" = "a result" ] || fail "$file was replaced"
        [ "$(ls x.*)" = $file ] || fail "half of a picture: $(ls)"
    done
    rm -f x.svg
    : >x.png
    run plot runs.csv -o x
    expect_status 0
    run plot runs.csv -o x
    expect_status 0
    expect_picture x
}

case_nothing_to_draw() {
    run --strategy event-loop,sequential --levels 1,10 --delay 5ms --rounds 2 --out o
    echo "strategy,level,status" >none.csv
    run plot none.csv
    expect_status 2
    expect_in err "no rows in none.csv"
    sed 's/,valid,/,failed,/' o/runs.csv >failed.csv
    run plot failed.csv
    expect_status 4
    expect_in err "no valid row"
    expect_usage_error "give a runs.csv" plot
    expect_usage_error "unknown plot 'speedap'; did you mean 'speedup'?" plot --show "cost, speedap" o
    expect_usage_error "--show" plot --show "" o
    expect_usage_error "-o needs a value" plot o -o
    [ -z "$(find . -name '*.png')" ] || fail "a picture of nothing"
    has_gnuplot || return 0
    # One row is enough; a figure that no row has is named.
    sed -n '1p; /,event-loop,10,/{p;q}' o/runs.csv >one.csv
    run plot one.csv
    expect_status 0
    expect_picture cost
    run plot one.csv --show cost,speedup -o one
    expect_status 0
    expect_in err "not drawn, since no valid row has it: speedup"
    [ "$(ls one-*)" = $'one-cost.png\none-cost.svg' ] || fail "$(ls one-*)"
    # Runs under different conditions have no common picture.
    run --strategy event-loop --levels 1,10 --delay 9ms --rounds 1 --out other
    run plot o other
    expect_status 5
}

# Twelve strategies: each has a label or a panel, in one colour in every picture.
case_many_curves() {
    local picture name colours
    has_gnuplot || return 0
    cp "$levels" runs.csv
    run plot runs.csv --show cost,cpu -o p
    expect_status 0
    make_variants three.csv
    run plot three.csv -o v
    expect_status 0
    for picture in p-cost p-cpu v; do
        texts "$picture.svg" >words
        for name in $(column runs.csv strategy | sed 1d | sort -u); do
            grep -qE "^$name( \(reference\))?$" words || fail "no $name"
        done
    done
    # 12 strategies with 3 variants, in two sections.
    [ "$(grep -cxF b words)" -eq 24 ] || fail "$(grep -cxF b words) labels of a variant"
    for name in sequential event-loop; do
        colours=$(python3 - "$name" p-cost.svg p-cpu.svg v.svg <<'PYTHON'
import re, sys
found = set()
for file in sys.argv[2:]:
    for style, text in re.findall(r'<g [^>]*fill="(rgb\([^"]*\))"[^>]*>\s*<text>(.*?)</text>', open(file).read(), re.S):
        if re.sub(r"<[^>]*>", "", text).strip() == sys.argv[1]:
            found.add(style)
print(len(found))
PYTHON
)
        [ "$colours" = 1 ] || fail "$name has $colours colours"
    done
}

# The capacity of the origin is a line with a label.
case_capacity() {
    has_gnuplot || return 0
    run plot "$root/results/reference/capacity-50/runs.csv" -o p
    expect_status 0
    texts p.svg >words
    grep -qx "capacity 50" words || fail "no capacity: $(cat words)"
}

# 100,000 rows are summarized before they are drawn.
case_many_rows() {
    has_gnuplot || return 0
    awk -F, -v OFS=, 'NR == 1 { print; next } { for (i = 0; i < 300; i++) { $3 = i; print } }' "$levels" |
        head -100001 >many.csv
    run plot many.csv
    expect_status 0
    expect_picture cost
}

# In characters: as wide as the terminal, and ASCII unless the locale is one of UTF-8.
case_chart() {
    local width
    for width in 40 60 80 120; do
        COLUMNS=$width LC_ALL=C run summary --chart "$levels"
        expect_status 0
        sed -n '/^Cost time (/,/^Conclusion/p' out | grep -E ' (\||\.)' >chart
        [ "$(wc -l <chart)" -ge 12 ] || fail "$width: $(cat out)"
        [ "$width" -lt 60 ] || [ "$(wc -L <chart)" -le "$width" ] || fail "$width: $(wc -L <chart) wide"
        grep -qP '[^\x00-\x7F]' out && fail "not ASCII"
    done
    expect_in out "theoretical minimum"
    LC_ALL='' LC_CTYPE='' LANG=C.utf8 run summary --chart --show cpu "$levels"
    expect_in out "●"
    LC_ALL=C LANG=C.UTF-8 run summary --chart "$levels"
    grep -q "●" out && fail "LC_ALL is not obeyed"
    run summary "$levels"
    grep -q "logarithmic" out && fail "a chart without --chart"
    expect_usage_error "--chart goes with --format table" summary --chart --format csv "$levels"
    LC_ALL=C run --strategy event-loop,sequential --levels 1,10 --rounds 1 --delay 1ms --chart --csv a
    expect_status 0
    expect_in out "level 10; logarithmic scale"
}

run_cases "$@"

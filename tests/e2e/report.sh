#!/usr/bin/env bash
# report.sh - the HTML page of bench report.
#
#   tests/e2e/report.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"
levels=$root/results/reference/article-levels

# Elements are closed in order, ids are there once, and nothing refers to another place.
expect_page() { # FILE
    python3 - "$1" >faults 2>&1 <<'END' || fail "$1: $(head -c 400 faults)"
import sys
from html.parser import HTMLParser

VOID = {"meta", "br"}

class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.scripts = [], set(), 0

    def check(self, tag, attributes):
        self.scripts += tag == "script"
        for name, value in attributes:
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "xlink:href", "src", "action", "data"):
                assert value.startswith("#"), (tag, name, value)
            if name == "id":
                assert value not in self.ids, f"id {value} twice"
                self.ids.add(value)

    def handle_starttag(self, tag, attributes):
        self.check(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.check(tag, attributes)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> at {self.getpos()} in {self.open}"
        self.open.pop()

page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
assert not page.open, page.open
assert page.scripts == 1
END
    ! grep -qE 'https?://' "$1" || fail "$1 has an address: $(grep -oE 'https?://.{40}' "$1" | head -3)"
}

case_reference() {
    run report "$levels" --show all -o all.html
    expect_status 0
    expect_page all.html
    run report "$levels" -o report.html
    [ "$(cat out)" = report.html ] || fail "$(cat out)"
    expect_page report.html
    [ "$(stat -c %s report.html)" -lt 2000000 ] || fail "$(stat -c %s report.html) bytes"
    for text in 'Level 500, fastest: ' 'cost time' 'latency p99' 'raw-epoll' 'Every row is valid'; do
        expect_in report.html "$text"
    done
    expect_in report.html 'No plan.json and env.json'
}

case_beside_the_run() {
    run --strategy event-loop,sequential --levels 1,10 --delay 5ms --rounds 2 --raw --out 'o p'
    run report 'o p'
    expect_status 0
    [ "$(cat out)" = 'o p/report.html' ] || fail "$(cat out)"
    expect_page 'o p/report.html'
    for text in 'Every request over time' 'machine.kernel' 'requests share' 'shuffled' \
        "bench run --plan 'o p/'"; do
        expect_in 'o p/report.html' "$text"
    done
    run report 'o p/runs.csv' -o - && cmp -s out 'o p/report.html' && fail "another path, the same page"
    expect_page out
    run report "$levels" 'o p'
    expect_status 5
}

# Without gnuplot there is a report, which says what is missing.
case_no_gnuplot() {
    mkdir bin
    PATH=$PWD/bin "$program" report "$levels" -o r.html >out 2>err || fail "status $?: $(cat err)"
    expect_in r.html gnuplot-nox
    expect_page r.html
}

case_not_replaced() {
    cp "$levels/runs.csv" .
    run report runs.csv -o runs.csv
    expect_status 2
    expect_in err "is not a report of bench"
    cmp -s runs.csv "$levels/runs.csv" || fail "runs.csv was replaced"
    run report runs.csv
    run report runs.csv
    expect_status 0
    expect_usage_error "give a runs.csv" report
}

case_base_and_head() {
    run --strategy event-loop --levels 10 --delay 5ms --rounds 3 --variant base --variant head:A=1 --out o
    run report o
    expect_status 0
    expect_in o/report.html 'Verdicts: head against base'
    expect_in o/report.html 'Variant head'
    expect_page o/report.html
}

# Rows that are not valid, and names that are markup.
case_hostile() {
    sed 's/,thread-pool,/,"<b>""\&x"" onclick=",/; s/,valid,,/,failed,<script>alert(1)<\/script>,/' \
        "$levels/runs.csv" >runs.csv
    run report runs.csv
    expect_status 0
    expect_page report.html
    expect_in report.html '&lt;script&gt;alert(1)'
    expect_in report.html '&lt;b&gt;&quot;&amp;x&quot; onclick='
    sed '3,$s/,valid,,/,failed,broken,/' "$levels/runs.csv" | head -60 >few.csv
    run report few.csv -o few.html
    expect_status 0
    expect_in few.html broken
    expect_page few.html
}

run_cases "$@"

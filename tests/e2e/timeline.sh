#!/usr/bin/env bash
# timeline.sh - bench timeline: the picture of a run, its formats, and the files that it replaces.
#
#   tests/e2e/timeline.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Measures a few cells with their requests into the directory $1.
measure() {
    run --raw --strategy sequential,event-loop,coroutine-blocking --levels 4,10 --delay 20ms \
        --rounds 1 --out "$1"
    expect_status 0
}

# Prints the text alternative of an SVG, which must be well-formed and 800 units wide.
description() {
    python3 -c '
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
name = lambda element: element.tag.split("}")[1]
assert name(root) == "svg" and root.get("width") == "800", root.attrib
assert [name(child) for child in root][:2] == ["title", "desc"], "no text alternative"
names = {name(element) for element in root.iter()}
assert names <= set("svg title desc style rect line text tspan path g clipPath".split()), names
print(root[0].text)
print(root[1].text, end="")' "$1" || fail "$1 is no such picture"
}

# The highest level, the strategies in their order; the staircases and the block in words.
case_picture() {
    measure o
    run timeline o
    expect_status 0
    [ -s err ] && fail "errors: $(cat err)"
    description o/timeline.svg >description
    expect_in description "10 requests at level 10, 3 strategies on one time axis"
    [ "$(cut -d, -f1,2 description | sed 1d)" = "sequential: 10 requests, one after another
event-loop: 10 requests, all at once
coroutine-blocking: 10 requests, one after another" ] || fail "it shows $(cat description)"
    [ "$(sed 1d description)" = "$(sed '$d' out)" ] || fail "the terminal shows something else: $(cat out)"
    [ "$(tail -1 out)" = o/timeline.svg ] || fail "no file: $(cat out)"
    run timeline o/runs.csv --level 4 --strategy event-loop,sequential --animate -o a.svg
    expect_status 0
    description a.svg >description
    expect_in description "4 requests at level 4, 2 strategies"
    [ "$(sed -n 2p description | cut -d: -f1)" = event-loop ] || fail "not in the order that was typed"
    expect_in a.svg "@keyframes"
    run timeline o/requests.csv --out -
    expect_status 0
    cmp -s out o/timeline.svg || fail "another picture on standard output"
    run timeline o/requests.csv --until 30ms -o until.svg
    expect_in until.svg "The time axis ends at 30.0 ms"
}

case_png() {
    measure o
    # Without rsvg-convert: a message, and no file.
    status=0
    PATH=/nowhere "$program" timeline o --format png >out 2>err || status=$?
    expect_status 2
    expect_in err "bench: rsvg-convert is not installed; apt-get install librsvg2-bin"
    [ -e o/timeline.png ] && fail "a file without a picture"
    command -v rsvg-convert >/dev/null || { left_out "no rsvg-convert"; return; }
    run timeline o -o o/picture.png
    expect_status 0
    [ "$(head -c 24 o/picture.png | xxd -p -c 24 | cut -c3-8,33-40)" = 504e4700000640 ] ||
        fail "no PNG that is 1600 pixels wide: $(head -c 24 o/picture.png | xxd)"
    cp o/picture.png before
    run timeline o -o o/picture.png --level 4
    expect_status 0
    cmp -s before o/picture.png && fail "the picture was not replaced"
    # A converter that fails leaves the old picture.
    mkdir bin
    printf '#!/bin/sh\necho no fonts >&2\nexit 3\n' >bin/rsvg-convert
    chmod +x bin/rsvg-convert
    cp o/picture.png before
    status=0
    PATH=$PWD/bin:$PATH "$program" timeline o -o o/picture.png >out 2>err || status=$?
    expect_status 2
    expect_in err "bench: rsvg-convert exited with status 3: no fonts"
    cmp -s before o/picture.png || fail "the old picture is gone"
}

case_trace() {
    measure o
    run timeline o --format perfetto
    expect_status 0
    python3 -c '
import json, sys
trace = json.load(open("o/timeline.json"))
events = trace["traceEvents"]
complete = [event for event in events if event["ph"] == "X"]
assert all(event["dur"] >= 0 and event["ts"] >= 0 for event in complete)
assert {event["ph"] for event in events} == {"M", "X"}
requests = [event for event in complete if event["cat"] == "request"]
assert len(requests) == 30, len(requests)
names = [event["args"]["name"] for event in events if event["name"] == "process_name"]
assert names == [f"{name}, level 10, round 1" for name in ("sequential", "event-loop", "coroutine-blocking")], names
threads = {(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"}
assert threads == {(event["pid"], event["tid"]) for event in complete}
assert len(threads) == 1 + 10 + 1, threads' || fail "no such trace"
}

# An existing file is replaced by a rename, if it is of this command and this format.
case_replaced_files() {
    measure o
    run timeline o
    chmod 640 o/timeline.svg
    ln o/timeline.svg before
    run timeline o --level 4
    expect_status 0
    [ before -ef o/timeline.svg ] && fail "the file was written in place"
    [ "$(stat -c %a o/timeline.svg)" = 640 ] || fail "other permissions"
    description before >/dev/null
    cp o/runs.csv rows
    expect_usage_error "'o/runs.csv' exists and is not a picture of bench" timeline o -o o/runs.csv
    cmp -s rows o/runs.csv || fail "a runs.csv was overwritten"
    expect_usage_error "'o/plan.json' exists and is not a trace of bench" timeline o -o o/plan.json
    expect_usage_error "'before' exists and is not a PNG file" timeline o -o before --format png
    echo '<svg xmlns="http://www.w3.org/2000/svg"/>' >drawn.svg
    expect_usage_error "'drawn.svg' exists and is not a picture of bench" timeline o -o drawn.svg
    expect_usage_error "cannot write 'o'" timeline o -o o
    expect_usage_error "cannot write 'absent/t.svg'" timeline o -o absent/t.svg
    [ -n "$(find . -name '*.new')" ] && fail "a temporary file is left"
    # A full disk.
    cp o/timeline.svg before
    status=0
    (
        trap '' XFSZ
        ulimit -f 1 # KiB
        exec "$program" timeline o >out 2>err
    ) || status=$?
    expect_status 2
    expect_in err "cannot write 'o/timeline.svg': File too large"
    cmp -s before o/timeline.svg || fail "the old picture is gone"
}

case_usage() {
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --out plain
    expect_usage_error "no requests.csv in 'plain': bench writes one row per request only with --raw" timeline plain
    expect_usage_error "cannot read absent: No such file" timeline absent
    expect_usage_error "give one directory" timeline
    expect_usage_error "give one directory" timeline plain plain
    expect_usage_error "so this is no requests.csv of bench" timeline plain/plan.json
    cp plain/runs.csv rows.csv
    expect_usage_error "no column 'begin_us', so this is no requests.csv of bench" timeline rows.csv
    measure o
    expect_usage_error "did you mean 'event-loop'?" timeline o --strategy event-lop
    expect_usage_error "no requests at level 5; drop --level" timeline o --level 5
    expect_usage_error "--animate needs --format svg" timeline o --animate --format png
    expect_usage_error "--format: 'pgn' is not one of auto, svg, png, perfetto" timeline o --format pgn
    expect_usage_error "-o needs a value" timeline o -o
}

# Failed requests, rows that are not valid, and names of anything.
case_failed_and_hostile() {
    run --raw --strategy event-loop --levels 4 --rounds 1 --url http://127.0.0.1:1/ --out f
    expect_status 4
    run timeline f
    expect_status 0
    expect_in out "4 failed"
    expect_in f/timeline.svg 'class="bt-failed"'
    description f/timeline.svg >/dev/null
    mkdir h
    printf 'round,strategy,level,begin_us,start_us,end_us\n1,"</text><script>\033[2J",1,0,0,5\n' >h/requests.csv
    run timeline h
    expect_status 0
    description h/timeline.svg >/dev/null
    grep -q '<script' h/timeline.svg && fail "a name is markup"
    grep -q $'\x1b' h/timeline.svg out && fail "a control character"
    return 0
}

run_cases "$@"

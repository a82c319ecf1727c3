#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# peers.sh - the article's Python programs and others as measured peers: each fetches the pages it
# reports, bench reads their rows, and a failure is a row that says so.
#
#   tests/e2e/peers.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)

python_peers=requests-sequential,requests-threads,requests-processes,requests-in-async
python_peers+=,aiohttp-session-each,aiohttp-one-session
if ! /usr/bin/python3 -c 'import aiohttp, requests' 2>/dev/null; then
    echo "peers: skipped, since Debian's python3-aiohttp or python3-requests is not installed"
    exit 77
fi
. "$root/tests/support/cases.sh"

# Runs the peers with this bench; its status, output and errors are in $status, out and err.
run_peers() {
    status=0
    "$root/scripts/peers/run" --bench "$program" "$@" >out 2>err || status=$?
}

expect_rows() { [ "$(column "$1" strategy | wc -l)" -eq "$2" ] || fail "$1 has not $2 rows"; }

# A server that answers 500 to everything, at $port, until the case ends.
serve_500() {
    cat >server.py <<'PYTHON'
import http.server


class Always500(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500)
        self.end_headers()

    def log_message(self, *_words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Always500)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
    /usr/bin/python3 server.py >port &
    server=$!
    await test -s port
    port=$(cat port)
}

# -- cases ---------------------------------------------------------------------------------

case_each_fetches_its_pages() {
    local name
    run_peers --strategies "event-loop,$python_peers" --levels 5 --requests 10 --delay 20ms \
        --rounds 2 --out a
    expect_status 0
    expect_rows a/runs.csv 14
    expect_column a/runs.csv status "14 valid"
    expect_column a/runs.csv ok "14 10"
    expect_column a/runs.csv origin_requests "14 10"
    expect_column a/runs.csv connections "14 10"
    expect_column a/runs.csv inflight_limit "$(printf '4 1\n10 5')"
    # No peer is faster than the ideal: ten pages, five or one at a time.
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["cost_s"] < $at["ideal_s"] || $at["ideal_s"] != 0.02 * 10 / $at["inflight_limit"] ||
            $at["user_s"] + $at["system_s"] <= 0 || $at["peak_pss_bytes"] < 1e6 { bad = 1 }
        END { exit bad || NR != 15 }' a/runs.csv || fail "a time, CPU or memory cannot be"
    for name in ${python_peers//,/ }; do
        expect_in a/table.md "\`$name\`"
    done
    run summary a
    expect_status 0
    expect_in out "aiohttp-one-session"

    run_peers --strategies "event-loop,$python_peers" --levels 5 --requests 10 --delay 20ms \
        --rounds 2 --no-memory-probe --out b
    expect_status 0
    run compare a b --metric cost
    expect_status 3 # two rounds decide nothing
    expect_in out "requests-threads"
    expect_in out "7 cannot tell"
}

case_over_tls() {
    run_peers --tls --strategies "coroutine,requests-threads,aiohttp-session-each" --levels 5 \
        --delay 20ms --rounds 1 --no-memory-probe --out o
    expect_status 0
    expect_column o/runs.csv status "3 valid"
    expect_column o/runs.csv tls_handshakes "3 5"
}

case_installed_programs() {
    # A program that is not installed is infeasible; the others have fetched.
    run_peers --strategies curl-parallel,hey,ab,h2load-h1 --levels 5 --delay 20ms --rounds 1 --out o
    expect_status 0
    column o/runs.csv status | grep -qx valid || fail "no program fetched anything: $(cat out)"
}

# An address without a server: every page is a failed connection, and nothing is ranked.
case_unreachable_server() {
    run_peers --strategies "event-loop,$python_peers,curl-parallel" --levels 5 --rounds 1 \
        --url http://127.0.0.1:9 --out o
    expect_status 4
    expect_column o/runs.csv status "8 failed"
    expect_column o/runs.csv ok "8 0"
    expect_column o/runs.csv connect_failed "8 5"
    expect_in o/table.md "| \`requests-threads\` |  |  |  |  | connect_failed 5 (0 of 1 rounds valid) |"
}

case_bad_status() {
    serve_500
    run_peers --strategies "event-loop,$python_peers,curl-parallel" --levels 5 --rounds 1 \
        --url "http://127.0.0.1:$port" --out o
    kill "$server"
    wait "$server" 2>/dev/null
    expect_status 4
    expect_column o/runs.csv status "8 failed"
    expect_column o/runs.csv bad_status "8 5"
    run summary o
    expect_in out "failed"
}

# The expected page and the expected counts of the origin, each with one error.
case_verdicts() {
    cat >verdicts.py <<'PYTHON'
import sys

sys.path.insert(0, sys.argv[1])
import pages
import verdict

pages.known["/detail/1"] = pages.describe(b"film")
assert pages.judge("http://h/detail/1", 200, b"film") == "ok"
assert pages.judge("http://h/detail/1", 200, b"fill") == "bad_body"
assert pages.judge("http://h/detail/1", 200, b"films") == "bad_body"
assert pages.judge("http://h/detail/1", 404, b"film") == "bad_status"

good = dict.fromkeys(pages.OUTCOMES, 0) | {"ok": 10, "requests": 10, "cost_s": 0.06, "ideal_s": 0.05}
counts = {"requests": 10, "responses": 10, "rejected": 0, "connections": 10, "body_bytes": 40}


def doubt(row=(), seen=()):
    return verdict.doubt(good | dict(row), counts | dict(seen), 40)


assert not doubt()
assert not doubt(seen={"connections": 11, "tls_resumed": 0})
assert "lost 1" in doubt(row={"ok": 9, "lost": 1})
assert "below the ideal" in doubt(row={"cost_s": 0.04})
assert "asked 11 times" in doubt(seen={"requests": 11})
assert "answered 9" in doubt(seen={"responses": 9})
assert "rejected 1" in doubt(seen={"rejected": 1})
assert "39 bytes" in doubt(seen={"body_bytes": 39})
assert "one each" in doubt(seen={"connections": 9})
assert "resumed" in doubt(seen={"tls_resumed": 1})
assert "did not report" in verdict.doubt(good, None, 40)
PYTHON
    /usr/bin/python3 -B verdicts.py "$root/scripts/peers" || fail "something is judged wrongly"
}

case_usage_errors() {
    run_peers --strategies no-such-peer --out o
    expect_status 2
    expect_in err "unknown strategy 'no-such-peer'; there are requests-sequential"
    run_peers --strategies even-loop --out o
    expect_status 2
    expect_in err "unknown strategy 'even-loop'; did you mean 'event-loop'?"
    run_peers --delay 5x --out o
    expect_status 2
    expect_in err "'5x' is not a duration; write it like 50ms"
    [ -e o ] && fail "wrong use left a directory"
}

run_cases "$@"

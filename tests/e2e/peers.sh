#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# peers.sh - the groups of programs that ship with bench beside its strategies, and scripts/peers:
# each fetches the pages it reports, and a failure is a row that says so.
#
#   tests/e2e/peers.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)

if ! /usr/bin/python3 -c 'import aiohttp, requests' 2>/dev/null; then
    echo "peers: skipped, since Debian's python3-aiohttp or python3-requests is not installed"
    exit 77
fi
. "$root/tests/support/cases.sh"

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
    run --strategy event-loop,python --levels 5 --requests 10 --delay 20ms --rounds 2 --out a
    expect_status 0
    expect_column a/runs.csv status "14 valid"
    expect_column a/runs.csv ok "14 10"
    expect_column a/runs.csv origin_requests "14 10"
    expect_column a/runs.csv connections "14 10"
    expect_column a/runs.csv inflight_limit "$(printf '4 1\n10 5')"
    # Ten pages, five or one at a time; memory is read in the first round.
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["run_s"] < $at["ideal_s"] || $at["ideal_s"] != 0.02 * 10 / $at["inflight_limit"] ||
            $at["user_s"] + $at["system_s"] <= 0 { bad = 1 }
        $at["round"] == 1 && $at["peak_pss_bytes"] < ($at["strategy"] == "event-loop" ? 1e6 : 1e7) { bad = 1 }
        END { exit bad || NR != 15 }' a/runs.csv || fail "a time, CPU or memory cannot be"

    run --strategy event-loop,python --levels 5 --requests 10 --delay 20ms --rounds 2 --out b
    expect_status 0
    run compare a b --metric cost
    expect_status 3 # two rounds decide nothing
    expect_in out "requests-threads"
    expect_in out "7 cannot tell"
}

case_over_tls() {
    run --tls --strategy coroutine,python --levels 5 --delay 20ms --rounds 1 --out o
    expect_status 0
    expect_column o/runs.csv status "7 valid"
    expect_column o/runs.csv tls_handshakes "7 5"
    expect_column o/runs.csv tls_resumed "7 0"
}

# An address without a server: every page is a failed connection, and nothing is ranked.
case_unreachable_server() {
    run --strategy event-loop,python --levels 5 --rounds 1 --url http://127.0.0.1:9/ --out o
    expect_status 4
    expect_column o/runs.csv status "7 failed"
    expect_column o/runs.csv ok "7 0"
    expect_column o/runs.csv connect_failed "7 5"
}

case_bad_status() {
    serve_500
    run --strategy event-loop,python --levels 5 --rounds 1 --url "http://127.0.0.1:$port/" --out o
    kill "$server"
    wait "$server" 2>/dev/null
    expect_status 4
    expect_column o/runs.csv status "7 failed"
    expect_column o/runs.csv bad_status "7 5"
}

# A tool that is not installed is a failed row that says so; the others have fetched.
case_script() {
    local tool
    status=0
    "$root/scripts/peers" --bench "$program" --levels 5 --rounds 1 --delay 20ms --out o >out 2>err || status=$?
    for tool in curl-parallel ab hey h2load-h1; do
        [ "$(column o/runs.csv status $tool)" = valid ] ||
            [[ $(column o/runs.csv reason $tool) == *"is not installed"* ]] ||
            fail "$tool: $(column o/runs.csv reason $tool)"
    done
    expect_status "$(column o/runs.csv status | grep -qv valid && echo 4 || echo 0)"
    [ "$(column o/runs.csv strategy | wc -l)" -eq 16 ] || fail "o/runs.csv has not 16 rows"
    expect_in out "| 5 | requests-threads |"
    mv out table
    printf '# A page\n\n## Results\n\nold\n' >page.md
    "$root/scripts/peers" --bench "$program" --runs o --doc page.md >out 2>err || fail "$(cat err)"
    [ "$(head -1 page.md)" = "# A page" ] || fail "the page has lost its beginning"
    tail -n +5 page.md | cmp -s - table || fail "another table: $(cat page.md)"
}

run_cases "$@"

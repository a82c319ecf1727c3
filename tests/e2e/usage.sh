#!/usr/bin/env bash
# usage.sh - the small commands, and input errors: one line that says what to do, status 2,
# nothing started or left.
#
#   tests/e2e/usage.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

case_small_commands() {
    run list
    expect_status 0
    [ "$(grep -c '^    costs ' out)" -eq "$(grep -c '^STRATEGY' "$root/strategies/list.def")" ] ||
        fail "not every strategy is listed"
    for word in waits "requests share" limit "a reference, not ranked" "keeps no connection"; do
        expect_in out "$word"
    done
    run env
    expect_status 0
    expect_in out '"libcurl"'
    expect_in out '"PROXY": ""'
    for command in "" run list serve env summary; do
        run $command --help
        expect_status 0
        expect_in out "Usage: bench"
    done
    run --version
    expect_status 0
}

case_summary_of_nothing() {
    run summary
    expect_status 2
    run summary /no/such/file
    expect_status 2
    echo "a,b" >x.csv
    run summary x.csv
    expect_status 2
    expect_in err "no column 'strategy'"
}

case_bad_input() {
    bad "there are run, list" frobnicate
    bad "unknown option --nonsense; there are --strategy" --nonsense
    bad "there is no strategy 'x'; there are all, article, sequential" --strategy x
    bad "there is no strategy ''" --strategy ""
    bad "there is no strategy ''" --strategy sequential,
    bad "'x' is not a whole number from 1 to 100000" --levels x
    bad "'0' is not a whole number" --levels 1,0
    bad "needs a level on either side" --levels 1,...
    bad "goes down" --levels 5-3
    bad "not between 5 and 1" --levels 5,...,1
    bad "whole number from 1" --requests 0
    bad "whole number from 1" --rounds none
    bad "whole number from 0" --warmup -1
    bad "not a duration" --delay 50
    bad "not a duration" --delay 50min
    bad "more than an hour" --delay 2h
    bad "none of 50ms, uniform:20ms..80ms" --delay poisson:5ms
    bad "does not go up" --delay uniform:80ms..20ms
    bad "none of queue, refuse, slow" --capacity 5 --overload drop
    bad "none of plain, gzip, chunked, gzip,chunked" --body brotli
    bad "whole number from 1" --body-bytes 0
    bad "whole number from 1" --capacity 0
    bad "fetches http and https only" --url ftp://127.0.0.1/
    bad "fetches http and https only" --url file:///etc/passwd
    bad "not an address" --url ""
    bad "not an address" --url "http://"
    bad "neither {id} nor a range" --url "http://127.0.0.1/{x}"
    bad "the only pair of braces" --url "http://127.0.0.1/{id}/{id}"
    bad "neither {id} nor a range" --url "http://127.0.0.1/{1..}"
    bad "goes down" --url "http://127.0.0.1/{9..1}"
    bad "cannot find the host" --url "http://no.such.host.invalid/"
    bad "is none of fresh, reuse" --connections maybe
    bad "not from 1ms" --timeout 0
    bad "not a duration" --timeout soon
    bad "--timeout 50ms is not above --delay 50ms" --timeout 50ms
    bad "--timeout 1s is not above --delay 5s" --timeout 1s --delay 5s
    bad "whole number from 1" --max-host-connections 0
    bad "whole number from 1" --workers 0
    bad "is none of shuffled, grouped" --order random
    bad "whole number from 0" --seed x
    bad "write off" --once-above 0
    bad "not a duration" --max-cell long
    bad "--out: give a directory" --out ""
    bad "cannot make the directory /dev/null" --out /dev/null/x
    bad "cannot write /no/such/dir/x" --csv /no/such/dir/x
    bad "cannot write /no/such/dir/x" --csv /no/such/dir/x --out o
    [ -e o ] && fail "a directory of a command that failed"
    bad "--delay is for the embedded origin" --url http://127.0.0.1/ --delay 5ms
    bad "--capacity is for the embedded origin" --capacity 5 --url http://127.0.0.1/
    bad "unknown option -x" -xy
    bad "not of the form key=value" --label x
    bad "takes no value" --raw=yes
    bad "is none of auto, always, never" --progress sometimes
    bad "is none of quick, article" --profile slow
    bad "takes no value" --dry-run=yes
    bad "needs a value" --levels
    bad "is no option" run extra
    bad "over --max-cell" --max-cell 1ns
    bad "is not an IPv4 address" serve --address localhost
    bad "from 0 to 65535" serve --port 65536
    bad "not a duration" serve --delay x
    bad "is none of table, csv" summary --format nonsense x
    bad "for bench itself" cell 3 4
    bad "for bench itself" cell
    mkdir taken
    echo kept >taken/runs.csv
    bad "taken/runs.csv is there already: give another --out" --out taken
    [ "$(cat taken/runs.csv)" = kept ] || fail "a runs.csv was overwritten"
}

case_port_in_use() {
    start serve --delay 0
    await grep -q listening out || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' out)
    "$program" serve --port "$port" >out2 2>err2
    [ $? -eq 2 ] || fail "a port in use is no usage error"
    expect_in err2 "cannot listen on 127.0.0.1 port $port: Address already in use"
    kill -TERM "$pid"
    wait_for_end
    expect_status 0
}

run_cases "$@"

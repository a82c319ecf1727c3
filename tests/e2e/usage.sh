#!/usr/bin/env bash
# usage.sh - the small commands, and input errors: one line that says what to do, status 2, nothing
# started, nothing left behind.
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
    for word in waits "requests share" limit "a reference, not ranked" "cannot keep connections"; do
        expect_in out "$word"
    done
    run env
    expect_status 0
    expect_in out '"libcurl"'
    expect_in out '"PROXY": ""'
    for command in "" run list serve env summary demo; do
        run $command --help
        expect_status 0
        expect_in out "Usage: bench"
        mv out help
        run help $command
        expect_status 0
        cmp -s out help || fail "'help $command' is another help"
        run --help $command
        cmp -s out help || fail "'--help $command' is another help"
    done
    run --help --levels
    expect_status 0
    run reference --help
    expect_status 0
    expect_in out "Usage: reference"
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
    expect_usage_error "unknown strategy ''" --strategy ""
    expect_usage_error "unknown strategy ''" --strategy sequential,
    expect_usage_error "'x' is not a whole number from 1 to 100000" --levels x
    expect_usage_error "'0' is not a whole number" --levels 1,0
    expect_usage_error "needs a level on each side" --levels 1,...
    expect_usage_error "goes down" --levels 5-3
    expect_usage_error "not 5 and 1" --levels 5,...,1
    expect_usage_error "whole number from 1" --requests 0
    expect_usage_error "whole number from 1" --rounds none
    expect_usage_error "whole number from 0" --warmup -1
    expect_usage_error "not a duration" --delay 50
    expect_usage_error "not a duration" --delay 50min
    expect_usage_error "more than an hour" --delay 2h
    expect_usage_error "'poisson:5ms' is not a delay such as 50ms, uniform:20ms..80ms" --delay poisson:5ms
    expect_usage_error "'80ms..20ms' is not a range" --delay uniform:80ms..20ms
    expect_usage_error "not one of queue, refuse, slow" --capacity 5 --overload drop
    expect_usage_error "not one of plain, gzip, chunked, gzip,chunked" --body brotli
    expect_usage_error "whole number from 1" --body-bytes 0
    expect_usage_error "whole number from 1" --capacity 0
    expect_usage_error "fetches only http and https" --url ftp://127.0.0.1/
    expect_usage_error "fetches only http and https" --url file:///etc/passwd
    expect_usage_error "not a URL" --url ""
    expect_usage_error "not a URL" --url "http://"
    expect_usage_error "neither {id} nor a range" --url "http://127.0.0.1/{x}"
    expect_usage_error "the only pair of braces" --url "http://127.0.0.1/{id}/{id}"
    expect_usage_error "neither {id} nor a range" --url "http://127.0.0.1/{1..}"
    expect_usage_error "goes down" --url "http://127.0.0.1/{9..1}"
    expect_usage_error "cannot resolve the host" --url "http://no.such.host.invalid/"
    expect_usage_error "is not one of fresh, reuse" --connections maybe
    expect_usage_error "out of range: give 1ms to" --timeout 0
    expect_usage_error "not a duration" --timeout soon
    expect_usage_error "--timeout 50ms is not above --delay 50ms" --timeout 50ms
    expect_usage_error "--timeout 1s is not above --delay 5s" --timeout 1s --delay 5s
    expect_usage_error "whole number from 1" --max-host-connections 0
    expect_usage_error "whole number from 1" --workers 0
    expect_usage_error "is not one of grouped, shuffled" --order random
    expect_usage_error "whole number from 0" --seed x
    expect_usage_error "'0' is too short: give a longer duration, or 'off'" --once-above 0
    expect_usage_error "not a duration" --max-cell long
    expect_usage_error "--out: the value is empty; give DIR" --out ""
    expect_usage_error "cannot create directory '/dev/null" --out /dev/null/x
    expect_usage_error "cannot write /no/such/dir/x" --csv /no/such/dir/x
    expect_usage_error "cannot write /no/such/dir/x" --csv /no/such/dir/x --out o
    [ -e o ] && fail "a directory of a command that failed"
    expect_usage_error "--delay is for the embedded origin" --url http://127.0.0.1/ --delay 5ms
    expect_usage_error "--capacity is for the embedded origin" --capacity 5 --url http://127.0.0.1/
    expect_usage_error "not of the form KEY=VALUE" --label x
    expect_usage_error "takes no value" --raw=yes
    expect_usage_error "is not one of auto, always, never" --progress sometimes
    expect_usage_error "'slow' is not one of quick, article, ci" --profile slow
    expect_usage_error "takes no value" --dry-run=yes
    expect_usage_error "needs a value" --levels
    expect_usage_error "is not an option" run extra
    expect_usage_error "exceed --max-cell" --max-cell 1ns
    expect_usage_error "is not an IPv4 address" serve --address localhost
    expect_usage_error "from 0 to 65535" serve --port 65536
    expect_usage_error "not a duration" serve --delay x
    expect_usage_error "is not one of table, csv" summary --format nonsense x
    expect_usage_error "for internal use" cell 3 4
    expect_usage_error "for internal use" cell
    mkdir taken
    echo kept >taken/runs.csv
    expect_usage_error "taken/runs.csv already exists; give another --out" --out taken
    [ "$(cat taken/runs.csv)" = kept ] || fail "a runs.csv was overwritten"
}

# The whole line, for a command line that has one mistake.
expect_message() {
    local line=$1
    shift
    expect_usage_error "$line" "$@"
    [ "$(cat err)" = "bench: $line" ] || fail "'$*': $(cat err), not bench: $line"
}

case_typos() {
    local words="cost, overhead, cpu, p50, p99, memory, connections, switches" value
    # Options: none may be abbreviated.
    expect_message "--show: unknown figure 'cots'; did you mean 'cost'?" --show "cpu, cots"
    expect_message "unknown option '--level'; did you mean '--levels'?" --level 5
    expect_message "unknown option '--level'; did you mean '--levels'?" run --level=5
    expect_message "unknown option '--level'; did you mean '--levels'?" --level
    expect_message "unknown option '--roundz'; did you mean '--rounds'?" --roundz 3
    expect_message "unknown option '--strat'; did you mean '--strategy'?" --strat all
    expect_message "unknown option '--max_cell'; did you mean '--max-cell'?" --max_cell 1s
    expect_message "unknown option '--dry'; did you mean '--dry-run'?" --dry=yes
    expect_message "unknown option '--hel'; did you mean '--help'?" run --hel
    expect_message "unknown option '-levels'; did you mean '--levels'?" --tls -levels 5
    expect_message "unknown option '--frob'; see bench run --help" --frob
    expect_message "unknown option '--frob'; see bench list --help" list --frob
    expect_message "unknown option '--metrics'; did you mean '--metric'?" compare --metrics cpu a b
    expect_message "unknown option '--level'; did you mean '--levels'?" calibrate -- --level 5
    expect_message "unknown option '-xy'; see bench run --help" -xy
    expect_message "--levels needs a value; see bench run --help" --levels
    # The help that a message names is that of the command.
    expect_message "--show: unknown figure 'X'; see bench run --help" --show X
    expect_message "--show: unknown figure 'X'; see bench summary --help" summary --show X x
    expect_message "--show: unknown plot 'X'; see bench plot --help" plot --show X x
    expect_message "--show: unknown plot 'X'; see bench report --help" report --show X x
    expect_message "--show: unknown plot 'cots'; did you mean 'cost'?" report --show cots x
    # Commands, and what is none.
    expect_message "bench list takes no arguments; drop 'x'" list x
    expect_message "bench env takes no arguments; drop 'levels'" env levels
    expect_message "unknown command 'rnu'; did you mean 'run'?" rnu
    expect_message "unknown command 'sumary'; did you mean 'summary'?" help sumary
    expect_message "unknown command 'frobnicate'; see bench --help" frobnicate
    expect_message "unknown command 'event_loop'; did you mean 'bench --strategy event-loop'?" event_loop
    expect_message "unknown command 'corutine'; did you mean 'bench --strategy coroutine'?" corutine
    expect_message "'event-loop' is not an option; did you mean '--strategy event-loop'?" run event-loop
    expect_message "'levels' is not an option; did you mean '--levels'?" run levels 5
    expect_message "'gahter' is not one of coroutine, task, callback, gather, blocking, not-awaitable; did you mean 'gather'?" demo gahter
    # Strategies and cells.
    expect_message "--strategy: unknown strategy 'event-lop'; did you mean 'event-loop'?" --strategy sequential,event-lop
    expect_message "--strategy: unknown strategy 'artcle'; did you mean 'article'?" --strategy artcle
    expect_message "--strategy: unknown strategy 'x'; see bench list" --strategy x
    expect_message "--cells: unknown strategy 'thread-pol'; did you mean 'thread-pool'?" --cells thread-pol@5
    expect_message "--cells: 'calibrted' is not of the form STRATEGY@LEVEL; did you mean 'calibrated'?" --cells calibrted
    # Words of a value.
    expect_message "--order: 'shufled' is not one of grouped, shuffled; did you mean 'shuffled'?" --order shufled
    expect_message "--overload: 'refus' is not one of queue, refuse, slow; did you mean 'refuse'?" --overload refus
    expect_message "--tls-sessions: 'no' is not one of off, on" --tls-sessions no
    expect_message "--body: 'gzip, chunkd' is not one of plain, gzip, chunked, gzip,chunked; did you mean 'gzip,chunked'?" \
        --body "gzip, chunkd"
    expect_message "--profile: 'quik' is not one of quick, article, ci; did you mean 'quick'?" --profile quik
    expect_message "--fault: unknown fault 'stal'; did you mean 'stall'?" --fault stal:5
    expect_message "--format: 'jsn' is not one of table, csv, markdown, json, hyperfine, github; did you mean 'json'?" \
        summary --format jsn x
    expect_message "--metric: 'overhaed' is not one of $words; did you mean 'overhead'?" compare --metric "cpu, overhaed" a b
    expect_message "--requests: 'atuo' is not a whole number from 1 to 1000000; did you mean 'auto'?" --requests atuo
    # Words that are allowed beside a range.
    expect_message "--levels: 'a' is not a whole number from 1 to 100000; give levels such as 1,10,100 or 1,3,5,...,500" \
        --levels a
    expect_message "--rates: '0' is not a whole number from 1 to 1000000; give rates such as 1,10,100 or 1,3,5,...,500" \
        --rates 0
    expect_message "--levels: the step of a range: '0' is not a whole number from 1 to 100000" --levels 1-5:0
    expect_message "--rounds: '0' is not a whole number from 1 to 10000, nor 'auto'" --rounds 0
    expect_message "--budget: '5' is not a duration: write a number and a unit, ns, us, ms, s, m or h, as in 50ms or 1.5s, or 'off'" \
        --budget 5
    expect_message "--timeout: '0' is out of range: give 1ms to 86400s, or 'auto'" --timeout 0
    expect_message "--warmup: '101' is not a whole number from 0 to 100" --warmup 101
    for value in "--seed aut" "--pin atuo" "--timeout aut"; do
        # shellcheck disable=SC2086
        expect_usage_error "; did you mean 'auto'?" $value
    done
    expect_usage_error "; did you mean 'off'?" --budget of
    expect_usage_error "; did you mean 'uniform'?" --delay unifrom:1ms..2ms
    # Files.
    for value in 'level":[1]|unknown plan field '"'level'; did you mean 'levels'?" \
        'profile":"quik"|"profile": '"'quik' is not one of quick, article, ci; did you mean 'quick'?" \
        'strategies":["event-lop"]|"strategies": unknown strategy '"'event-lop'; did you mean 'event-loop'?" \
        'order":"shufled"|"order": '"'shufled' is not one of grouped, shuffled; did you mean 'shuffled'?"; do
        echo '{"schema": 1, "plan": {"'"${value%%|*}"'}}' >p.json
        expect_message "p.json: ${value#*|}" run --plan p.json
    done
    printf 'stratgy,level,status\na,1,valid\n' >r.csv
    expect_message "r.csv: no column 'strategy'; is it the column 'stratgy'?" summary r.csv
    # Of any length: the line still ends with what to do.
    value=$(printf 'x%.0s' {1..1000})
    for words in "run --$value" "$value" "--strategy $value" "--fault $value"; do
        # shellcheck disable=SC2086
        expect_usage_error "...'; " $words
    done
}

# Names of a recorded run, of which one is part of another.
case_names_of_a_run() {
    local recorded=$root/results/reference/timeline
    printf 'strategy,level,status,variant\n' >r.csv
    for variant in ab a b ab b; do echo "event-loop,1,valid,$variant"; done >>r.csv
    expect_message "r.csv has no variant 'xyz'; it has ab, a, b" compare r.csv --base xyz --head a
    expect_message "--base and --head are both 'a': name two different variants" compare r.csv --base a --head a
    expect_message "one run needs two variants: add --base A --head B" compare r.csv --head a
    expect_message "$recorded/requests.csv: unknown strategy 'x'; the file has sequential, thread-pool, process-pool, event-loop, coroutine, coroutine-blocking" \
        timeline --strategy x "$recorded"
    expect_message "$recorded/requests.csv: unknown strategy 'event-lop'; did you mean 'event-loop'?" \
        timeline --strategy event-lop "$recorded"
}

case_help_has_one_line_per_command() {
    run --help
    sed -n '/^Usage/,/^Without/p' out | sed '1d;$d' | grep -v '^$' >lines
    [ "$(wc -l <lines)" -ge 9 ] || fail "$(cat lines)"
    grep -vE '^  [a-z]+ +[A-Z].*\.$' lines && fail "not a command with its summary"
    return 0
}

case_predicted_time() {
    run --dry-run --strategy sequential --levels 100 --delay 10ms --rounds 3 --once-above off
    expect_in out "3 cells, about 3 s"
    run --dry-run --strategy sequential --levels 100 --delay 700ms --rounds 1
    expect_in out "1 cell, about 1:10 min"
    run --dry-run --strategy sequential --levels 1 --delay 1ms --rounds 1
    expect_in out "1 cell, under 1 s"
}

# What is meant where only the form differs.
case_forms() {
    run plan --strategy event-loop,thread-pool --levels 1,5,10 --body gzip,chunked --seed 1
    mv out expected
    run plan --strategy " event_loop, thread_pool" --levels "1, 5,  10" --body "gzip, chunked" --seed 1
    expect_status 0
    cmp out expected || fail "not the same plan"
    run plan --cells event-loop@5,thread-pool@3 --delay normal:50ms,10ms --pin 0-1,2:3 --variant a:X=1,Y=2 --seed 1
    mv out expected
    run plan --cells "event_loop@5, thread_pool@3" --delay "normal:50ms, 10ms" --pin "0-1, 2:3" --variant "a:X=1, Y=2" --seed 1
    expect_status 0
    cmp out expected || fail "not the same plan"
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

# `bench` alone: a first look with a conclusion and what to type next.
case_first_look() {
    SECONDS=0
    run
    expect_status 0
    [ "$SECONDS" -lt 30 ] || fail "$SECONDS s"
    expect_in out "Conclusion"
    expect_in out "  bench --strategy all --levels 1,3,5,...,500"
    expect_in results/*/plan.json '"profile": "quick"'
    grep -q 'Next' <("$program" --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv a) &&
        fail "the hint of the first look after another run"
    return 0
}

# Foreign text reaches a terminal as plain text: no file, name or address can control it.
case_terminal_gets_no_control_characters() {
    local evil format steering=$'[\x01-\x08\x0b-\x1f\x7f]'
    evil=$(printf 'a\x1b[31m\x1b]0;t\x07\xc2\x9b2J\x9b\xe2\x80\xaeb')
    run --strategy event-loop,sequential --levels 1,2 --rounds 2 --delay 1ms --variant a --variant b:X=1 --csv rows
    expect_status 0
    # In every text column in turn.
    python3 - "$evil" <<'END'
import csv, os, sys
evil = os.fsencode(sys.argv[1])
lines = [line.split(b",") for line in open("rows", "rb").read().splitlines()]
names = lines[0]
for name in (b"run_id", b"variant", b"strategy", b"target", b"delay_model", b"overload", b"body", b"faults",
             b"policy", b"tls_sessions", b"pin", b"status", b"reason", b"notes", b"libcurl_version", b"libcurl_file"):
    at = names.index(name)
    with open(b"rows." + name, "wb") as out:
        out.write(b",".join(names) + b"\n")
        for line in lines[1:]:
            out.write(b",".join(line[:at] + [evil] + line[at + 1:]) + b"\n")
END
    command -v script >/dev/null || left_out "no script(1) here: what a terminal gets"
    for file in rows.*; do
        for format in table csv markdown json hyperfine github; do
            run summary --format "$format" "$file"
            [ "$format" = table ] && LC_ALL=C grep -q "$steering" out && fail "$file steers: $(cat -v out | head -5)"
            LC_ALL=C grep -q "$steering" err && fail "$file steers by an error: $(cat -v err)"
            command -v script >/dev/null || continue
            NO_COLOR=1 script -qec "'$program' summary --format $format $file" /dev/null </dev/null 2>&1 | tr -d '\r' >typed
            LC_ALL=C grep -q "$steering" typed && fail "$file as $format steers a terminal: $(cat -v typed | head -5)"
            LC_ALL=C grep -q $'\xc2\x9b' typed && fail "$file as $format has C1"
        done
        run compare "$file" rows
        LC_ALL=C grep -q "$steering" out && fail "$file steers compare: $(cat -v out | head -5)"
    done
    # In names and values on the command line.
    for arguments in "summary $evil" "run --url http://h/$evil" "run --strategy $evil" "$evil" "run --$evil" \
        "run --plan $evil" "run --label $evil" "run --variant $evil" "compare $evil $evil" "serve --address $evil" \
        "run --urls $evil" "run --cacert $evil --url https://127.0.0.1/" "run --header $evil --url http://127.0.0.1/"; do
        # shellcheck disable=SC2086
        run $arguments
        LC_ALL=C grep -q "$steering" out err && fail "'$(cat -v <<<"$arguments")' steers: $(cat -v err)"
        [ "$(wc -l <err)" -eq 1 ] || fail "'$(cat -v <<<"$arguments")': $(cat -v err)"
    done
    mkdir "$evil"
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --out "$evil/o"
    expect_status 0
    LC_ALL=C grep -q "$steering" out && fail "--out steers: $(cat -v out)"
    printf 'http://127.0.0.1:9/%s\n' x >"$evil/list"
    run --urls "$evil/list" --strategy event-loop --levels 1 --rounds 1 --out u
    LC_ALL=C grep -q "$steering" out && fail "--urls steers: $(cat -v out)"
    return 0
}

run_cases "$@"

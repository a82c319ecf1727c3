#!/usr/bin/env bash
# outside.sh - programs from outside, --program: what a good one gets, and that one that does
# something wrong is one row with a reason, hangs nothing and leaves nothing.
#
#   tests/e2e/outside.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"
programs=$root/tests/support/programs
python=/usr/bin/python3

# -- helpers -------------------------------------------------------------------------------

# The processes of this case's programs: each has the case's directory in its command line.
programs_left() { pgrep -f -- "--case $PWD\$"; }
no_programs_left() { [ -z "$(programs_left)" ]; }

# Runs a program that does $1 wrong; further options follow.
misbehave() {
    local fault=$1
    shift
    run --program "p=$python '$programs/misbehaving.py' $fault --case $PWD" --strategy p --levels 4 \
        --requests 12 --timeout 1s --delay 20ms --rounds 1 --csv rows "$@"
    await no_programs_left || fail "$fault left processes behind: $(programs_left | wc -l)"
    [ "$(wc -l <rows)" -eq 2 ] || fail "$fault: $(wc -l <rows) lines instead of a head and a row"
}

# The program that does $1 wrong has one row with status $2, and $3 in its reason.
expect_row() {
    misbehave "$1"
    expect_status 4
    expect_column rows status "1 $2"
    column rows reason | grep -qF -- "$3" || fail "$1: '$3' is not in '$(column rows reason)'"
}

# It has a valid row with the notes $2, and others that a busy machine may add.
expect_noted() {
    local note
    misbehave "$1"
    expect_status 0
    for note in $2; do expect_note rows "$note" 1; done
}

# -- good programs -------------------------------------------------------------------------

# Beside a strategy of bench itself; a name may be used before it is defined.
case_program() {
    run --strategy py,event-loop,sh --program "py=$python '$programs/reference.py'" \
        --program "sh=\"$programs\"/reference.sh" --levels 1,5 --rounds 2 --delay 30ms --out o
    expect_status 0
    expect_column o/runs.csv status "12 valid"
    expect_column o/runs.csv strategy "$(printf '4 event-loop\n4 py\n4 sh')"
    expect_note o/runs.csv no-stamps 4
    expect_note o/runs.csv length-only 0
    [ -z "$(column o/runs.csv setup_s py | tr -d '\n')" ] || fail "a program has a setup_s"
    [ -z "$(column o/runs.csv start_s event-loop | tr -d '\n')" ] || fail "event-loop has a start_s"
    column o/runs.csv start_s py | grep -qv '^$' || fail "a program has no start_s"
    [ "$(column o/runs.csv cost_s py)" = "$(column o/runs.csv run_s py)" ] ||
        fail "the cost time of a program is not its run time"
    expect_in out "Run time without setup"
    # One process for Python, several for Bash; the process that drives them is not counted.
    column o/runs.csv processes_peak py | grep -qx 1 || fail "Python is not one process"
    column o/runs.csv processes_peak sh | sort -n | tail -1 | grep -qvx 1 || fail "Bash is one process"
}

# Kept connections, TLS, compressed and chunked bodies, faults.
case_options() {
    local define="py=$python '$programs/reference.py'"
    run --program "$define" --strategy py --levels 4 --connections reuse --delay 5ms --rounds 1 --csv a
    expect_column a status "1 valid"
    [ "$(column a connections)" -le 4 ] || fail "$(column a connections) connections were not reused"
    run --program "$define" --strategy py --levels 4 --tls --body gzip,chunked --delay 5ms --rounds 1 \
        --csv b
    expect_column b status "1 valid"
    run --program "$define" --strategy py --levels 4 --requests 40 --fault 500:30 --allow-errors 60 \
        --delay 5ms --rounds 1 --csv c
    expect_column c status "1 valid"
    expect_note c errors-allowed 1
    run --program "$define" --strategy py --levels 4 --requests 8 --fault stall:50 --delay 5ms \
        --timeout 500ms --rounds 1 --csv d
    expect_column d status "1 failed"
    expect_in d "timeout: TimeoutError"
}

# The environment is the variant's, without proxies; the job is valid JSON for a child, too.
case_environment() {
    cat >show.sh <<'END'
env >&2
cat "$BENCH_JOB" >job
sh -c 'cat "$BENCH_JOB"' | cmp - job || exit 1
exit 7
END
    http_proxy=http://127.0.0.1:1 HTTPS_PROXY=x SSLKEYLOGFILE=keys run --program "p=sh show.sh" \
        --strategy p --levels 3 --rounds 1 --variant v:SHOWN=yes --csv rows
    expect_in rows "exited with status 7"
    expect_in err "SHOWN=yes"
    grep -qiE "_proxy=|SSLKEYLOGFILE" err && fail "a hidden variable is shown: $(grep -i proxy err)"
    "$python" - <<'END' || fail "the job is not as documented"
import json
job = json.load(open("job"))
assert job["protocol"] == 1 and job["requests"] == 3 and job["level"] == 3, job
assert len(job["urls"]) == 3 and job["connections"] == "fresh" and job["expect_status"] == 200, job
assert job["ca_file"] is None and job["insecure"] is False and job["gzip"] is False, job
assert job["resolve"] == {} and job["headers"] == [], job
END
}

# -- programs that do something wrong ------------------------------------------------------

case_before_go() {
    expect_row exit-first failed "exited with status 1 before 'ready 1'; it last wrote to standard error 'no such"
    expect_row crash-first failed "killed by signal 11"
    expect_row chatty-first failed "the program wrote 'loading ...' instead of 'ready 1'; that is no line of the protocol"
    expect_row endless-first failed "more than 4096 bytes without a line end"
    expect_row other-protocol failed "the program wrote 'ready 3' instead of 'ready 1'; this bench speaks protocols 1 and 2"
    expect_row early-results failed "wrote to its standard output before 'go'"
    expect_row early-done failed "wrote to its standard output before 'go'"
    expect_row early-fetch invalid "a request reached the origin"
    run --program p=./none --strategy p --levels 1 --rounds 1 --csv rows
    expect_status 4
    expect_in rows "cannot start './none': No such file or directory"
}

case_silent() {
    expect_row silent failed "did not write 'ready 1' within 11.0 s"
}

case_hang() {
    expect_row hang failed "made no progress"
    column rows reason | grep -qF "it last wrote 'waiting for nothing'" || fail "$(column rows reason)"
}

case_while_fetching() {
    expect_row chatty failed "the program wrote 'fetching ...' instead of 'done'; that is no line of the protocol"
    expect_row crash failed "killed by signal 6 (Aborted) before 'done'"
    [ -z "$(find . -name 'core*')" ] || fail "it left a core"
    expect_row exit failed "exited with status 3 before 'done'; it last wrote to standard error '?[31mgiving up?[0m'"
    expect_row overload invalid " fetches were in flight; the level allows 4"
    expect_row extra invalid "but the origin received 13 requests"
    expect_noted one-at-a-time level-not-held
    expect_column rows inflight_peak "1 1"
}

case_stamps() {
    expect_row future failed "after 'done': is it CLOCK_MONOTONIC?"
    expect_row wall-clock failed "is it CLOCK_MONOTONIC?"
    expect_row past failed "before 'go': is it CLOCK_MONOTONIC?"
    expect_row backward failed "ended before it began"
    expect_row too-early invalid "the origin received a request before the client's first begin or after"
}

case_bodies() {
    expect_row bad-crc failed "bad_body 1"
    expect_row bad-length failed "bad_body 1"
    expect_noted no-crc length-only
    expect_noted no-stamps no-stamps
    expect_noted nothing-known "no-length no-status no-stamps"
    [ -z "$(column rows latency_p50_us)$(column rows body_bytes)" ] || fail "an unknown figure is there"
}

case_report() {
    expect_row half failed "reported 6 of 12 requests before 'end'; the first that is missing is 6"
    expect_row twice failed "reported request 0 twice"
    expect_row errors-reversed failed "12 of 12 requests failed (io_failed 12); the first was http://"
    column rows reason | grep -q ': page 0$' || fail "the error of another request: $(column rows reason)"
    expect_row endless failed "reported request 0 twice"
    expect_row endless-line failed "more than 4096 bytes without a line end"
    expect_row zero-byte failed "instead of 'end'; it has a zero byte"
    expect_row no-end failed "exited with status 0 before 'end'"
    expect_row two-ends failed "wrote to its standard output after 'end'"
    expect_row status failed "exited with status 5 after 'end'"
}

case_slow_end() {
    expect_row slow-results failed "did not write 'end' within 11.0 s"
    expect_row stays failed "did not exit within 11.0 s after 'done'"
}

# Processes that have left the group and the session.
case_processes() {
    expect_row children failed "left 500 processes behind; bench killed them"
    expect_row children-exit failed "exited with status 4 before 'done'"
    expect_row daemon failed "left 1 process behind; bench killed it"
}

# A process of the program that has become root: bench, which is not root here, gives it up.
case_unkillable() {
    local user=(setpriv --reuid 54321 --regid 54321 --clear-groups)
    [ "$(id -u)" -eq 0 ] && "${user[@]}" test -x "$program" 2>/dev/null ||
        { left_out "not root, or the program is not for others"; return; }
    cp "$(command -v setpriv)" become-root
    chmod 4755 become-root
    chmod 777 .
    "${user[@]}" ./become-root --reuid 0 true 2>/dev/null || { left_out "no setuid here"; return; }
    cat >program.sh <<'END'
echo "ready 1"
read -r _
setsid ./become-root --reuid 0 sh -c 'echo $$ >pid; exec sleep 600' >log 2>&1 </dev/null &
while [ ! -s pid ]; do sleep 0.01; done
exit 3
END
    status=0
    "${user[@]}" timeout 60 "$program" --program "p=sh program.sh" --strategy p --levels 1 --rounds 1 \
        --timeout 1s --url http://127.0.0.1:9/ --csv rows >out 2>err || status=$?
    kill -KILL "$(cat pid)" || fail "the program has no such process"
    expect_status 4
    expect_column rows status "1 failed"
    column rows reason | grep -qF "; bench could not end 1 of its processes" || fail "$(column rows reason)"
}

# bench is interrupted or killed, or the process that drives the program is.
case_killed() {
    local pid signal define
    define="p=$python '$programs/misbehaving.py' children-stay --case $PWD"
    for signal in INT KILL; do
        env --default-signal=INT "$program" --program "$define" --strategy p --levels 4 --rounds 1 \
            --url http://127.0.0.1:9/ --csv rows >out 2>err &
        pid=$!
        await has_programs 10
        kill "-$signal" "$pid"
        wait "$pid" 2>/dev/null
        await no_programs_left || fail "SIG$signal left processes behind: $(programs_left | wc -l)"
    done
    "$program" --program "$define" --strategy p --levels 4 --rounds 1 --url http://127.0.0.1:9/ \
        --csv rows >out 2>err &
    pid=$!
    await has_programs 10
    kill -KILL "$(cell_of)"
    wait "$pid"
    await no_programs_left || fail "the cell's death left processes behind"
    expect_in rows "was killed by signal 9"
}
has_programs() { [ "$(programs_left | wc -l)" -ge "$1" ]; }

# -- rates ---------------------------------------------------------------------------------

# Runs rates.py, which does $1 wrong, at a low rate; further options follow.
hold_rate() {
    local fault=$1
    shift
    run --program "p=$python '$programs/rates.py' $fault" --strategy p --rates 20 --duration 1s \
        --timeout 1s --delay 20ms --rounds 1 --csv rows "$@"
}

# The row of rates.py with a fault has the status $2, and $3 in its reason.
expect_rate_row() {
    hold_rate "$1"
    expect_status 4
    expect_column rows status "1 $2"
    column rows reason | grep -qF -- "$3" || fail "$1: '$3' is not in '$(column rows reason)'"
}

case_rates() {
    hold_rate "" --strategy event-loop,p
    expect_column rows status "2 valid"
    expect_column rows ok "2 20"
    expect_column rows unfinished "2 0"
    # The last four are cut off, and those before them wait too long.
    hold_rate "" --max-in-flight 4 --delay 700ms --strategy p,event-loop
    expect_column rows status "2 valid"
    expect_column rows ok "2 8"
    expect_column rows unfinished "2 12"
    # With levels, too, requests may have moments.
    run --program "p=$python '$programs/rates.py'" --strategy p --levels 4 --requests 8 --per-host-rate 40 \
        --rounds 1 --csv rows
    expect_column rows status "1 valid"
}

case_wrong_rates() {
    expect_rate_row protocol-1 failed "the program cannot hold a rate: it speaks protocol 1; and rates need 2"
    expect_rate_row early failed "before it was due"
    expect_rate_row gives-up failed "the program gave up request 3 "
    expect_rate_row all-unfinished failed "the program gave up request 0 "
    expect_rate_row stays failed "did not write 'done' within 13."
    hold_rate no-stamps
    expect_status 0
    expect_note rows no-stamps 1
}

# -- the plan ------------------------------------------------------------------------------

case_definitions() {
    local group
    expect_usage_error "'event-loop' is a strategy of bench" --program event-loop=./x
    expect_usage_error "'article' is a group" --program article=./x
    for group in python tools runtimes; do
        expect_usage_error "'$group' is a group" --program "$group=./x"
    done
    expect_usage_error "'all' means all strategies" --program all=./x
    expect_usage_error "invalid name 'A'" --program A=./x
    expect_usage_error "not of the form NAME=COMMAND" --program ./x
    expect_usage_error "it names no program" --program x=
    expect_usage_error "more than 4096 bytes" --program "x=$(printf '%05000d' 0)"
    expect_usage_error "quote is not closed" --program "x=a 'b"
    expect_usage_error "'x' is already defined as './a'" --program x=./a --program x=./b
    expect_usage_error "unknown strategy 'xx'; did you mean 'x'?" --strategy xx --program x=./a
    run --program x=./a --levels 1 --rounds 1 --dry-run
    expect_status 0
    grep -q '^ .* x ' out || fail "'all' leaves out a program: $(cat out)"
    run --cells x@3,event-loop@2 --program x=./a --rounds 1 --dry-run
    expect_in out "2 cells"
    # Those that ship with bench are selected by name or group, and are not part of `all`.
    run --cells requests-sequential@1 --rounds 1 --dry-run
    expect_in out requests-sequential
    run --strategy python,tools --levels 1 --rounds 1 --dry-run
    expect_in out "10 cells"
    run --strategy all --levels 1 --rounds 1 --dry-run
    grep -q requests-sequential out && fail "'all' has programs that ship with bench"
    expect_usage_error "unknown strategy 'pyton'; did you mean 'python'?" --strategy pyton
}

# A plan is a file that others may have written: its programs are shown first.
case_trust() {
    local define="p=$python '$programs/reference.py'"
    "$program" plan --program "$define" --strategy p --levels 2 --rounds 1 --delay 1ms >plan
    expect_in plan '"name": "p"'
    chmod 600 plan
    run --plan plan --csv a
    expect_status 0
    expect_in out "strategy p of the plan executes $python"
    chmod 666 plan
    run --plan plan --csv a
    expect_status 2
    expect_in err "names programs or plugins to execute"
    run --plan plan --csv a --trust
    expect_status 0
    # One that is typed is the user's own; it keeps its place.
    run --plan plan --csv a --program "$define -u"
    expect_status 0
    expect_column a strategy "1 p"
}

# --resume runs the programs of the plan; another command is another plan.
case_resume() {
    local define="p=$python '$programs/reference.py'"
    run --program "$define" --strategy p --levels 2 --rounds 1 --delay 1ms --out o
    run --resume --out o --rounds 2
    expect_status 0
    expect_column o/runs.csv status "2 valid"
    run --resume --out o --rounds 3 --program p=./other
    expect_status 2
    expect_in err "programs was"
}

case_check() {
    run check --program "p=$python '$programs/reference.py'"
    expect_status 0
    expect_in out "14 met, 0 failed"
    expect_in out "note      keeps the schedule of a rate: the program cannot hold a rate: it speaks protocol 1"
    # It may refuse to keep connections, and the rest is checked all the same.
    cat >fresh-only.sh <<END
grep -q '"connections": *"reuse"' "\$BENCH_JOB" && { echo "no kept connections" >&2; exit 1; }
exec $python '$programs/reference.py'
END
    run check --program "p=sh fresh-only.sh"
    expect_status 0
    expect_in out "left out  kept connections: needed for --connections reuse alone: "
    expect_in out "13 met, 0 failed, 1 left out"
    # One of protocol 1 has no rates; one of protocol 2 keeps to it.
    run check --program "p=$python '$programs/rates.py'"
    expect_status 0
    expect_in out "ok        keeps the schedule of a rate"
    expect_in out "ok        ends when its time is over"
    run check --program "p=$python '$programs/misbehaving.py' no-crc"
    expect_in out "note      length-only: "
    expect_in out "ok        kept connections"
    run check --program "p=$python '$programs/misbehaving.py' twice"
    expect_status 4
    expect_in out "FAILED    fresh connections, several in flight: the program reported request 0 twice"
    run check --program "p=$python '$programs/misbehaving.py' exit-first"
    expect_status 4
    expect_in out "not tried after what failed above"
    expect_usage_error "not of the form NAME=COMMAND" check --program ./x
    expect_usage_error "--only needs --plugin" check --program p=./x --only level
}

run_cases "$@"

#!/usr/bin/env bash
# ci.sh - bench in a CI: builds are told apart, injected slowdowns are found, two builds are
# compared.
#
#   tests/e2e/ci.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Runs a command, which must exit with that status; its output is in out and err.
expect_exit() {
    local expected=$1
    shift
    status=0
    "$@" >out 2>err || status=$?
    [ "$status" -eq "$expected" ] ||
        fail "status $status, not $expected, of: $*; $(head -c 600 out) $(head -c 300 err)"
}

# The distinct values of a column in the rows of a variant.
values() {
    awk -F, -v variant="$2" -v name="$3" '{ gsub(/"[^"]*"/, "quoted") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["variant"] == variant { print $at[name] }' "$1" | sort -u
}

# -- builds --------------------------------------------------------------------------------

# The libcurl that the program is linked with.
system_libcurl() { realpath "$(ldd "$program" | awk '/libcurl/ { print $3 }')"; }

# copy_with_other_build_id FROM TO: makes a copy that looks like another build. $id is the build id
# of FROM; that of the copy ends in 00.
copy_with_other_build_id() {
    id=$(readelf -n "$1" | sed -n 's/.*Build ID: //p')
    cp "$1" "$2"
    perl -0777 -pi -e "s/\\Q\${\\pack('H*', '$id')}\\E/pack('H*', '${id%??}00')/e" "$2"
}

case_libraries_are_told_apart() {
    mkdir lib
    copy_with_other_build_id "$(system_libcurl)" lib/libcurl.so.4
    expect_exit 0 "$program" run --strategy event-loop,process-pool --levels 2 --rounds 1 --delay 1ms \
        --csv a --variant base --variant "other:LD_LIBRARY_PATH=$PWD/lib"
    [ "$(values a base libcurl_file)" = "$(system_libcurl)" ] || fail "$(values a base libcurl_file)"
    [ "$(values a other libcurl_file)" = "$PWD/lib/libcurl.so.4" ] ||
        fail "$(values a other libcurl_file)"
    [ "$(values a base libcurl_build_id)" = "$id" ] || fail "$(values a base libcurl_build_id)"
    [ "$(values a other libcurl_build_id)" = "${id%??}00" ] ||
        fail "$(values a other libcurl_build_id)"
    [ "$(values a base libcurl_version)" = "$(values a other libcurl_version)" ] ||
        fail "the versions differ, so that this shows nothing"
}

case_programs_are_told_apart() {
    copy_with_other_build_id "$program" head
    expect_exit 0 "$program" run --strategy event-loop,process-pool --levels 2 --rounds 1 --delay 1ms \
        --csv a --variant base --variant "head:BENCH_PROGRAM=$PWD/head"
    [ "$(values a base program_build_id)" = "$id" ] || fail "$(values a base program_build_id)"
    [ "$(values a head program_build_id)" = "${id%??}00" ] ||
        fail "$(values a head program_build_id)"
    [ "$(values a head status)" = valid ] || fail "$(values a head status)"
}

# A program of another version gives a row that says so; a missing program stops everything.
case_programs_of_other_versions() {
    cat >silent <<'END'
#!/bin/sh
exit 2
END
    chmod +x silent
    expect_exit 4 "$program" run --strategy sequential --levels 1 --rounds 1 --delay 1ms --csv a \
        --variant base --variant "old:BENCH_PROGRAM=$PWD/silent"
    [ "$(values a base status) $(values a old status)" = "valid failed" ] || fail "$(cat a)"
    expect_in a "BENCH_PROGRAM $PWD/silent is not bench, or is a version that does not state its protocol: the cell's process exited with status 2 before it began"
    # It answers with protocol 99 in 12345 bytes, where struct cell_handshake has these two.
    cat >other <<'END'
#!/usr/bin/perl
open(my $memory, "+<&=", $ARGV[1]) or die;
sysseek($memory, 20, 0) == 20 or die;
syswrite($memory, pack("LQ", 99, 12345)) == 12 or die;
exit 2;
END
    chmod +x other
    expect_exit 4 "$program" run --strategy sequential --levels 1 --rounds 1 --delay 1ms --csv b \
        --variant "old:BENCH_PROGRAM=$PWD/other"
    expect_in b "BENCH_PROGRAM $PWD/other is another version of bench: it speaks protocol 99 in 12345 bytes, this one 2 in "
    # A harness of protocol 99 gets an answer, but no cell.
    perl -e 'print pack("QQLLQ", 12345, 0x6c6c656368636e62, 99, 0, 0), "\0" x 100000' >memory
    expect_exit 2 "$program" cell 3 4 3<>memory 4<>memory
    expect_in err "the bench that started this cell is another version"
    [ "$(perl -e 'local $/; print join " ", (unpack("QQLLQ", <>))[2, 3]' memory)" = "99 2" ] ||
        fail "no answer"
    expect_exit 2 "$program" run --strategy sequential --variant "v:BENCH_PROGRAM=$PWD/none" --out o
    expect_in err "variant v: BENCH_PROGRAM $PWD/none: No such file"
    [ ! -e o ] || fail "something was begun"
}

# -- injected slowdowns --------------------------------------------------------------------

# The CPU time per request of a variant, per strategy, in microseconds.
cpu_per_request() {
    awk -F, -v variant="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["variant"] == variant {
            print $at["strategy"], ($at["user_s"] + $at["system_s"]) / $at["requests"] * 1e6 }' \
        "$1" | sort
}

# 2 ms per request is far more than a request costs, so every strategy, the reference without
# libcurl included, shows at least half of it and at most twice as much.
case_injected_cpu_is_found() {
    expect_exit 0 "$program" run --strategy all --levels 4 --requests 40 --rounds 1 --delay 1ms --csv a \
        --variant base --variant slow:BENCH_INJECT=cpu:2ms
    [ "$(values a base status) $(values a slow status)" = "valid valid" ] || fail "$(cat a)"
    cpu_per_request a base >base
    cpu_per_request a slow >slow
    [ "$(wc -l <slow)" -eq "$("$program" list | grep -c '^[a-z]')" ] || fail "$(cat slow)"
    join base slow | awk '{ more = $3 - $2; if (more < 1000 || more > 4000) print }' >wrong
    [ ! -s wrong ] || fail "not 2000 us more: $(cat wrong)"
    values a slow notes | grep -vw injected && fail "a row does not say that it is injected"
    values a base notes | grep -w injected && fail "a row says that it is injected"
    expect_exit 4 "$program" run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv b \
        --variant wrong:BENCH_INJECT=cpu
    expect_in b "BENCH_INJECT=cpu is not valid; examples: cpu:20us wait:2ms instructions:500"
}

# -- BASE against HEAD ---------------------------------------------------------------------

# Makes a bench program of another build that injects a slowdown.
slow_program() {
    copy_with_other_build_id "$program" rebuilt
    printf '#!/bin/sh\nBENCH_INJECT=%s exec %s "$@"\n' "$1" "$PWD/rebuilt" >"$2"
    chmod +x "$2"
}

# regression EXPECTED BASE HEAD: a small sweep, with this program.
regression() {
    local expected=$1
    shift
    rm -rf o
    expect_exit "$expected" "$root/scripts/ci/regression" --bench "$program" --budget 20s --out o "$@" -- \
        --cells event-loop@4 --requests 40 --rounds 12 --delay 1ms
}

# An additional 2 ms is twenty times the cost of a request and must be found.
case_regression_is_found() {
    slow_program cpu:2ms slow
    regression 1 "$program" "$PWD/slow"
    [ "$(values o/runs.csv head notes | tr ' ' '\n' | grep -c injected)" -gt 0 ] || fail "no note"
    expect_in out "base: bench $(values o/runs.csv base program_build_id)"
    for file in compare.md compare.json compare.xml; do
        [ -s "o/$file" ] || fail "no $file"
    done
    expect_in o/compare.md event-loop
    # In the other direction there is no regression.
    regression 0 "$PWD/slow" "$program"
}
needs_quiet regression_is_found

case_regression_between_libraries() {
    mkdir old new
    cp "$(system_libcurl)" old/libcurl.so.4
    copy_with_other_build_id "$(system_libcurl)" new/libcurl.so.4
    "$root/scripts/ci/regression" --bench "$program" --budget 4s --out o old new -- \
        --cells sequential@1 --rounds 2 --delay 1ms >out 2>err
    case $? in 0 | 1 | 3) ;; *) fail "the same library twice: $(cat out err)" ;; esac
    [ "$(values o/runs.csv base libcurl_file)" = "$PWD/old/libcurl.so.4" ] || fail "base"
    [ "$(values o/runs.csv head libcurl_file)" = "$PWD/new/libcurl.so.4" ] || fail "head"
}

# The environment that a script sets for its own cells must not reach those of the other side.
case_script_is_not_the_driver() {
    slow_program cpu:2ms slow
    [ "$(. "$root/scripts/ci/sides" && side_driver "$program")" = "$program" ] || fail "a binary"
    [ "$(. "$root/scripts/ci/sides" && side_driver slow)" = "$root/build/release/bench" ] ||
        fail "a script"
}

case_regression_refuses() {
    mkdir empty
    for side in empty /no/such; do
        expect_exit 2 "$root/scripts/ci/regression" --bench "$program" "$program" $side
        expect_in err "$side is neither a bench program nor a directory with a libcurl.so.4"
    done
    expect_exit 2 "$root/scripts/ci/regression" "$program"
    expect_in err "give BASE and HEAD"
    expect_exit 2 "$root/scripts/ci/regression" --nonsense "$program" "$program"
    expect_exit 2 "$root/scripts/ci/regression" --bench /no/such "$program" "$program"
    printf '#!/bin/sh\nexit 2\n' >other
    chmod +x other
    expect_exit 5 "$root/scripts/ci/regression" --bench "$program" --out o "$PWD/other" "$program"
    expect_in err "base cannot be measured: BENCH_PROGRAM $PWD/other is not bench"
    [ ! -e o ] || fail "something was measured"
}

# gate EXPECTED BASE HEAD: the joint gate over one small cell, with this program.
gate() {
    local expected=$1
    shift
    rm -rf o
    expect_exit "$expected" "$root/scripts/ci/gate" --bench "$program" --budget 8s --out o \
        "$gate_count" "$gate_list" "$@" -- --cells event-loop@4 --requests 40 --delay 1ms
}

# The joint gate reports the worse of measurement and counts, in one status and one comment.
case_joint_gate() {
    gate_count=--count gate_list=none
    slow_program cpu:2ms slow
    gate 1 "$program" "$PWD/slow"
    expect_in o/comment.md "## :x: bench: regression"
    expect_in o/comment.md "OVERALL"
    expect_in out "regression: measured: regression"
    gate 0 "$PWD/slow" "$program"
    expect_in o/comment.md "## :white_check_mark: bench: clear"
    is_sanitized && { left_out "a program with sanitizers"; return; }
    # Instructions that a measurement cannot show: 10 us in a cell that varies by more.
    gate_list=sequential
    slow_program instructions:5000 more
    gate 1 "$program" "$PWD/more"
    expect_in o/comment.md "Counted: regression."
    expect_in o/comment.md "| sequential | fresh | instructions |"
    [ -s o/counts.csv ] || fail "no counts.csv"
}
needs_quiet joint_gate

case_gate_refuses() {
    expect_exit 2 "$root/scripts/ci/gate" "$program"
    expect_in err "give BASE and HEAD"
    expect_exit 2 "$root/scripts/ci/gate" --nonsense "$program" "$program"
    expect_in err "unknown option '--nonsense'; there are --budget, --count, --out, --bench"
    expect_exit 2 "$root/scripts/ci/gate" --budget
    printf '#!/bin/sh\nexit 2\n' >other
    chmod +x other
    expect_exit 5 "$root/scripts/ci/gate" --bench "$program" --out o "$PWD/other" "$program"
    [ ! -e o ] || fail "something was measured"
    for script in gate regression count; do
        expect_exit 0 "$root/scripts/ci/$script" --help
        expect_in out "scripts/ci/$script [options]"
    done
}

case_verdicts() {
    for status in 0 3 5; do expect_exit 0 "$root/scripts/ci/verdict" $status; done
    expect_in out "::warning::not comparable"
    for status in 1 2 4 130; do expect_exit 1 "$root/scripts/ci/verdict" $status; done
    expect_exit 1 "$root/scripts/ci/verdict" 3 none
    expect_in out "::error::cannot tell"
}

# -- counts --------------------------------------------------------------------------------

# Sanitizers do not work under valgrind.
is_sanitized() { nm "$program" 2>/dev/null | grep -qE '__(asan|tsan)_init'; }

count() {
    "$root/scripts/ci/count" --bench "$program" --strategy sequential --connections fresh \
        --requests 20 --runs 1 "$@"
}

# A request takes some 100,000 instructions and 20 system calls; one more call is 5 %.
case_counts() {
    is_sanitized && { left_out "a program with sanitizers"; return; }
    slow_program instructions:2500 slower
    expect_exit 1 count --out o --base "$program" "$PWD/slower"
    grep -qE '^sequential +fresh +instructions .*WORSE' out || fail "$(cat out)"
    grep -qE '^sequential +fresh +syscalls .*\+0\.000' out || fail "$(cat out)"
    grep -qE '^head,sequential,fresh,[0-9]+\.[0-9]+,0\.000,[0-9]+\.000,0\.000$' o/counts.csv ||
        fail "$(cat o/counts.csv)"
    # One more system call; its instructions are below the threshold.
    slow_program wait:1us slower
    expect_exit 0 count --threshold 6 --base "$program" "$PWD/slower"
    grep -qE '^sequential +fresh +syscalls +20.0 +21.0 +\+5\.000' out || fail "$(cat out)"
}
needs_quiet counts

# Event loops with kept connections should add few system calls to libcurl's own loop: descriptors
# that libcurl drops must not cost any. The counts keep this so. A coroutine's loop sets its timer
# before each wait.
case_loops_need_little() {
    is_sanitized && { left_out "a program with sanitizers"; return; }
    "$root/scripts/ci/count" --bench "$program" --strategy event-loop,coroutine,poll-loop \
        --connections reuse --requests 40 --runs 1 --out o "$program" >out 2>err || fail "$(cat err)"
    awk -F, '$3 == "reuse" { instructions[$2] = $4; calls[$2] = $6 }
        END {
            if (!calls["poll-loop"]) print "nothing was counted"
            if (calls["event-loop"] > calls["poll-loop"] + 0.5) print "event-loop: system calls"
            if (calls["coroutine"] > calls["event-loop"] + 1.5) print "coroutine: system calls"
            if (instructions["event-loop"] > 1.1 * instructions["poll-loop"]) print "event-loop: instructions"
            if (instructions["coroutine"] > 1.1 * instructions["event-loop"]) print "coroutine: instructions"
        }' o/counts.csv >wrong
    [ ! -s wrong ] || fail "$(cat wrong): $(cat o/counts.csv)"
}
needs_quiet loops_need_little

case_count_refuses() {
    mkdir tools
    for tool in bash cat dirname realpath awk head; do ln -s "$(command -v $tool)" tools; done
    PATH=$PWD/tools expect_exit 3 "$root/scripts/ci/count" "$program"
    expect_in err "no valgrind"
    expect_exit 2 "$root/scripts/ci/count" --runs 0 "$program"
    expect_exit 2 "$root/scripts/ci/count" --base "$program"
    expect_exit 2 "$root/scripts/ci/count" --threshold few "$program"
    is_sanitized && { left_out "a program with sanitizers"; return; }
    expect_exit 3 "$root/scripts/ci/count" --bench "$program" --strategy process-per-request \
        --connections reuse "$program"
    expect_in err "does not reuse connections"
}

run_cases "$@"

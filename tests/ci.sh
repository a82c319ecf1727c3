#!/usr/bin/env bash
# ci.sh - what a CI needs of bench: builds told apart, slowdowns on purpose, two builds compared.
#
#   tests/ci.sh PROGRAM [NAME ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    echo "    $*"
    failures=$((failures + 1))
}

# Runs a command, which must end with that status; what it prints is in out and err.
ends() {
    local expected=$1 status=0
    shift
    "$@" >out 2>err || status=$?
    [ "$status" -eq "$expected" ] ||
        fail "status $status, not $expected, of: $*; errors: $(head -c 300 err)"
}

says() {
    grep -qF -- "$2" "$1" || fail "no '$2' in $1: $(head -c 600 "$1")"
}

# The different values of a column of a file, of the rows of a variant.
values() {
    awk -F, -v variant="$2" -v name="$3" '{ gsub(/"[^"]*"/, "quoted") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["variant"] == variant { print $at[name] }' "$1" | sort -u
}

# -- builds --------------------------------------------------------------------------------

# The libcurl that the program is linked with.
system_libcurl() { realpath "$(ldd "$program" | awk '/libcurl/ { print $3 }')"; }

case_libraries_are_told_apart() {
    mkdir lib
    cp "$(system_libcurl)" lib/libcurl.so.4
    # As if it had been built again: the last byte of its build id is another.
    id=$(readelf -n lib/libcurl.so.4 | sed -n 's/.*Build ID: //p')
    perl -0pi -e "s/\\Q\${\\pack('H*', '$id')}\\E/pack('H*', '${id%??}00')/e" lib/libcurl.so.4
    ends 0 "$program" run --strategy event-loop,process-pool --levels 2 --rounds 1 --delay 1ms \
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
    cp "$program" head
    id=$(readelf -n head | sed -n 's/.*Build ID: //p')
    perl -0pi -e "s/\\Q\${\\pack('H*', '$id')}\\E/pack('H*', '${id%??}00')/e" head
    ends 0 "$program" run --strategy event-loop,process-pool --levels 2 --rounds 1 --delay 1ms \
        --csv a --variant base --variant "head:BENCH_PROGRAM=$PWD/head"
    [ "$(values a base program_build_id)" = "$id" ] || fail "$(values a base program_build_id)"
    [ "$(values a head program_build_id)" = "${id%??}00" ] ||
        fail "$(values a head program_build_id)"
    [ "$(values a head status)" = valid ] || fail "$(values a head status)"
}

# Another version is a row that says so; what is not there stops everything.
case_other_programs() {
    cat >silent <<'END'
#!/bin/sh
exit 2
END
    chmod +x silent
    ends 4 "$program" run --strategy sequential --levels 1 --rounds 1 --delay 1ms --csv a \
        --variant base --variant "old:BENCH_PROGRAM=$PWD/silent"
    [ "$(values a base status) $(values a old status)" = "valid failed" ] || fail "$(cat a)"
    says a "BENCH_PROGRAM $PWD/silent is no bench, or of a version that does not say which: the cell's process exited with status 2 before it had begun"
    # It answers with protocol 99 in 12345 bytes, where struct cell_handshake has these two.
    cat >other <<'END'
#!/usr/bin/perl
open(my $memory, "+<&=", $ARGV[1]) or die;
sysseek($memory, 20, 0) == 20 or die;
syswrite($memory, pack("LQ", 99, 12345)) == 12 or die;
exit 2;
END
    chmod +x other
    ends 4 "$program" run --strategy sequential --levels 1 --rounds 1 --delay 1ms --csv b \
        --variant "old:BENCH_PROGRAM=$PWD/other"
    says b "BENCH_PROGRAM $PWD/other is of another version: it speaks protocol 99 in 12345 bytes, this bench 1 in "
    # And a harness of protocol 99 gets an answer, and no cell.
    perl -e 'print pack("QQLLQ", 12345, 0x6c6c656368636e62, 99, 0, 0), "\0" x 100000' >memory
    ends 2 "$program" cell 3 4 3<>memory 4<>memory
    says err "the bench that started this cell is of another version"
    [ "$(perl -e 'local $/; print join " ", (unpack("QQLLQ", <>))[2, 3]' memory)" = "99 1" ] ||
        fail "no answer"
    ends 2 "$program" run --strategy sequential --variant "v:BENCH_PROGRAM=$PWD/none" --out o
    says err "variant v: BENCH_PROGRAM $PWD/none: No such file"
    [ ! -e o ] || fail "something was begun"
}

# -- slowdowns on purpose ------------------------------------------------------------------

# CPU time for each request of every variant and strategy, in microseconds.
cpu_per_request() {
    awk -F, -v variant="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["variant"] == variant {
            print $at["strategy"], ($at["user_s"] + $at["system_s"]) / $at["requests"] * 1e6 }' \
        "$1" | sort
}

# 2 ms for each of 40 requests are far more than a request costs: so every strategy shows at
# least the half of them more, the reference without libcurl too, and not twice as much.
case_injected_cpu_is_found() {
    ends 0 "$program" run --strategy all --levels 4 --requests 40 --rounds 1 --delay 1ms --csv a \
        --variant base --variant slow:BENCH_INJECT=cpu:2ms
    [ "$(values a base status) $(values a slow status)" = "valid valid" ] || fail "$(cat a)"
    cpu_per_request a base >base
    cpu_per_request a slow >slow
    [ "$(wc -l <slow)" -eq "$("$program" list | grep -c '^[a-z]')" ] || fail "$(cat slow)"
    join base slow | awk '{ more = $3 - $2; if (more < 2000 || more > 4000) print }' >wrong
    [ ! -s wrong ] || fail "not 2000 us more: $(cat wrong)"
    values a slow notes | grep -vw injected && fail "a row does not say that it is injected"
    values a base notes | grep -w injected && fail "a row says that it is injected"
    ends 4 "$program" run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv b \
        --variant wrong:BENCH_INJECT=cpu
    says b "BENCH_INJECT=cpu is not like one of these: cpu:20us wait:2ms instructions:500"
}

# -- all of them ---------------------------------------------------------------------------

names=${*:-$(declare -F | sed -n 's/^declare -f case_//p')}
for name in $names; do
    mkdir "$work/$name"
    cd "$work/$name" || exit 1
    start_s=$SECONDS
    before=$failures
    "case_$name"
    [ "$failures" -eq "$before" ] && echo "ok     $name ($((SECONDS - start_s)) s)" ||
        echo "FAILED $name"
done
[ "$failures" -eq 0 ]

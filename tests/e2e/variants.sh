#!/usr/bin/env bash
# variants.sh - one sweep in several environments.
#
#   tests/e2e/variants.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Two environments in one sweep; each row says which libcurl its own cell ran with.
case_variants() {
    local shim
    shim=$(find "$build_dir/tests" -name '*other-libcurl.so')
    # The address sanitizer insists on being the first library; here it need not be.
    run --strategy event-loop,process-pool --levels 2,5 --rounds 2 --delay 2ms --out o \
        --variant base "--variant=other:LD_PRELOAD=$shim,ASAN_OPTIONS=verify_asan_link_order=0"
    expect_status 0
    expect_column o/runs.csv status "16 valid"
    expect_column o/runs.csv variant "$(printf '8 base\n8 other')"
    [ "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $at["variant"], $at["libcurl_version"] == "99.1.2-other" }' o/runs.csv | sort -u)" = \
        "$(printf 'base 0\nother 1')" ] || fail "a row has the version of another variant"
    expect_in o/plan.json "\"LD_PRELOAD=$shim\""
    expect_in out "x 2 variants"
    expect_in out "Variant other"
    run --variant a --variant a:X=1 --dry-run
    expect_status 2
    expect_in err "variant 'a' is already defined"
    # A cell that cannot start gives a row with a reason.
    mkdir bad
    echo "no library" >bad/libcurl.so.4
    run --strategy event-loop --levels 1 --rounds 1 --delay 1ms --csv a \
        --variant "bad:LD_LIBRARY_PATH=$PWD/bad"
    expect_status 4
    expect_in a "the cell's process exited with status 127 before it began"
}

run_cases "$@"

#!/usr/bin/env bash
# plugins.sh - models in shared objects, built against the installed headers.
#
#   tests/e2e/plugins.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Installed once, for all cases.
prefix=$work/prefix
cmake --install "$build_dir" --prefix "$prefix" >"$work/install.log" 2>&1 ||
    { cat "$work/install.log"; exit 1; }
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name bench.pc)")
export PKG_CONFIG_PATH
read -ra flags < <(pkg-config --cflags bench)
strict=(-Wall -Wextra -Wpedantic -Wshadow -Werror)

# plugin FILE [FLAG ...]: builds FILE.so of support/plugin_model.c
plugin() {
    local name=$1
    shift
    cc -std=gnu11 "${flags[@]}" -Wall -Werror -Wno-unused -Wno-misleading-indentation -fPIC -shared "$@" -o "$name.so" \
        "$root/tests/support/plugin_model.c" || fail "$name.so cannot be built"
}

reason() { column "$1" reason | sort -u; }

# refused MESSAGE FILE: bench has only this one line for the plugin.
refused() { expect_usage_error "$1" --plugin "$2" --levels 1 --dry-run; }

# -- the installation ----------------------------------------------------------------------

# Each header compiles alone, in both languages, with the flags of bench.pc only.
case_headers() {
    local compilers=0 header name
    for compiler in "gcc -std=c11 -x c" "clang -std=c11 -x c" "g++ -std=c++20 -x c++" \
        "clang++ -std=c++20 -x c++"; do
        command -v "${compiler%% *}" >/dev/null || { left_out "no ${compiler%% *}"; continue; }
        compilers=$((compilers + 1))
        find "$prefix/include/bench" -name '*.h' -printf '%P\n' | while read -r header; do
            echo "#include <bench/$header>
                  int unused;" >alone.c
            # shellcheck disable=SC2086
            $compiler "${flags[@]}" "${strict[@]}" -fsyntax-only alone.c >errors 2>&1 ||
                echo "$compiler $header: $(head -3 errors)"
        done >failed
        [ -s failed ] && fail "$(cat failed)"
    done
    [ "$compilers" -gt 1 ] || fail "no compilers"
    [ "$(find "$prefix/include/bench" -name '*.h' | wc -l)" -gt 10 ] || fail "hardly a header"
    grep -rn '#include "' "$prefix/include" && fail "a header depends on the order of -I"
    [ "$(pkg-config --variable=abi bench)" = \
        "$(sed -n 's/#define BENCH_PLUGIN_ABI //p' "$root/strategies/plugin.h")" ] ||
        fail "bench.pc has another ABI number"
}

# bench exports the functions that the headers declare, and nothing else.
case_exports() {
    command -v gcc >/dev/null || { left_out "no gcc"; return; }
    echo '#include <bench/plugin.h>' >all.c
    gcc -std=gnu11 "${flags[@]}" -fsyntax-only -aux-info prototypes all.c
    grep '/include/bench/' prototypes | grep -v '/strategy.h:' |
        sed -nE 's/.* extern [^(]*[ *]([a-z_0-9]+) \(.*/\1/p' | sort -u >declared
    nm -D --defined-only "$program" | sed -nE 's/^[0-9a-f]+ T //p' |
        grep -vE '^(__|_init|_fini|_start)' | sort -u >exported
    [ "$(wc -l <declared)" -gt 40 ] || fail "hardly a function is declared"
    nm "$program" 2>/dev/null | grep -q '__[atu]s\?b\?san_init' ||
        [ -z "$(comm -13 declared exported)" ] || fail "exported: $(comm -13 declared exported)"
    [ -z "$(comm -23 declared exported)" ] || fail "not exported: $(comm -23 declared exported)"
}

# -- models that work ----------------------------------------------------------------------

case_model() {
    plugin one
    run --plugin ./one.so --strategy one-by-one,sequential --levels 1,4 --rounds 2 --requests 8 \
        --delay 5ms --out o
    expect_status 0
    expect_column o/runs.csv status "8 valid"
    expect_column o/runs.csv strategy "$(printf '4 one-by-one\n4 sequential')"
    expect_in out "one-by-one"
    expect_in o/plan.json '"file": "./one.so"'
    # More rounds of the same file.
    run --resume --out o --rounds 3
    expect_status 0
    expect_column o/runs.csv status "12 valid"
    # Among all strategies, without being named.
    run --plugin ./one.so --levels 1 --rounds 1 --delay 1ms --csv rows.csv
    expect_status 0
    expect_column rows.csv strategy "$(column rows.csv strategy | grep -v one-by-one | sort |
        uniq -c | sed 's/^ *//' | cat - <(echo "1 one-by-one") | sort -k 2)"
    run --plugin ./one.so --cells one-by-one@2 --requests 4 --rounds 1 --delay 1ms --csv rows.csv
    expect_column rows.csv level "1 2"
}

case_cpp20() {
    local compilers=0 compiler
    for compiler in g++ clang++; do
        command -v $compiler >/dev/null || { left_out "no $compiler"; continue; }
        compilers=$((compilers + 1))
        # shellcheck disable=SC2046
        $compiler -std=c++20 "${flags[@]}" "${strict[@]}" -fPIC -shared -o cpp.so \
            "$root/tests/support/plugin_model.cpp" $(pkg-config --libs bench) ||
            fail "$compiler cannot build it"
        run --plugin ./cpp.so --strategy cpp-flight --levels 1,10 --rounds 1 --delay 20ms \
            --csv rows.csv
        expect_status 0
        expect_column rows.csv status "2 valid"
    done
    [ "$compilers" -gt 0 ] || return
    run check --plugin ./cpp.so
    expect_status 0
    expect_in out "ok        --max-host-connections 3"
    expect_in out "ok        keeps the schedule of a rate"
    expect_in out "ok        ends when its time is over"
}

# A constructor finds the process as open() does: pinned, without SIGPIPE and a file for TLS keys.
case_constructor() {
    plugin early -D_GNU_SOURCE -include sched.h \
        '-DSEEN=sigaction(SIGPIPE, NULL, &pipe); sched_getaffinity(0, sizeof(set), &set); snprintf(seen, sizeof(seen), "%d CPUs, SIGPIPE %d, keys %d", CPU_COUNT(&set), pipe.sa_handler == SIG_IGN, getenv("SSLKEYLOGFILE") != NULL)' \
        '-DAT_LOAD=struct sigaction pipe; cpu_set_t set; char seen[64]; SEEN; setenv("AT_LOAD", seen, 1)' \
        '-DAT_START=struct sigaction pipe; cpu_set_t set; char seen[64]; SEEN; if (strcmp(seen, getenv("AT_LOAD"))) return err_set(err, "%s, but at load %s", seen, getenv("AT_LOAD"))'
    SSLKEYLOGFILE=keys run --plugin ./early.so --strategy one-by-one --levels 1 --rounds 1 --delay 1ms \
        --pin auto --csv rows.csv
    expect_status 0
    expect_column rows.csv reason "1 "
}

# One that waits until its requests are due, and one of an older bench.
case_rates() {
    local rate=(--rates 20 --duration 1s --timeout 1s --delay 10ms --rounds 1 --csv rows.csv)
    plugin waits '-DAT_LOAD=strategy.level_limit = 0'
    run --plugin ./waits.so --strategy one-by-one,event-loop "${rate[@]}"
    expect_status 0
    expect_column rows.csv status "2 valid"
    expect_column rows.csv ok "2 20"
    plugin old '-DAT_LOAD=strategy.level_limit = 0' '-DAT_DUE=(void)0'
    run --plugin ./old.so --strategy one-by-one "${rate[@]}"
    expect_status 4
    expect_column rows.csv status "1 invalid"
    expect_in rows.csv "the strategy does not wait for due_ns of its items"
}

# -- models that are refused ---------------------------------------------------------------

case_refused() {
    plugin abi -DABI=7
    refused "./abi.so: it has plugin interface 7, and this bench has 1; rebuild it" ./abi.so
    plugin empty -DNO_TABLE
    refused "./empty.so: it exports no 'bench_plugin'" ./empty.so
    plugin crash -DAT_LOAD=CRASH
    refused "./crash.so: its constructor crashed with signal 11 (Segmentation fault)" ./crash.so
    plugin wild '-DAT_LOAD=signal(SIGSEGV, SIG_DFL); strategy.summary = (void *)16'
    refused "./wild.so: reading its table crashed with signal 11" ./wild.so
    plugin exit '-DAT_LOAD=printf("some output\n"); fprintf(stderr, "a licence\033 is missing\n"); exit(0)'
    refused "its constructor ended the process with status 0; it last wrote 'a licence? is missing'" \
        ./exit.so
    plugin name '-DNAME="My Model"'
    refused "./name.so: invalid name 'My Model'; use at most 32 of a-z, 0-9 and '-'" ./name.so
    plugin clash '-DNAME="sequential"'
    refused "./clash.so: 'sequential' is a strategy of bench" ./clash.so
    plugin group '-DNAME="article"'
    refused "./group.so: 'article' is a group of strategies" ./group.so
    plugin missing '-DAT_LOAD=void fetch_nothing(void); fetch_nothing()'
    refused "./missing.so: it cannot be loaded: undefined symbol: fetch_nothing" ./missing.so
    plugin half '-DAT_LOAD=strategy.run = NULL'
    refused "./half.so: its strategy lacks one of open, run and close" ./half.so
    plugin workers '-DAT_LOAD=strategy.workers = 99'
    refused "./workers.so: its strategy has an invalid \`workers\`: 99" ./workers.so
    refused "cannot open nothing.so: No such file or directory" nothing.so
    echo text >text.so
    refused "text.so is not a shared object" text.so
    refused ". is not a shared object" .
    mkfifo pipe.so
    refused "pipe.so is not a shared object" pipe.so
    refused "it cannot be loaded: cannot dynamically load" "$program"
    plugin one
    plugin other
    expect_usage_error "./other.so: 'one-by-one' is already defined as './one.so'" \
        --plugin ./one.so --plugin ./other.so --dry-run
}

case_hangs_at_load() {
    plugin hang '-DAT_LOAD=LEAVE_CHILD; for (;;) pause()'
    refused "./hang.so: its constructor did not return within 10 s" ./hang.so
}

# A plan is data: the file that it names is not even loaded before it is trusted.
case_trust() {
    plugin mark '-DAT_LOAD=creat("loaded", 0600)'
    "$program" plan --plugin ./mark.so --strategy one-by-one --levels 1 --rounds 1 >plan.json
    [ -e loaded ] || fail "the table was not read"
    rm -f loaded
    chmod 666 plan.json
    run run --plan plan.json --csv rows.csv
    expect_status 2
    expect_in err "add --trust"
    [ -e loaded ] && fail "an untrusted file was loaded"
    run run --plan plan.json --delay 1ms --csv rows.csv --trust
    expect_status 0
    chmod 600 plan.json
    run run --plan plan.json --delay 1ms --csv rows.csv
    expect_status 0
    cat out err >both
    expect_in both "strategy one-by-one of the plan loads ./mark.so"
}

# -- models that fail ----------------------------------------------------------------------

# failing NAME REASON FLAG ...: a row that failed for this reason
failing() {
    local name=$1 words=$2
    shift 2
    plugin "$name" "$@"
    run --plugin "./$name.so" --strategy one-by-one,sequential --levels 2 --requests 4 --rounds 1 \
        --delay 1ms --out "$name"
    expect_status 4
    expect_column "$name/runs.csv" status "$(printf '1 failed\n1 valid')"
    reason "$name/runs.csv" >reasons
    expect_in reasons "$words"
}

case_failed_rows() {
    failing crash "killed by signal 11 (Segmentation fault) while the strategy ran" \
        '-DAT_REQUEST=if (item.index == 2) CRASH'
    failing crash-at-end "killed by signal 11 (Segmentation fault) while it closed the strategy" \
        -DAT_CLOSE=CRASH
    failing exits "exited with status 0 while the strategy ran" '-DAT_REQUEST=_exit(0)'
    failing early "lost" '-DAT_REQUEST=if (item.index == 2) return 0'
    failing child "left processes behind" -DAT_END=LEAVE_CHILD
    failing daemon "left processes behind" \
        '-DAT_END=if (!fork()) { setsid(); if (fork()) _exit(0); for (;;) pause(); }'
    failing refuses "the pool is empty" '-DAT_END=return err_set(err, "the pool is empty")'
    failing opens "no licence" '-DAT_START=return err_set(err, "no licence")'
}

# All rows of a sweep have the same model.
case_changed_file() {
    plugin one
    start --plugin ./one.so --strategy one-by-one --levels 1 --requests 1 --rounds 40 --delay 100ms \
        --once-above off --out o
    await has_rows o/runs.csv 3
    plugin two
    mv two.so one.so
    wait_for_end
    [ "$status" -eq 4 ] || fail "status $status"
    reason o/runs.csv >reasons
    expect_in reasons "one.so: the file has changed since this sweep began"
}

# A sweep does not go on with another build, and a comparison says that it has two.
case_other_build() {
    plugin one
    run --plugin ./one.so --strategy one-by-one --levels 1 --rounds 1 --delay 1ms --out o
    expect_status 0
    plugin one -O3 '-DAT_CLOSE=(void)getpid()'
    run --resume --out o --rounds 2
    expect_status 2
    expect_in err "plugin_crc32.one-by-one"
    run --plugin ./one.so --strategy one-by-one --levels 1 --rounds 1 --delay 1ms --out other
    expect_status 0
    run compare o other
    expect_in out "plugin_crc32.one-by-one"
}

# -- bench check ---------------------------------------------------------------------------

# failed_check NAME REQUIREMENT REASON FLAG ...: bench check prints such a line
failed_check() {
    local name=$1 requirement=$2 words=$3
    shift 3
    plugin "$name" "$@"
    run check --plugin "./$name.so" --only "$requirement"
    expect_status 4
    expect_in out "FAILED    $requirement: $words"
    no_leftovers || fail "$name left processes"
}

case_check() {
    plugin one
    run check --plugin ./one.so
    expect_status 0
    expect_in out "39 met, 0 failed, 1 left out"
    expect_in out "left out  --max-host-connections 3: its table does not say multi"
    expect_usage_error "nothing to check; give --program" check
    plugin clash '-DNAME="sequential"'
    expect_usage_error "--plugin: ./clash.so: 'sequential' is a strategy of bench" check --plugin ./clash.so
    run check --plugin ./one.so --only spaceships
    expect_status 2
    expect_in err "--only: no requirement contains 'spaceships'"
    run check --plugin nothing.so
    expect_status 2
    expect_in err "bench: --plugin: cannot open nothing.so"
}

case_check_runs() {
    failed_check early "level 4" "run() returned before request 3 had its result" \
        '-DAT_REQUEST=if (item.index == 2) return 0'
    failed_check crash "level 4" "run() crashed with signal 11 (Segmentation fault)" \
        '-DAT_REQUEST=if (item.index == 2) CRASH'
    expect_in out "0 met, 1 failed, 0 left out"
    failed_check silent "level 1" "run() returned -1 without a message" '-DAT_END=return -1'
    failed_check slow "level 4" "1 request was in flight at once, not 4" \
        '-DAT_LOAD=strategy.level_limit = 0'
    failed_check fast "level 1" "request 1: it was faster than the server's delay" \
        '-DAT_END=work_results(model->work, &(size_t){0}); item.result->start_ns = item.result->end_ns - 1, item.result->first_byte_ns = item.result->end_ns'
    failed_check connects "open() does not connect" "open() connects to the server" \
        '-DAT_OPEN=struct work_item item; work_arm(env->work, 1); work_take(env->work, 0, &item); fetch_perform(model->fetch, &item)'
    failed_check late "an unexpected status" "request 12 ended as ok, not bad_status" \
        '-DAT_END=item.result->outcome = FETCH_OK'
}

# A model of an older bench knows no moments; it is not wrong.
case_check_rates() {
    plugin old '-DAT_DUE=(void)0'
    run check --plugin ./old.so --only "schedule of a rate"
    expect_status 0
    expect_in out "note      keeps the schedule of a rate: cannot hold a rate: request 1 began 0."
    expect_in out "0 met, 0 failed, 0 left out"
    plugin endless '-DAT_REQUEST=item.result->stop_ns = 0'
    run check --plugin ./endless.so --only "time is over"
    expect_status 0
    expect_in out "note      ends when its time is over: cannot hold a rate: request 1 went on after"
    plugin hasty '-DAT_REQUEST=item.result->stop_ns -= 200000000'
    run check --plugin ./hasty.so --only "time is over"
    expect_in out "request 1 was cut off 0."
}

case_check_hangs() {
    failed_check hang "level 1" "run() did not return within 12 s" '-DAT_REQUEST=for (;;) pause()'
    run check --plugin ./hang.so --only level
    expect_in out "FAILED    level 4: run() did not return within 12 s"
    expect_in out "left out  level 32: not tried after two that hung"
}

case_check_leftovers() {
    failed_check child "level 1" "close() leaves 1 process behind" -DAT_END=LEAVE_CHILD
    # A child that has ended and was not waited for, and a process that has left its group.
    failed_check daemon "level 1" "close() leaves 2 processes behind" \
        '-DAT_OPEN=if (!fork()) { setsid(); if (fork()) _exit(0); for (;;) pause(); }'
    failed_check leak "close() leaves nothing behind" "close() leaves 1 descriptor open" \
        '-DAT_CLOSE=(void)!dup(0)'
}

run_cases "$@"

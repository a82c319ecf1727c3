# shellcheck shell=bash disable=SC2154
# cases.sh - the runner and the assertions of the end-to-end tests. A script sets $program and
# $root, sources this file, defines a function case_NAME per case, and ends with
# `run_cases "$@"`.
#
# Cases run in parallel, each in an empty directory and with its own link to the program: the
# processes of a case are those that run its link. A case fails if it leaves one running.
#
# A case whose figures depend on other load declares `needs_quiet NAME`. It runs alone, after the
# others, and is repeated if it fails, up to three attempts. If other processes used the CPUs in
# each of them, the case proves nothing: it is reported as left out.
#
# Exit status: 0 all passed, 1 a case failed, 77 none failed and some were left out.
#
#   TEST_JOBS     cases at a time; default: twice the number of CPUs, since most cases wait
#   TEST_QUIET    only: the cases that need a quiet machine; skip: the others; default: all
work=$(mktemp -d)
mkdir "$work/logs" "$work/cases" "$work/programs" "$work/programs/share"
# The programs that ship with bench are found beside it, as where it is installed.
mkdir "$work/programs/share/bench"
ln -s "$root/strategies/outside/programs" "$work/programs/share/bench/programs"
chmod 711 "$work" # for cases that become another user
trap 'rm -rf "$work"' EXIT
# For the cases:
# shellcheck disable=SC2034
build_dir=$(dirname "$program") four=sequential,thread-pool,process-pool,event-loop

fail() {
    echo "    $*"
    case_failed=yes
}

# For the part of a case that cannot run on this machine.
left_out() { echo "    left out: $*"; }

# -- for the cases -------------------------------------------------------------------------

# Runs bench; its status, output and errors are in $status, out and err.
run() {
    status=0
    "$program" "$@" >out 2>err || status=$?
}

expect_status() {
    [ "$status" -eq "$1" ] || fail "status $status, not $1; errors: $(head -c 300 err)"
}

expect_in() {
    grep -qF -- "$2" "$1" || fail "no '$2' in $1: $(head -c 300 "$1")"
}

# The values of a column of a runs.csv, of all rows or those of the strategy $3; a comma in quotes
# becomes a semicolon.
column() {
    awk -F, -v name="$2" -v strategy="${3:-}" '
        {
            parts = split($0, part, "\"")
            for (i = 2; i <= parts; i += 2) gsub(/,/, ";", part[i])
            line = part[1]
            for (i = 2; i <= parts; i++) line = line part[i]
            $0 = line
        }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        !strategy || $at["strategy"] == strategy { print $at[name] }' "$1"
}

expect_column() {
    local values
    values=$(column "$1" "$2" | sort | uniq -c | sed 's/^ *//')
    [ "$values" = "$3" ] || fail "$2 in $1 is '$values', not '$3'"
}

# Exactly $3 rows have the note $2; a busy machine may add other notes.
expect_note() {
    local rows
    rows=$(column "$1" notes | grep -cw -- "$2")
    [ "$rows" -eq "$3" ] || fail "$rows rows of $1 have the note $2, not $3"
}

# The pids of the processes that run the program of this case.
leftovers() {
    find /proc/[0-9]*/exe -maxdepth 0 -lname "$program" 2>/dev/null | cut -d/ -f3
}

# Waits up to 10 s for a command to succeed.
await() {
    local _
    for _ in $(seq 1000); do
        "$@" && return 0
        sleep 0.01
    done
    fail "this did not come true: $*"
    return 1
}

no_leftovers() { [ -z "$(leftovers)" ]; }
has_rows() { [ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ]; }

# Starts bench in the background; its pid is in $pid. Background jobs of a non-interactive shell
# ignore Ctrl-C, unlike those of a user's shell.
start() {
    env --default-signal=INT "$program" "$@" >out 2>err &
    pid=$!
}

# Waits up to 30 s for it to end; sets $status.
is_gone() { [ ! -e "/proc/$pid/status" ] || grep -qs 'State:.Z' "/proc/$pid/status"; }
wait_for_end() {
    local _
    for _ in $(seq 3000); do
        is_gone && break
        sleep 0.01
    done
    is_gone || { fail "it does not end"; kill -KILL "$pid"; }
    status=0
    { wait "$pid" || status=$?; } 2>/dev/null
}

# The pids of processes whose command line contains $1.
pids_of() {
    local pid
    for pid in $(leftovers); do
        tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q -- "$1" && echo "$pid"
    done
}
# Those whose parent is $2; pids wrap around, so their order does not tell.
children_of() {
    local pid
    for pid in $(pids_of "$1"); do
        [ "$(sed 's/.*) . //; s/ .*//' "/proc/$pid/stat" 2>/dev/null)" = "$2" ] && echo "$pid"
    done
}
cell_of() { children_of "bench cell" "$pid"; }
has_pids() { [ "$(pids_of "$1" | wc -l)" -ge "$2" ]; }

# Makes a control group with one setting, in $group; of version 1 or 2, depending on the controller.
make_group() {
    local top=/sys/fs/cgroup
    [ -d "$top/$1" ] && top=$top/$1
    group=$top/bench-e2e-$BASHPID
    mkdir "$group" 2>/dev/null || return 1
    if [ -e "$group/$2" ] && echo "$4" >"$group/$2"; then return 0; fi
    if [ -e "$group/$3" ] && echo "$4" >"$group/$3"; then return 0; fi
    rmdir "$group"
    return 1
}

# Runs bench in $group.
run_in_group() {
    (
        echo "$BASHPID" >"$group/cgroup.procs" || exit
        run "$@"
        echo "$status" >status
    )
    status=$(cat status)
    await rmdir "$group" 2>/dev/null
}

expect_usage_error() {
    local words=$1
    shift
    run "$@"
    expect_status 2
    [ "$(wc -l <err)" -eq 1 ] || fail "'$*': $(wc -l <err) lines of errors: $(head -c 300 err)"
    [ -s out ] && fail "'$*': output: $(head -c 200 out)"
    grep -q '^bench: ' err || fail "'$*': $(cat err)"
    expect_in err "$words"
    [ -e results ] && fail "'$*' left a directory"
    no_leftovers || fail "'$*' left processes"
}

# -- the runner ----------------------------------------------------------------------------

quiet_cases=" "
needs_quiet() { quiet_cases+="$1 "; }
is_quiet() { [[ $quiet_cases == *" $1 "* ]]; }

# Sets $total, $busy and $own: clock ticks of all CPUs, those used, and those used by this shell and
# its ended children.
read_ticks() {
    local _ user nice system idle iowait irq softirq steal fields
    read -r _ user nice system idle iowait irq softirq steal _ </proc/stat
    busy=$((user + nice + system + irq + softirq + steal))
    total=$((busy + idle + iowait))
    read -r fields <"/proc/$BASHPID/stat"
    read -ra fields <<<"${fields##*) }"
    own=$((fields[11] + fields[12] + fields[13] + fields[14]))
}

# Runs a command; $others is then the share of the CPUs that other processes used during it, in
# percent.
with_others_measured() {
    local total busy own total_before busy_before own_before result=0
    read_ticks
    total_before=$total busy_before=$busy own_before=$own
    "$@" || result=$?
    read_ticks
    others=$((100 * (busy - busy_before - own + own_before) / (total - total_before + 1)))
    return "$result"
}
max_others=25

# A failed attempt lasts at least a second, so that the clock ticks show who used the CPUs.
attempt_case() { run_case "$1" || { sleep 1; return 1; }; }

# Waits up to 30 s for a second in which other processes leave the CPUs idle.
wait_for_quiet() {
    local _ others
    for _ in $(seq 30); do
        with_others_measured sleep 1
        [ "$others" -gt "$max_others" ] || return 0
    done
}

# Runs one case; its output goes to $work/logs/NAME, and it returns 0 if the case passed.
run_case() (
    name=$1 start_s=$SECONDS case_failed=
    trap - INT # which a shell lets its background jobs ignore
    exec >"$work/logs/$name" 2>&1
    rm -rf "$work/cases/$name"
    mkdir -p "$work/programs/$name" "$work/cases/$name"
    ln -f "$program" "$work/programs/$name/" 2>/dev/null || cp "$program" "$work/programs/$name/"
    program=$work/programs/$name/$(basename "$program")
    cd "$work/cases/$name" || exit 1
    "case_$name"
    await no_leftovers || {
        for pid in $(leftovers); do kill -KILL "$pid"; done
    }
    if [ "$case_failed" ]; then
        echo "FAILED $name"
    else
        echo "ok     $name ($((SECONDS - start_s)) s)"
    fi
    [ ! "$case_failed" ]
)

# Runs cases, $1 of them at a time; adds to $passed and $failed.
run_in_parallel() {
    local jobs=$1 name ended running=0
    local -A name_of=()
    shift
    for name in "$@" ""; do
        # The empty name after the last one waits for all of them.
        while [ "$running" -ge "$([ "$name" ] && echo "$jobs" || echo 1)" ]; do
            if wait -n -p ended; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
            running=$((running - 1))
            cat "$work/logs/${name_of[$ended]}"
        done
        [ "$name" ] || break
        run_case "$name" &
        name_of[$!]=$name
        running=$((running + 1))
    done
}

# Runs a case that needs a quiet machine; adds to $passed, $failed or $left.
run_quiet_case() {
    local attempt others failed_in_quiet=
    for attempt in 1 2 3; do
        [ "$attempt" -eq 1 ] || wait_for_quiet
        if with_others_measured attempt_case "$1"; then
            cat "$work/logs/$1"
            passed=$((passed + 1))
            return
        fi
        cat "$work/logs/$1"
        [ "$others" -gt "$max_others" ] || failed_in_quiet=yes
        echo "    attempt $attempt of 3; other processes used $others % of the CPUs"
    done
    if [ "$failed_in_quiet" ]; then
        failed=$((failed + 1))
    else
        left=$((left + 1))
        echo "LEFT OUT $1: it needs a quiet machine"
    fi
}

# Runs the named cases, or all.
run_cases() {
    local name names passed=0 failed=0 left=0 parallel=() quiet=()
    names=${*:-$(declare -F | sed -n 's/^declare -f case_//p')}
    for name in $names; do
        declare -F "case_$name" >/dev/null || { echo "no case $name" >&2; exit 2; }
        if is_quiet "$name"; then quiet+=("$name"); else parallel+=("$name"); fi
    done
    [ "${TEST_QUIET:-}" = only ] || run_in_parallel "${TEST_JOBS:-$((2 * $(nproc)))}" "${parallel[@]}"
    if [ "${TEST_QUIET:-}" != skip ]; then
        for name in "${quiet[@]}"; do run_quiet_case "$name"; done
    fi
    echo "$passed passed, $failed failed, $left left out"
    [ "$failed" -eq 0 ] || exit 1
    [ "$left" -eq 0 ] || exit 77
}

# shellcheck shell=bash disable=SC2154
# cases.sh - what the scripts have in common that meet bench as its user does: cases, each a
# function case_NAME in an empty directory of its own. For those that source it, with $program
# and $root set. What a case leaves behind, a process or a file it was not asked for, fails it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
passed=0

fail() {
    echo "    $*"
    case_failed=yes
}

# -- what cases use ------------------------------------------------------------------------

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

# The fields of a column of a runs.csv; what stands in quotes is passed over.
column() {
    awk -F, -v name="$2" '{ gsub(/"[^"]*"/, "quoted") } NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
        { print $at }' "$1"
}

expect_column() {
    local values
    values=$(column "$1" "$2" | sort | uniq -c | sed 's/^ *//')
    [ "$values" = "$3" ] || fail "$2 in $1 is '$values', not '$3'"
}

# So many rows have the note; a busy machine may add others.
expect_note() {
    local rows
    rows=$(column "$1" notes | grep -cw -- "$2")
    [ "$rows" -eq "$3" ] || fail "$rows rows of $1 have the note $2, not $3"
}

# Processes that run this program.
leftovers() {
    local exe
    for exe in /proc/[0-9]*/exe; do
        [ "$(readlink "$exe" 2>/dev/null)" = "$program" ] && echo "$exe"
    done
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

# Starts bench in the background; its pid is in $pid. A shell that is not interactive has its
# background jobs ignore Ctrl-C, which a user's shell does not.
start() {
    env --default-signal=INT "$program" "$@" >out 2>err &
    pid=$!
}

# Waits up to 30 s for its end, sets $status.
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

# The pids of this program whose command line has the word.
pids_of() {
    local exe pid
    for exe in /proc/[0-9]*/exe; do
        pid=${exe#/proc/}
        pid=${pid%/exe}
        if [ "$(readlink "$exe" 2>/dev/null)" = "$program" ] &&
            tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q -- "$1"; then
            echo "$pid"
        fi
    done
}
# Those of them whose parent is $2: numbers wrap round, so their order says nothing of kinship.
children_of() {
    local pid
    for pid in $(pids_of "$1"); do
        [ "$(sed 's/.*) . //; s/ .*//' "/proc/$pid/stat" 2>/dev/null)" = "$2" ] && echo "$pid"
    done
}
cell_of() { children_of "bench cell" "$pid"; }
has_pids() { [ "$(pids_of "$1" | wc -l)" -ge "$2" ]; }

bad() {
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

# -- all of them ---------------------------------------------------------------------------

# Runs the cases that are named, or all.
run_cases() {
    local name names start_s exe
    names=${*:-$(declare -F | sed -n 's/^declare -f case_//p')}
    for name in $names; do
        case_failed=
        mkdir "$work/$name"
        cd "$work/$name" || exit 1
        start_s=$SECONDS
        "case_$name"
        await no_leftovers || {
            for exe in $(leftovers); do kill -KILL "$(echo "$exe" | cut -d/ -f3)"; done
        }
        cd "$work" || exit 1
        if [ "$case_failed" ]; then
            failed=$((failed + 1))
            echo "FAILED $name"
        else
            passed=$((passed + 1))
            echo "ok     $name ($((SECONDS - start_s)) s)"
        fi
    done
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

#!/usr/bin/env bash
# reference.sh - the man page and the completion that bench writes from its tables of options.
#
#   tests/e2e/reference.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# The commands for people, and the options of one, as the help lists them.
commands() { "$program" --help | sed -nE 's/^  ([a-z]+) .*/\1/p'; }
options_of() { "$program" "$1" --help | sed -nE 's/^  (-o, )?(--[a-z0-9-]+).*/\2/p'; }

case_man_page_without_warnings() {
    "$program" reference --form man >bench.1 || fail "status $?"
    for formatter in "groff -ww -man -Tutf8" "man --warnings -l" "mandoc -Tlint"; do
        command -v "${formatter%% *}" >/dev/null || { left_out "no ${formatter%% *}"; continue; }
        # mandoc writes its findings to standard output, and no page.
        $formatter bench.1 >page 2>found || fail "$formatter: status $?"
        [[ $formatter != mandoc* ]] || mv page found
        [ -s found ] && fail "$formatter: $(cat found)"
    done
}

case_man_page_has_all_commands_and_options() {
    local page=bench.1 command option
    "$program" reference --form man >bench.1 || fail "status $?"
    [ "$(commands | wc -l)" -ge 9 ] || fail "only these commands: $(commands)"
    for command in $(commands); do
        grep -qx "\.SH \"BENCH ${command^^}\"" $page || fail "no section of $command"
        for option in $(options_of "$command"); do
            [ "$option" != --out ] || option="-o, --out"
            grep -qF -- "\\fB${option//-/\\-}\\fR" $page || fail "no $option of $command"
        done
    done
    for word in $(sed -n 's/^STRATEGY(\(.*\))$/\1/p' "$root/strategies/list.def" | tr _ -); do
        grep -qxF "\\fB${word//-/\\-}\\fR" $page || fail "no strategy $word"
    done
    for word in cell reference; do
        grep -qE "bench $word|\"BENCH ${word^^}\"" <(grep -v '^\.\\"' $page) && fail "the hidden command $word is shown"
    done
    grep -qF '"bench '"$("$program" --version | sed -n 's/^bench //p')"'"' $page || fail "no version"
}

# offered WORD ...: what Tab offers behind these words, sorted, on one line.
offered() {
    "$program" reference --form bash >completion
    bash --norc -c '. ./completion; COMP_WORDS=(bench "$@"); COMP_CWORD=$#
        _bench; printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | LC_ALL=C sort | paste -sd " "
}
expect_offered() {
    local wanted=$1 found
    shift
    found=$(offered "$@")
    [ "$found" = "$wanted" ] || fail "'$*': '$found', not '$wanted'"
}

case_completion_of_commands() {
    expect_offered "$(commands | cat - <(echo help) | LC_ALL=C sort | paste -sd " ")" ""
    expect_offered "$(commands | grep ^c | LC_ALL=C sort | paste -sd " ")" c
    expect_offered "--version" --vers
    expect_offered "--strategy" --strat
    expect_offered "compare" help comp
    expect_offered "" ce    # cell is hidden
    expect_offered "" refer # and so is this
    expect_offered "blocking" demo bl
}

case_completion_of_options() {
    local command
    for command in $(commands); do
        expect_offered "$(options_of "$command" | cat - <(echo --help) | LC_ALL=C sort | paste -sd " ")" "$command" --
    done
    expect_offered "--levels" --tls --lev
    expect_offered "--levels" calibrate -- --lev
    expect_offered "" calibrate --lev
    expect_offered "" run --delay "" # takes a value of which no word is known
}

case_completion_of_values() {
    expect_offered "queue refuse slow" run --overload ""
    expect_offered "queue refuse slow" --capacity 5 --overload ""
    expect_offered "refuse" --overload = r
    expect_offered "queue refuse slow" --overload =
    expect_offered "event-loop event-loop-per-core" plan --strategy event
    expect_offered "sequential,event-loop sequential,event-loop-per-core" --strategy sequential,event
    expect_offered "article" run --strategy ar
    expect_offered "event-loop event-loop-per-core" calibrate -- --strategy ev
    expect_offered "cpu,memory" compare --metric cpu,me
    expect_offered "cpu,memory" summary --show cpu,mem
    expect_offered "markdown" summary --format m
    expect_offered "stall" serve --fault sta
    expect_offered "gzip gzip,chunked" run --body gz
    expect_offered "auto off" --pin ""
    expect_offered "auto" --requests ""
    expect_offered "article ci quick" --profile ""
}

case_completion_of_files() {
    mkdir folder
    touch "file" "with space"
    cd folder && touch "inside" && cd ..
    expect_offered "completion file folder with space" compare ""
    expect_offered "folder" run --out ""
    expect_offered "folder" run -o ""
    expect_offered "file folder" run --plan f
    expect_offered "-" run --urls -
    expect_offered "off" compare --calibration of
    expect_offered "folder/inside" summary folder/
}

# Names with a line end, quotes or a command are neither split nor run.
case_completion_runs_nothing() {
    touch 'f $(touch ran)' 'f `touch ran`' "f ' \""
    "$program" reference --form bash >completion
    bash --norc -c '. ./completion; COMP_WORDS=(bench summary "f"); COMP_CWORD=2
        _bench; echo "${#COMPREPLY[@]}"' >out
    [ "$(cat out)" = 3 ] || fail "$(cat out) names"
    [ -e ran ] && fail "a file name was run"
    "$program" reference --form bash | bash -n || fail "bash cannot read it"
    command -v shellcheck >/dev/null || { left_out "no shellcheck"; return; }
    "$program" reference --form bash | shellcheck -s bash -S warning - || fail "shellcheck"
}

# A terminal in which Tab is typed.
case_completion_in_a_terminal() {
    "$program" reference --form bash >completion
    python3 - "$(command -v bash)" >out 2>err <<'END' || fail "$(cat err)"
import os, pty, select, sys, time

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PS1="ready> ", TERM="dumb", INPUTRC="/dev/null", HISTFILE="")
    os.execv(sys.argv[1], ["bash", "--norc", "--noprofile", "-i"])

def read_until(wanted):
    seen, end = b"", time.monotonic() + 20
    while wanted not in seen:
        if time.monotonic() > end or not select.select([terminal], [], [], end - time.monotonic())[0]:
            sys.exit(f"no {wanted!r} in {seen!r}")
        seen += os.read(terminal, 4096)
    return seen

read_until(b"ready> ")
os.write(terminal, b". ./completion; bench() { printf '<%s>' \"$@\"; echo; }; PS1='now> '\n")
read_until(b"now> ")
os.write(terminal, b"bench --strat\tseq\t,poll\t --overload=ref\t --urls compl\t\n")
print(read_until(b"<completion>").decode())
os.write(terminal, b"exit\n")
os.waitpid(pid, 0)
END
    expect_in out "<--overload=refuse><--urls><completion>"
    expect_in out "<--strategy><sequential,poll-loop>"
}

case_version_names_libraries() {
    run --version
    expect_status 0
    [ "$(wc -l <out)" -eq 2 ] || fail "$(cat out)"
    grep -qxE 'bench [0-9]+\.[0-9]+\.[0-9]+' out || fail "$(cat out)"
    grep -qE '^libcurl/[0-9.]+[^ ]* \([A-Za-z]+/[^)]+\) libevent/[0-9.]+[^ ]* jansson/[0-9.]+ OpenSSL/3[^ ]* zlib/[0-9.]+' out ||
        fail "$(cat out)"
}

run_cases "$@"

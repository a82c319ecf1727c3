#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# scripts.sh - the scripts in adverse environments: other locales, other awks, names with any
# character, missing or failing tools, a copied checkout.
#
#   tests/e2e/scripts.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# Runs a command; its status, output and errors are in $status, out and err.
attempt() {
    status=0
    "$@" >out 2>err || status=$?
}

expect_no_trace() { [ -z "$(find . -name 'executed*')" ] || fail "a name was executed: $(find . -name 'executed*')"; }
expect_no_parts() { [ -z "$(find . -name '*.part')" ] || fail "left: $(find . -name '*.part')"; }

# $hostile_names: directory names with a meaning to a shell, awk, gnuplot, make or a loader. If one
# executes them, a file called executed exists.
hostile_names=("it's" 'a,b' '_x^y{z}' '@at' '%d%s' 'say "so"' 'back\slash\n\' '`touch executed1`'
    '$(touch executed2)' "';system('touch executed3');'" '" ; touch executed4 ; "' '|touch executed5'
    '< touch executed6' '-o' 'a=b' '  two  blanks ' $'new\nline' $'bytes\xff\xc3' '[x]*?' '~' '&;#!'
    'grün' '$HOME')

# Sets $comma to a locale whose numbers have a decimal comma.
find_comma_locale() {
    comma=de_DE.UTF-8
    localedef -f UTF-8 -i de_DE ./de_DE.UTF-8 >/dev/null 2>&1 && export LOCPATH=$PWD
    # glibc never frees the directories of LOCPATH.
    export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
    [ "$(LC_ALL=$comma bash -c 'printf %.1f 1,5' 2>/dev/null)" = 1,5 ] ||
        { left_out "no locale with a decimal comma can be made here"; return 1; }
}

# Puts one of the awks first in $PATH as awk; false if it is not installed.
use_awk() {
    local tool=${1%% *}
    command -v "$tool" >/dev/null || { left_out "$1 is not installed"; return 1; }
    mkdir -p "awk.$tool"
    printf '#!/bin/sh\nexec %s "$@"\n' "$(command -v "$tool")${1#"$tool"}" >"awk.$tool/awk"
    chmod +x "awk.$tool/awk"
    awk_path=$PWD/awk.$tool
}
awks=(mawk gawk "gawk --use-lc-numeric" "busybox awk" original-awk)

plot() { attempt "$program" plot "$@"; }

# Copies the scripts alone, so that the build of this checkout has no influence.
copy_scripts() {
    mkdir -p "$1" && cp -r "$root/scripts" "$root/CMakePresets.json" "$1"
}
prepare_plot() {
    command -v gnuplot >/dev/null || { left_out "no gnuplot"; return 1; }
    run --strategy event-loop,sequential --levels 1,10 --delay 5ms --rounds 2 --out o
    expect_status 0
}
expect_pictures() { # PREFIX
    [ "$(head -c 4 "$1.png" | xxd -p)" = 89504e47 ] || fail "no picture $1.png: $(cat err)"
    tail -c 20 "$1.svg" | grep -q '</svg>' || fail "no picture $1.svg: $(cat err)"
}

# Makes a directory of the tools that scripts/setup needs, without dpkg.
few_tools() {
    local tool
    mkdir tools
    for tool in bash sh dirname cat mktemp rm sed tr env id mkdir touch chmod date; do
        ln -s "$(command -v $tool)" tools
    done
}

# -- locales and awks ----------------------------------------------------------------------

case_program_ignores_the_locale() {
    find_comma_locale || return
    LC_ALL=$comma run --strategy event-loop --levels 1 --rounds 1 --delay 1.5ms --csv a
    expect_status 0
    expect_column a delay_s "1 0.001500000"
    expect_column a variant "1 default"
    LC_ALL=$comma run summary a
    expect_status 0
    LC_ALL=$comma run summary --format csv a
    [ "$(head -1 out | tr -cd , | wc -c)" -eq "$(tail -1 out | tr -cd , | wc -c)" ] || fail "$(cat out)"
    LC_ALL=$comma run summary --format json a
    grep -qE '[0-9],[0-9]' out && fail "a decimal comma: $(cat out)"
    LC_ALL=$comma run env
    python3 -c 'import json, sys; json.load(sys.stdin)' <out || fail "bench env: $(cat out)"
}

case_pictures_in_any_locale() {
    prepare_plot || return
    LC_ALL=C plot o/runs.csv --out c
    expect_status 0
    expect_pictures c
    find_comma_locale || return
    LC_ALL=$comma LANG=$comma GNUTERM=x11 plot o -o here
    expect_status 0
    cmp -s c.svg here.svg || fail "another picture"
    expect_in out here.png
}

# Every field is read back as bench and other programs wrote it.
case_fields_of_csv() {
    local each
    printf '%s\r\n' 'a,b,c' '1,"x,""y""",3' >a
    printf '"","",\n,,\n"two\nlines, ""quoted""",,"z"\n"""",",",3' >>a
    printf 'a|b|c\n1|x,"y"|3\n||\n||\ntwo~lines, "quoted"||z\n"|,|3\n' >expected
    for each in "${awks[@]}"; do
        use_awk "$each" || continue
        (
            . "$root/scripts/environment.sh"
            PATH=$awk_path:$PATH
            csv_fields <a
        ) | tr '\036\037' '~|' >got
        cmp -s expected got || fail "$each: $(cat got)"
    done
}

# No program is counted in this test; only the counts are processed.
case_counts_in_any_locale() {
    local each
    export LC_ALL=C
    find_comma_locale && export LC_ALL=$comma
    sed -n '/^# Lines of: strategy connections metric side median/,/^\[ -z "$out" \]/p' \
        "$root/scripts/ci/count" | sed '$d' >part
    printf '%s\n' 'a fresh instructions head 1234567' 'a fresh instructions head 1234568' \
        'a fresh syscalls head 20500' 'a fresh instructions base 1000000' \
        'a fresh syscalls base 20500' >thousandths
    for each in "${awks[@]}"; do
        use_awk "$each" || continue
        (
            set +u
            . "$root/scripts/environment.sh"
            PATH=$awk_path:$PATH work=. threshold=1 spread_max=0.3
            . ./part
            as_csv
            compare
        ) >out 2>err
        expect_in out "head,a,fresh,1234.568,0.000,20.500,0.000"
        expect_in out "base,a,fresh,1000.000,0.000,20.500,0.000"
        expect_in out "+23.457"
    done
}

case_peers_in_any_locale() {
    /usr/bin/python3 -c 'import requests' 2>/dev/null || { left_out "no python3-requests"; return; }
    find_comma_locale && export LC_ALL=$comma LANG=$comma
    local name=$'o,\xff\'"\n%'
    attempt "$root/scripts/peers" --bench "$program" --levels 2 --delay 1ms --rounds 1 \
        --out "$name" -- --strategy requests-sequential,event-loop
    expect_status 0
    expect_column "$name/runs.csv" status "2 valid"
    expect_column "$name/runs.csv" delay_s "2 0.001000000"
    expect_in out "| 2 | requests-sequential | 0."
    expect_no_parts
}

# -- names ---------------------------------------------------------------------------------

# The directories of the rows, of the pictures, the working directory and TMPDIR, all at once.
case_pictures_in_any_directory() {
    local name
    prepare_plot || return
    for name in "${hostile_names[@]}"; do
        mkdir -p -- "./d/$name/$name" "./d/$name/tmp"
        cp o/runs.csv "./d/$name/$name/"
        (
            cd -- "./d/$name" || exit 1
            export TMPDIR=$PWD/tmp
            "$program" plot -- "$name/runs.csv" >out 2>err &&
                "$program" plot --out="$name" -- "$name/runs.csv" >out 2>err
        ) || { fail "'$name': $(cat "./d/$name/err")"; continue; }
        expect_pictures "./d/$name/$name/cost"
        expect_pictures "./d/$name/$name"
        [ -z "$(ls -A "./d/$name/tmp")" ] || fail "'$name': left in TMPDIR"
    done
    expect_no_trace
    expect_no_parts
}

# Values that a foreign file may contain: a picture is drawn, with the name unchanged.
case_labels_are_not_executed() {
    local name
    prepare_plot || return
    for name in "${hostile_names[@]}"; do
        quoted=\"${name//\"/\"\"}\"
        NAME=$quoted perl -pe 's/,event-loop,/,$ENV{NAME},/; s/^([^,]*),default,/$1,"v,@{[q(@ ^ %)]}",/' \
            o/runs.csv >labels.csv
        plot labels.csv -o label
        expect_status 0
        expect_pictures label
        python3 - "$name" <<'PYTHON' || fail "the picture does not say '$name'"
import html, re, sys, os
name = os.fsencode(sys.argv[1]).decode(errors="replace").replace("\ufffd", "?").replace("\n", "?")
text = html.unescape("".join(re.findall(r">([^<]*)<", open("label.svg", encoding="utf-8").read())))
squeeze = lambda words: re.sub(r"\s+", "", words)
sys.exit(squeeze(name + " (v,@ ^ %)") not in squeeze(text))
PYTHON
    done
    expect_no_trace
}

case_checkout_in_any_directory() {
    local name
    few_tools
    printf '#!/bin/sh\nprintf "%%s\\n" "$PWD" >>"$HOME/cmakes"\n' >tools/cmake
    chmod +x tools/cmake
    for name in "${hostile_names[@]}"; do
        copy_scripts "./d/$name"
        rm -f cmakes
        (cd -- ./d && HOME=$OLDPWD CDPATH=/:.. PATH=$OLDPWD/tools "./$name/scripts/setup") >out 2>err ||
            fail "'$name': $(cat err)"
        # It must configure and build in that directory.
        [ "$(cat cmakes)" = "$(printf '%s\n' "$PWD/d/$name" "$PWD/d/$name")" ] ||
            fail "'$name': $(cat cmakes)"
    done
    expect_no_trace
}

case_sides_in_any_directory() {
    local name libcurl
    libcurl=$(realpath "$(ldd "$program" | awk '/libcurl/ { print $3 }')")
    for name in "it's" 'a,b' '%d "q" \' '`touch executed`' $'two\nlines' $'\xff'; do
        mkdir -p "./d/$name"
        cp "$libcurl" "./d/$name/libcurl.so.4"
        (
            . "$root/scripts/ci/sides"
            sides_try "$program" . "$(side_variant base "./d/$name")" "$(side_variant head "$program")"
        ) >out 2>err || fail "'$name': $(cat out err)"
        [[ "$(cat out)" == *"$PWD/d/${name//$'\n'/ }/libcurl.so.4"* ]] || fail "'$name': $(cat out)"
    done
    expect_no_trace
    for name in 'a,B=c' 'a:b' 'a;b' '$ORIGIN'; do
        mkdir -p "./d/$name"
        : >"./d/$name/libcurl.so.4"
        attempt "$root/scripts/ci/regression" --bench "$program" "./d/$name" "$program"
        expect_status 2
        expect_in err "use another directory"
    done
}

# -- pictures that fail --------------------------------------------------------------------

# Each way in which drawing can fail leaves the old pictures, no other file, and a status.
case_a_failure_keeps_the_picture() {
    local how
    prepare_plot || return
    mkdir tools
    declare -A gnuplots=(
        [fails]='echo "some reason" >&2; exit 1'
        [killed]='kill -KILL $$'
        [writes_nothing]='exit 0'
        [writes_half]='gnuplot "$@" | head -c 2000'
        [fails_at_the_second]='cat >script; ! grep -q "terminal svg" script && gnuplot "$@" <script'
    )
    for how in "${!gnuplots[@]}"; do
        printf '#!/bin/bash\nPATH=%q\n%s\n' "$PATH" "${gnuplots[$how]}" >tools/gnuplot
        chmod +x tools/gnuplot
        echo old >o/cost.png
        echo old >o/cost.svg
        PATH=$PWD/tools:$PATH plot o/runs.csv
        expect_status 2
        expect_in err gnuplot
        [ "$(cat o/cost.png o/cost.svg)" = $'old\nold' ] || fail "$how: the old picture is gone"
    done
    # The disk is full for gnuplot itself, and for the pictures.
    (status=0; ulimit -f 4 && plot o/runs.csv; [ "$status" -ne 0 ]) || fail "a file size limit: status 0"
    [ "$(cat o/cost.png o/cost.svg)" = $'old\nold' ] || fail "full: the old picture is gone"
    plot o/runs.csv --out /dev/full/x
    expect_status 2
    # gnuplot is missing.
    PATH=$PWD/o plot o/runs.csv
    expect_status 2
    expect_in err "gnuplot is not installed"
    expect_in err "apt-get install gnuplot-nox"
    [ "$(cat o/cost.png o/cost.svg)" = $'old\nold' ] || fail "missing: the old picture is gone"
    [ "$(echo o/*)" = "o/cost.png o/cost.svg o/env.json o/plan.json o/runs.csv" ] || fail "left: $(echo o/*)"
}

# scripts/plot finds or builds the program, and is otherwise `bench plot`.
case_script_plot() {
    local how
    prepare_plot || return
    copy_scripts checkout
    PATH=$build_dir:$PATH attempt checkout/scripts/plot o --show cost,throughput -o both
    expect_status 0
    expect_pictures both-cost
    expect_pictures both-throughput
    mkdir few
    for how in bash dirname cat mktemp rm env sed id uname; do ln -s "$(command -v $how)" few; done
    printf '#!/bin/sh\necho "setup: gnuplot is missing" >&2\nexit 1\n' >checkout/scripts/setup
    attempt env PATH="$PWD/few" checkout/scripts/plot o/runs.csv
    [ "$status" -ne 0 ] || fail "no gnuplot: status 0"
    expect_in err "gnuplot is missing"
}

case_replace() {
    (
        . "$root/scripts/environment.sh"
        echo old >"it's"
        replace "it's" false && echo bad
        replace "it's" bash -c 'echo half; exit 3' && echo bad
        (ulimit -f 1; trap '' XFSZ; replace "it's" head -c 100000 /dev/zero) && echo bad
        cat "it's"
        replace "it's" echo new && cat "it's"
    ) >out 2>err
    [ "$(cat out)" = $'old\nnew' ] || fail "$(cat out err)"
    expect_in err "it's: not written; the old file is unchanged"
    expect_no_parts
}

# -- setup ---------------------------------------------------------------------------------

case_setup_without_root() {
    copy_scripts checkout
    few_tools
    rm tools/id
    printf '#!/bin/sh\necho 1000\n' >tools/id
    printf '#!/bin/sh\necho installed:gcc:\n' >tools/dpkg-query
    printf '#!/bin/sh\necho "$@" >>apt-gets\n' >tools/apt-get
    chmod +x tools/id tools/dpkg-query tools/apt-get
    attempt env PATH="$PWD/tools" checkout/scripts/setup
    expect_status 1
    expect_in err "as root: apt-get update && apt-get install libc6-dev cmake"
    grep -q 'apt-get install apt-get\|apt-get install gcc' err && fail "$(cat err)"
    [ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
    # With sudo, each is called through it, and once.
    printf '#!/bin/sh\necho "$@" >>sudos\n' >tools/sudo
    printf '#!/bin/sh\n' >tools/cmake
    chmod +x tools/sudo tools/cmake
    attempt env PATH="$PWD/tools" checkout/scripts/setup
    expect_status 0
    [ "$(cut -d' ' -f1-3 sudos)" = $'apt-get update -qq\nenv DEBIAN_FRONTEND=noninteractive apt-get' ] ||
        fail "$(cat sudos)"
}

# The build directory of a copied or moved checkout is not used; its own is, also through a symbolic
# link.
case_a_copied_checkout_is_built_again() {
    few_tools
    # A minimal stand-in for CMake.
    cat >tools/cmake <<'END'
#!/bin/sh
echo "$*" >>"$HOME/cmakes"
[ "$1" = --preset ] || exit 0
mkdir -p "build/$2"
printf 'CMAKE_CACHEFILE_DIR:INTERNAL=%s\nCMAKE_HOME_DIRECTORY:INTERNAL=%s\n' \
    "$PWD/build/$2" "$PWD" >"build/$2/CMakeCache.txt"
touch "build/$2/build.ninja"
printf '#!/bin/sh\necho of %s\n' "'$PWD'" >"build/$2/bench"
chmod +x "build/$2/bench"
END
    chmod +x tools/cmake
    setup() {
        rm -f cmakes
        HOME=$PWD PATH=$PWD/tools attempt "$1/scripts/setup"
        expect_status 0
    }
    copy_scripts first
    setup first
    [ "$(cat cmakes)" = $'--preset release\n--build --preset release' ] || fail "$(cat cmakes)"
    setup first
    [ "$(cat cmakes)" = "--build --preset release" ] || fail "configured again: $(cat cmakes)"
    ln -s first link
    setup link
    [ "$(cat cmakes)" = "--build --preset release" ] || fail "by a link: $(cat cmakes)"
    cp -r first copied
    setup copied
    [ "$(cat cmakes)" = $'--preset release\n--build --preset release' ] || fail "copied: $(cat cmakes)"
    expect_in err "build/release belongs to another checkout ($PWD/first); building it again"
    HOME=$PWD PATH=$PWD/tools attempt copied/scripts/bench list
    [ "$(cat out)" = "of $PWD/copied" ] || fail "another build runs: $(cat out err)"
    mv first moved
    rm link
    HOME=$PWD PATH=$PWD/tools attempt moved/scripts/bench list
    [ "$(cat out)" = "of $PWD/moved" ] || fail "the old build runs: $(cat out err)"
    # scripts/plot does not use another checkout's build either.
    cp -r moved third
    HOME=$PWD PATH=$PWD/tools attempt third/scripts/plot none.csv
    [ -e third/build/release/bench ] && ! grep -q third third/build/release/bench &&
        fail "scripts/plot uses the build of another checkout"
}

# Two sweeps within one second get separate directories; --resume names its own.
case_bench_names_results() {
    mkdir tools
    copy_scripts checkout
    printf '#!/bin/sh\n' >checkout/scripts/setup
    mkdir -p checkout/build/release
    printf '#!/bin/sh\necho "$@" >>arguments\n' >checkout/build/release/bench
    chmod +x checkout/build/release/bench
    checkout/scripts/bench run --levels 1
    checkout/scripts/bench run --levels 1
    [ "$(sort -u arguments | wc -l)" -eq 2 ] || fail "the same directory: $(cat arguments)"
    grep -qvE '^run --levels 1 --out results/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}$' arguments && fail "$(cat arguments)"
    rm arguments
    checkout/scripts/bench run --resume
    [ "$(cat arguments)" = "run --resume" ] || fail "$(cat arguments)"
}

# -- arguments -----------------------------------------------------------------------------

# Tools that a script would build, install or measure with; each leaves a file called executed.
trap_tools() {
    local tool
    mkdir traps
    for tool in cmake ninja ctest apt-get sudo dpkg-query gnuplot nginx valgrind strace openssl; do
        printf '#!/bin/sh\necho %s >>%q\nexit 1\n' "$tool" "$PWD/executed" >"traps/$tool"
        chmod +x "traps/$tool"
    done
}

# The programs among the scripts.
all_scripts() { git -C "$root" grep -lE '^#!' -- scripts | while read -r script; do
    [ "$(head -c 2 "$root/$script")" = '#!' ] && echo "$script"
done; }

# Each script answers --help at once, and refuses an unknown option, in a checkout that is not built.
case_help_and_unknown_options() {
    local script name help
    trap_tools
    copy_scripts checkout
    all_scripts >scripts
    [ "$(wc -l <scripts)" -gt 15 ] || fail "only these scripts: $(cat scripts)"
    while read -r script; do
        name=$(basename "$script")
        for help in --help -h; do
            PATH=$PWD/traps:$PATH attempt "checkout/$script" $help
            [ "$status" -eq 0 ] || fail "$script $help: status $status: $(cat err)"
            grep -qE "^usage|$script" out || fail "$script $help: $(cat out)"
            [ ! -s err ] || fail "$script $help: $(cat err)"
        done
        # The options of scripts/bench and scripts/plot are the program's, which refuses them.
        case $name in bench | plot) continue ;; esac
        PATH=$PWD/traps:$PATH attempt "checkout/$script" --nonsense
        [ "$status" -eq 2 ] || fail "$script --nonsense: status $status: $(cat err)"
        grep -q "^$name: unknown option '--nonsense'; " err || fail "$script --nonsense: $(cat err)"
        [ "$(wc -l <err)" -eq 1 ] || fail "$script --nonsense: $(cat err)"
    done <scripts
    [ ! -e executed ] || fail "a script called $(sort -u executed | xargs)"
    [ -z "$(find checkout -name __pycache__ -o -path checkout/results -o -path checkout/build)" ] ||
        fail "a script left files"
}

# A misspelt option is refused with the one that was meant; a value stands behind a blank or "=".
case_arguments() {
    local script option
    for script in headline scaling origin-check origin-peers target-check ci/gate ci/regression ci/count \
        peers article theory omission; do
        option=--out
        grep -q -- '--rounds [^1-9]' "$root/scripts/$script" && option=--rounds
        attempt "$root/scripts/$script" "${option%?}"
        expect_status 2
        expect_in err "unknown option '${option%?}'; did you mean '$option'?"
        attempt "$root/scripts/$script" "$option"
        expect_status 2
    done
    attempt "$root/scripts/test" --quik
    expect_status 2
    expect_in err "test: unknown option '--quik'; did you mean '--quick'?"
    attempt "$root/scripts/test" --quick=yes
    expect_status 2
    expect_in err "test: '--quick' takes no value"
    attempt "$root/scripts/headline" --rounds=none
    expect_status 2
    expect_in err "headline: --rounds 'none' is not a whole number above 0"
    attempt "$root/scripts/headline" --parts kept,row
    expect_status 2
    expect_in err "headline: unknown part 'row'; there are kept"
    attempt "$root/scripts/theory" --queues md1,mm1
    expect_status 2
    expect_in err "theory: unknown queue 'mm1'; there are md1, mmc"
    attempt "$root/scripts/theory" --utilisations 0.5,1
    expect_status 2
    expect_in err "theory: --utilisations: '1' is not a number above 0 and below 1"
    attempt "$root/scripts/omission" --stall 600
    expect_status 2
    expect_in err "omission: --stall '600': 5 % of --duration or more"
    attempt "$root/scripts/docs" more
    expect_status 2
    expect_in err "docs: unexpected argument 'more'"
    (
        . "$root/scripts/environment.sh"
        for words in "--levles --level --levels --rounds" "--conn --level --connections" \
            "--zzz --level --connections"; do
            nearest $words
            echo
        done
        nearest '--[*]\' '--[*]'
    ) >near
    [ "$(cat near)" = $'--levels\n--connections\n\n--[*]' ] || fail "$(cat near)"
    /usr/bin/python3 -B - "$root/scripts" <<'PYTHON' || fail "another nearest option in Python"
import sys

sys.path.insert(0, sys.argv[1])
from environment import nearest

assert nearest("--levles", ["--level", "--levels", "--rounds"]) == "--levels"
assert nearest("--conn", ["--level", "--connections"]) == "--connections"
assert nearest("--zzz", ["--level", "--connections"]) is None
PYTHON
}

# Too few requests to judge the waits, but the quantiles of runs.csv follow from requests.csv.
case_theory() {
    attempt "$root/scripts/theory" --bench "$program" --queues mmc --utilisations 0.5 --requests 1000 \
        --service 1 --out kept
    [ "$status" -le 1 ] || fail "status $status: $(cat err)"
    expect_in out "| M/M/2 | 500 | 0.500 |"
    attempt "$root/scripts/theory_table.py" --quantiles kept/mmc-0.5-overhead kept/mmc-0.5
    expect_status 0
    [ "$(grep -c 'event-loop | 500/s .* yes' out)" -eq 12 ] || fail "$(cat out)"
    attempt "$root/scripts/theory_table.py" kept/mmc-0.5
    expect_status 1
    expect_in err "M/M/2: no run at 500 requests/s with a utilisation of 0.05"
    attempt "$root/scripts/theory_table.py" .
    expect_status 2
    expect_in err "no directory of bench run --raw"
    [ "$(wc -l <err)" -eq 1 ] || fail "$(cat err)"
}

# The loader warns of a library that is not there when a script begins, and not for each program that
# the script calls; a library that is there stays.
case_a_missing_preload() {
    local good
    good=$(ldd "$(command -v bash)" | awk '/libc\.so/ { print $3 }')
    LD_PRELOAD="$PWD/missing.so:$good" bash -c '
        . "$1/scripts/environment.sh" 2>later
        for i in 1 2 3 4 5; do env true; done 2>>later
        printf "%s\n" "$LD_PRELOAD"' bash "$root" >out 2>err
    [ "$(cat out)" = "$good " ] || fail "LD_PRELOAD is '$(cat out)'"
    # The calls of dirname and pwd in the first lines.
    [ "$(grep -c missing.so later)" -le 1 ] || fail "$(cat later)"
    LD_PRELOAD="$PWD/missing.so $good" /usr/bin/python3 -B -c '
import os, sys
sys.path.insert(0, sys.argv[1])
import environment
environment.drop_missing_preloads()
os.system("for i in 1 2 3 4 5; do env true; done")
print(os.environ["LD_PRELOAD"])' "$root/scripts" >out 2>err
    [ "$(cat out)" = "$good" ] || fail "LD_PRELOAD is '$(cat out)'"
    [ "$(grep -c missing.so err)" -eq 1 ] || fail "$(cat err)"
}

# -- results -------------------------------------------------------------------------------

# A checkout with git's index, whose scripts find these rows instead of measuring.
stub_checkout() {
    git clone -q "$root" checkout 2>clone_err || { left_out "no clone: $(head -1 clone_err)"; return 1; }
    copy_scripts checkout
    cp "$root/.gitignore" checkout
    cp "$root/docs/article.md" checkout/docs
    printf '#!/bin/sh\n' >checkout/scripts/setup
    mkdir -p checkout/build/release
    cat >checkout/build/release/bench <<'STUB'
#!/usr/bin/env bash
while [ "$1" != --out ]; do shift; done
mkdir -p "$2"
rows=results/reference/article/${2#*-article/}/runs.csv
[ -e "$rows" ] || rows=results/reference/article-levels/runs.csv
cp "$rows" "$2"
STUB
    chmod +x checkout/build/release/bench
    git -C checkout add -A
    git -C checkout -c user.name=test -c user.email=test@example.org commit -q --allow-empty -m "stubs"
}

# Unless told, a script changes no file that git tracks, and leaves none that git does not ignore.
case_only_results_are_written() {
    /usr/bin/python3 -c 'import requests' 2>/dev/null || { left_out "no python3-requests"; return; }
    stub_checkout || return
    (
        cd checkout || exit
        scripts/article --quick || echo "article --quick: status $?"
    ) >out 2>err
    expect_in out "A quick look: the delay is 500ms here"
    cmp -s out checkout/results/*-article/article.md || fail "another page is printed: $(cat err)"
    (cd checkout && scripts/article --runs results/reference/article) >out 2>err
    cmp -s out "$root/docs/article.md" || fail "another page: $(cat err)"
    (cd checkout && scripts/scaling) >out 2>err
    expect_in out "Fixed + per request, fitted:"
    ls checkout/results/scaling-*/runs.csv >names 2>&1 || fail "no rows: $(cat err)"
    [ -z "$(git -C checkout status --porcelain)" ] || fail "changed: $(git -C checkout status --porcelain)"
    # Told where, it writes there.
    (cd checkout && scripts/article --runs results/reference/article --doc page.md) >out 2>err
    [ "$(cat out)" = page.md ] || fail "$(cat out err)"
    cmp -s checkout/page.md "$root/docs/article.md" || fail "another page.md"
    attempt checkout/scripts/article --runs results --quick
    expect_status 2
    attempt checkout/scripts/article --runs checkout/build
    expect_status 1
    expect_in err "no rows"
}

# -- rows ----------------------------------------------------------------------------------

case_no_rows() {
    run --strategy sequential --levels 1 --delay 1ms --rounds 1 --csv a
    head -1 a >none.csv
    mkdir o
    cp none.csv o/runs.csv
    for rows in none.csv o; do
        run summary "$rows"
        expect_status 2
        expect_in err "no rows in $rows: only a header"
        expect_in err "bench run --resume --out"
        [ ! -s out ] || fail "it prints: $(cat out)"
        run summary --format csv "$rows"
        expect_status 2
    done
    run summary none.csv a
    expect_status 0
}

run_cases "$@"

#!/usr/bin/env bash
# layers.sh - checks the include directions of docs/design.md: which folder may include which, that
# no files include each other in a circle, that libcurl's options are set in one file and the clock
# is read in one, and that no strategy is known by name outside strategies/.
set -u
root=${1:-$(cd "$(dirname "$0")/.." && pwd)}
cd "$root" || exit 1
failures=0
fail() {
    echo "$*"
    failures=$((failures + 1))
}

# folder: the folders that it may include; those may include theirs in turn
declare -A allowed=(
    [base]=""
    [fetch]="base"
    [coroutine]="base"
    [origin]="base"
    [strategies/support]="fetch coroutine strategies/strategy.h"
    [strategies/outside]="fetch strategies/strategy.h strategies/plugin.h"
    [strategies]="strategies/support strategies/outside fetch coroutine"
    [analysis/rows]="base"
    [analysis/statistics]="base"
    [analysis/compare]="analysis/rows analysis/statistics"
    [analysis/report]="analysis/compare"
    [harness/machine]="base"
    [harness/target]="base fetch"
    [harness/plan]="harness/target harness/machine origin strategies analysis/rows"
    [harness/cell]="harness/plan"
    [harness/validity]="harness/cell analysis/statistics"
    [harness/sweep]="harness/validity analysis/rows"
    [harness/check]="harness/validity"
    [harness/demo]="coroutine"
    [harness/cli]="harness/sweep harness/check harness/demo analysis/report"
)

# Everything that a folder may include, from the list above.
reach() {
    local room
    printf '%s\n' "$1"
    for room in ${allowed[$1]-}; do reach "$room"; done
}

checked=0
for room in "${!allowed[@]}"; do
    may=$(reach "$room" | sort -u)
    while IFS=: read -r file line include; do
        checked=$((checked + 1))
        target=${include#*\"}
        target=${target%\"*}
        [ -f "$target" ] || fail "$file:$line: includes $target, which is not there"
        grep -qxF -e "$target" -e "${target%/*}" <<<"$may" ||
            fail "$file:$line: $room/ must not include $target"
    done < <(grep -nH '^#include "' "$room"/*.[ch])
done
[ "$checked" -gt 50 ] || fail "only $checked includes were checked: the rule is not tested"
product=$(git ls-files '*.c' '*.h' | grep -vE '^(tests|examples)/')
for file in $product; do
    [ "${allowed[${file%/*}]+known}" ] || fail "$file is in no room"
    # A command, a demo and a strategy are constants that a list names; all else is declared
    # beside.
    case $file in
    harness/cli/main.c | harness/cli/command_*.c | harness/demo/demo_*.c | strategies/*.c)
        case $file in strategies/support/* | strategies/outside/*) ;; *) continue ;; esac
        ;;
    *.h) continue ;;
    esac
    [ -f "${file%.c}.h" ] || fail "$file has no header of its name"
done

# A file and its header count as one; no two of them include each other, even indirectly.
circle=$(grep -H '^#include "' $product | sed -E 's/\.[ch]:#include "/ /; s/\.(h|def)".*//' |
    awk '$1 != $2' | tsort 2>&1 >/dev/null)
[ -z "$circle" ] || fail "these include each other in a circle: $circle"

# only FILE PATTERN: no other file of the product contains the pattern
only() {
    local file=$1 pattern=$2 where
    where=$(grep -lE "$pattern" $product | sort -u)
    [ "$where" = "$file" ] || fail "only $file may say $pattern, but so do: ${where//$'\n'/ }"
}
only fetch/options.c 'curl_(easy|multi|share)_setopt *\('
only base/clock.c 'clock_gettime *\(|gettimeofday *\(|[^a-z_]time *\(NULL'
only harness/cli/main.c 'fprintf *\(stderr|perror *\('

# The command line is read once: no part of the program calls another by building one.
where=$(grep -lE 'char \*\*argv|options_parse *\(' $product | sort -u | xargs)
[ "$where" = "harness/cli/main.c harness/cli/options.c harness/cli/options.h" ] ||
    fail "only main reads a command line, but these take one: $where"

# No strategy is known by its name outside its own folder. A demo has the name of one.
names=$(sed -n 's/^STRATEGY(\(.*\))$/\1/p' strategies/list.def)
[ -n "$names" ] || fail "no strategy is registered"
outside=$(grep -vE '^(strategies|harness/demo)/' <<<"$product")
for name in $names; do
    dashed=${name//_/-}
    if found=$(grep -nE "strategy_$name\b|\"$dashed\"" $outside); then
        fail "$dashed is known by name: $found"
    fi
done

[ "$failures" -eq 0 ] && echo "layers: $checked includes, all in the allowed direction"
[ "$failures" -eq 0 ]

#!/usr/bin/env bash
# layers.sh - holds the directions of DESIGN: which folder may include which, that libcurl's
# options are set in one file and the clock is read in one, and that no strategy is known by
# name outside strategies/.
set -u
root=${1:-$(cd "$(dirname "$0")/.." && pwd)}
cd "$root" || exit 1
failures=0
fail() {
    echo "$*"
    failures=$((failures + 1))
}

# folder: what it may include, besides itself
declare -A allowed=(
    [base]=""
    [fetch]="base"
    [coroutine]="base"
    [strategies]="base fetch coroutine"
    [origin]="base"
    [results]="base fetch/result.h"
    [harness]="base fetch coroutine strategies origin results"
)
checked=0
for folder in "${!allowed[@]}"; do
    [ -d "$folder" ] || continue
    while IFS=: read -r file line include; do
        checked=$((checked + 1))
        target=${include#*\"}
        target=${target%\"*}
        ok=
        for may in "$folder" ${allowed[$folder]}; do
            case $target in "$may"/* | "$may") ok=yes ;; esac
        done
        [ -f "$target" ] || fail "$file:$line: includes $target, which is not there"
        [ "$ok" ] || fail "$file:$line: $folder/ must not include $target"
    done < <(grep -nH '^#include "' "$folder"/*.[ch])
done
[ "$checked" -gt 50 ] || fail "only $checked includes were looked at: the rule is not held"

# only <file> may say <pattern>
only() {
    local file=$1 pattern=$2 where
    where=$(grep -lE "$pattern" base/*.[ch] fetch/*.[ch] strategies/*.[ch] origin/*.[ch] \
        results/*.[ch] harness/*.[ch] coroutine/*.[ch] 2>/dev/null | sort -u)
    [ "$where" = "$file" ] || fail "only $file may say $pattern, but so do: ${where//$'\n'/ }"
}
only fetch/options.c 'curl_(easy|multi|share)_setopt *\('
only base/clock.c 'clock_gettime *\(|gettimeofday *\(|[^a-z_]time *\(NULL'
only harness/main.c 'fprintf *\(stderr|perror *\('

# No strategy is known by its name outside its own folder.
names=$(sed -n 's/^STRATEGY(\(.*\))$/\1/p' strategies/list.def)
[ -n "$names" ] || fail "no strategy is registered"
for name in $names; do
    dashed=${name//_/-}
    if found=$(grep -nE "strategy_$name\b|\"$dashed\"" base/*.[ch] fetch/*.[ch] origin/*.[ch] \
        results/*.[ch] harness/*.[ch]); then
        fail "$dashed is known by name: $found"
    fi
done

[ "$failures" -eq 0 ] && echo "layers: $checked includes, all in the one direction"
[ "$failures" -eq 0 ]

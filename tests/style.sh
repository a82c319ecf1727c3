#!/usr/bin/env bash
# style.sh - the rules of style that a script can hold.
set -u
root=${1:-$(cd "$(dirname "$0")/.." && pwd)}
cd "$root" || exit 1
failures=0
fail() {
    echo "$*"
    failures=$((failures + 1))
}
sources=$(git ls-files '*.c' '*.h')
product=$(echo "$sources" | grep -v '^tests/')

# Banned: unchecked conversions, unbounded copies, other clocks, hidden state.
banned='\b(atoi|atol|atof|strtol|strtoul|strcpy|strcat|sprintf|vsprintf|gets|strtok|rand|srand|signal|alloca|gmtime|localtime|ctime|asctime|select|abort|system|popen)\('
found=$(grep -nE "$banned" $product) && fail "banned function: $found"
found=$(grep -nE '\b(strtoull|strtod)\(' $product | grep -v '^base/parse.c:') &&
    fail "numbers are read in base/parse.c: $found"
found=$(grep -nE '\b(exit|_exit)\(' $product | grep -vE '\b_exit\(|^harness/cli/main.c') &&
    fail "only main exits: $found"
found=$(grep -nE '^typedef struct|^ *goto +[a-z_]+;' $product | grep -vE 'goto +failed;') &&
    fail "no typedef for a struct; one clean-up label, called failed: $found"

# Nothing depends on the locale: a decimal comma would be written into files. Programs stay in
# the C locale, scripts go there first.
found=$(grep -nE '\b(setlocale|newlocale|uselocale)\([^)]' $product) && fail "a locale: $found"
for file in $(git grep -lE '^#!/usr/bin/env bash' -- scripts); do
    grep -qE '^\. "\$\(dirname -- "\$.*/(environment.sh|sides)"$' "$file" || [ "$file" = scripts/ci/verdict ] ||
        fail "$file does not source scripts/environment.sh first"
done

# No globals but two flags: file-level variables are const, or the interrupt, or that memory was
# lacking where a file that is not there says nothing.
found=$(grep -nE '^static [a-z_ ]+ \*?[a-z_]+( = .*)?;' $product |
    grep -vE 'static (const|.* const )|\(|harness/cell/interrupt.c|base/file.c:[0-9]+:static atomic_bool lacked_memory;') && fail "a global: $found"

for file in $sources; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 500 ] || fail "$file has $lines lines; 500 is the limit"
    [ "$(awk 'length > 90' "$file" | wc -l)" -eq 0 ] || fail "$file has lines over 90 columns"
    grep -q $'\t' "$file" && fail "$file has tabs"
    head -1 "$file" | grep -q "^/\* $(basename "$file") - " ||
        fail "$file does not open with what it is"
done

# A function fits on a screen: its body has at most 60 lines.
for file in $product; do
    awk -v file="$file" '
        /^[a-z].*\)$/ || /^[a-z_].*[^;]$/ { name = $0 }
        /^\{$/ { start = NR }
        /^\}$/ && start {
            if (NR - start > 60) { print file ":" start ": " NR - start " lines: " name; bad = 1 }
            start = 0
        }
        END { exit bad }' "$file" || fail "a function that does not fit on a screen"
done

# Every header compiles on its own.
read -ra cflags < <(pkg-config --cflags jansson libevent_core cmocka 2>/dev/null)
for header in $(echo "$sources" | grep '\.h$'); do
    output=$(gcc -std=c11 -D_GNU_SOURCE -I. "${cflags[@]}" -fsyntax-only -x c "$header" 2>&1) || fail "$header alone: $output"
done

# Absent figures are NaN, so nothing that has one compiles with fast maths.
for file in $(grep -lE '\b(NAN|INFINITY|isnan|isinf|isfinite)\b' $product); do
    for flag in -Ofast -ffast-math -ffinite-math-only; do
        gcc -std=c11 -D_GNU_SOURCE -I. "${cflags[@]}" $flag -fsyntax-only -x c "$file" 2>&1 |
            grep -q 'error: #error .*assume that no NaN exists: use -O3' ||
            fail "$file compiles with $flag"
    done
done

# Nothing of the place where it was written.
if found=$(git grep -nIE '/(home|root|work)/[a-z]|/tmp/[a-z]+-[0-9]' -- ':!tests/style.sh' 2>/dev/null); then
    fail "a path of some machine: $found"
fi

[ "$failures" -eq 0 ] && echo "style: $(echo "$sources" | wc -l) files"
[ "$failures" -eq 0 ]

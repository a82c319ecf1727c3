#!/usr/bin/env bash
# style.sh - the style rules that a script can check.
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

# Nothing depends on the locale: a decimal comma would get into files. Programs stay in the C
# locale; scripts switch to it first.
found=$(grep -nE '\b(setlocale|newlocale|uselocale)\([^)]' $product) && fail "a locale: $found"
for file in $(git grep -lE '^#!/usr/bin/env bash' -- scripts); do
    grep -qE '^\. "\$\(dirname -- "\$.*/(environment.sh|sides)"$' "$file" || [ "$file" = scripts/ci/verdict ] ||
        fail "$file does not source scripts/environment.sh first"
done

# No globals but two flags: file-level variables are const, or the interrupt, or the flag that
# memory was short when a missing file was ignored.
found=$(grep -nE '^static [a-z_ ]+ \*?[a-z_]+( = .*)?;' $product |
    grep -vE 'static (const|.* const )|\(|harness/cell/interrupt.c|base/file.c:[0-9]+:static atomic_bool lacked_memory;') && fail "a global: $found"

# The form of a file; a function body has at most 60 lines, so it fits on a screen.
awk '
    function say(text) { print text; bad = 1 }
    FNR == 1 {
        seen[FILENAME] = 1
        start = wide = tabs = 0
        name = base = FILENAME
        sub(/.*\//, "", base)
        if (index($0, "/* " base " - ") != 1) say(FILENAME " does not open with what it is")
    }
    FNR == 501 { say(FILENAME " has more than 500 lines") }
    length > 90 && !wide++ { say(FILENAME ":" FNR ": over 90 columns") }
    /\t/ && !tabs++ { say(FILENAME ":" FNR ": a tab") }
    FILENAME ~ /^tests\// { next }
    /^[a-z].*\)$/ || /^[a-z_].*[^;]$/ { name = $0 }
    /^\{$/ { start = FNR }
    /^\}$/ && start {
        if (FNR - start > 60) say(FILENAME ":" start ": " FNR - start " lines: " name)
        start = 0
    }
    END {
        for (i = 1; i < ARGC; i++) if (!(ARGV[i] in seen)) say(ARGV[i] " is empty or missing")
        exit bad
    }' $sources || fail "the form of a file"

# Every header compiles alone. The build shows that for headers that their own .c includes first.
read -ra cflags < <(pkg-config --cflags jansson libevent_core cmocka 2>/dev/null)
compile=(gcc -std=c11 -D_GNU_SOURCE -I. "${cflags[@]}" -x c)
programs=$(grep '\.c$' <<<"$sources")
first=$(grep -m1 -H '^#' $programs | sed -nE 's/^(.*)\.c:#include "\1\.h"$/\1.h/p')
[ "$(wc -l <<<"$first")" -gt 50 ] || fail "hardly a header is the first include of its .c: $first"
for header in $(grep '\.h$' <<<"$sources" | grep -vxF -e "$first"); do
    output=$("${compile[@]}" -fsyntax-only "$header" 2>&1) || fail "$header alone: $output"
done

# Absent figures are NaN: files that use it include a header that does not compile with fast maths.
for flag in -Ofast -ffast-math -ffinite-math-only; do
    "${compile[@]}" -fsyntax-only $flag base/strict_math.h 2>&1 |
        grep -q 'error: #error .*assume that no NaN exists: use -O3' ||
        fail "base/strict_math.h compiles with $flag"
done
with_nan=$(grep -lE '\b(NAN|INFINITY|isnan|isinf|isfinite)\b' $product)
[ "$(wc -l <<<"$with_nan")" -gt 20 ] || fail "hardly a file has a NaN: $with_nan"
found=$("${compile[@]}" -MM $with_nan | sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' |
    grep -v '[ /]base/strict_math\.h')
[ -z "$found" ] || fail "these have NaN and do not include base/strict_math.h: $found"

# No paths of the author's machine.
if found=$(git grep -nIE '/(home|root|work)/[a-z]|/tmp/[a-z]+-[0-9]' -- ':!tests/style.sh' 2>/dev/null); then
    fail "a path of some machine: $found"
fi

[ "$failures" -eq 0 ] && echo "style: $(echo "$sources" | wc -l) files"
[ "$failures" -eq 0 ]

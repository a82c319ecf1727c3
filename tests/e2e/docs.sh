#!/usr/bin/env bash
# docs.sh - checks that the documents match the program.
#
#   tests/e2e/docs.sh PROGRAM RESULTS_DOC
set -u
program=$1
results_doc=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
failures=0
fail() {
    echo "$*"
    failures=$((failures + 1))
}

"$results_doc" | cmp -s - docs/results.md ||
    fail "docs/results.md is not what the lists say: run scripts/docs"
"$program" reference | cmp -s - docs/options.md ||
    fail "docs/options.md is not what the tables say: run scripts/docs"

# The README names every strategy of bench itself, and every local link has a target.
for name in $("$program" list | awk '/^Programs/ { exit } /^[a-z]+[a-z-]* +/ { print $1 }'); do
    for page in README.md README.zh-CN.md; do
        grep -q "\`$name\`" "$page" || fail "$page does not name $name"
    done
done
for page in README.md README.zh-CN.md CONTRIBUTING.md CHANGELOG.md docs/*.md; do
    for link in $(grep -oE '\]\([^)#:]+' "$page" | cut -c3-); do
        [ -e "$(dirname "$page")/$link" ] || fail "$page: $link is not there"
    done
done

# Every option that the documents show is an option of the program.
options=$({
    for command in run list serve env summary compare calibrate check timeline plot; do "$program" $command --help; done
    scripts/peers --help
} |
    grep -oE '^ +(-o, )?--[a-z-]+' | grep -oE -- '--.*' | sort -u)
for option in $(grep -ohE '(bench|serve|summary|run) [^`|]*--[a-z-]+' README*.md docs/*.md |
    grep -oE -- '--[a-z][a-z-]+' | sort -u); do
    case $option in --preset | --help | --version | --install | --prefix | --long | --build) continue ;; esac
    echo "$options" | grep -qx -- "$option" || fail "the documents show $option, which is no option"
done

# The timeline of docs/timeline.md is drawn from its rows.
"$program" timeline results/reference/timeline --out - | cmp -s - results/reference/timeline/timeline.svg ||
    fail "results/reference/timeline/timeline.svg is not what bench draws: run bench timeline results/reference/timeline"

# The README shows the conclusion of the recorded sweep.
conclusion() { sed -n '/^  Level 500/,/^    coroutine-blocking/p'; }
concluded=$(COLUMNS=100 "$program" summary results/reference/article-levels | conclusion)
[ -n "$concluded" ] && [ "$concluded" = "$(conclusion <README.md)" ] ||
    fail "README.md does not show the conclusion of results/reference/article-levels: $concluded"

# docs/runtimes.md shows the summaries of its recorded runs.
for run in fresh reuse; do
    shown=$(COLUMNS=100 "$program" summary --show cost,overhead,cpu,memory,p99 "results/reference/runtimes/$run" | sed 1d)
    [[ $(<docs/runtimes.md) == *"$shown"* ]] || fail "docs/runtimes.md does not show results/reference/runtimes/$run"
done

# docs/open-loop.md shows the tables of its recorded runs, and the rates held there.
for run in fresh reuse; do
    summary=$(COLUMNS=100 "$program" summary "results/reference/rates/$run")
    shown=$(sed -n '/^rate /,/^raw-epoll/p' <<<"$summary")
    [ -n "$shown" ] && [[ $(<docs/open-loop.md) == *"$shown"* ]] ||
        fail "docs/open-loop.md does not show results/reference/rates/$run"
    column=$([ "$run" = fresh ] && echo 3 || echo 4)
    for held in $(tr '\n' ' ' <<<"$summary" | sed 's/.*Highest rate held in all rounds: //; s/[.;].*//; s/ \+/ /g; s/, /\n/g; s/ /=/g'); do
        rate=$(awk -F' *[|] *' -v name="${held%=*}" -v column="$column" \
            '$2 == name && NF == 5 { gsub(/,/, "", $column); print $column }' docs/open-loop.md)
        [ "$rate/s" = "${held#*=}" ] || fail "docs/open-loop.md has $rate for ${held%=*}, the rows of $run ${held#*=}"
    done
done

# Pages with recorded figures match the recorded rows.
scripts/article --runs results/reference/article | cmp -s - docs/article.md ||
    fail "docs/article.md does not match its rows: run scripts/article --runs results/reference/article --doc docs/article.md"
scripts/peers --bench "$program" --runs results/reference/peers |
    cmp -s - <(sed '1,/^## Results$/d' docs/peers.md | tail -n +2) ||
    fail "docs/peers.md does not match its rows: run scripts/peers --runs results/reference/peers --doc docs/peers.md"
for figure in $(grep -oE '[0-9]+\.[0-9]+' README.zh-CN.md); do
    cat docs/article.md docs/peers.md | grep -qF -- "$figure" ||
        fail "README.zh-CN.md has $figure, which neither docs/article.md nor docs/peers.md has"
done

# The tables of docs/why.md are computed from the recorded rows, and so is each figure in its text, except
# levels, delays and the odds of disjoint ranges.
figures=$(tests/e2e/why_figures.py) || fail "the recorded rows do not support what docs/why.md says of two strategies"
for page in docs/why.md docs/why.zh-CN.md; do
    grep '^| `' "$page" | sed 's/～/ to /g; s/仅一次/once/' | cmp -s - <(grep '^|' <<<"$figures") ||
        fail "the tables of $page are not those of tests/e2e/why_figures.py"
    for figure in $(grep -vE '^ *[|\`]|^bench ' "$page" | grep -oE '[0-9]+\.[0-9]+|[0-9]{2,}' |
        grep -vxE '10|25|50|100|126|500' | sort -u); do
        grep -qwF -- "$figure" <<<"$figures" || fail "$page has $figure, which tests/e2e/why_figures.py has not"
    done
done

# Each line of docs/exercises.md that names a cell and its cost time is a recorded row.
lines=$(awk -F, 'FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { printf "%-20s Number: %-6d Cost time: %.3f\n", $at["strategy"], $at["level"], $at["cost_s"] }' \
    results/reference/article-levels/runs.csv results/reference/capacity-50/runs.csv)
found=$(grep -E '^[a-z-]+ +Number: [0-9]+ +Cost' docs/exercises.md | grep -vxF -- "$lines") &&
    fail "docs/exercises.md has lines that no recorded row has: $found"

# A page in Chinese has only figures of its English page.
for page in docs/article.zh-CN.md docs/concepts.zh-CN.md; do
    for figure in $(grep -oE '[0-9]+\.[0-9]+' "$page" | sort -u); do
        grep -qwF -- "$figure" "${page/.zh-CN/}" || fail "$page has $figure, which ${page/.zh-CN/} has not"
    done
done

# docs/validity.md has every message of a check, with N for a number and ... for a text, every
# word of the columns status and notes, and names tests that are there.
page=$(tr '\n' ' ' <docs/validity.md | tr -s ' ')
messages=0
while read -r message; do
    [ "$message" = "..." ] && continue
    messages=$((messages + 1))
    case $page in *"$message"*) ;; *) fail "docs/validity.md does not explain '$message'" ;; esac
done < <(cat harness/validity/{validity,level_check}.c | tr '\n' ' ' | tr -s ' ' |
    grep -oE 'return (count && )?verdict_fails\( ?verdict, STATUS_[A-Z]+, ("[^"]*"|PRI[a-z0-9]+| )+' |
    sed -E 's/^[^"]*//; s/%" PRI[a-z0-9]+/N"/g; s/"" ?| ?"$//g; s/" "//g; s/"//g
        s/%[.0-9]*(z?u|f)/N/g; s/%s/.../g; s/ $//
        s/^\.\.\.(were refused|failed)/N of N requests \1/')
[ "$messages" -eq "$(($(cat harness/validity/{validity,level_check}.c |
    grep -c 'return verdict_fails(') - 3))" ] || fail "only $messages messages were found in harness/validity"
words=$(sed -nE 's/^ +X\([A-Z_]+, "([a-z-]+)".*/\1/p' analysis/rows/words.h)
[ "$(echo "$words" | wc -l)" -eq "$(grep -c '^ *X([A-Z]' analysis/rows/words.h)" ] ||
    fail "not every word of analysis/rows/words.h was found"
for word in $words; do
    grep -q "^| \`$word\` |" docs/validity.md || fail "docs/validity.md does not explain $word"
done
for name in $(sed -n '/^## Tests of the checks/,$p' docs/validity.md | grep -oE '`[a-z_]+`' |
    tr -d '\`'); do
    grep -qE "^(static void )?$name\(" tests/unit/test_*.c tests/e2e/*.sh ||
        fail "docs/validity.md names the test $name, which is not there"
done

# docs/coroutines.md shows each demo with its output; how long it took may differ. A busy machine
# may also change which task begins first: three tries.
masked() { sed -E 's/[0-9]+\.[0-9]{2} s/N s/'; }
demos=$("$program" demo | awk '{ print $3 }')
[ "$(echo "$demos" | wc -l)" -eq "$(ls harness/demo/demo_*.c | wc -l)" ] || fail "bench demo lists: $demos"
for name in $demos; do
    shown=$(awk -v start="\$ bench demo $name" '$0 == start { on = 1; next } /^```/ { on = 0 } on' docs/coroutines.md)
    for try in 1 2 3; do
        printed=$("$program" demo "$name")
        [ "$(masked <<<"$printed")" = "$(masked <<<"$shown")" ] && break
        [ "$try" -lt 3 ] || fail "docs/coroutines.md does not show what bench demo $name prints: $printed"
    done
done

# docs/origin.md describes each fault as its line in origin/fault.def does.
while IFS='|' read -r word outcome wire; do
    grep -qxF "| \`$word\` | $wire | \`$outcome\` |" docs/origin.md ||
        fail "docs/origin.md does not say of the fault $word what origin/fault.def says"
done < <(sed -nE 's/^FAULT\([A-Z_0-9]+, "([^"]+)", ([A-Z_]+), "([^"]+)"\)$/\1|\L\2\E|\3/p' origin/fault.def)
[ "$(grep -c '^FAULT' origin/fault.def)" -eq "$(grep -cE '^\| `[a-z0-9-]+` \| .* \| `(io_failed|timed_out|bad_[a-z]+)` \|$' docs/origin.md)" ] ||
    fail "docs/origin.md has other faults than origin/fault.def"

[ "$failures" -eq 0 ] && echo "docs: up to date"
[ "$failures" -eq 0 ]

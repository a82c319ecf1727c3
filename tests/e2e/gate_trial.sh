#!/usr/bin/env bash
# gate_trial.sh - error rates of a gate on this machine: sweeps of the profile ci, one after
# another, each compared as a user would. Both sides are equal, or a slowdown is injected into the
# new one.
#
#   tests/e2e/gate_trial.sh BENCH [--tries N] [--budget D] [--inject WORDS] [--out DIR]
#                       [-- OPTIONS OF bench run]
#
# --inject is the value of BENCH_INJECT for the new side, such as cpu:20us. Prints the exit status
# of each try and the number of tries per status. Uses the calibration in results/ of the working
# directory.
set -euo pipefail
bench=$(realpath "${1:?which bench?}")
shift
tries=20
budget=60s
inject=
out=
while [ $# -gt 0 ]; do
    case $1 in
    --tries) tries=$2 ;;
    --budget) budget=$2 ;;
    --inject) inject=$2 ;;
    --out) out=$2 ;;
    --) break ;;
    *)
        echo "gate_trial: unknown option '$1'; valid are --tries, --budget, --inject, --out, --" >&2
        exit 2
        ;;
    esac
    shift 2
done
[ $# -eq 0 ] || shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
out=${out:-$scratch}
mkdir -p "$out"

# field FILE KEY: a value from a JSON file with one key per line.
field() { sed -n "s/^ *\"$2\": \"\{0,1\}\(.*[^\",]\)\"\{0,1\},\{0,1\}$/\1/p" "$1" | head -n 1; }

declare -A counts=()
for ((i = 1; i <= tries; i++)); do
    "$bench" run --profile ci --budget "$budget" --variant base \
        --variant "new${inject:+:BENCH_INJECT=$inject}" --out "$out/$i" --quiet "$@" || true
    status=0
    "$bench" compare "$out/$i" --base base --head new --retry 1 --json "$out/$i/compare.json" \
        >"$out/$i/compare.txt" || status=$?
    counts[$status]=$((${counts[$status]:-0} + 1))
    printf 'try %d: exit %d after %.0f s: %s\n' "$i" "$status" "$(field "$out/$i/env.json" used_s)" \
        "$(field "$out/$i/compare.json" headline)"
done
for status in "${!counts[@]}"; do
    echo "exit $status: ${counts[$status]} of $tries"
done

#!/usr/bin/env bash
# A program for bench --program: Bash and one curl per request, fresh connections only. Times are
# those of /proc/uptime's clock, which ticks every 10 ms, so it reports none.
set -eu
job=$(<"$BENCH_JOB")
field() { sed -E "s/.*\"$1\": ?\"?([^,\"}]*).*/\1/" <<<"$job"; }
level=$(field level)
mapfile -t urls < <(grep -oE '"https?://[^"]+"' <<<"$job" | tr -d '"')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Gzip's trailer has the CRC32 of the content, least significant byte first.
crc32() { gzip -1c "$1" | tail -c 8 | head -c 4 | od -An -tx4 --endian=little | tr -d ' '; }

fetch() {
    local code
    if code=$(curl -sS -o "$work/$1.body" -w '%{http_code}' "${urls[$1]}" 2>"$work/$1.error"); then
        echo "$1 - - $code $(stat -c %s "$work/$1.body") $(crc32 "$work/$1.body")" >"$work/$1"
    else
        echo "$1 - - error $(head -n 1 "$work/$1.error")" >"$work/$1"
    fi
}

echo "ready 1"
read -r _
running=0
for index in "${!urls[@]}"; do
    [ "$running" -lt "$level" ] || { wait -n && running=$((running - 1)); }
    fetch "$index" &
    running=$((running + 1))
done
wait
echo "done"
for index in "${!urls[@]}"; do cat "$work/$index"; done
echo "end"

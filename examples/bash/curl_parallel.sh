#!/usr/bin/env bash
# curl_parallel.sh - fetches pages with one curl --parallel. Needs curl and jq.
#
# curl tells neither when a transfer began nor its bytes, so stamps and checksums are not known. It
# writes no files: they would remain if bench kills it.
set -u

# The options of curl: those for all pages, then each URL.
options=$(jq -r '
    def option($name; $value): "\($name) = \($value | tojson)";
    def hosts: [capture("^(?<scheme>[a-z]+)://(?<host>[^/:]+)(:(?<port>[0-9]+))?")];
    "http1.1", "no-sessionid", "parallel", "parallel-immediate",
    option("noproxy"; "*"),
    option("max-time"; .timeout_s | tostring),
    option("parallel-max"; [.level, 300] | min | tostring), # more would become the default, 50
    option("write-out"; "%{urlnum} %{exitcode} %{http_code} %{size_download} %{errormsg}\n"),
    (select(.insecure) | "insecure"),
    (select(.ca_file) | option("cacert"; .ca_file)),
    (select(.gzip) | option("header"; "Accept-Encoding: gzip")),
    (select(.connections == "fresh") | option("header"; "Connection: close")),
    (.headers[] | option("header"; .)),
    (.resolve as $known | [.urls[] | hosts[] | select($known[.host])] | unique[]
        | option("resolve"; "\(.host):\(.port // {http: 80, https: 443}[.scheme]):\($known[.host])")),
    (.urls[] | option("url"; .), option("output"; "/dev/null"))
' "$BENCH_JOB") || exit 1
gzip=$(jq .gzip "$BENCH_JOB")

echo "ready 1"
read -r _ # go
report=$(curl --disable --no-progress-meter --config - <<<"$options")
echo "done"

while read -r number code status bytes message; do
    [ "$gzip" = false ] || bytes=- # these are compressed; bench asks for the others
    case $code in
    0) echo "$number - - $status $bytes -" ;;
    28) echo "$number - - error timeout" ;;
    5 | 6 | 7 | 35 | 60) echo "$number - - error connect: $message" ;;
    *) echo "$number - - error $message" ;;
    esac
done <<<"$report"
echo "end"

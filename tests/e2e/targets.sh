#!/usr/bin/env bash
# shellcheck disable=SC2034 # the status is read in cases.sh
# targets.sh - bench against servers other than its own origin: several addresses, lists of them,
# names, headers, TLS; and no request to another machine without consent.
#
#   tests/e2e/targets.sh PROGRAM [CASE ...]     all cases, or those named
#
# The other machines are addresses of TEST-NET-2 in a network namespace without a route.
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# -- helpers -------------------------------------------------------------------------------

# Starts `bench serve` at an address; sets $port.
serve() {
    env --default-signal=INT "$program" serve --address "$1" --delay 5ms >"serve.$1" 2>&1 &
    servers+=($!)
    await grep -qs listening "serve.$1" || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' "serve.$1")
}

stop_servers() {
    local server
    for server in "${servers[@]}"; do
        kill -INT "$server"
        wait "$server" || fail "a server ended with status $?"
    done
    servers=()
}

# As `run`, without a terminal for questions.
run_without_terminal() {
    status=0
    setsid -w "$program" "$@" >out 2>err </dev/null || status=$?
}

# Runs in a network namespace that has this machine's address 198.51.100.7 and no route.
in_network_namespace() {
    unshare -n sh -c 'ip link set lo up && ip link add v0 type veth peer name v1 &&
        ip addr add 198.51.100.7/24 dev v0 && ip link set v0 up && exec "$@"' sh "$@"
}
has_network_namespace() {
    in_network_namespace true 2>/dev/null && return
    echo "    (no network namespace here: the rest of this case is left out)"
    return 1
}

# -- addresses -----------------------------------------------------------------------------

# Every server is requested, round-robin in the order of the command line.
case_several_servers() {
    local one two three total=0 served
    serve 127.0.0.1 && one=127.0.0.1:$port
    serve 127.0.0.2 && two=127.0.0.2:$port
    serve 127.0.0.3 && three=127.0.0.3:$port
    printf '# some films\r\nhttp://%s/detail/{1,2}\r\n\n  http://%s/detail/3#part \n' \
        "$one" "$two" >list
    run --urls list --url "http://$three/detail/{004..005}" --url "http://$three/" \
        --strategy "$four",raw-epoll --levels 12 --rounds 1 --raw --out o
    expect_status 4 # the server has no page /detail/004
    expect_column o/runs.csv bad_status "5 4"
    expect_column o/runs.csv ok "5 8"
    awk -F, 'NR > 1 && $4 == "event-loop" { print $8 }' o/requests.csv | head -7 >urls
    printf 'http://%s\n' "$one/detail/1" "$one/detail/2" "$two/detail/3" "$three/detail/004" \
        "$three/detail/005" "$three/" "$one/detail/1" | cmp -s - urls || fail "order: $(cat urls)"
    for served in "$one" "$two" "$three"; do
        total=$((total + $(curl -s "http://$served/stats" | sed -n 's/.*"requests": *\([0-9]*\).*/\1/p')))
    done
    [ "$total" -eq 40 ] || fail "the servers had $total good requests"
    expect_in o/env.json "(addresses: 3; crc32: "
    grep -q '"address": "127.0.0.2"' o/env.json || fail "no server in env.json"
    stop_servers
}

# The same pages through every form of --url; then missing pages and a missing server.
case_url() {
    start serve --delay 5ms
    await grep -q listening out || return
    port=$(sed -n 's|.*:\([0-9]*\)/.*|\1|p' out)
    server=$pid
    status=0
    "$program" --strategy $four --url "http://127.0.0.1:$port/detail/{1..100}" --levels 1,30 --rounds 1 --csv a \
        >out2 2>err || status=$?
    expect_status 0
    expect_column a status "8 valid"
    expect_column a ideal_s "8 "
    expect_column a origin_requests "8 "
    expect_column a origin_delay_p50_s "8 "
    if getent hosts localhost >/dev/null; then # a minimal container knows no names
        "$program" --strategy $four --url "http://localhost:$port/detail/{id}" --levels 3 --rounds 1 --csv a \
            >out2 2>err || fail "a host name: $(cat err)"
        expect_column a ok "4 3"
    fi
    status=0
    "$program" --strategy $four --url "http://127.0.0.1:$port/nothing" --levels 2 --rounds 1 --csv a >out2 2>err ||
        status=$?
    expect_status 4
    expect_column a bad_status "4 2"
    expect_in a "2 of 2 requests failed (bad_status 2)"
    kill -INT "$server"
    pid=$server
    wait_for_end
    expect_status 0
    status=0
    "$program" --strategy $four --url "http://127.0.0.1:$port/" --levels 2 --rounds 1 --csv a >out2 2>err || status=$?
    expect_status 4
    expect_column a status "4 failed"
    expect_column a connect_failed "4 2"
}

# With kept connections, each worker has one to every server, regardless of its wait mechanism.
case_kept_connections() {
    local one
    serve 127.0.0.1 && one=127.0.0.1:$port
    serve 127.0.0.2
    run --url "http://{$one,127.0.0.2:$port}/detail/{1..4}" --connections reuse --levels 4 \
        --requests 80 --strategy "$four",raw-epoll --rounds 1 --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n4 valid')"
    awk -F, '{ gsub(/"[^"]*"/, "quoted") } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["status"] == "valid" && $at["connections"] > 2 * $at["inflight_limit"] { print; exit 1 }' \
        a >wrong || fail "connections were not kept: $(cat wrong)"
    expect_in a "keeps connections to one server only"
    stop_servers
}

case_standard_input() {
    local absent
    serve 127.0.0.1
    printf 'http://127.0.0.1:%s/detail/{1..5}\n' "$port" >list
    status=0
    "$program" --urls - --strategy "$four" --levels 5 --rounds 1 --csv a <list >out 2>err || status=$?
    expect_status 0
    expect_column a status "4 valid"
    expect_note a no-origin 4
    expect_column a ok "4 5"
    # Figures that only the origin can know are absent, not 0.
    for absent in ideal_s overhead_s ramp_s origin_requests origin_inflight_peak origin_cpu_s delay_s; do
        expect_column a "$absent" "4 "
    done
    grep -q "theoretical minimum" out && fail "a table of nothing"
    stop_servers
}

case_names() {
    getent ahostsv4 localhost >/dev/null || return 0 # a minimal container knows no names
    serve 127.0.0.1
    run --ipv4 --url "http://localhost:$port/detail/{id}" --strategy article --levels 1,10 --rounds 1 --out o
    expect_status 0
    expect_column o/runs.csv status "12 valid"
    grep -A3 '"lookups"' o/env.json | grep -q '"seconds"' || fail "no time of the lookup"
    grep -q '"address": "127.0.0.1"' o/env.json || fail "no address of the name"
    run --ipv4 --url "http://localhost:$port/" --strategy raw-epoll --levels 1
    expect_status 2
    expect_in err "fetches only from http://<IPv4 address>[:port]/"
    stop_servers
}

case_statuses() {
    serve 127.0.0.1
    run --url "http://127.0.0.1:$port/nothing" --strategy "$four" --levels 3 --rounds 1 --csv a
    expect_status 4
    expect_in a "unexpected HTTP status 404"
    expect_note a no-origin 4
    run --url "http://127.0.0.1:$port/nothing" --expect-status 404 --strategy "$four" --levels 3 \
        --rounds 1 --csv b
    expect_status 0
    expect_column b ok "4 3"
    run --url "http://127.0.0.1:$port/" --expect-status 2xx --strategy event-loop --levels 3 \
        --rounds 1 --csv c
    expect_status 0
    stop_servers
}

case_bad_input() {
    printf 'http://127.0.0.1/\n\nftp://h/\n' >list
    expect_usage_error "list:3: 'ftp://h/' has the scheme 'ftp'" --urls list
    expect_usage_error "cannot read none: No such file" --urls none
    expect_usage_error "--url: no scheme in '127.0.0.1:1/x'; did you mean 'http://127.0.0.1:1/x'?" \
        --url 127.0.0.1:1/x
    expect_usage_error "is refused, since URLs are recorded" --url http://me:pass@127.0.0.1/
    grep -q me:pass err && fail "a password was shown"
    expect_usage_error "Host cannot be set" --url http://127.0.0.1/ --header "Host: x"
    expect_usage_error "a line end" --url http://127.0.0.1/ --header $'A: b\r\nC: d'
    expect_usage_error "--header needs --url" --header "A: b"
    expect_usage_error "--insecure needs --url" --insecure
    expect_usage_error "'20' is not a whole number from 200" --url http://127.0.0.1/ --expect-status 20
    expect_usage_error "--cacert: cannot read none" --url https://127.0.0.1/ --cacert none
    expect_usage_error "list has no certificate in PEM format" --url https://127.0.0.1/ --cacert list
    printf -- '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n' >pem
    expect_usage_error "--insecure verifies no certificate" --url https://127.0.0.1/ --cacert pem --insecure
    expect_usage_error "with {id} must be the only one" --url "http://127.0.0.1/{id}" --url http://127.0.0.1/
}

# -- secrets -------------------------------------------------------------------------------

# The value of a secret header is sent but not written to any file, so it must be given again.
case_secrets() {
    local secret="Authorization: Bearer hunter2"
    serve 127.0.0.1
    run --url "http://127.0.0.1:$port/" --header "$secret" --header "Accept: text/html" \
        --strategy event-loop --levels 1,2 --rounds 1 --out o
    expect_status 0
    grep -rq hunter2 o && fail "the secret was recorded: $(grep -r hunter2 o | head -c 300)"
    expect_in o/plan.json '"Authorization: ****"'
    expect_in o/plan.json '"Accept: text/html"'
    sed -i 3d o/runs.csv
    run --resume --out o
    expect_status 2
    expect_in err "the value of Authorization was not recorded"
    run --resume --out o --header "$secret"
    expect_status 0
    expect_column o/runs.csv status "2 valid"
    stop_servers
}

# -- consent -------------------------------------------------------------------------------

case_consent() {
    local option there=http://198.51.100.8:9/ trace="strace -f -qq -o trace -e trace=connect,sendto,sendmsg"
    # No packet leaves, not even the first of a connection.
    status=0
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" setsid -w $trace "$program" \
        --url "$there" --levels 1,7 --rounds 2 --strategy event-loop --out o >out 2>err </dev/null ||
        status=$?
    expect_status 2
    expect_in err "add --yes"
    expect_in out "up to 16 requests, at most 7 at a time, go to a remote host: 198.51.100.8:9"
    [ -e o ] && fail "a directory of a sweep that did not begin"
    [ -s trace ] || fail "nothing was traced"
    grep -q 198.51.100 trace && fail "a packet was sent: $(grep 198.51.100 trace | head -3)"
    run_without_terminal --url "$there" --levels 1,7 --rounds 2 --strategy event-loop --dry-run
    expect_status 0
    expect_in out "up to 16 requests, at most 7 at a time"

    # Every command that measures asks, even if it is quiet; no other option counts as consent.
    run_without_terminal calibrate --out c -- --url "$there" --requests 4
    expect_status 2
    expect_in err "add --yes"
    expect_in out "go to a remote host: 198.51.100.8:9"
    [ -e c ] && fail "a calibration that did not begin has a directory"
    run_without_terminal --quiet --url "$there" --levels 1 --rounds 1 --strategy event-loop
    expect_status 2
    expect_in err "go to a remote host: 198.51.100.8:9"
    for option in --dry-run --resume --plan=p --out=o --csv=a; do
        run_without_terminal calibrate -- "$option"
        expect_status 2
        expect_in err "unknown option '${option%%=*}'"
    done

    has_network_namespace || return 0
    local common=(--url "$there" --timeout 100ms --levels "1,2" --rounds 1 --strategy event-loop)
    status=0
    in_network_namespace "$program" "${common[@]}" --yes --out y >out 2>err </dev/null || status=$?
    expect_status 4
    expect_column y/runs.csv status "2 failed"
    expect_in out "go to a remote host"
    # Resuming asks again.
    sed -i 3d y/runs.csv
    status=0
    setsid -w unshare -n "$program" --resume --out y >out 2>err </dev/null || status=$?
    expect_status 2
    expect_in err "add --yes"
    [ "$(wc -l <y/runs.csv)" -eq 2 ] || fail "it went on all the same"
    # This machine's own address is not another machine.
    status=0
    in_network_namespace setsid -w "$program" "${common[@]}" --url http://198.51.100.7:9/ --dry-run >out 2>err || status=$?
    expect_in out "go to a remote host: 198.51.100.8:9"
    status=0
    in_network_namespace setsid -w "$program" --url http://198.51.100.7:9/ --levels 1 --rounds 1 \
        --strategy event-loop --csv own >out 2>err </dev/null || status=$?
    expect_status 4
    expect_column own connect_failed "1 1"
}

# On a terminal, y continues and any other answer does not.
case_consent_on_the_terminal() {
    local answer
    command -v script >/dev/null && has_network_namespace || return 0
    cat >asked <<END
#!/bin/sh
exec "$program" --url http://198.51.100.8:9/ --timeout 100ms --levels 1 --rounds 1 --strategy event-loop --csv \$1
END
    chmod +x asked
    for answer in y n; do
        status=0
        echo $answer | in_network_namespace script -qec "./asked $answer" /dev/null >out 2>err || status=$?
        expect_in out "Continue? [y/N]"
        [ $answer = y ] && { expect_status 4 && expect_column y status "1 failed"; }
    done
    expect_status 2
    expect_in out "nothing was sent: no consent to load on remote hosts"
    [ -e n ] && fail "it went on all the same"
}

# -- TLS -----------------------------------------------------------------------------------

is_served() { curl -sk -o none "https://127.0.0.1:$port/page"; }

case_tls() {
    local common server
    command -v openssl >/dev/null || {
        echo "    (no openssl here: this case is left out)"
        return 0
    }
    openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out ca -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 2>err || fail "no certificate: $(cat err)"
    echo page >page
    openssl s_server -WWW -accept 127.0.0.1:0 -key key -cert ca >serve 2>&1 &
    server=$!
    await grep -q '^ACCEPT 127.0.0.1:[0-9]' serve || return
    port=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\).*/\1/p' serve | head -1)
    await is_served || return
    common=(--url "https://127.0.0.1:$port/page" --strategy "$four" --levels 3 --rounds 1)
    run "${common[@]}" --cacert ca --out with
    expect_status 0
    expect_column with/runs.csv status "4 valid"
    expect_note with/runs.csv no-origin 4
    expect_note with/runs.csv insecure 0
    [ "$(column with/runs.csv tls_p50_us | grep -c '^[1-9]')" -eq 4 ] || fail "no time of TLS"
    grep -q '"verification": "ca"' with/env.json || fail "no CA in env.json"
    run "${common[@]}" --out without
    expect_status 4
    expect_column without/runs.csv connect_failed "4 3"
    expect_in without/runs.csv "with --cacert FILE, or skip verification with --insecure"
    run "${common[@]}" --insecure --out insecure
    expect_status 0
    expect_in out "warning: TLS certificates are not verified (--insecure)"
    expect_note insecure/runs.csv no-origin 4
    expect_note insecure/runs.csv insecure 4
    grep -q '"insecure": true' insecure/plan.json || fail "plan.json is silent"
    run --url "https://127.0.0.1:$port/page" --cacert ca --strategy raw-epoll --levels 1
    expect_status 2
    expect_in err "some addresses are https"
    kill "$server"
    wait "$server" 2>/dev/null
}

# The message says what is wrong with a certificate: another CA would not help.
case_certificates() {
    local server what days
    command -v openssl >/dev/null || {
        echo "    (no openssl here: this case is left out)"
        return 0
    }
    local -A said=([expired]="the server's certificate has expired" [other]="does not match the host of the URL")
    openssl req -x509 -newkey rsa:2048 -nodes -keyout key.ca -out ca -days 2 -subj /CN=ca 2>err
    for what in expired other; do
        openssl req -newkey rsa:2048 -nodes -keyout key -out request -subj /CN=x 2>err
        echo "subjectAltName=IP:127.0.0.$([ $what = other ] && echo 9 || echo 1)" >extensions
        days=$([ $what = expired ] && echo -1 || echo 2)
        openssl x509 -req -in request -CA ca -CAkey key.ca -CAcreateserial -extfile extensions \
            -days "$days" -out cert 2>err || fail "no certificate: $(cat err)"
        echo page >page
        openssl s_server -WWW -accept 127.0.0.1:0 -key key -cert cert >serve 2>&1 &
        server=$!
        await grep -q '^ACCEPT 127.0.0.1:[0-9]' serve || return
        port=$(sed -n 's/^ACCEPT 127.0.0.1:\([0-9]*\).*/\1/p' serve | head -1)
        run --url "https://127.0.0.1:$port/page" --strategy event-loop --levels 1 --rounds 1 --cacert ca --csv a
        expect_status 4
        expect_in a "${said[$what]}"
        kill "$server"
        wait "$server" 2>/dev/null
    done
}

servers=()
run_cases "$@"

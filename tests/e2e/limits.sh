#!/usr/bin/env bash
# limits.sh - limits of the machine, detected before anything is started, and CPU pinning.
#
#   tests/e2e/limits.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

case_infeasible() {
    (
        ulimit -n 100
        run --strategy event-loop,thread-pool --levels 10,30,100 --delay 1ms --rounds 2 --csv a
        echo "$status" >status
    )
    status=$(cat status)
    expect_status 0
    expect_column a status "$(printf '3 infeasible\n6 valid')"
    expect_in a "needs 154 file descriptors in one process, but the limit is 100; raise it with ulimit -n 154"
    (
        ulimit -n 70
        run --strategy event-loop --levels 100 --out o
        echo "$status" >status
    )
    status=$(cat status)
    expect_status 2
    expect_in err "nothing to run: "
    [ -e o ] && fail "a directory for nothing"
}

# The CPUs that a process may run on; of its first thread, since a sanitizer starts others.
cpus_of() { sed -n 's/^Cpus_allowed_list:\s*//p' "/proc/$1/status" 2>/dev/null; }

case_pinned() {
    local allowed client origin pids
    allowed=$(cpus_of self | tr , '\n' | sed 's/-/ /' |
        while read -r from to; do seq "$from" "${to:-$from}"; done)
    client=$(echo "$allowed" | sed -n 1p)
    origin=$(echo "$allowed" | sed -n 2p)
    expect_usage_error "is not auto, off or a list of CPUs" --pin sometimes
    expect_usage_error "is not a list" --pin "0:"
    expect_usage_error "is not among the available CPUs" --pin 0:8191
    expect_usage_error "give those of the client and of the origin" --pin "$client"
    expect_usage_error "with --url there is no origin to pin" --url http://127.0.0.1/ --pin "$client:$client"
    # There is no other CPU: bench says so and does not pin.
    taskset -c "$client" "$program" --pin auto --strategy event-loop --levels 1 --rounds 1 \
        --csv a >out 2>err || fail "status $?"
    expect_in out "not pinned: only one CPU is available"
    expect_column a pin "1 "
    [ "$origin" ] || { left_out "only one CPU"; return; }
    # Pages that take a minute, so that the cell is still there after slow checks.
    start --pin "$client:$origin" --strategy process-pool --levels 3 --delay 60s --timeout 2m --rounds 1 --csv long
    await has_pids "bench cell" 4 || return # the cell and its workers
    pids=$(pids_of "bench cell")
    [ "$(for one in $pids; do cpus_of "$one"; done | sort -u)" = "$client" ] ||
        fail "the cell may run on $(cpus_of "$(cell_of)")"
    [ "$(for one in $(children_of "--pin" "$pid"); do cpus_of "$one"; done)" = "$origin" ] ||
        fail "the origin may run elsewhere"
    [ "$(cpus_of "$pid")" = "$(cpus_of self)" ] || fail "the harness is confined"
    kill -INT "$pid"
    wait_for_end
    expect_status 130
    run --pin "$client:$origin" --strategy process-pool --levels 3 --rounds 1 --out o
    expect_status 0
    expect_in out "pinned: client on CPU $client, origin on CPU $origin"
    expect_column o/runs.csv pin "1 $client:$origin"
    expect_in o/plan.json "\"pin\": \"$client:$origin\""
    run --pin auto --strategy event-loop --levels 1 --rounds 1 --csv a
    expect_in out "pinned: client on CPU"
    run --pin off --strategy event-loop --levels 1 --rounds 1 --csv b
    expect_in out "not pinned"
    expect_column b pin "1 "
    run summary a b
    expect_status 5
    expect_in err "rows that differ in pin"
}

# The process limit of a user does not apply to root, so root becomes another user.
case_infeasible_tasks_of_the_user() {
    local other_user=(setpriv --reuid 54321 --regid 54321 --clear-groups)
    [ "$(id -u)" -eq 0 ] && "${other_user[@]}" test -x "$program" 2>/dev/null ||
        { left_out "not root, or the program is not for others"; return; }
    status=0
    "${other_user[@]}" prlimit --nproc=40:40 "$program" --strategy process-pool,event-loop \
        --levels 10,100 --delay 1ms --rounds 2 --csv - >a 2>err || status=$?
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n6 valid')"
    expect_in a "needs 108 threads or processes, but the limit (ulimit -u) is 40 with 1 in use; use a lower level, or ulimit -u 109"
}

case_infeasible_tasks_of_the_group() {
    local group
    make_group pids pids.max pids.max 40 || { left_out "no control group can be made"; return; }
    run_in_group --strategy thread-pool,process-pool --levels 10,100 --delay 1ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "$(printf '2 infeasible\n2 valid')"
    expect_in a "needs 108 threads or processes, but the limit (of its control group) is 40 with 2 in use"
    expect_in a ">$group/pids.max"
}

case_infeasible_memory_of_the_group() {
    local group
    make_group memory memory.max memory.limit_in_bytes 419430400 ||
        { left_out "no control group can be made"; return; }
    run_in_group --strategy process-pool --levels 1,3000 --delay 1ms --rounds 1 --csv a
    expect_status 0
    expect_column a status "$(printf '1 infeasible\n1 valid')"
    expect_in a "MiB of memory, but the limit (of its control group) is 400 with"
}

# Runs in a separate network namespace, which ends with the command.
run_with_ports() {
    unshare -n bash -c 'ip link set lo up && cd /proc/sys/net/ipv4 &&
        echo "$1" >ip_local_port_range && echo "$2" >ip_local_reserved_ports &&
        cd "$3" && shift 3 && exec "$@"' bash "$1" "$2" "$PWD" "$program" "${@:3}" >out 2>err
}

case_infeasible_ports() {
    unshare -n ip link set lo up 2>/dev/null || { left_out "no network of one's own"; return; }
    run_with_ports "20000 20109" 20000-20009 --strategy event-loop --levels 10,99,100 --delay 1ms \
        --rounds 1 --csv a || fail "status $?: $(cat err)"
    expect_column a status "$(printf '1 infeasible\n2 valid')"
    expect_in a "needs 101 ports for connections to one address at a time, but the limit (net.ipv4.ip_local_port_range) is 100; use a lower level, or sysctl"
    run_with_ports "20000 20099" "" --strategy event-loop --levels 10 --requests 100 --delay 1ms \
        --rounds 1 --csv a && fail "status 0"
    expect_in err "use fewer --requests, or --connections reuse, or sysctl -w net.ipv4.ip_local_port_range="
    run_with_ports "20000 20099" "" --strategy event-loop --levels 10 --requests 99 --delay 1ms \
        --rounds 1 --csv a || fail "status $?: $(cat err)"
    expect_column a status "1 valid"
    run_with_ports "20000 20099" "" --strategy event-loop --levels 10 --requests 200 --delay 1ms \
        --connections reuse --rounds 1 --csv a || fail "status $?: $(cat err)"
    expect_column a status "1 valid"
}

case_warnings() {
    run --dry-run --strategy sequential --levels 1 --delay 1h
    expect_status 0
    expect_in out "warning: this takes about 1.0 hours"
    run --dry-run --strategy sequential --levels 1
    grep warning out | grep -v "this build of bench is not optimized" && fail "a warning of nothing"
    unshare -n true 2>/dev/null || { left_out "no network of one's own"; return; }
    unshare -n bash -c 'ip link set lo up; echo 20 >/proc/sys/net/core/somaxconn; "$0" "$@"' "$program" \
        --strategy event-loop --levels 21 --rounds 1 --out o >out 2>err
    expect_in out "warning: 21 connections at a time may overflow the origin's listen queue and make rows invalid: net.core.somaxconn limits it to 20"
    expect_in o/env.json "sysctl -w net.core.somaxconn=21"
}

# Without the interface nothing can be measured; bench says so before it writes anything.
case_loopback() {
    unshare -n true 2>/dev/null || {
        left_out "no network namespace here"
        return 0
    }
    status=0
    unshare -n "$program" --levels 1 --out o >out 2>err || status=$?
    expect_status 2
    expect_in err "the loopback interface is down"
    expect_in err "ip link set lo up"
    status=0
    unshare -n sh -c 'ip link set lo up && ip address del 127.0.0.1/8 dev lo && exec "$0" --levels 1 --out o' \
        "$program" >out 2>err || status=$?
    expect_status 2
    expect_in err "ip address add 127.0.0.1/8 dev lo"
    [ -e o ] && fail "a directory of a sweep that did not begin"
}

# Ports run out in the middle of a sweep of another server.
case_ports_run_out() {
    unshare -n true 2>/dev/null || {
        left_out "no network namespace here"
        return 0
    }
    status=0
    unshare -n sh -c 'ip link set lo up && echo "40000 40009" >/proc/sys/net/ipv4/ip_local_port_range || exit 99
        echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse
        "$0" serve --address 127.0.0.1 --port 8080 --delay 0 >serve 2>&1 & server=$!
        for _ in 1 2 3 4 5 6 7 8 9; do grep -q listening serve && break; sleep 0.2; done
        "$0" --url http://127.0.0.1:8080/ --strategy event-loop,raw-epoll --levels 2 --requests 30 --rounds 1 --csv a >out 2>err
        status=$?; kill -INT $server; wait $server; exit $status' "$program" || status=$?
    expect_status 4
    [ "$(grep -c "no free local port towards the server" a)" -eq 2 ] || fail "$(cat a err)"
}

run_cases "$@"

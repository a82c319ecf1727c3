# servers.sh - sourced by scripts that compare the embedded origin with nginx: a directory that is
# removed at the end, and both servers in it. Sets $work and, when a server runs, $origin_pid and
# $origin_url, $nginx_pid and $nginx_url.
# shellcheck shell=bash disable=SC2034

work=$(realpath -- "$(mktemp -d)")
origin_pid=
nginx_pid=

stop_server() { # PID
    [ -z "$1" ] && return
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
clean_up() {
    stop_server "$origin_pid"
    stop_server "$nginx_pid"
    rm -rf "$work"
}
trap clean_up EXIT

# Waits up to 10 s for a command to succeed.
await() {
    local _
    for _ in $(seq 200); do
        "$@" && return 0
        sleep 0.05
    done
    say "not true within 10 s: $*"
    exit 1
}

start_origin() { # PROGRAM [OPTION ...]
    "$1" serve "${@:2}" >"$work/serve" &
    origin_pid=$!
    await grep -qs listening "$work/serve"
    origin_url=$(sed -n 's|.*\(http://[^ ]*\)/ .*|\1|p' "$work/serve")
}

# One process that serves at port 18080. Standard input becomes the content of its server block, the
# arguments the first line of the configuration.
start_nginx() {
    local user=
    [ "$(id -u)" -eq 0 ] && user="user root;"
    # Paths are below $work, which -p says: in this file they would need quoting.
    cat >"$work/nginx.conf" <<END
$user
$*
worker_processes 1;
daemon off;
master_process off;
pid pid;
error_log error.log crit;
events { worker_connections 4096; }
http {
    access_log off;
    default_type text/html;
    open_file_cache max=200;
    keepalive_requests 1000000000;
    client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c;
    uwsgi_temp_path d; scgi_temp_path e;
    server {
        listen 127.0.0.1:18080 backlog=4096;
        $(cat)
    }
}
END
    nginx -c nginx.conf -p "$work" -e error.log &
    nginx_pid=$!
    nginx_url=http://127.0.0.1:18080
    await curl -sf "$nginx_url/detail/1" -o /dev/null
}

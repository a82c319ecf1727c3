#!/bin/sh
# example.sh - becomes one of the examples, of the installation or of the source tree.
#
#   example.sh NAME
set -u
here=$(dirname -- "$(realpath -- "$0")")
examples=$here/../examples
[ -d "$examples" ] || examples=$here/../../../examples

# Compiles a Go file once, into the user's cache, and becomes the result.
become_go() {
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/bench
    program=$cache/go-$(cksum <"$1" | tr ' ' -)
    if [ ! -x "$program" ]; then
        command -v go >/dev/null || { echo "go is not installed" >&2; exit 1; }
        mkdir -p "$cache" && go build -o "$program.$$" "$1" && mv "$program.$$" "$program" || exit 1
    fi
    exec "$program"
}

case $1 in
go) become_go "$examples/go/main.go" ;;
node) exec node "$examples/node/fetch.mjs" ;;
aiohttp) exec /usr/bin/python3 "$examples/python/aiohttp_session.py" ;;
requests) exec /usr/bin/python3 "$examples/python/requests_threads.py" ;;
perl) exec perl "$examples/perl/fork_workers.pl" ;;
*) echo "there is no example '$1'" >&2; exit 1 ;;
esac

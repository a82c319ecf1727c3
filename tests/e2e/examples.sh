#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2154
# examples.sh - the examples of models from outside and the programs that ship with bench: each passes
# `bench check`, and its rows are valid. One whose runtime is not installed is left out by name;
# `scripts/test --long` installs them all.
#
#   tests/e2e/examples.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"
examples=$root/examples
shipped=$root/strategies/outside/programs

# A case begins with its needs: needs LABEL COMMAND ...
needs() {
    local label=$1
    shift
    "$@" >/dev/null 2>&1 && return 0
    left_out "$label is not installed"
    return 1
}
has_module() { /usr/bin/python3 -c "import $1"; }
has_header() { echo "#include <$2>" | $1 -fsyntax-only -x "$3" -; }

# checked OPTION VALUE: all requirements are met, those of rates too unless $has_rates is no.
checked() {
    run check "$@"
    expect_status 0
    expect_in out " 0 failed"
    [ "${has_rates:-yes}" = no ] && return
    expect_in out "ok        keeps the schedule of a rate"
    expect_in out "ok        ends when its time is over"
}

# measured NAME OPTION ...: all rows are valid, with fresh connections and with kept ones.
measured() {
    local name=$1 connections
    shift
    for connections in ${connections_of:-fresh reuse}; do
        run "$@" --strategy "$name" --levels 1,10 --rounds 1 --delay 20ms \
            --requests 20 --connections "$connections" --once-above off --out "$name.$connections"
        expect_status 0
        expect_column "$name.$connections/runs.csv" status "2 valid"
        expect_column "$name.$connections/runs.csv" ok "2 20"
        expect_column "$name.$connections/runs.csv" origin_requests "2 20"
    done
}

example() { # NAME COMMAND
    checked --program "$1=$2"
    measured "$1" --program "$1=$2"
}

# -- programs ------------------------------------------------------------------------------

case_python_stdlib() { example stdlib "'$examples/python/stdlib_threads.py'"; }

case_python_aiohttp() {
    needs python3-aiohttp has_module aiohttp || return
    example aiohttp "'$examples/python/aiohttp_session.py'"
}

case_python_requests() {
    needs python3-requests has_module requests || return
    example requests "'$examples/python/requests_threads.py'"
}

case_perl() {
    needs perl perl -MHTTP::Tiny -MJSON::PP -e 1 || return
    needs libio-socket-ssl-perl perl -MIO::Socket::SSL -e 1 || return
    has_rates=no example perl "'$examples/perl/fork_workers.pl'"
}

case_node() {
    needs nodejs node --version || return
    example node "node '$examples/node/fetch.mjs'"
}

case_go() {
    needs golang-go go version || return
    GOCACHE=$PWD/cache go build -o fetch "$examples/go/main.go" || fail "it does not compile"
    example go ./fetch
}

# Cargo looks for its settings in the working directory, and writes beside the source.
case_rust() {
    needs cargo test -x /usr/bin/cargo || return
    needs librust-hyper-dev ls -d /usr/share/cargo/registry/hyper-0.14* || return
    needs librust-crc32fast-dev ls -d /usr/share/cargo/registry/crc32fast-1* || return
    mkdir rust
    cp -r "$examples"/rust/{.cargo,Cargo.toml,src} rust/
    (cd rust && /usr/bin/cargo build --quiet --release --offline) || fail "it does not compile"
    has_rates=no example rust rust/target/release/fetch
}

case_bash_curl() {
    needs curl curl --version || return
    needs jq jq --version || return
    has_rates=no example curl "'$examples/bash/curl_parallel.sh'"
    expect_note curl.fresh/runs.csv no-stamps 2
}

# -- shared objects ------------------------------------------------------------------------

flags=(-O1 -Wall -Wextra -Wno-unused-parameter -fPIC -shared -I "$build_dir/include")

case_c_libuv() {
    needs libuv1-dev has_header cc uv.h c || return
    cc -std=gnu11 "${flags[@]}" "$examples/libuv/libuv_model.c" -o libuv.so -luv || fail "it does not compile"
    checked --plugin ./libuv.so
    measured libuv --plugin ./libuv.so
}

case_cpp_asio() {
    needs g++ c++ --version || return
    needs libboost-dev has_header c++ boost/beast.hpp c++ || return
    c++ -std=c++20 "${flags[@]}" -Wno-missing-field-initializers "$examples/asio/asio_model.cpp" \
        -o asio.so || fail "it does not compile"
    checked --plugin ./asio.so
    measured asio --plugin ./asio.so
}

# The one that docs/your-model.md shows.
case_c_of_the_page() {
    sed -n '/^```c$/,/^```$/p' "$root/docs/your-model.md" | grep -v '^```' >mine.c
    cc "${flags[@]}" mine.c -o mine.so || fail "it does not compile"
    checked --plugin ./mine.so
    measured mine --plugin ./mine.so
}

# -- the examples as a whole ---------------------------------------------------------------

# They are made to be copied: short, and each is in the table that says how to start it.
case_short_and_listed() {
    local file
    for file in "$examples"/*/*.{c,cpp,go,mjs,pl,py,sh} "$examples"/*/src/*.rs; do
        [ "$(wc -l <"$file")" -lt 120 ] || fail "$file has 120 lines or more"
        grep -qF "\`${file#"$examples/"}\`" "$examples/README.md" || fail "$file is not in the README"
    done
}

# -- programs that ship with bench ---------------------------------------------------------

# The groups, in a cell, and beside other strategies.
case_shipped_by_name() {
    run plan --strategy event-loop,python
    expect_status 0
    [ "$(grep -cE '^ +"(requests|aiohttp)-[a-z-]+",?$' out)" -eq 6 ] || fail "not the group: $(head -40 out)"
    run plan --cells hey@3
    expect_in out '"hey"'
    expect_usage_error "unknown strategy 'tols'; did you mean 'tools'?" --strategy tols

    needs python3-aiohttp has_module aiohttp || return
    needs python3-requests has_module requests || return
    run --strategy event-loop,requests-sequential,aiohttp --levels 5 --delay 20ms \
        --rounds 1 --out o
    expect_status 0
    expect_column o/runs.csv status "3 valid"
    # The ideal of five requests, one at a time.
    [[ $(column o/runs.csv ideal_s requests-sequential) == 0.1000* ]] || fail "$(head -c 500 o/runs.csv)"
    run --strategy event-loop,requests-sequential --levels 5 --delay 20ms --rounds 1 \
        --connections reuse --out kept
    expect_column kept/runs.csv status "1 infeasible
1 valid"
}

# The examples by the names of their runtimes.
case_shipped_runtimes() {
    local name command
    export XDG_CACHE_HOME=$PWD/cache
    for name in go:go node:node perl:perl; do
        command=${name#*:}
        name=${name%:*}
        needs "$command" command -v "$command" || continue
        connections_of=fresh measured "$name"
    done
}

# In an installation whose path has a blank; a tool that is missing is named.
case_shipped_installed() {
    local prefix=$PWD/"its place"
    needs cmake cmake --version || return
    cmake --install "$build_dir" --prefix "$prefix" >log 2>&1 || fail "$(tail -3 log)"
    mkdir -p empty
    ln -s /usr/bin/{dirname,python3,sh} empty/
    PATH=$PWD/empty "$prefix/bin/bench" --strategy ab --levels 1 --rounds 1 --out o >out 2>err
    expect_in o/runs.csv "ab is not installed"
    needs perl perl -MHTTP::Tiny -MJSON::PP -e 1 || return
    "$prefix/bin/bench" --strategy perl --levels 1 --rounds 1 --out perl >out 2>err
    expect_column perl/runs.csv status "1 valid"
}

# They have one session per page, so no kept connections.
case_article() {
    local model
    needs python3-aiohttp has_module aiohttp || return
    needs python3-requests has_module requests || return
    for model in requests-sequential requests-threads requests-processes requests-in-async \
        aiohttp-session-each; do
        connections_of=fresh measured "$model" --program "$model='$shipped/article.py' $model"
    done
    run --program "m='$shipped/article.py' requests-threads" --strategy m --levels 1 --rounds 1 \
        --connections reuse --out kept
    expect_status 4
    expect_in kept/runs.csv "one session per page, so it cannot keep connections"
    run --strategy requests-threads,requests-processes,aiohttp-session-each,aiohttp-one-session \
        --rates 20 --max-in-flight 4 --duration 1s --delay 20ms --rounds 1 --csv rates.csv
    expect_status 0
    expect_column rates.csv status "4 valid"
    expect_column rates.csv ok "4 20"
    example aiohttp-one-session "'$shipped/article.py' aiohttp-one-session"
}

case_tool_curl() {
    needs curl curl --version || return
    has_rates=no example curl-parallel "'$shipped/tool.sh' curl-parallel"
}

# They cannot tell which request failed, so their rows are checked where none does.
case_tool_hey() {
    needs hey command -v hey || return
    measured hey --program "hey='$shipped/tool.sh' hey"
}

case_tool_h2load() {
    needs nghttp2-client command -v h2load || return
    measured h2load-h1 --program "h2load-h1='$shipped/tool.sh' h2load-h1"
    expect_note h2load-h1.fresh/runs.csv no-length 2
    expect_note h2load-h1.fresh/runs.csv no-stamps 0
}

# With fresh connections it opens one that it does not use.
case_tool_ab() {
    needs apache2-utils command -v ab || return
    connections_of=reuse measured ab --program "ab='$shipped/tool.sh' ab"
    run --program "ab='$shipped/tool.sh' ab" --strategy ab --levels 1,10 --rounds 1 --delay 20ms --out o
    expect_status 0
    expect_column o/runs.csv connections "1 1
1 11"
    expect_note o/runs.csv spare-connections 1
}

# A server that cannot be reached, and one whose certificate is not trusted.
case_tool_failures() {
    needs curl curl --version || return
    run --program "curl='$shipped/tool.sh' curl-parallel" --strategy curl --levels 2 --rounds 1 \
        --url http://127.0.0.1:9/ --out refused
    expect_status 4
    expect_column refused/runs.csv connect_failed "1 2"
    needs hey command -v hey || return
    run --program "hey='$shipped/tool.sh' hey" --strategy hey --levels 2 --rounds 1 --tls --out tls
    expect_status 4
    expect_in tls/runs.csv "hey does not verify certificates"
}

run_cases "$@"

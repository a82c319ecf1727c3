#!/usr/bin/env bash
# package.sh - the Debian package: built, installed by dpkg below a scratch root, used from outside
# the checkout, and removed.
#
#   tests/e2e/package.sh PROGRAM [CASE ...]     all cases, or those named
set -u
program=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/support/cases.sh"

# dpkg reads which packages are installed from a copy of this system's list, so that it checks the
# dependencies, and writes nothing but the scratch root. Triggers would run programs in that root.
dpkg_below() {
    dpkg --root="$PWD/scratch" --no-triggers --force-not-root --path-include='/usr/share/*' "$@" >out 2>err ||
        fail "dpkg $*: status $?: $(cat out err)"
}

is_possible() {
    local tool
    for tool in cpack dpkg dpkg-shlibdeps; do
        command -v "$tool" >/dev/null || { left_out "no $tool"; return 1; }
    done
    [ -s /var/lib/dpkg/status ] || { left_out "this system has no Debian packages"; return 1; }
    [ "$(id -u)" -eq 0 ] || { left_out "only root can install a package"; return 1; }
}

# The umask of the builder must not matter.
build_package() {
    (umask 077 && cpack --config "$build_dir/CPackConfig.cmake" -G DEB -B "$PWD/package") >out 2>err ||
        fail "cpack: status $?: $(cat out err)"
    deb=$(echo package/bench_*.deb)
    [ -f "$deb" ] || { fail "no package: $(cat out err)"; return 1; }
}
field() { dpkg-deb -f "$deb" "$1"; }

# Each library that the program names is in a package of Depends, and no other package is.
check_fields() {
    local library package wanted="" version
    version=$("$program" --version | sed -n 's/^bench //p')
    [ "$(field Version)" = "$version" ] || fail "version $(field Version), not $version"
    [ "$(field Architecture)" = "$(dpkg --print-architecture)" ] || fail "for $(field Architecture)"
    for library in $(objdump -p scratch/usr/bin/bench | awk '/NEEDED/ { print $2 }'); do
        # Of the path only the end: /lib may be a link to /usr/lib.
        library=$(ldd scratch/usr/bin/bench | awk -v name="$library" '$1 == name { print $3 }' | grep -oE '[^/]+/[^/]+$')
        package=$(dpkg -S "*/$library" | head -1 | cut -d: -f1)
        [ "$package" ] || fail "$library is of no package"
        wanted+="$package"$'\n'
    done
    wanted=$(printf '%s' "$wanted" | sort -u | paste -sd' ')
    [ "$(field Depends | sed 's/ ([^)]*)//g; s/, /\n/g' | sort -u | paste -sd' ')" = "$wanted" ] ||
        fail "Depends: $(field Depends), but the libraries are of $wanted"
    for package in libcurl4 libevent-core libjansson4 libssl3 libdeflate0 zlib1g; do
        [[ " $wanted" == *" $package"* ]] || fail "no dependency on $package: $wanted"
    done
    [[ $(field Recommends) == *gnuplot* ]] || fail "Recommends: $(field Recommends)"
    [[ $(field Recommends)$(field Suggests) == *librsvg2-bin* ]] || fail "Suggests: $(field Suggests)"
}

check_files() {
    local file doc=scratch/usr/share/doc/bench
    for file in copyright changelog.gz CHANGELOG.md README.md docs/options.md docs/schema/summary.schema.json; do
        [ -s $doc/$file ] || fail "no $file"
    done
    for file in $(grep -oE '!\[[^]]*\]\([^)]+' "$root/README.md" | sed 's/.*(//'); do
        [ -s "$doc/$file" ] || fail "no picture $file"
    done
    grep -q '^License: Expat' $doc/copyright || fail "the copyright file: $(head -c 300 $doc/copyright)"
    [ -z "$(find scratch/usr ! -user 0 -o -type f -perm /022)" ] || fail "files that others may write"
    [ -z "$(find scratch/usr -type d ! -perm 755)" ] || fail "folders that others cannot read"
    grep -rlF "$root" scratch/usr && fail "a path of the checkout is in these"
    [ ! -e scratch/usr/include/bench ] || check_headers
}

# With headers for plugins, one compiles from the package alone.
check_headers() {
    local flags
    echo '#include <bench/plugin.h>' >plugin.c
    flags=$(PKG_CONFIG_PATH=$(find "$PWD/scratch" -name pkgconfig) PKG_CONFIG_SYSROOT_DIR=$PWD/scratch pkg-config --cflags bench) ||
        fail "no bench.pc"
    # shellcheck disable=SC2086 # several flags
    gcc -std=c11 $flags -Iscratch/usr/include -fsyntax-only plugin.c || fail "plugin.h does not compile"
}

check_program() {
    local installed=$PWD/scratch/usr/bin/bench
    mkdir elsewhere
    (cd elsewhere && env -i PATH=/usr/bin:/bin HOME="$PWD" "$installed" --levels 1,10 --strategy article --rounds 1 \
        --delay 20ms --out run) >out 2>err || fail "bench: status $?: $(cat err)"
    [ "$(column elsewhere/run/runs.csv status | sort -u)" = valid ] || fail "$(cat out)"
    [ "$(wc -l <elsewhere/run/runs.csv)" -eq 13 ] || fail "$(wc -l <elsewhere/run/runs.csv) lines, not 13"
    (cd elsewhere && "$installed" summary run) >out 2>err || fail "summary: status $?: $(cat err)"
}

check_man_page() {
    if ! command -v man >/dev/null; then
        left_out "no man"
        return
    fi
    man -M scratch/usr/share/man -w bench >out 2>err || fail "man does not find bench: $(cat err)"
    MANWIDTH=80 man --warnings -M scratch/usr/share/man bench >out 2>err || fail "man: status $?"
    [ -s err ] && fail "man: $(cat err)"
    expect_in out "--strategy LIST"
}

check_completion() {
    local loader=/usr/share/bash-completion/bash_completion
    if [ ! -f $loader ]; then
        left_out "no bash-completion"
        return
    fi
    XDG_DATA_DIRS=$PWD/scratch/usr/share bash --norc -c ". $loader"'
        _completion_loader bench || [ $? -eq 124 ]
        complete -p bench && declare -F _bench' >out 2>err || fail "it is not loaded: $(cat out err)"
    expect_in out "complete -F _bench bench"
}

# dpkg refuses it where a library is missing, so the copied list is read.
check_refusal() {
    sed '/^Package: libjansson4$/s/$/-x/' /var/lib/dpkg/status >scratch/var/lib/dpkg/status
    dpkg --root="$PWD/scratch" --no-triggers --install "$deb" >out 2>err && fail "it is installed without libjansson4"
    expect_in err "bench depends on libjansson4"
    dpkg_below --purge bench
}

case_package() {
    is_possible || return
    build_package || return
    mkdir -p scratch/var/lib/dpkg/info scratch/var/lib/dpkg/updates
    check_refusal
    cp /var/lib/dpkg/status scratch/var/lib/dpkg/
    dpkg_below --install "$deb"
    check_fields
    check_files
    check_program
    check_man_page
    check_completion
    dpkg_below --purge bench
    [ -z "$(find scratch -path scratch/var -prune -o -type f -print)" ] || fail "it leaves $(find scratch/usr)"
}

run_cases "$@"

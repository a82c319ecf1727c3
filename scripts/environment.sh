# environment.sh - sourced first by every script: what the user's environment must not change,
# and what the scripts share. Sets $root, the checkout.
# shellcheck shell=bash disable=SC2034

# Numbers have a decimal point and bytes are bytes, in awk, sort, seq, printf and gnuplot.
export LC_ALL=C
# These change what cd, awk, grep and xargs print and accept.
unset CDPATH POSIXLY_CORRECT GREP_OPTIONS GREP_COLOR GREP_COLORS
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# script_help SCRIPT: its head, which says how it is used.
script_help() { awk 'NR > 1 { if (!/^#/) exit; if (!/shellcheck/) { sub(/^# ?/, ""); print } }' "$1"; }

# A name for results that two sweeps within a second do not share, as bench itself makes it.
run_id() { printf '%s-%04x\n' "$(date -u +%Y%m%dT%H%M%SZ)" "$RANDOM"; }

# csv_fields: standard input is CSV as RFC 4180 has it. Prints a line per record, its fields
# separated by the byte 037; a line break inside a field is the byte 036. What awk splits at
# commas itself is wrong as soon as a field has quotes.
csv_fields() {
    awk '
        function next_field(   end) {
            if (substr(rest, 1, 1) != "\"") {
                end = index(rest, ",")
                field = end ? substr(rest, 1, end - 1) : rest
                more = end
                rest = end ? substr(rest, end + 1) : ""
                return
            }
            field = ""
            rest = substr(rest, 2)
            while ((end = index(rest, "\"")) && substr(rest, end + 1, 1) == "\"") {
                field = field substr(rest, 1, end)
                rest = substr(rest, end + 2)
            }
            field = field substr(rest, 1, end - 1)
            more = substr(rest, end + 1, 1) == ","
            rest = substr(rest, end + 2)
        }
        {
            sub(/\r$/, "")
            gsub(/[\036\037]/, "?")
            rest = open ? open "\036" $0 : $0
            quotes = rest
            if (gsub(/"/, "", quotes) % 2) { open = rest; next }
            open = ""
            if (rest !~ /"/) { gsub(/,/, "\037", rest); print rest; next }
            line = ""
            do { next_field(); line = line field (more ? "\037" : "") } while (more)
            print line
        }'
}

# replace FILE COMMAND ...: FILE becomes what COMMAND prints. If it fails, FILE stays as it was.
replace() {
    local file=$1 part
    shift
    part=$file.$$.part
    if "$@" >"$part" && mv -fT -- "$part" "$file"; then return 0; fi
    rm -f -- "$part"
    echo "${0##*/}: $file: not written; what it was is unchanged" >&2
    return 1
}

# A copied or moved checkout has a build directory that still belongs to the old place, and
# would build and run that. Removes it.
drop_foreign_build() { # PRESET
    local dir=$root/build/$1 made_in made_from
    [ -f "$dir/CMakeCache.txt" ] || return 0
    made_in=$(sed -n 's/^CMAKE_CACHEFILE_DIR:INTERNAL=//p' "$dir/CMakeCache.txt")
    made_from=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt")
    [ "$made_in" ] && [ "$made_in" -ef "$dir" ] && [ "$made_from" -ef "$root" ] && return 0
    echo "${0##*/}: build/$1 is of another checkout (${made_from:-unknown}): building it again" >&2
    rm -rf -- "$dir"
}

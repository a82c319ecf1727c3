# environment.sh - sourced first by every script: makes the scripts independent of the user's
# environment, and has the functions that they share. Sets $root, the checkout.
# shellcheck shell=bash disable=SC2034

# Numbers have a decimal point and bytes are bytes, in awk, sort, seq, printf and gnuplot.
export LC_ALL=C
# These change what cd, awk, grep and xargs print and accept.
unset CDPATH POSIXLY_CORRECT GREP_OPTIONS GREP_COLOR GREP_COLORS
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# The loader warned of a library in LD_PRELOAD that it cannot load when this script began. It would
# warn again for every program that the script calls, so such libraries are left out.
if [ "${LD_PRELOAD:-}" ]; then
    IFS=': ' read -ra preloads <<<"$LD_PRELOAD"
    LD_PRELOAD=
    for preload in "${preloads[@]}"; do
        [[ $(LD_PRELOAD=$preload BASH_ENV='' "$BASH" -c : 2>&1) == *"cannot be preloaded"* ]] ||
            LD_PRELOAD+="$preload "
    done
    unset preloads preload
    [ "$LD_PRELOAD" ] || unset LD_PRELOAD
fi

say() { echo "${0##*/}: $*" >&2; }
wrong() {
    say "$*"
    exit 2
}

# -- arguments -----------------------------------------------------------------------------

# script_help SCRIPT: its head, which says how it is used.
script_help() {
    local line
    {
        read -r line # the interpreter
        while IFS= read -r line && [[ $line == '#'* ]]; do
            [[ $line == *shellcheck* ]] && continue
            line=${line#'#'}
            printf '%s\n' "${line# }"
        done
    } <"$1"
}

# The options of this script, a line each: "--NAME", or "--NAME=" if it has a value.
script_options() {
    local line option='^  (--[a-z][a-z-]*)( [A-Z]+)?( |$)'
    while IFS= read -r line; do
        [[ $line =~ $option ]] && printf '%s\n' "${BASH_REMATCH[1]}${BASH_REMATCH[2]:+=}"
    done < <(script_help "$0")
    return 0
}

# read_arguments MOST "$@": takes the arguments of a script apart. Its options are the lines
# "#   --NAME ..." of its head, those with a word in capitals behind the name have a value; each sets
# the variable of its name (with _ for -) to the value or to "yes". Other arguments, at most MOST, go
# to $operands. Those behind -- go to $further if the head has "[-- ", otherwise to $operands.
# Answers --help; ends the script with 2 for an option that the head does not list.
read_arguments() {
    local most=$1 option_words
    operands=() further=()
    shift
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help)
            script_help "$0"
            exit 0
            ;;
        --)
            shift
            if [[ $(script_help "$0") == *"[-- "* ]]; then further=("$@"); else operands+=("$@"); fi
            break
            ;;
        -?*)
            read_option "$@"
            shift "$option_words"
            ;;
        *)
            operands+=("$1")
            shift
            ;;
        esac
    done
    [ ${#operands[@]} -le "$most" ] ||
        wrong "unexpected argument '${operands[most]}'; ${0##*/} --help shows the usage"
}

# read_option OPTION ...: sets the option's variable, and $option_words to the number of arguments used.
read_option() {
    local name=${1%%=*} known value=yes names=()
    option_words=1
    while IFS= read -r known; do
        names+=("${known%=}")
        [ "$name" = "${known%=}" ] || continue
        if [[ $known != *= ]]; then
            [ "$1" = "$name" ] || wrong "'$name' takes no value"
        elif [ "$1" != "$name" ]; then
            value=${1#*=}
        else
            [ $# -gt 1 ] || wrong "'$name' needs a value"
            value=$2
            option_words=2
        fi
        name=${name#--}
        declare -g "${name//-/_}=$value"
        return
    done < <(script_options)
    known=$(nearest "$name" "${names[@]}")
    [ ! "$known" ] || wrong "unknown option '$name'; did you mean '$known'?"
    [ ${#names[@]} -gt 0 ] || wrong "unknown option '$name'; ${0##*/} has none but --help"
    known=$(printf ', %s' "${names[@]}")
    wrong "unknown option '$name'; there are ${known#, }"
}

# nearest WORD CANDIDATE ...: prints the candidate that differs least from the word, in at most a third
# of its characters and rather not in its length; or one that begins with the word.
nearest() {
    local word=$1 candidate best='' i j least=$((2 * (${#1} / 3 + 1))) row above diagonal
    shift
    for candidate in "$@"; do
        row=() # of the edit distances between the beginnings of both
        for ((j = 0; j <= ${#candidate}; j++)); do row[j]=$j; done
        for ((i = 1; i <= ${#word}; i++)); do
            diagonal=${row[0]}
            row[0]=$i
            for ((j = 1; j <= ${#candidate}; j++)); do
                above=${row[j]}
                [[ ${word:i-1:1} == "${candidate:j-1:1}" ]] || diagonal=$((diagonal + 1))
                row[j]=$((above < row[j - 1] ? above + 1 : row[j - 1] + 1))
                [ "$diagonal" -ge "${row[j]}" ] || row[j]=$diagonal
                diagonal=$above
            done
        done
        j=$((2 * row[${#candidate}] + (${#word} != ${#candidate})))
        [[ $candidate != "$word"?* || ${#word} -lt 4 ]] || j=0
        [ "$j" -ge "$least" ] || best=$candidate least=$j
    done
    printf '%s' "$best"
}

# check_counts NAME ...: ends the script with 2 unless each option has a whole number above 0.
check_counts() {
    local name
    for name in "$@"; do
        [[ ${!name} =~ ^[1-9][0-9]*$ ]] || wrong "--$name '${!name}' is not a whole number above 0"
    done
}

# -- results -------------------------------------------------------------------------------

# Prints a name for results, as bench makes it: two sweeps within a second have different ones.
run_id() { printf '%s-%04x\n' "$(date -u +%Y%m%dT%H%M%SZ)" "$RANDOM"; }

# csv_fields: reads CSV (RFC 4180) from standard input. Prints a line per record, its fields
# separated by the byte 037; a line break inside a field becomes the byte 036. Splitting at commas
# with awk -F, is wrong as soon as a field has quotes.
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

# replace FILE COMMAND ...: writes the output of COMMAND to FILE. If it fails, FILE stays unchanged.
replace() {
    local file=$1 part
    shift
    part=$file.$$.part
    if "$@" >"$part" && mv -fT -- "$part" "$file"; then return 0; fi
    rm -f -- "$part"
    say "$file: not written; the old file is unchanged"
    return 1
}

# drop_foreign_build PRESET: the build directory of a copied or moved checkout still belongs to the old
# place, and would build and run the program there. Removes it.
drop_foreign_build() {
    local dir=$root/build/$1 made_in made_from
    [ -f "$dir/CMakeCache.txt" ] || return 0
    made_in=$(sed -n 's/^CMAKE_CACHEFILE_DIR:INTERNAL=//p' "$dir/CMakeCache.txt")
    made_from=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$dir/CMakeCache.txt")
    [ "$made_in" ] && [ "$made_in" -ef "$dir" ] && [ "$made_from" -ef "$root" ] && return 0
    say "build/$1 belongs to another checkout (${made_from:-unknown}); building it again"
    rm -rf -- "$dir"
}

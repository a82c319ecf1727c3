#!/bin/sh
# tool.sh - runs a command-line tool as a program for bench.
#
#   tool.sh TOOL     one of those in tools.py
#
# While the clock runs there are only this shell and the tool, so its memory and its CPU time are
# those of the tool; Python prepares the command before, and reads the output afterwards. The
# start of the tool is part of its time. Nothing is written to files, which would remain if bench
# kills all of this.
set -u
tools=$(dirname "$0")/tools.py

# Sets the command and its standard input.
prepared=$(/usr/bin/python3 -B "$tools" prepare "$1") || exit 1
tool=$1 input=
eval "$prepared"

echo "ready 1"
read -r _ # go
output=$(printf %s "$input" | "$@" 2>&1)
echo "done"
printf '%s\n' "$output" | /usr/bin/python3 -B "$tools" report "$tool"

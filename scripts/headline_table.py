#!/usr/bin/python3
"""headline_table.py - the tables of scripts/headline from its figures: part, name, value per line."""

import sys
from collections import defaultdict
from statistics import median

UNITS = {"rps": "requests/s", "cpu": "us of CPU per request", "overhead": "ms overhead", "memory": "KiB per request"}

# What is said of two figures: part, name of the one, name of the other, the most or least that is aimed at.
RATIOS = [
    ("kept", "event-loop 100 rps", "hey 100 rps", "at least 1.2"),
    ("kept", "event-loop 100 cpu", "poll-loop 100 cpu", "at most 1.05"),
    ("kept", "coroutine 100 cpu", "event-loop 100 cpu", "at most 1.1"),
    ("kept", "event-loop-per-core 100 rps", "hey 100 rps", "at least 1.6"),
    ("kept", "thread-pool 100 rps", "hey 100 rps", "at least 1"),
    ("kept", "raw-epoll 100 rps", "h2load 100 rps", "at least 1"),
    ("fresh", "coroutine 5000 overhead", "event-loop 5000 overhead", "at most 1.1"),
    ("fresh", "coroutine 5000 cpu", "event-loop 5000 cpu", "at most 1.1"),
    ("fresh", "coroutine 10000 overhead", "event-loop 10000 overhead", "at most 1.1"),
    ("fresh", "coroutine 10000 cpu", "event-loop 10000 cpu", "at most 1.1"),
]


def short(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def main():
    figures = defaultdict(list)
    for line in open(sys.argv[1], encoding="utf-8"):
        part, name, value = line.rstrip("\n").split("\t")
        if value:
            figures[part, name].append(float(value))
    print("| part | figure | median | least | most |\n| --- | --- | ---: | ---: | ---: |")
    for (part, name), values in figures.items():
        words = name.split(" ")
        shown = " ".join(words[:-1] + [UNITS[words[-1]]]) if words[-1] in UNITS else name
        print(f"| {part} | {shown} | {short(median(values))} | {short(min(values))} | {short(max(values))} |")
    print("\n| ratio, round by round | median | least | most | aim |\n| --- | ---: | ---: | ---: | --- |")
    for part, one, other, aim in RATIOS:
        ratios = [a / b for a, b in zip(figures[part, one], figures[part, other]) if b]
        if ratios:
            print(f"| {one} / {other} | {median(ratios):.2f} | {min(ratios):.2f} | {max(ratios):.2f} | {aim} |")


main()

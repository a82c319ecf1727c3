#!/usr/bin/python3
"""headline_table.py - prints the tables of scripts/headline from its figures.

  scripts/headline_table.py FIGURES      a file with lines of round, part, name and value

A ratio is of two figures of one round; rounds that lack one of them have no ratio.
"""
import sys
from collections import defaultdict
from math import isfinite
from statistics import median

sys.dont_write_bytecode = True
from environment import Parser

MIN_ROUNDS = 3  # fewer show no range

UNITS = {"rps": "requests/s", "cpu": "us of CPU per request", "overhead": "ms overhead", "memory": "KiB per request"}

# Part, numerator, denominator, and the aim of their ratio.
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


def read(lines):
    """The figures by part and name, each by round; values that are missing or not finite are left out."""
    figures = defaultdict(dict)
    for line in lines:
        number, part, name, value = line.rstrip("\n").split("\t")
        if value and isfinite(float(value)):
            figures[part, name][int(number)] = float(value)
    return figures


def label(name):
    *first, last = name.split(" ")
    return " ".join([*first, UNITS.get(last, last)])


def figures_table(figures):
    lines = ["| part | figure | rounds | median | least | most |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for (part, name), by_round in figures.items():
        values = by_round.values()
        shown = " | ".join(short(f(values)) for f in (median, min, max))
        lines.append(f"| {part} | {label(name)} | {len(values)} | {shown} |")
    return "\n".join(lines) + "\n"


def ratio_cells(over, under):
    """Median, least and most of the ratios of two figures, or why there are none."""
    ratios = [over[number] / under[number] for number in over if under.get(number, 0) > 0]
    if not ratios:
        return "not measured | | "
    if len(ratios) < MIN_ROUNDS:
        return "not enough rounds | | "
    return f"{median(ratios):.2f} | {min(ratios):.2f} | {max(ratios):.2f}"


def ratios_table(figures):
    """The ratios of those parts that were measured."""
    parts = {part for part, _ in figures}
    lines = ["| ratio, round by round | median | least | most | aim |", "| --- | ---: | ---: | ---: | --- |"]
    for part, one, other, aim in RATIOS:
        if part in parts:
            cells = ratio_cells(figures.get((part, one), {}), figures.get((part, other), {}))
            lines.append(f"| {one} / {other} | {cells} | {aim} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def main():
    parser = Parser(__doc__)
    parser.add_argument("figures")
    with open(parser.parse_args().figures, encoding="utf-8") as lines:
        figures = read(lines)
    print(figures_table(figures))
    print(ratios_table(figures), end="")


if __name__ == "__main__":
    main()

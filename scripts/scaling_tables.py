#!/usr/bin/python3
"""scaling_tables.py - prints the tables of docs/scaling.md from a run of scripts/scaling.

  scripts/scaling_tables.py RUNS      a runs.csv, or a directory with one

A strategy's overhead, CPU time and memory are fitted by fixed + per request * N over its levels:
least squares of relative errors, so that a level of 1 counts as much as one of 10,000. Figures for
levels that were not measured are predictions and are called so.
"""

import csv
import json
import sys
from collections import defaultdict
from math import isfinite
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True
from environment import Parser

BENDS = 1.25  # from this ratio of the CPU per request to that of the best level on, it is a bend
MIN_ROUNDS = 3  # fewer show neither a bend nor a trend
PREDICTED = [100_000, 1_000_000]

# name, unit of the total, figure of a row, unit per request and its factor
FIGURES = [
    ("overhead", "ms", lambda row: number(row, "overhead_s") * 1e3, "us", 1e3),
    ("CPU", "ms", lambda row: (number(row, "user_s") + number(row, "system_s")) * 1e3, "us", 1e3),
    ("memory", "MiB", lambda row: number(row, "peak_pss_bytes") / 2**20, "KiB", 2**10),
]


def number(row, column):
    return float(row.get(column) or "nan")


def read(path):
    """Valid rows by strategy and level, and how many rows were not valid."""
    rows = defaultdict(lambda: defaultdict(list))
    other = defaultdict(lambda: defaultdict(int))
    file = Path(path)
    with open(file / "runs.csv" if file.is_dir() else file, newline="") as text:
        for row in csv.DictReader(text):
            level = int(row["level"])
            if row["status"] == "valid":
                rows[row["strategy"]][level].append(row)
            elif row["status"] not in ("skipped", "infeasible"):
                other[row["strategy"]][level] += 1
    return rows, other


def values(levels, of):
    """The figures of the valid rounds per level; levels without one are left out."""
    found = {}
    for level, rows in sorted(levels.items()):
        finite = [value for value in map(of, rows) if isfinite(value)]
        if finite:
            found[level] = finite
    return found


def medians(levels):
    return {level: median(rounds) for level, rounds in levels.items()}


def fit(points):
    """(fixed, per request) of least relative squares; None for fewer than three levels above 0."""
    points = [(n, y) for n, y in points.items() if y > 0]
    if len(points) < 3:
        return None
    weights = [1 / y**2 for _, y in points]
    total = sum(weights)
    mean_n = sum(w * n for w, (n, _) in zip(weights, points)) / total
    mean_y = sum(w * y for w, (_, y) in zip(weights, points)) / total
    spread = sum(w * (n - mean_n) ** 2 for w, (n, _) in zip(weights, points))
    slope = sum(w * (n - mean_n) * (y - mean_y) for w, (n, y) in zip(weights, points)) / spread
    return mean_y - slope * mean_n, slope


def digits(value):
    if value is None:
        return ""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def per_level(name, unit, factor, found, all_levels):
    rows = []
    for strategy, levels in ((name, medians(by)) for name, by in found.items()):
        cells = [digits(levels[n] / n * factor) if n in levels else "" for n in all_levels]
        rows.append([f"`{strategy}`", *cells])
    return f"{name} per request in {unit}, by level:\n\n" + table(["strategy", *map(str, all_levels)], rows)


def fits(found):
    rows = []
    for strategy in sorted({s for _, by in found for s in by}):
        row = [f"`{strategy}`"]
        for (_, unit, _, each, factor), by in found:
            line = fit(medians(by.get(strategy, {})))
            sign = "+" if line is None or line[1] >= 0 else "-"
            row.append("" if line is None else f"{digits(line[0])} {unit} {sign} {digits(abs(line[1]) * factor)} {each}")
        rows.append(row)
    return table(["strategy", *(figure[0] for figure, _ in found)], rows)


def bend(levels):
    """Where a strategy needs more CPU per request than at a lower level, the best one, in each round: the
    ratio of the medians, the level, and the best one. None if nowhere."""
    each = {n: [value / n for value in rounds] for n, rounds in levels.items() if len(rounds) >= MIN_ROUNDS}
    each = {n: rounds for n, rounds in each.items() if min(rounds) > 0}
    if not each:
        return None
    best = min(each, key=lambda n: median(each[n]))
    for n, rounds in each.items():
        ratio = median(rounds) / median(each[best])
        if n > best and ratio > BENDS and min(rounds) > max(each[best]):
            return ratio, n, best
    return None


def enough_rounds(levels):
    """The number of levels with enough rounds."""
    return sum(len(rounds) >= MIN_ROUNDS for rounds in levels.values())


def bends(cpu):
    """A line per strategy that bends, or why there are none."""
    if not any(enough_rounds(levels) > 1 for levels in cpu.values()):
        return "* not enough rounds"
    found = {strategy: bend(levels) for strategy, levels in sorted(cpu.items())}
    lines = [
        f"* `{strategy}`: at {at[1]}, {at[0]:.2f} times the CPU time per request at {at[2]}."
        for strategy, at in found.items()
        if at
    ]
    return "\n".join(lines) or "* none"


def predictions(found):
    """The table of predictions; no strategy whose figures have no fit, or do not grow with the level."""
    rows = []
    for strategy in sorted({s for _, by in found for s in by}):
        if any(enough_rounds(by.get(strategy, {})) < 3 for _, by in found):
            continue
        lines = [fit(medians(by[strategy])) for _, by in found]
        if any(line is None or line[1] <= 0 for line in lines):
            continue
        row = [f"`{strategy}`"]
        for n in PREDICTED:
            overhead, cpu, memory = (line[0] + line[1] * n for line in lines)
            row += [f"{digits(overhead / 1e3)} s", f"{digits(cpu / 1e3)} s", f"{digits(memory / 1024)} GiB"]
        rows.append(row)
    if not rows:
        return "Not enough rounds or levels.\n"
    header = ["strategy"]
    for n in PREDICTED:
        header += [f"overhead at {n:,}", "CPU", "memory"]
    return table(header, rows)


def rounds_text(rows):
    """Of how many rounds the figures are medians."""
    counts = {len(rounds) for levels in rows.values() for rounds in levels.values()}
    if counts == {1}:
        return "one valid round, which shows no spread"
    least, most = min(counts), max(counts)
    return f"medians of {least} valid rounds" if least == most else f"medians of {least} to {most} valid rounds"


def machine_text(path):
    env = Path(path) / "env.json"
    machine = json.loads(env.read_text()).get("machine", {}) if env.is_file() else {}
    return machine.get("cpu_model", "an unknown CPU")


def page(rows, other, machine):
    """All tables."""
    all_levels = sorted({level for levels in rows.values() for level in levels})
    found = []
    for figure in FIGURES:
        by = {s: values(levels, figure[2]) for s, levels in sorted(rows.items())}
        found.append((figure, {s: levels for s, levels in by.items() if levels}))
    parts = [f"Measured on {machine}, {rounds_text(rows)}.\n"]
    parts += [per_level(name, unit, factor, by, all_levels) for (name, _, _, unit, factor), by in found]
    parts += ["Fixed + per request, fitted:\n", fits(found)]
    parts.append(f"First level at which CPU time per request exceeds its minimum by more than {100 * (BENDS - 1):.0f} %:\n")
    parts.append(bends(found[1][1]) + "\n")
    parts += ["Predictions of the fits for levels that were not measured:\n", predictions(found)]
    failed = [f"`{s}` at {n} ({count})" for s, levels in other.items() for n, count in sorted(levels.items())]
    if failed:
        parts.append("Rows that were not valid, and are in none of these figures: " + ", ".join(failed) + ".\n")
    return "\n".join(parts)


def main():
    parser = Parser(__doc__)
    parser.add_argument("runs")
    path = parser.parse_args().runs
    rows, other = read(path)
    if not rows:
        sys.exit(f"scaling_tables: no valid row in {path}")
    print(page(rows, other, machine_text(path)))


if __name__ == "__main__":
    main()

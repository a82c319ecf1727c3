#!/usr/bin/python3
"""scaling_tables.py - the tables of docs/scaling.md from a run of scripts/scaling.

    scripts/scaling_tables.py RUNS

A strategy's overhead, CPU time and memory are fitted by fixed + per request * N over its levels:
least squares of relative errors, so that a level of 1 counts as much as one of 10,000. Figures for
levels that were not measured are predictions and are called so.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

BENDS = 1.25  # more CPU per request than at the best level by this much is a bend
PREDICTED = [100_000, 1_000_000]

# name, unit of the total, what of a row, unit per request and its factor
FIGURES = [
    ("overhead", "ms", lambda row: number(row, "overhead_s") * 1e3, "us", 1e3),
    ("CPU", "ms", lambda row: (number(row, "user_s") + number(row, "system_s")) * 1e3, "us", 1e3),
    ("memory", "MiB", lambda row: number(row, "peak_pss_bytes") / 2**20, "KiB", 2**10),
]


def number(row, column):
    return float(row[column]) if row[column] else float("nan")


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


def figures(levels, of):
    """The median per level, where there is one."""
    found = {}
    for level, rows in sorted(levels.items()):
        values = [value for value in map(of, rows) if value == value]
        if values:
            found[level] = median(values)
    return found


def fit(points):
    """(fixed, per request) of least relative squares; None for fewer than three levels."""
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
    for strategy, levels in found.items():
        cells = [digits(levels[n] / n * factor) if n in levels else "" for n in all_levels]
        rows.append([f"`{strategy}`", *cells])
    return f"{name} per request in {unit}, by level:\n\n" + table(["strategy", *map(str, all_levels)], rows)


def fits(found):
    rows = []
    for strategy in sorted({s for _, by in found for s in by}):
        row = [f"`{strategy}`"]
        for (_, unit, _, each, factor), by in found:
            line = fit(by.get(strategy, {}))
            sign = "+" if line is None or line[1] >= 0 else "-"
            row.append("" if line is None else f"{digits(line[0])} {unit} {sign} {digits(abs(line[1]) * factor)} {each}")
        rows.append(row)
    return table(["strategy", *(figure[0] for figure, _ in found)], rows)


def bends(cpu):
    """The first level above the best one that needs BENDS times its CPU time per request."""
    lines = []
    for strategy, levels in sorted(cpu.items()):
        best = min(levels, key=lambda n: levels[n] / n)
        worse = [n for n in levels if n > best and levels[n] / n > BENDS * levels[best] / best]
        if worse:
            ratio = levels[worse[0]] / worse[0] / (levels[best] / best)
            lines.append(f"* `{strategy}`: at {worse[0]}, {ratio:.2f} times the CPU time per request at {best}.")
    return "\n".join(lines) or "* none"


def predictions(found):
    rows = []
    for strategy in sorted({s for _, by in found for s in by}):
        lines = [fit(by.get(strategy, {})) for _, by in found]
        if any(line is None for line in lines):
            continue
        row = [f"`{strategy}`"]
        for n in PREDICTED:
            overhead, cpu, memory = (line[0] + line[1] * n for line in lines)
            row += [f"{digits(overhead / 1e3)} s", f"{digits(cpu / 1e3)} s", f"{digits(memory / 1024)} GiB"]
        rows.append(row)
    header = ["strategy"]
    for n in PREDICTED:
        header += [f"overhead at {n:,}", "CPU", "memory"]
    return table(header, rows)


def main():
    rows, other = read(sys.argv[1])
    all_levels = sorted({level for levels in rows.values() for level in levels})
    if not all_levels:
        sys.exit("scaling_tables: no valid row")
    found = []
    for figure in FIGURES:
        by = {s: figures(levels, figure[2]) for s, levels in sorted(rows.items())}
        found.append((figure, {s: levels for s, levels in by.items() if levels}))
    env = Path(sys.argv[1]) / "env.json"
    if env.is_file():
        machine = json.loads(env.read_text()).get("machine", {})
        print(f"Measured on {machine.get('cpu_model', 'an unknown CPU')}, medians of the valid rounds.\n")
    for (name, _, _, unit, factor), by in found:
        print(per_level(name, unit, factor, by, all_levels))
    print("Fixed + per request, fitted:\n")
    print(fits(found))
    print(f"First level at which CPU time per request exceeds its minimum by more than {100 * (BENDS - 1):.0f} %:\n")
    print(bends(found[1][1]) + "\n")
    print("Predictions of these fits for levels that were not measured:\n")
    print(predictions(found))
    failed = [f"`{s}` at {n} ({count})" for s, levels in other.items() for n, count in sorted(levels.items())]
    if failed:
        print("Rows that were not valid, and are in none of these figures: " + ", ".join(failed) + ".\n")


main()

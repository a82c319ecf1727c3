"""The table of a run: cells of peers and of bench, as Markdown."""
from math import nan
from statistics import median

from pages import OUTCOMES

HEADINGS = (
    "strategy",
    "cost time s",
    "overhead ms",
    "CPU ms/request",
    "memory MiB",
    "failed pages",
)


def number(row, column):
    """A figure of a row; nan if the row does not have it."""
    return float(row.get(column) or nan)


def numbers(rows, column, scale=1.0):
    return [float(row[column]) * scale for row in rows if row.get(column)]


def spread(values, decimals):
    """Median, and half the range of the rounds as in the tables of bench; one round has no range."""
    if not values:
        return ""
    if len(values) == 1:
        return f"{values[0]:.{decimals}f}"
    return f"{median(values):.{decimals}f} +-{(max(values) - min(values)) / 2:.{decimals}f}"


def cpu_ms(row):
    return (number(row, "user_s") + number(row, "system_s")) * 1e3 / int(row["requests"])


def failures(rows):
    """Failed pages of all rounds, by kind; the reasons if a row failed without one."""
    counts = {kind: int(sum(numbers(rows, kind))) for kind in OUTCOMES[1:]}
    kinds = [f"{kind} {count}" for kind, count in counts.items() if count]
    reasons = {row["reason"] for row in rows if row["reason"]}
    return ", ".join(kinds) or "; ".join(sorted(reasons)) or "0"


def line(strategy, rows):
    valid = [row for row in rows if row["status"] == "valid"]
    name = f"`{strategy}`"
    if len(valid) < len(rows):
        # A cell that failed is not slow or fast: it has no figures to rank it by.
        return [
            name,
            "",
            "",
            "",
            "",
            f"{failures(rows)} ({len(valid)} of {len(rows)} rounds valid)",
        ]
    return [
        name,
        spread(numbers(rows, "cost_s"), 3),
        spread(numbers(rows, "overhead_s", 1e3), 1),
        spread([cpu_ms(row) for row in rows if row["user_s"]], 2),
        spread(numbers(rows, "peak_pss_bytes", 1 / 2**20)[:1], 1),
        failures(rows),
    ]


def cells_of(rows):
    """The rows of each level and strategy: those of good cells first, by their cost time."""
    cells = {}
    for row in rows:
        cells.setdefault((int(row["level"]), row["strategy"]), []).append(row)

    def place(cell):
        (level, strategy), its_rows = cell
        bad = any(row["status"] != "valid" for row in its_rows)
        costs = [] if bad else numbers(its_rows, "cost_s")
        return level, bad, median(costs) if costs else 0, strategy

    return sorted(cells.items(), key=place)


def markdown(rows):
    lines = []
    level_before = None
    for (level, strategy), its_rows in cells_of(rows):
        if level != level_before:
            lines += ["", f"Level {level}, {its_rows[0]['requests']} pages:", ""]
            lines += [f"| {' | '.join(HEADINGS)} |", "|---" + "|---:" * 4 + "|---|"]
            level_before = level
        lines.append(f"| {' | '.join(line(strategy, its_rows))} |")
    return "\n".join(lines[1:]) + "\n"

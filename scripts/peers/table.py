"""The table of a run: cells of peers and of bench, as Markdown."""
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


def numbers(rows, column, scale=1.0):
    return [float(row[column]) * scale for row in rows if row.get(column)]


def spread(values, decimals):
    """Median, and half the range of the rounds as in the tables of bench."""
    if not values:
        return ""
    return f"{median(values):.{decimals}f} +-{(max(values) - min(values)) / 2:.{decimals}f}"


def cpu_ms(row):
    return (float(row["user_s"]) + float(row["system_s"])) * 1e3 / int(row["requests"])


def failures(rows):
    """What went wrong in all rounds, by kind; a reason where no page failed."""
    counts = {kind: int(sum(numbers(rows, kind))) for kind in OUTCOMES[1:]}
    words = [f"{kind} {count}" for kind, count in counts.items() if count]
    reasons = {row["reason"] for row in rows if row["reason"]}
    return ", ".join(words) or "; ".join(sorted(reasons)) or "0"


def line(strategy, rows):
    valid = [row for row in rows if row["status"] == "valid"]
    name = f"`{strategy}`"
    if len(valid) < len(rows):
        # What failed was not slow or fast: it has no figures to be ranked by.
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
        spread(numbers(rows, "peak_pss_bytes", 1 / 2**20)[:1], 1).split(" ")[0],
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
        return level, bad, 0 if bad else median(numbers(its_rows, "cost_s")), strategy

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

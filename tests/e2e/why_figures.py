#!/usr/bin/env python3
"""why_figures.py - the figures of docs/why.md, computed from the recorded rows.

  tests/e2e/why_figures.py    prints the rows of the page's tables, then the other figures of its
                              text; exits 1 if the rows do not support what the text says of two
                              strategies
"""
import csv
import sys
from statistics import median

RECORDED = "results/reference/"
SWEEP, LIMIT, SLOW = "article-levels", "capacity-50", "slow-site"
MIB = 2**20


def cpu_ms(row):
    return (float(row["user_s"]) + float(row["system_s"])) * 1e3


def column(name, factor=1.0):
    return lambda row: float(row[name]) * factor


COST, SETUP, RUN = column("cost_s", 1e3), column("setup_s", 1e3), column("run_s", 1e3)
SWITCHES, FAULTS = column("voluntary_ctx_switches"), column("minor_faults")
THREADS, PROCESSES, MEMORY = column("threads_peak"), column("processes_peak"), column("peak_pss_bytes")
P50, P99 = column("latency_p50_us", 1e-3), column("latency_p99_us", 1e-3)
QUEUE, CONNECT = column("queue_p50_us", 1e-3), column("connect_p50_us", 1e-3)

# Claims of the text about two strategies: their rounds overlap, or the first lies below the second.
CLAIMS = [
    (SWEEP, 500, COST, "event-loop", "overlaps", "thread-per-request"),
    (SWEEP, 500, COST, "event-loop", "below", "thread-pool"),
    (SWEEP, 500, SETUP, "event-loop", "below", "thread-pool"),
    (SWEEP, 500, RUN, "event-loop", "overlaps", "thread-pool"),
    (SWEEP, 500, cpu_ms, "event-loop", "below", "thread-pool"),
    (SWEEP, 500, SWITCHES, "event-loop", "below", "thread-pool"),
    (SWEEP, 500, FAULTS, "event-loop", "below", "thread-pool"),
    (SWEEP, 500, P50, "thread-pool", "below", "event-loop"),
    (SWEEP, 500, P99, "thread-pool", "overlaps", "event-loop"),
    (SWEEP, 500, COST, "event-loop-per-core", "below", "event-loop"),
    (SWEEP, 500, cpu_ms, "event-loop-per-core", "overlaps", "event-loop"),
    (SWEEP, 500, COST, "event-loop-per-core", "overlaps", "raw-epoll"),
    (SWEEP, 500, COST, "thread-pool", "below", "process-pool"),
    (SWEEP, 500, RUN, "thread-pool", "below", "process-pool"),
    (SWEEP, 500, cpu_ms, "thread-pool", "below", "process-pool"),
    (SWEEP, 500, COST, "process-event-loop", "overlaps", "event-loop-per-core"),
    (SWEEP, 500, cpu_ms, "process-event-loop", "overlaps", "event-loop-per-core"),
    (SWEEP, 500, COST, "coroutine", "overlaps", "event-loop"),
    (SWEEP, 500, cpu_ms, "coroutine", "overlaps", "event-loop"),
    (SWEEP, 500, FAULTS, "event-loop", "below", "coroutine"),
    (SWEEP, 500, QUEUE, "event-loop", "below", "coroutine"),
    (SWEEP, 10, COST, "coroutine-blocking", "overlaps", "sequential"),
    (SWEEP, 10, COST, "thread-pool", "overlaps", "event-loop"),
    (SWEEP, 10, COST, "coroutine", "overlaps", "event-loop"),
    (SWEEP, 10, COST, "coroutine", "overlaps", "thread-pool"),
    (LIMIT, 500, COST, "thread-pool", "overlaps", "event-loop"),
    (LIMIT, 500, COST, "coroutine", "overlaps", "event-loop"),
    (LIMIT, 500, COST, "coroutine", "overlaps", "thread-pool"),
    *((LIMIT, 500, COST, name, "below", "process-pool") for name in ("event-loop", "coroutine", "thread-pool")),
    (SLOW, 100, COST, "event-loop", "below", "process-pool"),
]


def read(directory):
    with open(f"{RECORDED}{directory}/runs.csv", encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["status"] == "valid"]


ROWS = {directory: read(directory) for directory in (SWEEP, LIMIT, SLOW)}


def values(directory, level, strategy, of_row):
    return [
        of_row(row)
        for row in ROWS[directory]
        if row["strategy"] == strategy and int(row["level"]) == level
    ]


def at500(strategy, of_row):
    return median(values(SWEEP, 500, strategy, of_row))


def spread(directory, level, strategy, of_row):
    rounds = values(directory, level, strategy, of_row)
    return f"{min(rounds):.1f} to {max(rounds):.1f}" if len(rounds) > 1 else "once"


def line(strategy, *cells):
    print(f"| `{strategy}` | {' | '.join(cells)} |")


def tables():
    strategies = sorted({row["strategy"] for row in ROWS[SWEEP]}, key=lambda name: at500(name, COST))
    for name in strategies:
        line(
            name,
            f"{at500(name, COST):.1f} ({spread(SWEEP, 500, name, COST)})",
            f"{at500(name, SETUP):.1f}",
            f"{at500(name, cpu_ms):.1f}",
            *(f"{at500(name, count):.0f}" for count in (SWITCHES, FAULTS)),
            f"{at500(name, THREADS):.0f} / {at500(name, PROCESSES):.0f}",
            f"{at500(name, MEMORY) / MIB:.1f}",
            *(f"{at500(name, of_row):.1f}" for of_row in (P50, P99, QUEUE)),
            f"{at500(name, CONNECT):.2f}",
        )
    for name in ("event-loop", "coroutine", "thread-pool", "process-pool"):
        places = ((SWEEP, 1), (SWEEP, 10), (SLOW, 100), (LIMIT, 500))
        line(name, *(spread(directory, level, name, COST) for directory, level in places))


def ratio(of_row, one, other):
    return at500(one, of_row) / at500(other, of_row)


def text():
    """Figures of the text that no table has."""
    level_1 = [COST(row) for row in ROWS[SWEEP] if row["level"] == "1"]
    print(f"{min(level_1):.1f} {max(level_1):.1f}")
    for name in ("event-loop", "thread-pool", "process-pool"):
        print(f"{at500(name, RUN):.1f} {spread(SWEEP, 500, name, RUN)}")
        print(f"{at500(name, FAULTS) / 500:.0f} {at500(name, SWITCHES) / 500:.1f}")
    for name in ("event-loop", "coroutine"):
        print(spread(SWEEP, 500, name, cpu_ms))
    for name in ("thread-pool", "process-pool"):
        print(f"{ratio(cpu_ms, name, 'event-loop'):.1f} {ratio(MEMORY, name, 'event-loop'):.1f}")
    more_bytes = at500("coroutine", MEMORY) - at500("event-loop", MEMORY)
    more_faults = at500("coroutine", FAULTS) - at500("event-loop", FAULTS)
    print(f"{more_bytes / 500 / 1024:.1f} {more_faults / 500:.1f}")
    print(f"{at500('coroutine-blocking', COST) / 1e3:.3f} {at500('sequential', COST) / 1e3:.3f}")
    print(f"{ratio(COST, 'coroutine-blocking', 'coroutine'):.0f}")
    blocking = values(SWEEP, 500, "coroutine-blocking", lambda row: cpu_ms(row) / COST(row))
    print(f"{blocking[0] * 100:.1f} %")
    for name in ("coroutine-blocking", "sequential"):
        print(spread(SWEEP, 10, name, COST))
    slow = [median(values(SLOW, 100, name, COST)) for name in ("event-loop", "process-pool")]
    print(f"{(slow[1] / slow[0] - 1) * 100:.1f} %")


def main():
    tables()
    text()
    failed = 0
    for directory, level, of_row, one, relation, other in CLAIMS:
        a, b = (values(directory, level, name, of_row) for name in (one, other))
        is_overlap = min(a) <= max(b) and min(b) <= max(a)
        if not (is_overlap if relation == "overlaps" else max(a) < min(b)):
            print(f"{directory}, level {level}: {one} {a} {relation} {other} {b}: it is not so", file=sys.stderr)
            failed = 1
    return failed


sys.exit(main())

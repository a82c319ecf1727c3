#!/usr/bin/python3
"""omission_table.py - prints the latency that runs with a stop of the origin report, as scripts/omission
records them.

  scripts/omission_table.py RUN ...

RUN is a directory of bench run --raw with one row. Exit status: 0 all rows are valid, 1 some are not, 2 usage.

Quantiles are those of runs.csv: a latency counts from the moment at which a request was due, in a closed loop
from its begin. Below a row with the note rate-not-held stand the same requests timed from their begin, as by a
client that does not know when they were due.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from environment import Parser, read_rows
from queueing import quantile

SLOW_US = 100e3
SHARES = {"latency_p50_us": 0.5, "latency_p90_us": 0.9, "latency_p99_us": 0.99, "latency_p999_us": 0.999}
HEAD = [
    "| mode | requests | p50 ms | p90 ms | p99 ms | p99.9 ms | max ms | over 100 ms | notes |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---|",
]


def ms(microseconds):
    """Of a number or a field; empty for an unknown one."""
    if microseconds in ("", None) or microseconds != microseconds:
        return ""
    return f"{float(microseconds) / 1e3:.1f}"


def mode_of(run):
    if run["rate_rps"]:
        return f"open: {run['rate_rps']}/s, at most {run['level']} in flight"
    return f"closed: {run['level']} in flight"


def slow_share(latencies):
    slow = sum(latency > SLOW_US for latency in latencies)
    return f"{100 * slow / len(latencies):.2f} %"


def line(mode, latencies, quantiles, notes):
    figures = [ms(value) for value in (*quantiles, latencies[-1])]
    return "| " + " | ".join([mode, f"{len(latencies):,}", *figures, slow_share(latencies), notes]) + " |"


def latencies_of(requests, since):
    """Of the good requests, ascending, from the moment in the column `since`."""
    good = [row for row in requests if row["outcome"] == "ok"]
    return sorted(float(row["end_us"]) - float(row[since]) for row in good)


def lines_of(directory):
    """The lines of a run, and whether its row is valid."""
    (run,) = read_rows(Path(directory) / "runs.csv")
    if run["status"] != "valid":
        return [f"| {mode_of(run)} | {run['status']}: {run['reason']} | | | | | | | {run['notes']} |"], False
    requests = read_rows(Path(directory) / "requests.csv")
    latencies = latencies_of(requests, "due_us" if run["rate_rps"] else "begin_us")
    lines = [line(mode_of(run), latencies, [run[column] for column in SHARES], run["notes"])]
    if "rate-not-held" in run["notes"].split():
        latencies = latencies_of(requests, "begin_us")
        quantiles = [quantile(latencies, share) for share in SHARES.values()]
        lines.append(line("the same requests, timed from their begin", latencies, quantiles, ""))
    return lines, True


def main():
    parser = Parser(__doc__)
    parser.add_argument("runs", nargs="+", metavar="RUN")
    arguments = parser.parse_args()
    try:
        parts = [lines_of(directory) for directory in arguments.runs]
    except (OSError, KeyError, ValueError, IndexError) as error:
        parser.error(f"{error!r}: no directory of bench run --raw with one row, or not of this version")
    print("\n".join([*HEAD, *(text for lines, _ in parts for text in lines)]))
    sys.exit(0 if all(valid for _, valid in parts) else 1)


if __name__ == "__main__":
    main()

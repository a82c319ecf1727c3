#!/usr/bin/python3
"""theory_table.py - compares recorded runs of an open loop with queueing theory, or with themselves.

  scripts/theory_table.py RUN ...                the mean waits, as scripts/theory records them
  scripts/theory_table.py --quantiles RUN ...    the quantiles in runs.csv

RUN is a directory of bench run --raw. Exit status: 0 all agree, 1 some do not, 2 usage.

Mean waits: of runs with --rates, --arrivals poisson, --capacity and a delay that is fixed (M/D/1, so with
--capacity 1) or exponential (M/M/c). A wait is the time from due_us to end_us, less the delay that the
origin stamped for this request, less the overhead: the median of the same figure in a run at the same rate
whose capacity makes the utilisation 0.05 at most, so that requests hardly wait. The utilisation is the rate
times the delay asked for, by the capacity: the origin frees a place when a page is due, however late it
sends the page, and the stamp includes that lateness. The first of 21 parts of a run is left out as its
warm-up, the others are batches; the interval is that of Student's t for the means of 20 batches. The
theory holds for all arrivals and delays; the mean wait that follows from those of this run, computed from
due_us and the seed, stands beside it: where the interval misses the theory and the two agree, it is chance.

Quantiles: those of latency and lateness, computed anew from requests.csv, by nearest rank.
"""
import json
import sys
from collections import defaultdict
from math import inf, isnan, log, nan
from pathlib import Path
from statistics import fmean, median

sys.dont_write_bytecode = True
from environment import TEXT, Parser, read_rows
from queueing import BATCHES, batch_interval, exponential_delays, md1_wait, mmc_wait, quantile, waits_of

LOW = 0.0501  # a run below this utilisation tells the overhead
P999_REQUESTS = 10000
ROUNDED = 0.16  # us: two moments and their difference are rounded to 0.1 us each

# The column of runs.csv, the share, and the figure.
QUANTILES = [
    ("latency_p50_us", 0.5, "latency"),
    ("latency_p90_us", 0.9, "latency"),
    ("latency_p99_us", 0.99, "latency"),
    ("latency_p999_us", 0.999, "latency"),  # of P999_REQUESTS at least
    ("late_p50_us", 0.5, "late"),
    ("late_p99_us", 0.99, "late"),
]


class Unusable(Exception):
    """Why a run does not tell anything."""


def number(text):
    return float(text) if text else nan


def cells_of(directory):
    """The rows of runs.csv, each with its rows of requests.csv in the order in which they were due."""
    runs = read_rows(Path(directory) / "runs.csv")
    seed = json.loads((Path(directory) / "plan.json").read_text(**TEXT))["plan"]["seed"]
    requests = defaultdict(list)
    for row in read_rows(Path(directory) / "requests.csv"):
        requests[key_of(row)].append(row)
    for run in runs:
        run["seed"] = seed
        yield run, sorted(requests[key_of(run)], key=lambda row: number(row["due_us"] or row["begin_us"]))


def key_of(row):
    return tuple(row[name] for name in ("run_id", "variant", "round", "strategy", "level", "rate_rps"))


# -- mean waits ----------------------------------------------------------------------------------


class Queue:
    """The queue that the origin is in a run, from the conditions of the run."""

    def __init__(self, run):
        if run.get("arrivals") != "poisson" or not run["capacity"] or not run["delay_s"]:
            raise Unusable("it needs --rates, --arrivals poisson, --capacity and --delay")
        self.servers = int(run["capacity"])
        self.exponential = run["delay_model"].startswith("exponential:")
        if run["overload"] != "queue" or (run["delay_model"] and not self.exponential):
            raise Unusable("the theory needs --overload queue and a fixed or exponential delay")
        self.service_s = float(run["delay_s"]) / (log(2) if self.exponential else 1)  # drawn: the median
        self.utilisation = float(run["rate_rps"]) * self.service_s / self.servers
        if not 0 < self.utilisation < 1:
            raise Unusable(f"a utilisation of {self.utilisation:.2f} has no mean wait")
        self.tells_overhead = self.utilisation <= LOW
        if not (self.exponential or self.servers == 1 or self.tells_overhead):
            raise Unusable("with a fixed delay the theory needs --capacity 1")

    def name(self):
        return f"M/M/{self.servers}" if self.exponential else "M/D/1"

    def wait_s(self):
        if self.exponential:
            return mmc_wait(self.utilisation, self.service_s, self.servers)
        return md1_wait(self.utilisation, self.service_s)


    def waits_s(self, run, rows):
        """The waits that follow from the arrivals and delays of a run."""
        services = [self.service_s] * len(rows)
        if self.exponential:
            services = exponential_delays(self.service_s, int(run["seed"]), len(rows))
        return waits_of([float(row["due_us"]) / 1e6 for row in rows], services, self.servers)


def after_warm_up(values):
    return values[len(values) - len(values) // (BATCHES + 1) * BATCHES :]


def rests_of(run, rows):
    """In seconds, the response times less the stamped delays, after the warm-up."""
    if run["status"] != "valid":
        raise Unusable(f"it is {run['status']}: {run['reason']}")
    if number(run["unfinished"]) > 0 or any(row["outcome"] != "ok" for row in rows):
        raise Unusable("some requests did not end well")
    if len(rows) < 10 * (BATCHES + 1):
        raise Unusable(f"{len(rows)} requests are too few")
    rests = [(float(row["end_us"]) - float(row["due_us"]) - float(row["origin_delay_us"])) / 1e6 for row in rows]
    return after_warm_up(rests)


def ms(seconds):
    return f"{seconds * 1e3:.3f}"


def wait_line(queue, run, rows, rests, overheads):
    """A line of the table, and whether the theory holds. `overheads` are the rests of the run that tells them."""
    mean_s, half_s = batch_interval(rests)
    mean_s -= median(overheads)
    verdict = "yes" if abs(mean_s - queue.wait_s()) <= half_s else "no"
    if "rate-not-held" in run["notes"].split():
        verdict = "rate not held"
    cells = [
        queue.name(),
        run["rate_rps"],
        f"{queue.utilisation:.3f}",
        f"{len(rests):,}",
        ms(fmean(float(row["origin_delay_us"]) for row in rows) / 1e6),
        ms(median(overheads)),
        ms(fmean(overheads)),
        ms(queue.wait_s()),
        ms(fmean(after_warm_up(queue.waits_s(run, rows)))),
        ms(mean_s),
        f"{ms(mean_s - half_s)} to {ms(mean_s + half_s)}",
        verdict,
    ]
    return "| " + " | ".join(cells) + " |", verdict == "yes"


TITLES = [
    "queue",
    "requests/s",
    "utilisation",
    "requests",
    "stamped delay ms",
    "overhead ms, median",
    "mean",
    "theory: mean wait ms",
    "of these arrivals and delays",
    "measured ms",
    "95 % interval",
    "holds",
]


def waits_table(cells):
    """The text to print, and whether every wait agrees with the theory."""
    overheads, waiting, lines, all_hold = {}, [], [], True
    for run, rows in cells:
        queue, rests = Queue(run), rests_of(run, rows)
        alike = (run["strategy"], run["policy"], run["rate_rps"], queue.exponential, queue.service_s)
        if queue.tells_overhead:
            overheads[alike] = rests
        else:
            waiting.append((alike, (queue, run, rows, rests)))
    for alike, cell in waiting:
        if alike not in overheads:
            raise Unusable(f"{cell[0].name()}: no run at {alike[2]} requests/s with a utilisation of 0.05")
        line, holds = wait_line(*cell, overheads[alike])
        lines.append(line)
        all_hold = all_hold and holds
    if not lines:
        raise Unusable("no run has a utilisation above 0.05")
    table = ["| " + " | ".join(TITLES) + " |", "| --- |" + " ---: |" * 10 + " --- |"]
    return "\n".join([*table, *lines]) + "\n", all_hold


# -- quantiles -----------------------------------------------------------------------------------


def figures_of(rows):
    """Latency and lateness of the good requests, ascending; unfinished ones are longer than all others."""
    latency, late = [], []
    for row in rows:
        due_us = number(row["due_us"] or row["begin_us"])
        if row["due_us"] and not row["end_us"]:
            latency.append(inf)
            late.append(float(row["start_us"]) - due_us if row["start_us"] else inf)
        elif row["outcome"] == "ok":
            latency.append(float(row["end_us"]) - due_us)
            if row["due_us"] and row["start_us"]:
                late.append(float(row["start_us"]) - due_us)
    return {"latency": sorted(latency), "late": sorted(late)}


def agrees(recorded, computed):
    """Equal but for rounding, or both absent."""
    if isnan(recorded) or isnan(computed):
        return isnan(recorded) and isnan(computed)
    return abs(recorded - computed) <= ROUNDED


def quantiles_table(cells):
    """The text to print, and whether every quantile agrees."""
    lines, all_agree = [], True
    for run, rows in cells:
        if run["status"] != "valid":
            continue
        figures = figures_of(rows)
        for column, share, figure in QUANTILES:
            recorded = number(run.get(column, ""))
            computed = quantile(figures[figure], share)
            if share == 0.999 and len(figures[figure]) < P999_REQUESTS:
                computed = nan
            same = agrees(recorded, computed)
            all_agree = all_agree and same
            texts = ["" if isnan(value) else f"{value:.1f}" for value in (recorded, computed)]
            at = f"{run['rate_rps']}/s" if run.get("rate_rps") else run["level"]
            lines.append(f"| {run['strategy']} | {at} | {column} | {' | '.join(texts)} | {'yes' if same else 'no'} |")
    if not lines:
        raise Unusable("no row is valid")
    table = [
        "| strategy | level or rate | quantile | runs.csv us | requests.csv us | agree |",
        "| --- | ---: | --- | ---: | ---: | --- |",
    ]
    return "\n".join([*table, *lines]) + "\n", all_agree


def main():
    parser = Parser(__doc__)
    parser.add_argument("--quantiles", action="store_true")
    parser.add_argument("runs", nargs="+", metavar="RUN")
    arguments = parser.parse_args()
    table = quantiles_table if arguments.quantiles else waits_table
    try:
        text, all_agree = table([cell for run in arguments.runs for cell in cells_of(run)])
    except (OSError, KeyError, TypeError, ValueError) as error:
        parser.error(f"{error!r}: no directory of bench run --raw, or not of this version")
    except Unusable as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        sys.exit(1)
    print(text, end="")
    sys.exit(0 if all_agree else 1)


if __name__ == "__main__":
    main()

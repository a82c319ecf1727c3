"""docs/article.md: the article's figures, its program's and ours, from recorded rows."""
from statistics import median

from table import cpu_ms

# What the article measured, in s; the sweep for each level.
DELAY_S = 5.0
ONE_AFTER_ANOTHER_S = 513.6
THE_MISTAKE_S = 51.4
DONE_RIGHT_S = 6.1
SWEEP_S = {
    1: 0.059,
    3: 0.058,
    5: 0.058,
    10: 0.152,
    15: 0.096,
    30: 0.178,
    50: 0.374,
    75: 0.289,
    100: 0.619,
    200: 1.089,
    500: 1.821,
}


# -- figures of rows -----------------------------------------------------------------------------


def figure(recorded, strategy, of_row, level=None):
    """The median of a figure over the rounds of a strategy; rows that are not valid have none."""
    figures = [
        of_row(row)
        for row in recorded
        if row["strategy"] == strategy
        and level in (None, int(row["level"]))
        and row["status"] == "valid"
    ]
    return median(figures) if figures else float("nan")


def cost_s(row):
    return float(row["cost_s"])


def ideal_s(row):
    return float(row["ideal_s"])


def overhead_ms(row):
    return float(row["overhead_s"]) * 1e3


def page_overhead_ms(row):
    return overhead_ms(row) / int(row["requests"])


def cpu_s(row):
    return float(row["user_s"]) + float(row["system_s"])


def busy_percent(row):
    return cpu_s(row) / cost_s(row) * 100


def memory_mib(row):
    return float(row["peak_pss_bytes"] or "nan") / 2**20


# -- pieces of the page --------------------------------------------------------------------------


def table(head, lines):
    cells = [f"| {' | '.join(line)} |" for line in (head, *lines)]
    return "\n".join([cells[0], "|---" + "|---:" * (len(head) - 1) + "|", *cells[1:]])


def comparison(recorded, ours, python, article_s):
    head = ("", "the article", f"its program here (`{python}`)", f"`bench` (`{ours}`)", "ideal")
    here = [figure(recorded, strategy, cost_s) for strategy in (python, ours)]
    ideal = figure(recorded, ours, ideal_s)
    figures = [f"{seconds:.3f}" for seconds in (*here, ideal)]
    return table(head, [("cost time in s", f"{article_s:.1f}", *figures)])


def one_after_another(recorded, read_authorities_ms):
    article_ms = (ONE_AFTER_ANOTHER_S / 100 - DELAY_S) * 1e3
    python_ms = figure(recorded, "requests-sequential", page_overhead_ms)
    ours_ms = figure(recorded, "sequential", page_overhead_ms)
    handshake_ms = figure(recorded, "sequential", lambda row: float(row["tls_p50_us"]) / 1e3)
    busy = max(busy_percent(row) for row in recorded)
    return f"""\
{comparison(recorded, "sequential", "requests-sequential", ONE_AFTER_ANOTHER_S)}

A page takes {article_ms:.0f} ms more than the delay in the article, {python_ms:.1f} ms with its
program here, and {ours_ms:.1f} ms in C, of which the TLS handshake is {handshake_ms:.1f} ms. With a
real site the program does one thing more: it reads the CAs of the system for each page,
since each page has its own session. That takes {read_authorities_ms:.1f} ms on this machine; here it
trusts one CA. About {article_ms - python_ms - read_authorities_ms:.0f} ms remain. They were not
measured, but nothing is left for them to be but the way to the site and the site itself: round
trips for TCP, for TLS and for the request. Here both ends are on one machine.

Both programs ran at the same time, each with an origin of its own, while the next three
experiments ran. The busier of them used {busy:.2f} % of a CPU."""


def the_mistake(recorded):
    peak = max(int(row["origin_inflight_peak"]) for row in recorded)
    return f"""\
{comparison(recorded, "coroutine-blocking", "requests-in-async", THE_MISTAKE_S)}

Ten times the delay again, in either language. The origin never had more than {peak} request at a
time: a coroutine that blocks instead of awaiting holds up all others."""


def done_right(recorded):
    python_ms = figure(recorded, "aiohttp-session-each", overhead_ms)
    ours_ms = figure(recorded, "coroutine", overhead_ms)
    return f"""\
{comparison(recorded, "coroutine", "aiohttp-session-each", DONE_RIGHT_S)}

All ten leave at once, and take the time of one. Above the delay are 1100 ms in the article,
{python_ms:.0f} ms with its program here and {ours_ms:.0f} ms in C. The second that is missing here was
the way to the site, or the site; it is no cost of coroutines."""


def a_hundred_at_once(recorded):
    lines = []
    strategies = {row["strategy"] for row in recorded}
    for strategy in sorted(strategies, key=lambda name: figure(recorded, name, cost_s)):
        figures = [
            f"{figure(recorded, strategy, cost_s):.3f}",
            f"{figure(recorded, strategy, overhead_ms):.0f}",
            f"{figure(recorded, strategy, cpu_ms):.2f}",
            f"{figure(recorded, strategy, memory_mib):.0f}",
        ]
        lines.append((f"`{strategy}`", *figures))
    head = ("", "cost time s", "overhead ms", "CPU ms a page", "memory MiB")
    return f"""\
{table(head, lines)}

Threads and processes divide the time as well. The article says so, asks for something better, and
measures neither. Beside 5 s the difference in time is small; in CPU time and memory it is not."""


def sweep(recorded):
    lines = []
    for level, article_s in SWEEP_S.items():
        costs = [
            figure(recorded, strategy, cost_s, level)
            for strategy in ("aiohttp-session-each", "coroutine")
        ]
        cpus = [
            figure(recorded, strategy, cpu_ms, level)
            for strategy in ("aiohttp-session-each", "coroutine")
        ]
        figures = [f"{value:.3f}" for value in costs] + [f"{value:.2f}" for value in cpus]
        lines.append((str(level), f"{article_s:.3f}", *figures))
    head = ("level", "the article", "its program here", "`bench`")
    cpu_head = ("its program, CPU ms a page", "`bench`, CPU ms a page")
    client_s = figure(recorded, "coroutine", cpu_s, 500)
    origin_s = figure(recorded, "coroutine", lambda row: float(row["origin_cpu_s"]), 500)
    python_s = figure(recorded, "aiohttp-session-each", cpu_s, 500)
    return f"""\
{table((*head, *cpu_head), lines)}

The article's conclusion holds: many requests take little longer than one, until making them is
work. At level 500 that is what most of the time goes into. Each page is a TLS handshake at both
ends: the client needs {client_s:.2f} s of CPU time in C and {python_s:.2f} s in Python, and the origin
{origin_s:.2f} s beside it. One thread cannot be faster than its own CPU time; without TLS it has much
less of it to spend ([peers.md](peers.md)). The article's curve has the network in it as well,
and was measured once: its level 15 is faster than its level 10, and its 75 than its 50."""


def write(every, recorded, delay, read_authorities_ms):
    all_rows = [row for its_rows in recorded.values() for row in its_rows]
    valid = sum(row["status"] == "valid" for row in all_rows)
    rounds = max(int(row["round"]) for row in recorded["sweep"])
    quick = f"\nA quick look: the delay is {delay} here, and 5 s in the article.\n"
    return f"""\
# The article, repeated

<!-- Written by scripts/article from results/reference/article/. -->

Each experiment of the article with three figures: the article's own, that of its Python program
measured here, and that of `bench`. [peers.md](peers.md) shows the programs and how they are
measured. The site is the embedded origin with the article's delay, over TLS with a certificate that
is verified, and with a new connection for each page. `scripts/article` measures all of it again in
ten minutes. Below each table stands the command that it calls; the rows, {valid} of {len(all_rows)}
valid, are in `results/reference/article/`.
{quick if delay != "5s" else ""}
## One after another: 100 pages

{one_after_another(recorded["one-after-another"], read_authorities_ms)}

```
{every["one-after-another"]}
```

## The mistake: ten coroutines that block

{the_mistake(recorded["the-mistake"])}

```
{every["the-mistake"]}
```

## Done right: ten coroutines that await

{done_right(recorded["done-right"])}

```
{every["done-right"]}
```

## What the article only mentions: a hundred pages by threads, processes and a loop

{a_hundred_at_once(recorded["a-hundred-at-once"])}

```
{every["a-hundred-at-once"]}
```

## How far does it go?

The fast site answered in about 57 ms. Cost time in s, median of {rounds} rounds:

{sweep(recorded["sweep"])}

```
{every["sweep"]}
```
"""

"""docs/article.md: the article's figures, its program's and ours, from recorded rows.

Each sentence is written only if the rows support it. Otherwise the page says what is missing: not
measured, or not enough rounds.
"""
from datetime import datetime
from math import inf, isfinite, nan
from statistics import median

# The article's figures, in s; those of its sweep by level.
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

MIN_ROUNDS = 3  # fewer have no median worth comparing
NOT_MEASURED = "not measured"
NOT_ENOUGH = "Not enough rounds to compare them."
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


# -- figures of rows -----------------------------------------------------------------------------


def number(row, column):
    """A figure of a row; nan if the row does not have it."""
    return float(row.get(column) or nan)


def valid_rows(recorded, strategy, level=None):
    return [
        row
        for row in recorded
        if row["strategy"] == strategy
        and level in (None, int(row["level"]))
        and row["status"] == "valid"
    ]


def figures_of(recorded, strategy, of_row, level=None):
    """A figure of each valid round of a strategy that has it."""
    figures = [of_row(row) for row in valid_rows(recorded, strategy, level)]
    return [value for value in figures if isfinite(value)]


def figure(recorded, strategy, of_row, level=None):
    """The median of a figure over the valid rounds of a strategy; nan if no row has it."""
    figures = figures_of(recorded, strategy, of_row, level)
    return median(figures) if figures else nan


def have_rounds(recorded, strategies, level=None, least=MIN_ROUNDS):
    """Whether each strategy has at least `least` valid rounds."""
    return all(len(valid_rows(recorded, name, level)) >= least for name in strategies)


def cost_s(row):
    return number(row, "cost_s")


def ideal_s(row):
    return number(row, "ideal_s")


def run_s(row):
    """The time without setup, by which strategies are compared with programs."""
    return number(row, "run_s")


def run_overhead_ms(row):
    return number(row, "run_overhead_s") * 1e3


def overhead_ms(row):
    return number(row, "overhead_s") * 1e3


def page_overhead_ms(row):
    return overhead_ms(row) / int(row["requests"])


def handshake_ms(row):
    return number(row, "tls_p50_us") / 1e3


def cpu_s(row):
    return number(row, "user_s") + number(row, "system_s")


def cpu_ms(row):
    return cpu_s(row) * 1e3 / int(row["requests"])


def busy_percent(row):
    return cpu_s(row) / cost_s(row) * 100


def memory_mib(row):
    return number(row, "peak_pss_bytes") / 2**20


def origin_cpu_s(row):
    return number(row, "origin_cpu_s")


def origin_peak(row):
    return number(row, "origin_inflight_peak")


# -- sweeps and notes ----------------------------------------------------------------------------


def spans_s(recorded):
    """Begin and end of each sweep: a run id begins with its start, and its cells follow each other."""
    spans = {}
    for row in recorded:
        try:
            start = datetime.strptime((row.get("run_id") or "").partition("-")[0], "%Y%m%dT%H%M%SZ").timestamp()
        except ValueError:
            continue
        begin, end = spans.get(row["run_id"], (start, start))
        cost = cost_s(row)
        spans[row["run_id"]] = (begin, end + (cost if isfinite(cost) else 0))
    return list(spans.values())


def at_the_same_time(spans):
    """Whether there is a moment at which all of at least two sweeps ran."""
    return len(spans) > 1 and max(begin for begin, _ in spans) < min(end for _, end in spans)


def run_meanwhile(recorded, others):
    """How many of the other experiments began while all sweeps of this one ran."""
    spans = spans_s(recorded)
    if not spans:
        return 0
    begin, end = max(begin for begin, _ in spans), min(end for _, end in spans)
    return sum(any(begin <= its_begin < end for its_begin, _ in spans_s(each)) for each in others)


def in_words(count):
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def measured_by(recorded):
    """The line above a command that was not run as it is printed, but once per strategy."""
    spans = spans_s(recorded)
    if len(spans) < 2 or len(spans) != len({row["strategy"] for row in recorded}):
        return ""
    at_once = " at the same time" if at_the_same_time(spans) else ""
    return f"Measured in {in_words(len(spans))} sweeps{at_once}, one per strategy:"


def has_note(row, note):
    return note in (row.get("notes") or "").split()


def listed(names):
    """a, b and c"""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def answered_late(recorded):
    """Which strategies have rows whose origin was short of CPU."""
    late = [row["strategy"] for row in recorded if row["status"] == "valid" and has_note(row, "origin-late")]
    if not late:
        return ""
    rows, carry, their = ("One row", "carries", "its") if len(late) == 1 else ("Rows", "carry", "their")
    return (
        f"{rows} of {listed([f'`{name}`' for name in sorted(set(late))])} {carry} the note `origin-late`: the"
        f" origin was short of CPU and answered late, so {their} overhead is an upper bound."
    )


# -- pieces of the page --------------------------------------------------------------------------


def shown(value, decimals):
    return f"{value:.{decimals}f}" if isfinite(value) else NOT_MEASURED


def table(head, lines):
    cells = [f"| {' | '.join(line)} |" for line in (head, *lines)]
    return "\n".join([cells[0], "|---" + "|---:" * (len(head) - 1) + "|", *cells[1:]])


def paragraphs(*pieces):
    return "\n\n".join(piece for piece in pieces if piece)


def fill(*sentences, width=100):
    """One paragraph of those sentences that are not empty."""
    lines = [""]
    for word in " ".join(sentence for sentence in sentences if sentence).split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


def comparison(recorded, ours, python, article_s):
    head = ("", "the article", f"its program here (`{python}`)", f"`bench` (`{ours}`)", "ideal")
    here = [figure(recorded, strategy, cost_s) for strategy in (python, ours)]
    ideal = figure(recorded, ours, ideal_s)
    figures = [shown(seconds, 3) for seconds in (*here, ideal)]
    return table(head, [("cost time in s", f"{article_s:.1f}", *figures)])


ARTICLE_PAGE_MS = (ONE_AFTER_ANOTHER_S / 100 - DELAY_S) * 1e3


def per_page(python_ms, ours_ms, tls_ms):
    """How much longer than the delay a page takes."""
    article = f"A page takes {ARTICLE_PAGE_MS:.0f} ms more than the delay in the article"
    if not (python_ms >= 0 and ours_ms >= 0):
        return f"{article}. Here: {NOT_MEASURED}."
    tls = f", of which the TLS handshake is {tls_ms:.1f} ms" if 0 < tls_ms <= ours_ms else ""
    return f"{article}, {python_ms:.1f} ms with its program here, and {ours_ms:.1f} ms in C{tls}."


def remainder(python_ms, ours_ms, read_authorities_ms):
    """The part of the article's overhead per page that neither its program nor reading the CAs explains."""
    if not (python_ms >= 0 and ours_ms >= 0 and read_authorities_ms > 0):
        return ""
    rest_ms = ARTICLE_PAGE_MS - python_ms - read_authorities_ms
    cas = (
        "With a real site the program does one thing more: it reads the CAs of the system for each page,"
        f" since each page has its own session. That takes {read_authorities_ms:.1f} ms on this machine;"
        " here it trusts one CA."
    )
    if rest_ms <= 0:
        return cas + " Together that is more than in the article, so this run says nothing of the rest."
    return cas + (
        f" About {rest_ms:.0f} ms remain. They were not measured; what is left is the network and the site"
        " itself: round trips for TCP, for TLS and for the request. Here both ends are on one machine."
    )


def one_after_another(recorded, others, read_authorities_ms):
    python_ms = figure(recorded, "requests-sequential", page_overhead_ms)
    ours_ms = figure(recorded, "sequential", page_overhead_ms)
    tls_ms = figure(recorded, "sequential", handshake_ms)
    busy = [figure(recorded, name, busy_percent) for name in ("sequential", "requests-sequential")]
    beside = used = ""
    if at_the_same_time(spans_s(recorded)):
        meanwhile = run_meanwhile(recorded, others)
        experiments = "experiment" if meanwhile == 1 else "experiments"
        more = f", while {in_words(meanwhile)} other {experiments} of this page ran" if meanwhile else ""
        beside = f"Both ran at the same time, each with its own origin{more}."
    if all(isfinite(percent) for percent in busy):
        used = f"The busier of the two used {max(busy):.2f} % of a CPU."
    return paragraphs(
        comparison(recorded, "sequential", "requests-sequential", ONE_AFTER_ANOTHER_S),
        fill(per_page(python_ms, ours_ms, tls_ms), remainder(python_ms, ours_ms, read_authorities_ms)),
        fill(beside, used, answered_late(recorded)),
        measured_by(recorded),
    )


def times_the_delay(recorded, strategies, delay_s, of_row=cost_s):
    return [figure(recorded, name, of_row) / delay_s for name in strategies]


def the_mistake(recorded, delay_s):
    both = ("coroutine-blocking", "requests-in-async")
    factors = times_the_delay(recorded, both, delay_s)
    peak = max((origin_peak(row) for name in both for row in valid_rows(recorded, name)), default=nan)
    if not all(isfinite(factor) for factor in factors):
        time = f"Here: {NOT_MEASURED}."
    elif all(10 <= factor < 11 for factor in factors):
        time = "Ten times the delay again, in either language."
    else:
        time = f"{factors[0]:.1f} times the delay in C and {factors[1]:.1f} times in Python."
    if peak == 1:
        why = (
            "The origin never had more than 1 request at a time: a coroutine that blocks instead of awaiting"
            " holds up all others."
        )
    else:
        why = f"The origin had up to {peak:.0f} requests at a time." if isfinite(peak) else ""
    table_text = comparison(recorded, "coroutine-blocking", "requests-in-async", THE_MISTAKE_S)
    return paragraphs(table_text, fill(time, why, answered_late(recorded)), measured_by(recorded))


def done_right(recorded, delay_s):
    both = ("aiohttp-session-each", "coroutine")
    python_ms, ours_ms = (figure(recorded, name, overhead_ms) for name in both)
    article_ms = (DONE_RIGHT_S - DELAY_S) * 1e3
    peaks = [figure(recorded, name, origin_peak) for name in both]
    at_once = missing = ""
    if not have_rounds(recorded, both):
        at_once = NOT_ENOUGH
    elif peaks == [10, 10] and all(f < 2 for f in times_the_delay(recorded, both, delay_s)):
        at_once = "All ten leave at once, and take the time of one."
    above = f"Above the delay are {article_ms:.0f} ms in the article. Here: {NOT_MEASURED}."
    if python_ms >= 0 and ours_ms >= 0:
        above = (
            f"Above the delay are {article_ms:.0f} ms in the article, {python_ms:.0f} ms with its program here"
            f" and {ours_ms:.0f} ms in C."
        )
        if have_rounds(recorded, both) and max(python_ms, ours_ms) < article_ms / 4:
            missing = (
                "The second that is missing here was spent on the network or at the site; it is not a cost of"
                " coroutines."
            )
    table_text = comparison(recorded, "coroutine", "aiohttp-session-each", DONE_RIGHT_S)
    return paragraphs(table_text, fill(at_once, above, missing, answered_late(recorded)))


THREADS_AND_PROCESSES = ("thread-pool", "process-pool", "requests-threads", "requests-processes")


def ratio(recorded, strategies, of_row):
    """The largest figure of some strategies over the smallest; nan if one is missing."""
    figures = [figure(recorded, name, of_row) for name in strategies]
    return max(figures) / min(figures) if all(value > 0 for value in figures) else nan


def what_differs(recorded, strategies):
    """By which factors run time, CPU time and memory differ."""
    if not have_rounds(recorded, strategies):
        return NOT_ENOUGH
    time, cpu, memory = (ratio(recorded, strategies, f) for f in (run_s, cpu_ms, memory_mib))
    if not all(isfinite(value) for value in (time, cpu, memory)):
        return ""
    factors = (
        f"From the lowest figure to the highest, run time differs by a factor of {time:.2f}, CPU time by"
        f" {cpu:.1f} and memory by {memory:.1f}"
    )
    shows_there = time < 1.5 and min(cpu, memory) > 2
    return factors + (": the choice matters more for CPU and memory than for the time." if shows_there else ".")


def a_hundred_at_once(recorded, delay_s):
    lines = []
    strategies = {row["strategy"] for row in recorded}

    def by_time(name):
        time = figure(recorded, name, run_s)
        return (time if isfinite(time) else inf, name)

    for strategy in sorted(strategies, key=by_time):
        figures = [
            shown(figure(recorded, strategy, run_s), 3),
            shown(figure(recorded, strategy, run_overhead_ms), 0),
            shown(figure(recorded, strategy, cpu_ms), 2),
            shown(figure(recorded, strategy, memory_mib), 0),
        ]
        lines.append((f"`{strategy}`", *figures))
    head = ("", "run time s (setup excluded)", "overhead ms", "CPU ms per page", "memory MiB")
    at_once = ""
    factors = times_the_delay(recorded, THREADS_AND_PROCESSES, delay_s, run_s)
    if have_rounds(recorded, THREADS_AND_PROCESSES) and all(factor < 100 / 2 for factor in factors):
        at_once = (
            f"Threads and processes fetch many pages at once, too: a hundred pages take at most {max(factors):.2f}"
            " times the delay. The article mentions both, looks for something better, and measures neither."
        )
    if not lines:
        return f"{NOT_MEASURED.capitalize()}."
    differs = what_differs(recorded, sorted(strategies))
    return paragraphs(table(head, lines), fill(at_once, differs, answered_late(recorded)))


SWEPT = ("aiohttp-session-each", "coroutine")


def growth(recorded, level):
    """How many times as long as one request `level` requests take, by each program."""
    return [figure(recorded, name, cost_s, level) / figure(recorded, name, cost_s, 1) for name in SWEPT]


def curve(recorded):
    """Whether many requests take little longer than one, and whether that ends."""
    if not all(have_rounds(recorded, SWEPT, level) for level in (1, 10, 500)):
        return NOT_ENOUGH
    few, many = growth(recorded, 10), growth(recorded, 500)
    if not all(isfinite(factor) for factor in few + many):
        return ""
    if max(few) >= 1.5:
        return (
            f"The article's conclusion does not show here: ten requests take {few[0]:.2f} times as long as one"
            f" with its program, and {few[1]:.2f} times in C."
        )
    holds = "The article's conclusion holds: many requests take little longer than one"
    return holds + (", until making them is work." if min(many) > 2 else ".")


def work_at_500(recorded):
    """How much of the time at the highest level is CPU time."""
    python_s, client_s = (figure(recorded, name, cpu_s, 500) for name in SWEPT)
    origin_s = figure(recorded, "coroutine", origin_cpu_s, 500)
    if not (have_rounds(recorded, SWEPT, 500) and python_s > 0 and client_s > 0 and origin_s > 0):
        return ""
    costs = [figure(recorded, name, cost_s, 500) for name in SWEPT]
    mostly = python_s > costs[0] / 2 and client_s > costs[1] / 2
    return (
        f"At level 500 the client needs {client_s:.2f} s of CPU time in C and {python_s:.2f} s in Python"
        + (", most of the cost time" if mostly else "")
        + f", and the origin {origin_s:.2f} s beside it: each page is a TLS handshake at both ends. One thread"
        " cannot be faster than its own CPU time; without TLS it needs much less ([peers.md](peers.md))."
    )


def levels_not_held(recorded, strategy):
    """The levels at which rows have the note level-not-held, with the number of rounds unless all have it."""
    levels = []
    for level in SWEEP_S:
        rows = valid_rows(recorded, strategy, level)
        count = sum(has_note(row, "level-not-held") for row in rows)
        if count:
            levels.append(f"{level}" if count == len(rows) else f"{level} (in {count} of {len(rows)} rounds)")
    return levels


def not_held(recorded):
    """Where fewer requests than the level were at the origin at a time."""
    python, ours = (levels_not_held(recorded, name) for name in SWEPT)
    parts = [f"with {name} at {listed(levels)}" for name, levels in (("C", ours), ("Python", python)) if levels]
    if not parts:
        return ""
    text = (
        "In some rows (note `level-not-held`) the first response was due before the last request arrived:"
        f" {'; '.join(parts)}."
    )
    if "500" in python and "500" in ours:
        peaks = [max(figures_of(recorded, name, origin_peak, 500), default=nan) for name in SWEPT]
        if all(isfinite(peak) for peak in peaks):
            text += (
                f" At level 500 the origin had at most {peaks[1]:.0f} requests at a time with C and"
                f" {peaks[0]:.0f} with Python."
            )
    return text


def slower_in_c(recorded):
    """The levels at which each round in C took longer than any of its program."""
    parts = []
    for level in SWEEP_S:
        python, ours = (figures_of(recorded, name, cost_s, level) for name in SWEPT)
        if min(len(python), len(ours)) >= MIN_ROUNDS and min(ours) > max(python):
            parts.append(
                f"at level {level} ({min(ours):.3f} to {max(ours):.3f} s against"
                f" {min(python):.3f} to {max(python):.3f} s)"
            )
    return f"C was slower than Python in each round {listed(parts)}." if parts else ""


def sweep(recorded):
    lines = []
    for level, article_s in SWEEP_S.items():
        costs = [shown(figure(recorded, name, cost_s, level), 3) for name in SWEPT]
        cpus = [shown(figure(recorded, name, cpu_ms, level), 2) for name in SWEPT]
        lines.append((str(level), f"{article_s:.3f}", *costs, *cpus))
    head = ("level", "the article", "its program here", "`bench`")
    cpu_head = ("its program, CPU ms per page", "`bench`, CPU ms per page")
    article = (
        "The article's curve includes the network, and was measured once: its level 15 is faster than its level"
        " 10, and its 75 than its 50."
    )
    text = fill(curve(recorded), work_at_500(recorded))
    noted = fill(not_held(recorded), slower_in_c(recorded), answered_late(recorded))
    return paragraphs(table((*head, *cpu_head), lines), text, noted, fill(article))


# -- the page ------------------------------------------------------------------------------------


def rounds_of(recorded):
    """Says of how many rounds the figures are the median."""
    rounds = len({row["round"] for row in recorded if row["status"] == "valid"})
    return {0: NOT_MEASURED, 1: "one round"}.get(rounds, f"median of {rounds} rounds")


def write(every, recorded, delay, read_authorities_ms, where):
    """The page. `every` has the command and `recorded` the rows of each experiment; `where` names the
    directory of the rows, `delay` is that of the first four experiments."""
    delay_s = {"5s": 5.0, "500ms": 0.5}[delay]
    all_rows = [row for its_rows in recorded.values() for row in its_rows]
    valid = sum(row["status"] == "valid" for row in all_rows)
    others = [its_rows for name, its_rows in recorded.items() if name != "one-after-another"]
    is_quick = delay_s != DELAY_S
    site = f"a delay of {delay}" if is_quick else "the article's delay"
    quick = f"\nA quick look: the delay is {delay} here, and 5 s in the article.\n" if is_quick else ""
    about = fill(
        "Each experiment of the article with three figures: the article's own, that of its Python program"
        " measured here, and that of `bench`. `bench` runs both, with the same"
        " checks ([peers.md](peers.md)). The clock of the program starts when interpreter and libraries are"
        f" loaded. The site is the embedded origin with {site}, over TLS with a certificate that is"
        " verified, and with a new connection for each page. `scripts/article` measures all of it again in"
        " ten minutes. The command of each experiment stands below its table; the rows,"
        f" {valid} of {len(all_rows)} valid, are in `{where}/`."
    )
    return f"""\
# The article, repeated

[简体中文](article.zh-CN.md)

<!-- Written by scripts/article from {where}/. -->

{about}
{quick}
## One after another: 100 pages

{one_after_another(recorded["one-after-another"], others, read_authorities_ms)}

```
{every["one-after-another"]}
```

## The mistake: ten coroutines that block

{the_mistake(recorded["the-mistake"], delay_s)}

```
{every["the-mistake"]}
```

## Done right: ten coroutines that await

{done_right(recorded["done-right"], delay_s)}

```
{every["done-right"]}
```

## Mentioned by the article: a hundred pages by threads, processes and a loop

{a_hundred_at_once(recorded["a-hundred-at-once"], delay_s)}

```
{every["a-hundred-at-once"]}
```

## How far does it go?

The fast site answered in about 57 ms. Cost time in s, {rounds_of(recorded["sweep"])}:

{sweep(recorded["sweep"])}

```
{every["sweep"]}
```
"""

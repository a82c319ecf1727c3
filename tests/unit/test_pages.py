#!/usr/bin/python3
"""test_pages.py - the generators of documents print a sentence only if the figures support it.

Rows are made here: a page whose sentences they all support, and pages in which they do not.
"""
import sys
import unittest
from math import nan
from pathlib import Path

sys.dont_write_bytecode = True
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))
import article_page
import headline_table
import scaling_tables

# -- the article ---------------------------------------------------------------------------------


def row(strategy, level, number, cost_s, delay_s=5.0, in_flight=None, run="170000Z-0001", **more):
    """A valid row as the CSV reader gives it; `run` is the time of day and the digits of its run id."""
    ideal_s = delay_s * level / (in_flight or level)
    figures = {
        "cost_s": cost_s,
        "ideal_s": ideal_s,
        "overhead_s": cost_s - ideal_s,
        "run_s": cost_s,
        "run_overhead_s": cost_s - ideal_s,
        "user_s": 0.001 * level,
        "system_s": 0.0,
        "peak_pss_bytes": 20 * 2**20,
        "origin_inflight_peak": in_flight or level,
        "origin_cpu_s": 0.1,
        "tls_p50_us": 1500,
        **more,
    }
    texts = {name: "" if value is None else str(value) for name, value in figures.items()}
    fixed = {"strategy": strategy, "level": str(level), "requests": str(level), "round": str(number)}
    return {**fixed, "run_id": f"20261126T{run}", "status": "valid", "reason": "", "notes": "", **texts}


def three(strategy, level, cost_s, **more):
    return [row(strategy, level, number, cost_s, **more) for number in (1, 2, 3)]


def sweep(at_10=0.065, at_500=0.5, rounds=3):
    costs = {level: at_10 if level > 1 else 0.06 for level in article_page.SWEEP_S}
    costs[500] = at_500
    return [
        row(name, level, number, cost, delay_s=0.057)
        for name in article_page.SWEPT
        for level, cost in costs.items()
        for number in range(1, rounds + 1)
    ]


def supported():
    """Rows of all experiments that support every sentence."""
    hundred = [("event-loop", 5.1), ("thread-pool", 5.11), ("process-pool", 5.2)]
    hundred += [("requests-threads", 5.2), ("requests-processes", 6.2)]
    return {
        "one-after-another": [
            row("sequential", 100, 1, 500.3, in_flight=1, run="165300Z-0001"),
            row("requests-sequential", 100, 1, 500.7, in_flight=1, run="165301Z-0002"),
        ],
        "the-mistake": [
            row("coroutine-blocking", 10, 1, 50.05, in_flight=1, run="165301Z-0003"),
            row("requests-in-async", 10, 1, 50.2, in_flight=1, run="165301Z-0004"),
        ],
        "done-right": three("coroutine", 10, 5.02) + three("aiohttp-session-each", 10, 5.03),
        "a-hundred-at-once": [
            one
            for at, (name, cost) in enumerate(hundred, 1)
            for one in three(name, 100, cost, user_s=0.1 * at, peak_pss_bytes=at * 2**24)
        ],
        # After the long ones.
        "sweep": [{**each, "run_id": "20261126T171000Z-0005"} for each in sweep()],
    }


SENTENCES = {
    "one-after-another": [
        "7.0 ms with its program here, and 3.0 ms in C, of which the TLS handshake is 1.5 ms.",
        "That takes 16.0 ms on this machine",
        "About 113 ms remain.",
        "Both ran at the same time, each with its own origin",
        "The busier of the two used 0.02 % of a CPU.",
    ],
    "the-mistake": ["Ten times the delay again", "never had more than 1 request at a time"],
    "done-right": [
        "All ten leave at once",
        "30 ms with its program here and 20 ms in C.",
        "The second that is missing here",
    ],
    "a-hundred-at-once": [
        "Threads and processes fetch many pages at once, too: a hundred pages take at most 1.24 times the delay.",
        "run time differs by a factor of 1.22, CPU time by 5.0 and memory by 5.0: the choice matters",
    ],
    "sweep": [
        "Cost time in s, median of 3 rounds:",
        "The article's conclusion holds: many requests take little longer than one, until making them is work.",
        "At level 500 the client needs 0.50 s of CPU time in C and 0.50 s in Python, most of the cost time",
    ],
}


def page(recorded, delay="5s", read_authorities_ms=16.0):
    every = {name: "command" for name in recorded}
    text = article_page.write(every, recorded, delay, read_authorities_ms, "results/made-up")
    return " ".join(text.split())


class Article(unittest.TestCase):
    def expect(self, text, *, has=(), lacks=()):
        for sentence in has:
            self.assertIn(sentence, text)
        for sentence in lacks:
            self.assertNotIn(sentence, text)
        # No figure is nan, infinite or below zero in any page.
        self.assertNotRegex(text, r"\bnan\b|\binf\b|(?<![\w-])-\d")

    def test_every_sentence_that_is_supported(self):
        self.expect(
            page(supported()),
            has=[sentence for each in SENTENCES.values() for sentence in each]
            + ["with the article's delay", "in `results/made-up/`", "91 of 91 valid"],
            lacks=["not measured.", "Not enough rounds", "A quick look"],
        )

    def test_no_rows(self):
        recorded = {name: [] for name in supported()}
        text = page(recorded, read_authorities_ms=nan)
        self.expect(
            text,
            has=["0 of 0 valid", "Here: not measured.", "Not enough rounds", "Cost time in s, not measured:"],
            lacks=[sentence for each in SENTENCES.values() for sentence in each],
        )
        # One experiment that is missing takes no sentence of another away.
        for missing, sentences in SENTENCES.items():
            others = [s for name, each in SENTENCES.items() if name != missing for s in each]
            self.expect(page({**supported(), missing: []}), has=others, lacks=sentences)

    def test_rows_that_are_not_valid_or_have_no_figures(self):
        for change in ({"status": "failed"}, {"cost_s": "", "run_s": "", "overhead_s": "", "user_s": ""}):
            recorded = {
                name: [{**each, **change} for each in rows] for name, rows in supported().items()
            }
            self.expect(
                page(recorded),
                has=["not measured"],
                lacks=["About 113", "Ten times", "All ten", "many pages at once", "conclusion", "needs 0."],
            )

    def test_one_round(self):
        """The long experiments have one; the others say that it is not enough."""
        recorded = {
            name: [each for each in rows if each["round"] == "1"] for name, rows in supported().items()
        }
        compared = [s for name in ("a-hundred-at-once", "sweep") for s in SENTENCES[name]]
        text = page(recorded)
        self.expect(
            text,
            has=[*SENTENCES["one-after-another"], *SENTENCES["the-mistake"], "Cost time in s, one round:"],
            lacks=[*compared, "All ten leave at once", "The second that is missing"],
        )
        self.assertEqual(text.count("Not enough rounds to compare them."), 3)

    def test_overheads_that_explain_too_much(self):
        """On a busy machine its program takes longer than the article's."""
        recorded = supported()
        recorded["one-after-another"][1] = row("requests-sequential", 100, 1, 520.0, in_flight=1)
        self.expect(
            page(recorded),
            has=["200.0 ms with its program here", "this run says nothing of the rest"],
            lacks=["remain"],
        )
        self.expect(page(supported(), read_authorities_ms=nan), lacks=["reads the CAs", "remain"])
        # A handshake that is longer than the whole, or that was not measured.
        for tls_us in (9000, None):
            recorded = supported()
            recorded["one-after-another"][0] = row(
                "sequential", 100, 1, 500.3, in_flight=1, tls_p50_us=tls_us
            )
            self.expect(page(recorded), has=["and 3.0 ms in C."], lacks=["TLS handshake is"])

    def test_a_negative_overhead(self):
        recorded = supported()
        recorded["one-after-another"][0] = row("sequential", 100, 1, 499.0, in_flight=1)
        recorded["done-right"][:3] = three("coroutine", 10, 4.9)
        self.expect(
            page(recorded),
            has=["in the article. Here: not measured."],
            lacks=["ms in C", "remain.", "The second that is missing"],
        )

    def test_a_mistake_that_was_none(self):
        recorded = supported()
        recorded["the-mistake"][0] = row("coroutine-blocking", 10, 1, 25.0, in_flight=2)
        self.expect(
            page(recorded),
            has=["5.0 times the delay in C and 10.0 times in Python.", "had up to 2 requests at a time."],
            lacks=SENTENCES["the-mistake"],
        )

    def test_ten_that_did_not_leave_at_once(self):
        for cost_s, peak in ((12.0, 10), (5.02, 5)):
            recorded = supported()
            recorded["done-right"][:3] = three("coroutine", 10, cost_s, origin_inflight_peak=peak)
            self.expect(page(recorded), lacks=["All ten leave at once"])
        recorded["done-right"][:3] = three("coroutine", 10, 6.0)
        self.expect(page(recorded), has=["1000 ms in C."], lacks=["The second that is missing"])

    def test_sweeps_at_the_same_time(self):
        """A command that was run once per strategy says so, and what ran meanwhile is counted by run ids."""
        both = "Measured in two sweeps at the same time, one per strategy:"
        text = page(supported())
        self.assertEqual(text.count(both), 2)
        self.expect(text, has=["while three other experiments of this page ran. The busier"])
        recorded = supported()
        for name in ("done-right", "a-hundred-at-once"):
            for each in recorded[name]:
                each["run_id"] = "20261126T171000Z-0006"
        self.expect(page(recorded), has=["while one other experiment of this page ran."])
        for each in recorded["the-mistake"]:
            each["run_id"] = "20261126T172000Z-0007"
        text = page(recorded)
        self.expect(text, has=["each with its own origin. The busier"], lacks=["while one", "while no"])
        self.assertEqual(text.count(both), 1)
        recorded["one-after-another"][1]["run_id"] = "20261126T180000Z-0008"
        self.expect(
            page(recorded),
            has=["Measured in two sweeps, one per strategy:", "The busier of the two used"],
            lacks=["Both ran at the same time", both],
        )
        for run_id in ("", "made up", None):
            recorded = {name: [{**each, "run_id": run_id} for each in rows] for name, rows in supported().items()}
            self.expect(page(recorded), lacks=["at the same time, each", "Measured in"])

    def test_an_origin_that_was_late(self):
        recorded = supported()
        self.expect(page(recorded), lacks=["origin-late"])
        recorded["the-mistake"][0]["notes"] = "origin-late"
        self.expect(
            page(recorded),
            has=["One row of `coroutine-blocking` carries the note `origin-late`:", "so its overhead is an upper"],
        )
        recorded["the-mistake"][1]["notes"] = "reference origin-late"
        self.expect(
            page(recorded),
            has=["Rows of `coroutine-blocking` and `requests-in-async` carry the note", "so their overhead"],
        )
        for each in recorded["the-mistake"]:
            each["status"] = "failed"
        self.expect(page(recorded), lacks=["origin-late"])

    def test_levels_that_were_not_held(self):
        recorded = supported()
        self.expect(page(recorded), lacks=["level-not-held"])
        ours = [each for each in recorded["sweep"] if each["strategy"] == "coroutine"]
        for each in ours:
            if each["level"] == "200" or (each["level"] == "100" and each["round"] != "2"):
                each["notes"] = "level-not-held"
        self.expect(
            page(recorded),
            has=["the last request arrived: with C at 100 (in 2 of 3 rounds) and 200."],
            lacks=["with Python at", "the origin had at most"],
        )
        for each in recorded["sweep"]:
            if each["level"] == "500":
                peak = 120 if each["strategy"] == "coroutine" else 310
                each.update(notes="level-not-held", origin_inflight_peak=str(peak - int(each["round"])))
        self.expect(
            page(recorded),
            has=[
                "with C at 100 (in 2 of 3 rounds), 200 and 500; with Python at 500.",
                "At level 500 the origin had at most 119 requests at a time with C and 309 with Python.",
            ],
        )
        for each in recorded["sweep"]:
            each["origin_inflight_peak"] = ""
        self.expect(page(recorded), lacks=["the origin had at most"])

    def test_levels_at_which_c_is_slower(self):
        recorded = supported()
        self.expect(page(recorded), lacks=["C was slower"])
        ours = [each for each in recorded["sweep"] if each["strategy"] == "coroutine"]
        for each in ours:
            if each["level"] == "75":
                each["cost_s"] = f"0.{each['round']}"
        self.expect(
            page(recorded),
            has=["C was slower than Python in each round at level 75 (0.100 to 0.300 s against 0.065 to 0.065 s)."],
        )
        next(each for each in ours if each["level"] == "75")["cost_s"] = "0.06"
        self.expect(page(recorded), lacks=["C was slower"])
        for each in ours:
            if each["level"] == "75":
                each["cost_s"] = "" if each["round"] == "1" else "0.2"
        self.expect(page(recorded), lacks=["C was slower"])

    def test_a_hundred_by_the_time_without_setup(self):
        recorded = supported()
        for each in recorded["a-hundred-at-once"]:
            each.update(cost_s="9", overhead_s="4")
        self.expect(page(recorded), has=["| `process-pool` | 5.200 | 200 |"], lacks=["9.000"])

    def test_a_hundred_that_differ_in_time_only(self):
        recorded = supported()
        recorded["a-hundred-at-once"] = [
            {**each, "user_s": "0.1", "peak_pss_bytes": "1000000"}
            for each in recorded["a-hundred-at-once"]
        ]
        text = page(recorded)
        self.expect(text, has=["CPU time by 1.0 and memory by 1.0."], lacks=["the choice matters"])
        recorded = supported()
        recorded["a-hundred-at-once"][:3] = three("event-loop", 100, 1.0, delay_s=0.5)
        self.expect(page(recorded), has=["differs by a factor of 6.20"], lacks=["the choice matters"])
        recorded["a-hundred-at-once"] = supported()["a-hundred-at-once"][:3]
        self.expect(page(recorded), lacks=["many pages at once"])
        recorded["a-hundred-at-once"] = [
            {**each, "run_s": "400"} for each in supported()["a-hundred-at-once"]
        ]
        self.expect(page(recorded), lacks=["many pages at once"])

    def test_another_conclusion(self):
        def with_sweep(**changes):
            return page({**supported(), "sweep": sweep(**changes)})

        self.expect(
            with_sweep(at_10=0.3),
            has=["does not show here: ten requests take 5.00 times as long", "and 5.00 times in C."],
            lacks=["conclusion holds"],
        )
        self.expect(
            with_sweep(at_500=0.065),
            has=["many requests take little longer than one."],
            lacks=["until making them is work"],
        )
        self.expect(with_sweep(at_500=2.0), has=["in Python, and the origin"], lacks=["most of the cost"])

    def test_a_quick_look(self):
        self.expect(
            page({name: [] for name in supported()}, delay="500ms"),
            has=["A quick look: the delay is 500ms here", "with a delay of 500ms"],
            lacks=["with the article's delay"],
        )


# -- the tables of scaling -----------------------------------------------------------------------


def scaled(cpu_s, rounds=3, noise=0.0, levels=(1, 10, 100)):
    """Rows by level of a strategy whose CPU time per request is a function of the level."""
    return {
        level: [
            {
                "overhead_s": str(0.001 + 0.0001 * level),
                "user_s": str(cpu_s(level) * level * (1 + noise * number)),
                "system_s": "0",
                "peak_pss_bytes": str(2**20 * (6 + level)),
            }
            for number in range(rounds)
        ]
        for level in levels
    }


def bending(level):
    return 0.002 if level == 100 else 0.001


class Scaling(unittest.TestCase):
    def page(self, levels, other=None):
        text = scaling_tables.page({"loop": levels}, other or {}, "a CPU")
        self.assertNotRegex(text, r"\bnan\b|\binf\b")
        return text

    def test_what_is_supported(self):
        text = self.page(scaled(bending), {"loop": {100: 2}})
        self.assertIn("Measured on a CPU, medians of 3 valid rounds.", text)
        self.assertIn("* `loop`: at 100, 2.00 times the CPU time per request at 1.", text)
        self.assertIn("overhead at 100,000", text)
        self.assertIn("| `loop` | 10 s |", text)
        self.assertIn("in none of these figures: `loop` at 100 (2).", text)
        self.assertIn("* none", self.page(scaled(lambda level: 0.001)))

    def test_one_round(self):
        text = self.page(scaled(bending, rounds=1))
        self.assertIn("one valid round, which shows no spread", text)
        self.assertIn("* not enough rounds", text)
        self.assertIn("Not enough rounds or levels.", text)
        self.assertNotIn("times the CPU time", text)
        self.assertNotIn("overhead at 100,000", text)

    def test_a_bend_within_the_noise(self):
        self.assertIn("* none", self.page(scaled(bending, noise=2.0)))

    def test_figures_that_are_missing(self):
        text = self.page(scaled(lambda level: nan))
        self.assertIn("* not enough rounds", text)
        self.assertNotIn("overhead at 100,000", text)
        self.assertNotIn("overhead at 100,000", self.page(scaled(bending, levels=(1, 10))))
        # Memory that was not read; none may be predicted.
        levels = scaled(bending)
        for rows in levels.values():
            for each in rows:
                each["peak_pss_bytes"] = ""
        self.assertNotIn("GiB", self.page(levels))

    def test_a_fit_that_falls(self):
        levels = scaled(lambda level: 0.001)
        for level, rows in levels.items():
            for each in rows:
                each["overhead_s"] = str(0.01 / level)
        self.assertNotIn("overhead at 100,000", self.page(levels))
        # No CPU time at all has no best level.
        self.assertIn("* none", self.page(scaled(lambda level: 0.0)))


# -- the tables of headline ----------------------------------------------------------------------


def headline(*figures):
    lines = [f"{number}\tkept\t{name}\t{value}\n" for number, name, value in figures]
    return headline_table.read(lines)


class Headline(unittest.TestCase):
    def ratio(self, figures):
        text = headline_table.ratios_table(figures)
        self.assertNotRegex(text, r"\bnan\b|\binf\b")
        return next(line for line in text.splitlines() if "event-loop 100 rps / hey 100 rps" in line)

    def both(self, rounds):
        ours = [(number, "event-loop 100 rps", 3000 * number) for number in rounds]
        return ours + [(number, "hey 100 rps", 1000 * number) for number in rounds]

    def test_what_is_supported(self):
        self.assertIn("| 3.00 | 3.00 | 3.00 | at least 1.2 |", self.ratio(headline(*self.both([1, 2, 3]))))
        text = headline_table.figures_table(headline(*self.both([1, 2, 3])))
        self.assertIn("| kept | event-loop 100 requests/s | 3 | 6,000 | 3,000 | 9,000 |", text)

    def test_figures_of_a_round_belong_together(self):
        """Without the first round of one, the second of the other is not compared with it."""
        figures = [each for each in self.both([1, 2, 3, 4]) if each[:2] != (1, "event-loop 100 rps")]
        self.assertIn("| 3.00 | 3.00 | 3.00 |", self.ratio(headline(*figures)))

    def test_one_round(self):
        self.assertIn("not enough rounds", self.ratio(headline(*self.both([1]))))

    def test_figures_that_are_missing(self):
        ours = self.both([1, 2, 3])[:3]
        self.assertIn("not measured", self.ratio(headline(*ours)))
        bad = [(number, "hey 100 rps", value) for number, value in ((1, "nan"), (2, ""), (3, "0"))]
        self.assertIn("not measured", self.ratio(headline(*ours, *bad)))
        # A part that was left out has no line.
        self.assertEqual(headline_table.ratios_table({("rows", "x s"): {1: 1.0}}), "")


if __name__ == "__main__":
    unittest.main()

"""Visits to the cells of scripts/peers/run: those of peers and those of bench."""
import re
import shutil

import memory_probe
import rows
from origin import Origin, OwnOrigin
from visit import PYTHON_PEERS, Cell, measure, memory
from with_tools import TOOLS

PEERS = (*PYTHON_PEERS, *TOOLS)


def seconds_of(text):
    found = re.fullmatch(r"([\d.]+)(us|ms|s|)", text)
    if not found:
        raise ValueError(f"'{text}' is not a duration; write it like 50ms")
    number, unit = found.groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1, "": 1}[unit]


class Visitor:
    def __init__(self, arguments, pages_file):
        self.arguments = arguments
        self.pages_file = pages_file
        self.client_cpus, _, self.origin_cpus = (arguments.pin or "").partition(":")
        self.probed = {}

    def origin(self, delay):
        if self.arguments.url:
            return Origin(self.arguments.url)
        return OwnOrigin(self.arguments.bench, delay, self.arguments.tls, self.origin_cpus)

    def of_bench(self, strategy, level, requests):
        """A strategy of bench, which starts an origin for each visit."""
        options = ["--strategy", strategy, "--levels", str(level), "--requests", str(requests)]
        options += ["--rounds", "1", "--once-above", "off"]
        if self.arguments.url:
            options += ["--url", self.arguments.url.rstrip("/") + "/detail/{1..100}"]
        else:
            options += ["--delay", self.arguments.delay]
        options += ["--pin", self.arguments.pin] if self.arguments.pin else []
        options += ["--tls"] if self.arguments.tls else []
        return rows.of_bench(self.arguments.bench, options)[0]

    def of_peer(self, strategy, level, requests):
        cell = Cell(strategy, level, requests, self.pages_file)
        delay_s = None if self.arguments.url else seconds_of(self.arguments.delay)
        with self.origin(self.arguments.delay) as origin:
            row = measure(cell, origin, delay_s, self.client_cpus)
        row.update(self.memory_probe(cell))
        row.update(self.conditions())
        return row

    def conditions(self):
        """The columns of bench for the conditions of a row: all rows of a table agree in them."""
        known = {"policy": "fresh"}
        if self.arguments.url:
            known["target"] = self.arguments.url.rstrip("/") + "/detail/{1..100}"
        else:
            known.update(delay_s=seconds_of(self.arguments.delay), body="plain")
        return {**known, "tls_sessions": "off"} if self.arguments.tls else known

    def memory_probe(self, cell):
        """Memory, read once per cell."""
        if self.arguments.url or not self.arguments.memory_probe:
            return {}
        key = (cell.strategy, cell.level)
        if key not in self.probed:
            with self.origin(memory_probe.DELAY) as origin:
                self.probed[key] = memory(cell, origin)
        return self.probed[key]

    def visit(self, cell):
        strategy, level = cell
        requests = self.arguments.requests or level
        reason = self.impossible(strategy, level)
        if reason:
            cell = {"variant": "default", "inflight_limit": level}
            cell.update(strategy=strategy, level=level, requests=requests, **self.conditions())
            return {**cell, "status": "infeasible", "reason": reason}
        return (self.of_peer if strategy in PEERS else self.of_bench)(strategy, level, requests)

    def impossible(self, strategy, level):
        tool = TOOLS.get(strategy)
        if not tool:
            return ""
        program = tool.command("", 1, 1, None)[0]
        if not shutil.which(program):
            return f"{program} is not installed"
        if tool.max_level and level > tool.max_level:
            return f"{program} has at most {tool.max_level} in flight"
        if self.arguments.tls and not tool.verifies:
            return f"{program} cannot verify certificates with a given CA"
        return ""

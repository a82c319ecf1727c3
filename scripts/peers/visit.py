"""One visit to one peer at one level: the fields of a row of runs.csv."""
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import memory_probe
import pages
import rows
import verdict
from with_tools import TOOLS

PROGRAM = Path(__file__).parent / "peer.py"

# Peers in Python: their module, and the most fetches that they can have in flight; None: the level.
PYTHON_PEERS = {
    "requests-sequential": ("with_requests", 1),
    "requests-threads": ("with_requests", None),
    "requests-processes": ("with_requests", None),
    "requests-in-async": ("with_requests", 1),
    "aiohttp-session-each": ("with_aiohttp", None),
    "aiohttp-one-session": ("with_aiohttp", None),
}


class Cell:
    """A peer at a level, and the file of the pages' lengths and checksums."""

    def __init__(self, strategy, level, requests, pages_file):
        self.strategy = strategy
        self.level = level
        self.requests = requests
        self.pages_file = pages_file
        _, limit = PYTHON_PEERS.get(strategy, (None, None))
        self.inflight_limit = min(requests, level, limit or level)

    def command(self, origin):
        if self.strategy in TOOLS:
            tool = TOOLS[self.strategy]
            return tool.command(origin.base_url, self.requests, self.level, origin.authority)
        module, _ = PYTHON_PEERS[self.strategy]
        command = ["/usr/bin/python3", str(PROGRAM), module, self.strategy, origin.base_url]
        command += [str(self.requests), str(self.level), str(self.pages_file)]
        return command + ([origin.authority] if origin.authority else [])

    def expected_bytes(self):
        tool = TOOLS.get(self.strategy)
        paths = tool.paths(self.requests) if tool else map(pages.path, range(self.requests))
        return sum(pages.known[path][0] for path in paths)


# -- running it ----------------------------------------------------------------------------------


def environment():
    """The user's environment without proxies."""
    kept = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    return {**kept, "no_proxy": "*", "LC_ALL": "C.UTF-8"}


def run_tool(cell, command):
    """The report of a program that is not a Python peer. CPU time is that of its whole process."""
    with tempfile.TemporaryFile("w+", **rows.TEXT) as output:
        start_s = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.DEVNULL, env=environment()
        )
        _, _, used = os.wait4(process.pid, 0)
        whole_s = time.perf_counter() - start_s
        process.returncode = 0  # it has been waited for
        output.seek(0)
        outcomes, own_s = TOOLS[cell.strategy].read(output.read(), cell.requests)
    return {
        "cost_s": whole_s if own_s is None else own_s,
        "user_s": used.ru_utime,
        "system_s": used.ru_stime,
        "peak_rss_bytes": used.ru_maxrss * 1024,
        "outcomes": outcomes,
    }


def run_python(cell, command):
    ended = subprocess.run(
        command, capture_output=True, check=False, env=environment(), **rows.TEXT
    )
    try:
        return json.loads(ended.stdout)
    except ValueError:
        sys.stderr.write(ended.stderr)
        last_line = (ended.stderr.strip().splitlines() or ["no output"])[-1]
        reason = f"the peer ended with {ended.returncode}: {last_line}"
        return {"outcomes": {"lost": cell.requests}, "reason": reason}


# -- the row -------------------------------------------------------------------------------------


def of_the_plan(cell, delay_s):
    """The fields of a row that are known before anything is fetched."""
    row = {
        "variant": "default",
        "strategy": cell.strategy,
        "level": cell.level,
        "requests": cell.requests,
        "inflight_limit": cell.inflight_limit,
    }
    if delay_s is not None:
        row["ideal_s"] = math.ceil(cell.requests / cell.inflight_limit) * delay_s
    return row


def of_the_origin(cell, seen, peak):
    """The fields of a row that the origin counted; the peak only if no other client used it."""
    row = {"connections": seen["connections"], "origin_requests": seen["requests"]}
    row.update({name: seen[name] for name in verdict.TLS_COUNTS if name in seen})
    if peak is not None:
        row["origin_inflight_peak"] = peak
        row["notes"] = "level-not-held" if peak < cell.inflight_limit else ""
    return row


def measure(cell, origin, delay_s=None, cpus=None):
    """Fetches once, and returns the fields of the row that it knows. delay_s is that of an origin
    started here; None: not known."""
    row = of_the_plan(cell, delay_s)
    confined = ["taskset", "--cpu-list", cpus] if cpus else []
    before = origin.stats()
    run = run_tool if cell.strategy in TOOLS else run_python
    report = run(cell, confined + cell.command(origin))
    after = origin.stats()
    seen = verdict.counted(before, after, origin.authority)

    outcomes = Counter(report.pop("outcomes"))
    reason = report.pop("reason", "")
    row.update(report, **{kind: outcomes[kind] for kind in pages.OUTCOMES})
    if seen:
        row.update(of_the_origin(cell, seen, None if delay_s is None else after["in_flight_peak"]))
    if row.get("cost_s"):
        row["throughput_rps"] = row["ok"] / row["cost_s"]
    if "cost_s" in row and "ideal_s" in row:
        row["overhead_s"] = row["cost_s"] - row["ideal_s"]
    row["reason"] = reason or verdict.doubt(row, seen, cell.expected_bytes())
    row["status"] = "failed" if row["reason"] else "valid"
    return row


def memory(cell, slow_origin):
    """The columns of the memory probe: a pass against an origin with a long delay."""
    return memory_probe.take(
        cell.command(slow_origin), slow_origin, cell.inflight_limit, env=environment()
    )

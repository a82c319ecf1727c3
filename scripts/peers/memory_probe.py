"""Memory of a process and all that it started, read while the level is in flight.

As the memory probe of bench: a separate pass against a slow origin, so that reading costs no time
that is measured.
"""
import os
import signal
import subprocess
import time
from pathlib import Path

DELAY = "20s"
PATIENCE_S = 2.0  # without one more request at the origin


def family(pid):
    """The process and all below it."""
    members = [pid]
    for member in members:
        for children in Path(f"/proc/{member}/task").glob("*/children"):
            members += [int(child) for child in children.read_text(encoding="ascii").split()]
    return members


def field_sum(pids, file, field):
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/{file}").read_text(encoding="ascii").splitlines():
            if line.startswith(field + ":"):
                total += int(line.split()[1])
    return total


def take(command, origin, in_flight, **options):
    """The columns of the memory probe; none if the level was not in flight in time."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **options,
    )
    try:
        if not is_in_flight(process, origin, in_flight):
            return {}
        pids = family(process.pid)
        return {
            "peak_pss_bytes": field_sum(pids, "smaps_rollup", "Pss") * 1024,
            "threads_peak": field_sum(pids, "status", "Threads"),
            "processes_peak": len(pids),
        }
    finally:
        kill_group(process)


def is_in_flight(process, origin, in_flight):
    """Waits until so many requests are at the origin, as long as they become more."""
    seen = 0
    end_s = time.monotonic() + PATIENCE_S
    while seen < in_flight and process.poll() is None and time.monotonic() < end_s:
        now = (origin.stats() or {}).get("in_flight", 0)
        if now > seen:
            seen = now
            end_s = time.monotonic() + PATIENCE_S
        time.sleep(0.02)
    return seen >= in_flight


def kill_group(process):
    """It has a session of its own, so nothing else is in the group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()

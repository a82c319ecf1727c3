"""Memory of a process and its descendants, read while the level is in flight.

Like the memory probe of bench, a separate pass against a slow origin: reading costs no measured time.
"""
import os
import signal
import subprocess
import time
from pathlib import Path

DELAY = "20s"
PATIENCE_S = 2.0  # without one more request at the origin


def family(pid):
    """The process and its descendants."""
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
    """The columns of the memory probe; empty if the level was not in flight in time."""
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
    """Waits until the origin has that many requests, as long as their number grows."""
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
    """Kills the process and its descendants: its session has no other processes."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()

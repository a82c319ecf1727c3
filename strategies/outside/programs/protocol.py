"""protocol.py - the conversation of a Python program with bench; docs/your-model.md describes it."""
import asyncio
import json
import os
import socket
import sys
import time
import zlib


def load_job():
    with open(os.environ["BENCH_JOB"], encoding="utf-8") as file:
        job = json.load(file)
    known, system = job["resolve"], socket.getaddrinfo
    if known:
        socket.getaddrinfo = lambda host, *more, **named: system(
            known.get(host, host), *more, **named
        )
    return job


def headers(job):
    """The headers of a request, as pairs; a body is compressed only if the job says so."""
    pairs = [tuple(part.strip() for part in line.split(":", 1)) for line in job["headers"]]
    return pairs + [("Accept-Encoding", "gzip" if job["gzip"] else "identity")]


# -- when -----------------------------------------------------------------------------------------


def seconds_until(moment):
    return (moment - time.monotonic_ns()) / 1e9


def due(job, number):
    """When a request may begin; without a rate at once."""
    return job["go_ns"] + job["due_ns"][number] if "due_ns" in job else 0


def stop(job):
    """When a rate is over: nothing begins then, and what is in flight is given up."""
    return job["go_ns"] + job["stop_ns"] if "stop_ns" in job else float("inf")


def begin(job, number):
    """The start of a request, when it is due: its time stamp."""
    while (wait := seconds_until(due(job, number))) > 0:
        time.sleep(wait)
    return time.monotonic_ns()


async def begin_async(job, number):
    while (wait := seconds_until(due(job, number))) > 0:
        await asyncio.sleep(wait)
    return time.monotonic_ns()


def timeout(job, start):
    """The time that a request has, in seconds."""
    return min(job["timeout_s"], (stop(job) - start) / 1e9)


# -- responses ------------------------------------------------------------------------------------


def response(number, start, status, body):
    """The line that reports a response."""
    return f"{number} {start} {time.monotonic_ns()} {status} {len(body)} {zlib.crc32(body):08x}"


def failure(number, start, text):
    """The line that reports a request that failed."""
    text = " ".join(str(text).split())[:200]
    return f"{number} {start} {time.monotonic_ns()} error {text}"


def timed_out(job, number, start):
    """The line that reports a request that had no response within timeout()."""
    if timeout(job, start) < job["timeout_s"]:
        return f"{number} {start} - unfinished"
    return failure(number, start, "timeout")


def never_begun(number):
    return f"{number} - - unfinished"


def serve(job, fetch_all):
    """Measures fetch_all(job), which returns the lines that report all requests."""
    print(f"ready {job['protocol']}", flush=True)
    go = sys.stdin.readline().split()  # go, or with a rate: go NS
    if job["protocol"] == 2:
        job["go_ns"] = int(go[1])
    lines = fetch_all(job)
    print("done", flush=True)
    print(*lines, "end", sep="\n", flush=True)

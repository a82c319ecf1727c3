"""protocol.py - the conversation of a Python program with bench; docs/your-model.md describes it."""
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


def begin():
    """The start of a request: its time stamp."""
    return time.monotonic_ns()


def response(number, start, status, body):
    """The line that reports a response."""
    return f"{number} {start} {time.monotonic_ns()} {status} {len(body)} {zlib.crc32(body):08x}"


def failure(number, start, text):
    """The line that reports a request that failed."""
    text = " ".join(str(text).split())[:200]
    return f"{number} {start} {time.monotonic_ns()} error {text}"


def serve(job, fetch_all):
    """Measures fetch_all(job), which returns the lines that report all requests."""
    print("ready 1", flush=True)
    sys.stdin.readline()  # go
    lines = fetch_all(job)
    print("done", flush=True)
    print(*lines, "end", sep="\n", flush=True)

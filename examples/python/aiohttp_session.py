#!/usr/bin/python3
"""aiohttp_session.py - fetches pages with aiohttp: one event loop, one session for all requests."""
import asyncio
import json
import os
import socket
import ssl
import sys
import time
import zlib

import aiohttp
from aiohttp.resolver import ThreadedResolver


class Resolver(ThreadedResolver):
    """Uses the addresses of the job before it asks the system."""

    def __init__(self, known):
        super().__init__()
        self.known = known

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return await super().resolve(self.known.get(host, host), port, family)


def trust(job):
    """The argument `ssl` of a request: whose certificates are accepted."""
    if job["insecure"]:
        return False
    return ssl.create_default_context(cafile=job["ca_file"])


def headers(job):
    pairs = [tuple(part.strip() for part in line.split(":", 1)) for line in job["headers"]]
    return pairs + ([("Accept-Encoding", "gzip")] if job["gzip"] else [])


def new_session(job):
    connector = aiohttp.TCPConnector(
        limit=job["level"],  # the default would be 100
        force_close=job["connections"] == "fresh",
        ssl=trust(job),
        resolver=Resolver(job["resolve"]),
    )
    return aiohttp.ClientSession(
        connector=connector,
        headers=headers(job),
        skip_auto_headers=["Accept-Encoding"],
        cookie_jar=aiohttp.DummyCookieJar(),
    )


async def fetch(session, url, seconds):
    """Returns the rest of the line of a request, after the stamps."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with session.get(url, allow_redirects=False, timeout=timeout) as response:
            body = await response.read()
            return f"{response.status} {len(body)} {zlib.crc32(body):08x}"
    except asyncio.TimeoutError:
        return "error timeout"
    except aiohttp.ClientConnectorError as error:
        return f"error connect: {error}"
    except aiohttp.ClientError as error:
        return f"error {type(error).__name__} {error}"[:300].replace("\n", " ")


async def worker(job, session, requests, lines):
    """Fetches one page after another; all workers take from the same iterator."""
    for number, url in requests:
        while (wait := job["due"][number] - time.monotonic_ns()) > 0:
            await asyncio.sleep(wait / 1e9)
        start = time.monotonic_ns()
        seconds = min(job["timeout_s"], (job["stop"] - start) / 1e9)
        result = await fetch(session, url, seconds) if seconds > 0 else ""
        if seconds < job["timeout_s"] and result in ("", "error timeout"):  # the rate is over
            lines.append(f"{number} {start if result else '-'} - unfinished")
        else:
            lines.append(f"{number} {start} {time.monotonic_ns()} {result}")


async def main():
    with open(os.environ["BENCH_JOB"], encoding="utf-8") as file:
        job = json.load(file)
    requests, lines = enumerate(job["urls"]), []
    async with new_session(job) as session:
        print("ready 2", flush=True)
        go, *zero = sys.stdin.readline().split()  # go, or with a rate: go NS
        job["due"] = [int(zero[0]) + ns for ns in job["due_ns"]] if zero else [0] * len(job["urls"])
        job["stop"] = int(zero[0]) + job["stop_ns"] if zero else float("inf")
        await asyncio.gather(*(worker(job, session, requests, lines) for _ in range(job["level"])))
        print("done", flush=True)
    print(*lines, "end", sep="\n", flush=True)


asyncio.run(main())

#!/usr/bin/python3
"""requests_threads.py - fetches pages with requests: a pool of threads, one session per thread."""
import json
import os
import socket
import sys
import threading
import time
import zlib

import requests


def new_session(job):
    session = requests.Session()
    session.trust_env = False  # no proxies
    session.verify = False if job["insecure"] else job["ca_file"] or True
    session.headers["Accept-Encoding"] = "gzip" if job["gzip"] else "identity"
    for line in job["headers"]:
        name, value = line.split(":", 1)
        session.headers[name] = value.strip()
    return session


def fetch(session, url, seconds):
    """Returns the rest of the line of a request, after the stamps."""
    try:
        # requests limits the waits for a connection and for data, not the whole request.
        response = session.get(
            url, timeout=seconds, allow_redirects=False, stream=True
        )
        response.raw.enforce_content_length = True  # else a body that ends early is no error
        body = response.content
        return f"{response.status_code} {len(body)} {zlib.crc32(body):08x}"
    except requests.Timeout:
        return "error timeout"
    except requests.ConnectionError as error:
        refused = "NewConnectionError" in str(error) or isinstance(error, requests.exceptions.SSLError)
        return f"error {'connect: ' if refused else ''}{error}"[:300].replace("\n", " ")
    except requests.RequestException as error:
        return f"error {type(error).__name__} {error}"[:300].replace("\n", " ")


def worker(job, numbers, lock, lines, begin):
    session = new_session(job)
    begin.wait()
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        while (wait := job["due"][number] - time.monotonic_ns()) > 0:
            time.sleep(wait / 1e9)
        start = time.monotonic_ns()
        seconds = min(job["timeout_s"], (job["stop"] - start) / 1e9)
        result = fetch(session, job["urls"][number], seconds) if seconds > 0 else ""
        if seconds < job["timeout_s"] and result in ("", "error timeout"):  # the rate is over
            lines.append(f"{number} {start if result else '-'} - unfinished")
        else:
            lines.append(f"{number} {start} {time.monotonic_ns()} {result}")
        if job["connections"] == "fresh":
            session.close()  # its connections; it makes new ones when it is used again


def main():
    with open(os.environ["BENCH_JOB"], encoding="utf-8") as file:
        job = json.load(file)
    if job["insecure"]:
        requests.packages.urllib3.disable_warnings()
    system = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *how: system(job["resolve"].get(host, host), *how)
    numbers, lock, lines = iter(range(len(job["urls"]))), threading.Lock(), []
    begin = threading.Event()
    threads = [
        threading.Thread(target=worker, args=(job, numbers, lock, lines, begin))
        for _ in range(job["level"])
    ]
    for thread in threads:
        thread.start()
    print("ready 2", flush=True)
    go, *zero = sys.stdin.readline().split()  # go, or with a rate: go NS
    job["due"] = [int(zero[0]) + ns for ns in job["due_ns"]] if zero else [0] * len(job["urls"])
    job["stop"] = int(zero[0]) + job["stop_ns"] if zero else float("inf")
    begin.set()
    for thread in threads:
        thread.join()
    print("done", flush=True)
    print(*lines, "end", sep="\n", flush=True)


main()

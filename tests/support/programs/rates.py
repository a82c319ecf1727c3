#!/usr/bin/env python3
"""A program that holds a rate, or does one thing wrong with it, named by its first argument."""
import http.client
import json
import os
import re
import sys
import threading
import time
import urllib.parse
import zlib

fault = sys.argv[1] if len(sys.argv) > 1 else ""
job = json.load(open(os.environ["BENCH_JOB"], encoding="utf-8"))
urls, level = job["urls"], job["level"]
due = job.get("due_ns", [0] * len(urls))
results = [f"{index} - - unfinished" for index in range(len(urls))]
queue = iter(range(len(urls)))
lock = threading.Lock()


def sleep_until(moment):
    while (wait := moment - time.monotonic_ns()) > 0:
        time.sleep(wait / 1e9)


def fetch(url, seconds):
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=seconds)
    try:
        connection.request("GET", url.path, headers={"Connection": "close"})
        response = connection.getresponse()
        body = response.read()
        return f"{response.status} {len(body)} {zlib.crc32(body):08x}"
    except TimeoutError:
        return "error timeout"
    except (OSError, http.client.HTTPException) as error:
        return f"error {error!r}"
    finally:
        connection.close()


def work():
    while True:
        with lock:
            index = next(queue, None)
        if index is None:
            return
        if fault != "early":
            sleep_until(zero + due[index])
        start = time.monotonic_ns()
        if start >= stop:
            results[index] = f"{index} {start if index % 2 else '-'} - unfinished"
            continue
        result = fetch(urllib.parse.urlsplit(urls[index]), min(job["timeout_s"], (stop - start) / 1e9))
        end = time.monotonic_ns()
        if result == "error timeout" and end >= stop:
            results[index] = f"{index} {start} - unfinished"
        else:
            results[index] = f"{index} {start} {end} {result}"


print("ready 1" if fault == "protocol-1" else "ready 3" if fault == "protocol-3" else "ready 2", flush=True)
go = sys.stdin.readline()
zero, stop = time.monotonic_ns(), float("inf")
if job["protocol"] == 2:
    assert re.fullmatch(r"go [1-9][0-9]*\n", go) and 0 <= zero - int(go.split()[1]) < 10**10, go
    zero = int(go.split()[1])
    stop = zero + job["stop_ns"]
    assert job["due_ns"] == sorted(job["due_ns"]) and len(job["due_ns"]) == len(urls), job
else:
    assert go == "go\n" and "due_ns" not in job and "stop_ns" not in job, go
if fault == "own-zero":
    zero -= 10**9
if fault == "stays":
    time.sleep(600)
if fault == "gives-up":
    queue = iter(range(3))
threads = [threading.Thread(target=work) for _ in range(level)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if fault == "all-unfinished":
    results = [f"{index} - - unfinished" for index in range(len(urls))]
if fault == "end-of-unfinished":
    results[-1] = f"{len(urls) - 1} {zero + due[-1]} {time.monotonic_ns()} unfinished"
if fault == "future":
    sleep_until(stop)
    results[-1] = f"{len(urls) - 1} {time.monotonic_ns() + 10**12} - unfinished"
if fault == "no-stamps":
    results = [re.sub(r"^(\d+) \d+ \d+", r"\1 - -", line) for line in results]
print("done", flush=True)
if fault == "silent-unfinished":
    results = [line for line in results if not line.endswith("unfinished")]
print(*results, "end", sep="\n", flush=True)

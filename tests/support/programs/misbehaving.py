#!/usr/bin/env python3
"""A program that does one thing wrong, named by its first argument, and else fetches as it should."""
import http.client
import json
import os
import signal
import sys
import threading
import time
import urllib.parse
import zlib

fault = sys.argv[1] if len(sys.argv) > 1 else ""
job = json.load(open(os.environ["BENCH_JOB"], encoding="utf-8"))
urls, level, reuse = job["urls"], job["level"], job["connections"] == "reuse"
results = [""] * len(urls)
queue = iter(range(len(urls)))
lock = threading.Lock()


def write(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fetch(index, connection):
    """Fetches one page and returns the connection, if it is kept."""
    url = urllib.parse.urlsplit(urls[index])
    begin = time.monotonic_ns()
    connection = connection or http.client.HTTPConnection(url.hostname, url.port)
    connection.request("GET", url.path, headers={} if reuse else {"Connection": "close"})
    response = connection.getresponse()
    body = response.read()
    if not reuse:
        connection.close()
        connection = None
    end = time.monotonic_ns()
    results[index] = f"{index} {begin} {end} {response.status} {len(body)} {zlib.crc32(body):08x}"
    return connection


def work():
    connection = None
    while True:
        with lock:
            index = next(queue, None)
        if index is None:
            return
        connection = fetch(index, connection)


def children(count):
    """Leaves processes behind that have left the process group."""
    for _ in range(count):
        if not os.fork():
            os.setsid()
            for descriptor in range(3):
                os.close(descriptor)
            time.sleep(600)
            os._exit(0)


if fault == "silent":
    time.sleep(600)
if fault == "crash-first":
    os.kill(os.getpid(), signal.SIGSEGV)
if fault == "exit-first":
    sys.exit("no such module")
if fault == "chatty-first":
    write("loading ...")
if fault == "early-fetch":
    work()
if fault == "endless-first":
    while True:
        sys.stdout.write("x" * 65536)
with_ready = {
    "early-results": f"\n0 {time.monotonic_ns()} {time.monotonic_ns()} 200 1 0",
    "early-done": "\ndone",
}
write(("ready 3" if fault == "other-protocol" else "ready 1") + with_ready.get(fault, ""))
assert sys.stdin.readline() == "go\n"
if fault == "chatty":
    write("fetching ...")
if fault == "crash":
    os.kill(os.getpid(), signal.SIGABRT)
if fault == "exit":
    print("\x1b[31mgiving up\x1b[0m", file=sys.stderr)
    sys.exit(3)
if fault == "hang":
    print("waiting for nothing", file=sys.stderr, flush=True)
    time.sleep(600)
if fault in ("children", "children-exit"):
    children(500)
if fault == "children-stay":
    children(20)
    time.sleep(600)
if fault == "daemon" and not os.fork():
    os.setsid()
    if os.fork():
        os._exit(0)
    time.sleep(600)
if fault == "children-exit":
    os._exit(4)
threads = [threading.Thread(target=work) for _ in range(level * (2 if fault == "overload" else 1))]
if fault == "one-at-a-time":
    threads = threads[:1]
if fault == "half":
    queue = iter(range(len(urls) // 2))
if fault == "extra":
    queue = iter([*range(len(urls)), 0])
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
fields = [line.split() for line in results]
if fault == "future":
    fields[0][2] = str(time.monotonic_ns() + 10**12)
if fault == "wall-clock":
    fields[0][1] = str(time.time_ns())
    fields[0][2] = str(time.time_ns())
if fault == "past":
    fields[0][1] = "1"
if fault == "backward":
    fields[0][1:3] = fields[0][2:0:-1]
if fault == "bad-crc":
    fields[0][5] = "0"
if fault == "bad-length":
    fields[0][4] = "1"
if fault == "too-early":
    for field in fields:
        field[2] = str(int(field[1]) + 1000)
if fault == "no-crc":
    for field in fields:
        field[5] = "-"
if fault == "no-stamps":
    for field in fields:
        field[1] = field[2] = "-"
if fault == "errors-reversed":
    fields = [[*field[:3], "error", "page", field[0]] for field in reversed(fields)]
if fault == "nothing-known":
    for field in fields:
        field[1:] = ["-"] * 5
write("done")
if fault == "endless":
    while True:
        write("\n".join(" ".join(field) for field in fields))
if fault == "endless-line":
    while True:
        sys.stdout.write("0 1 2 ")
if fault == "slow-results":
    time.sleep(600)
for field in fields:
    if field:
        write(" ".join(field))
if fault == "twice":
    write(" ".join(fields[0]))
if fault == "zero-byte":
    write("0 \0")
if fault == "no-end":
    sys.exit(0)
write("end")
if fault == "two-ends":
    write("end")
if fault == "stays":
    time.sleep(600)
if fault == "status":
    sys.exit(5)

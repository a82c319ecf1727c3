#!/usr/bin/env python3
"""A program for bench --program: Python's threads and http.client."""
import gzip
import http.client
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse
import zlib

with open(os.environ["BENCH_JOB"], encoding="utf-8") as file:
    job = json.load(file)
urls, reuse = job["urls"], job["connections"] == "reuse"
results = [""] * len(urls)
queue = iter(range(len(urls)))
lock = threading.Lock()
trusted = ssl.create_default_context(cafile=job["ca_file"])
headers = dict(header.split(": ", 1) for header in job["headers"])
if job["gzip"]:
    headers["Accept-Encoding"] = "gzip"
if not reuse:
    headers["Connection"] = "close"


def connect(url):
    if url.scheme == "https":
        return http.client.HTTPSConnection(url.hostname, url.port, context=trusted)
    return http.client.HTTPConnection(url.hostname, url.port)


def fetch(index, connection):
    """Returns the response's part of the line, and the connection if it is kept."""
    url = urllib.parse.urlsplit(urls[index])
    connection = connection or connect(url)
    connection.timeout = job["timeout_s"]
    connection.request("GET", url.path + (url.query and "?" + url.query), headers=headers)
    response = connection.getresponse()
    body = response.read()
    if response.getheader("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if not reuse:
        connection.close()
    return f"{response.status} {len(body)} {zlib.crc32(body):08x}", connection if reuse else None


def work():
    connection = None
    while True:
        with lock:
            index = next(queue, None)
        if index is None:
            return
        begin = time.monotonic_ns()
        try:
            told, connection = fetch(index, connection)
        except Exception as error:  # each is a result
            word = "timeout" if isinstance(error, TimeoutError) else "failed"
            told, connection = f"error {word}: {error!r}", None
        results[index] = f"{index} {begin} {time.monotonic_ns()} {told}"


threads = [threading.Thread(target=work) for _ in range(min(job["level"], len(urls)))]
print("ready 1", flush=True)
sys.stdin.readline()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done", flush=True)
print(*results, "end", sep="\n", flush=True)

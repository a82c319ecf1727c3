#!/usr/bin/python3
"""stdlib_threads.py - fetches pages with http.client and threads: nothing but Python itself."""
import gzip
import http.client
import json
import os
import socket
import ssl
import sys
import threading
import time
import zlib
from urllib.parse import urlsplit


class Worker(threading.Thread):
    """Fetches one page after another; all workers take from the same iterator."""

    def __init__(self, job, trust, begin):
        super().__init__(daemon=True)
        self.job, self.trust, self.begin, self.kept = job, trust, begin, {}

    def run(self):
        self.begin.wait()
        while True:
            with self.job["lock"]:
                number = next(self.job["numbers"], None)
            if number is None:
                return
            self.job["lines"].append(self.report(number))

    def report(self, number):
        while (wait := self.job["due"][number] - time.monotonic_ns()) > 0:
            time.sleep(wait / 1e9)
        start = time.monotonic_ns()
        seconds = min(self.job["timeout_s"], (self.job["stop"] - start) / 1e9)
        result = self.fetch(urlsplit(self.job["urls"][number]), seconds) if seconds > 0 else ""
        if seconds < self.job["timeout_s"] and result in ("", "error timeout"):  # the rate is over
            return f"{number} {start if result else '-'} - unfinished"
        return f"{number} {start} {time.monotonic_ns()} {result}"

    def connection(self, url, seconds):
        """The connection of this worker to the host of the URL. Its timeout is per wait."""
        place = (url.scheme, url.netloc)
        if place not in self.kept:
            secure = url.scheme == "https"
            made = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            more = {"context": self.trust} if secure else {}
            self.kept[place] = made(url.hostname, url.port, **more)
        self.kept[place].timeout = seconds
        if self.kept[place].sock:
            self.kept[place].sock.settimeout(seconds)
        return self.kept[place]

    def fetch(self, url, seconds):
        """Returns the rest of the line of a request, after the stamps."""
        step, target = "connect: ", url.path + ("?" + url.query if url.query else "")
        connection = self.connection(url, seconds)
        try:
            if connection.sock is None:
                connection.connect()
            step = ""
            connection.putrequest("GET", target or "/", skip_host=True, skip_accept_encoding=True)
            for line in [f"Host: {url.netloc}", *self.job["headers"]]:
                connection.putheader(*(part.strip() for part in line.split(":", 1)))
            if self.job["gzip"]:
                connection.putheader("Accept-Encoding", "gzip")
            connection.endheaders()
            response = connection.getresponse()
            body = response.read()
            if response.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            result = f"{response.status} {len(body)} {zlib.crc32(body):08x}"
        except TimeoutError:
            result = "error timeout"
        except (OSError, http.client.HTTPException) as error:
            result = f"error {step}{type(error).__name__} {error}"[:300].replace("\n", " ")
        if self.job["connections"] == "fresh" or result.startswith("error"):
            connection.close()  # it connects again when it is used again
        return result


def main():
    with open(os.environ["BENCH_JOB"], encoding="utf-8") as file:
        job = json.load(file)
    system = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *how: system(job["resolve"].get(host, host), *how)
    begin = threading.Event()
    job.update(numbers=iter(range(len(job["urls"]))), lock=threading.Lock(), lines=[])
    trust = ssl.create_default_context(cafile=job["ca_file"])
    if job["insecure"]:
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    workers = [Worker(job, trust, begin) for _ in range(job["level"])]
    for worker in workers:
        worker.start()
    print("ready 2", flush=True)
    go, *zero = sys.stdin.readline().split()  # go, or with a rate: go NS
    job["due"] = [int(zero[0]) + ns for ns in job["due_ns"]] if zero else [0] * len(job["urls"])
    job["stop"] = int(zero[0]) + job["stop_ns"] if zero else float("inf")
    begin.set()
    for worker in workers:
        worker.join()
    print("done", flush=True)
    print(*job["lines"], "end", sep="\n", flush=True)


main()

#!/usr/bin/python3
"""tools.py - command-line tools that fetch N pages with L in flight: their commands and their reports.

    tools.py prepare TOOL     prints the command and its input for tool.sh
    tools.py report TOOL      reads the output of the tool, prints the lines for bench

ab, hey and h2load fetch one page again and again and keep no body: lengths and checksums are not
known. Only h2load says when a request began. wrk is not here: it runs for a time, not for a number
of pages.
"""
import re
import shlex
import shutil
import sys
import time
from urllib.parse import urlsplit

import protocol

NOT_KNOWN = "-"


class Cannot(Exception):
    """The tool cannot do this job; the text says why."""


def number_in(pattern, output):
    """The number that a pattern finds in the output of a tool; 0 if it finds none."""
    found = re.search(pattern, output)
    return int(found.group(1)) if found else 0


def options(job, name):
    """The headers of the job, as options of a tool."""
    lines = job["headers"] + (["Accept-Encoding: gzip"] if job["gzip"] else [])
    return [word for line in lines for word in (name, line)]


def whole_seconds(job):
    """The timeout: these tools take no fractions."""
    return max(1, round(job["timeout_s"]))


def is_fresh(job):
    return job["connections"] == "fresh"


def refuse_tls(job, tool):
    if job["urls"][0].startswith("https:") and not job["insecure"]:
        raise Cannot(f"{tool} does not verify certificates; --insecure lets it")


class Curl:
    """Fetches the pages of the job, and reports status and length of each."""

    MOST = 300  # in flight; more would become its default of 50

    @staticmethod
    def quoted(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    @classmethod
    def prepare(cls, job):
        command = ["curl", "--disable", "--no-progress-meter", "--parallel", "--parallel-immediate"]
        command += ["--http1.1", "--no-sessionid", "--max-time", str(job["timeout_s"])]
        command += ["--parallel-max", str(min(job["level"], cls.MOST))]
        command += ["--cacert", job["ca_file"]] if job["ca_file"] else []
        command += ["--insecure"] if job["insecure"] else []
        command += options(job, "--header")
        command += ["--header", "Connection: close"] if is_fresh(job) else []
        for host, port in {(urlsplit(url).hostname, urlsplit(url).port) for url in job["urls"]}:
            if host in job["resolve"]:
                command += ["--resolve", f"{host}:{port}:{job['resolve'][host]}"]
        command += ["--write-out", "%{urlnum} %{exitcode} %{http_code} %{size_download} %{errormsg}\\n"]
        pages = [f'url = {cls.quoted(url)}\noutput = "/dev/null"\n' for url in job["urls"]]
        return [*command, "--config", "-"], "".join(pages)

    @staticmethod
    def report(job, output):
        for line in output.splitlines():
            found = re.fullmatch(r"(\d+) (\d+) (\d+) (\d+) ?(.*)", line)
            if not found:
                continue
            number, code, status, length, message = found.groups()
            if code == "0":
                yield int(number), f"{status} {NOT_KNOWN if job['gzip'] else length} {NOT_KNOWN}"
            elif code == "28":
                yield int(number), "error timeout"
            else:
                connect = "connect: " if code in ("5", "6", "7", "35", "60") else ""
                yield int(number), f"error {connect}{message}"


def counted(counts):
    """Results of which only the number is known, for the requests in their order."""
    number = 0
    for count, result in counts:
        for _ in range(count):
            yield number, result
            number += 1


def of_status(status):
    return f"{status} {NOT_KNOWN} {NOT_KNOWN}"


class Ab:
    @staticmethod
    def prepare(job):
        refuse_tls(job, "ab")
        command = ["ab", "-q", "-r", "-s", str(whole_seconds(job))]
        command += ["-n", str(job["requests"]), "-c", str(min(job["level"], job["requests"]))]
        command += [] if is_fresh(job) else ["-k"]
        return [*command, *options(job, "-H"), job["urls"][0]], ""

    @staticmethod
    def report(_job, output):
        refused = number_in(r"Connect: (\d+), Receive", output)
        received = number_in(r"Receive: (\d+),", output)
        bad = number_in(r"Non-2xx responses: +(\d+)", output)
        good = number_in(r"Complete requests: +(\d+)", output) - refused - received - bad
        yield from counted(
            (
                (good, of_status(200)),
                (bad, of_status(500)),
                (refused, "error connect"),
                (received, "error receiving"),
            )
        )


class Hey:
    @staticmethod
    def prepare(job):
        refuse_tls(job, "hey")
        level = min(job["level"], job["requests"])
        if job["requests"] % level:
            raise Cannot(f"hey fetches a multiple of its level: {job['requests']} is none of {level}")
        command = ["hey", "-n", str(job["requests"]), "-c", str(level)]
        command += ["-t", str(whole_seconds(job)), "-disable-redirects"]
        command += ["-disable-keepalive"] if is_fresh(job) else []
        command += [] if job["gzip"] else ["-disable-compression"]
        return [*command, *options(job, "-H"), job["urls"][0]], ""

    @staticmethod
    def report(_job, output):
        counts = []
        for status, count in re.findall(r"\[(\d{3})\]\s+(\d+) responses", output):
            counts.append((int(count), of_status(status)))
        for count, message in re.findall(r"^  \[(\d+)\]\s+(\S.*)$", output, re.MULTILINE):
            if "refused" in message:
                counts.append((int(count), f"error connect: {message}"))
            elif "://" in message:
                late = "timeout" if "exceeded" in message else message
                counts.append((int(count), f"error {late}"))
        yield from counted(counts)


class H2load:
    @staticmethod
    def prepare(job):
        refuse_tls(job, "h2load")
        command = ["h2load", "--h1", "--log-file=/dev/stdout", "-n", str(job["requests"])]
        command += ["-c", str(min(job["level"], job["requests"])), "-N", f"{whole_seconds(job)}s"]
        command += ["-H", "Connection: close"] if is_fresh(job) else []
        return [*command, *options(job, "-H"), job["urls"][0]], ""

    @staticmethod
    def report(_job, output):
        # Its log has microseconds of the wall clock.
        offset_ns = time.monotonic_ns() - time.time_ns()
        number = 0
        for start, status, took in re.findall(r"^(\d{13,})\t(-?\d+)\t(\d+)$", output, re.MULTILINE):
            begin = int(start) * 1000 + offset_ns
            result = of_status(status) if int(status) > 0 else "error without a response"
            yield number, f"{begin} {begin + int(took) * 1000} {result}"
            number += 1


TOOLS = {"curl-parallel": Curl, "ab": Ab, "hey": Hey, "h2load-h1": H2load}
STAMPED = (H2load,)


def prepare(tool, job):
    command, given = tool.prepare(job)
    if not shutil.which(command[0]):
        raise Cannot(f"{command[0]} is not installed")
    print(f"input={shlex.quote(given)}; set -- {shlex.join(command)}")


def report(tool, job):
    output = sys.stdin.read()
    stamps = "" if tool in STAMPED else f"{NOT_KNOWN} {NOT_KNOWN} "
    results = dict(tool.report(job, output))
    last = (output.strip().splitlines() or [""])[-1]
    for number in range(job["requests"]):
        known = results.get(number)
        # A tool that gives up does not report the pages that it never requested.
        print(number, f"{stamps}{known}" if known else f"{NOT_KNOWN} {NOT_KNOWN} error not fetched: {last:.200}")
    print("end")


def main():
    step = {"prepare": prepare, "report": report}.get(sys.argv[1] if len(sys.argv) == 3 else "")
    if not step or sys.argv[2] not in TOOLS:
        sys.exit(f"tools.py: prepare or report, and one of {', '.join(TOOLS)}")
    try:
        step(TOOLS[sys.argv[2]], protocol.load_job())
    except Cannot as reason:
        sys.exit(str(reason))


main()

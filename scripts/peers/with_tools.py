"""Programs that can fetch N pages with L in flight: the command of each, and how to read its report.

wrk is not among them: it runs for a time, not for a number of pages, so it has no cost time.
Each class has the pages that the program fetches, its command, and a reader of its output: the
outcomes, and the time by its own stopwatch, which starts after it was loaded as that of bench
does; None if it has no stopwatch, and the whole process is timed.
"""
import re
from collections import Counter

from pages import TIMEOUT_S, known, path


def number_in(pattern, output):
    """The number that a pattern finds in a program's output; 0 if it finds none."""
    found = re.search(pattern, output)
    return float(found.group(1)) if found else 0.0


def rest_is_lost(outcomes, requests):
    """A program that gives up early does not report the pages that it never requested."""
    outcomes["lost"] += requests - sum(outcomes.values())
    return outcomes


class Curl:
    """Fetches the same pages as all others, and reports status and length of each."""

    max_level = 300  # its --parallel-max ends there
    verifies = True

    @staticmethod
    def paths(requests):
        return [path(number) for number in range(requests)]

    @staticmethod
    def command(base_url, requests, level, authority):
        command = [
            "curl",
            "--disable",
            "--silent",
            "--no-sessionid",
            "--parallel",
            "--parallel-immediate",
        ]
        command += ["--parallel-max", str(level), "--max-time", str(TIMEOUT_S)]
        command += ["--write-out", "%{url} %{http_code} %{size_download} %{exitcode}\\n"]
        if authority:
            command += ["--cacert", authority]
        for page in Curl.paths(requests):
            command += ["--output", "/dev/null", base_url + page]
        return command

    @staticmethod
    def read(output, requests):
        outcomes = Counter()
        for line in output.splitlines():
            url, status, length, exit_code = line.split()
            page = "/" + url.split("/", 3)[3]
            if exit_code != "0":
                kinds = {"7": "connect_failed", "28": "timed_out", "60": "connect_failed"}
                outcomes[kinds.get(exit_code, "io_failed")] += 1
            elif status != "200":
                outcomes["bad_status"] += 1
            else:
                outcomes["ok" if int(length) == known[page][0] else "bad_body"] += 1
        return rest_is_lost(outcomes, requests), None


class OnePage:
    """Programs that fetch one address again and again."""

    max_level = None
    verifies = False

    @staticmethod
    def paths(requests):
        return [path(0)] * requests


class Ab(OnePage):
    @staticmethod
    def command(base_url, requests, level, _authority):
        timeout = ["-s", str(int(TIMEOUT_S))]
        return [
            "ab",
            "-q",
            "-r",
            *timeout,
            "-n",
            str(requests),
            "-c",
            str(level),
            base_url + path(0),
        ]

    @staticmethod
    def read(output, requests):
        # ab counts a refused connection as a wrong length too.
        refused = int(number_in(r"Connect: (\d+), Receive", output))
        outcomes = Counter({"connect_failed": refused})
        outcomes["bad_status"] = int(number_in(r"Non-2xx responses: +(\d+)", output))
        outcomes["bad_body"] = max(0, int(number_in(r"Length: (\d+)", output)) - refused)
        complete = int(number_in(r"Complete requests: +(\d+)", output))
        outcomes["ok"] = max(0, complete - sum(outcomes.values()))
        return rest_is_lost(outcomes, requests), number_in(
            r"Time taken for tests: +([\d.]+)", output
        )


class Hey(OnePage):
    @staticmethod
    def command(base_url, requests, level, _authority):
        timeout = ["-t", str(int(TIMEOUT_S))]
        fresh = ["-disable-keepalive"]
        return ["hey", *fresh, *timeout, "-n", str(requests), "-c", str(level), base_url + path(0)]

    @staticmethod
    def read(output, requests):
        outcomes = Counter()
        for status, count in re.findall(r"\[(\d{3})\]\s+(\d+) responses", output):
            outcomes["ok" if status == "200" else "bad_status"] += int(count)
        for count, message in re.findall(r"^  \[(\d+)\]\s+(\S.*)$", output, re.MULTILINE):
            if "refused" in message:
                outcomes["connect_failed"] += int(count)
            elif "://" in message:
                outcomes["timed_out" if "exceeded" in message else "io_failed"] += int(count)
        return rest_is_lost(outcomes, requests), number_in(r"Total:\s+([\d.]+) secs", output)


class H2load(OnePage):
    @staticmethod
    def command(base_url, requests, level, _authority):
        return ["h2load", "--h1", "-n", str(requests), "-c", str(level), base_url + path(0)]

    @staticmethod
    def read(output, requests):
        good = int(number_in(r"status codes: (\d+) 2xx", output))
        bad = sum(int(count) for count in re.findall(r"(\d+) [345]xx", output))
        broken = int(number_in(r"(\d+) errored", output))
        outcomes = Counter({"ok": good, "bad_status": bad, "io_failed": max(0, broken)})
        return rest_is_lost(outcomes, requests), H2load.seconds(output)

    @staticmethod
    def seconds(output):
        for unit, seconds in (("us", 1e-6), ("ms", 1e-3), ("s", 1.0)):
            if re.search(rf"finished in [\d.]+{unit}", output):
                return number_in(rf"finished in ([\d.]+){unit}", output) * seconds
        return 0.0


TOOLS = {"curl-parallel": Curl, "ab": Ab, "hey": Hey, "h2load-h1": H2load}

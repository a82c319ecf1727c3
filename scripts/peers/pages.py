"""The pages that the origin serves, and the outcome of one request for a page.

The outcomes have the names of the columns of runs.csv.
"""
import json
import zlib
from urllib.parse import urlsplit

OUTCOMES = ("ok", "bad_status", "bad_body", "connect_failed", "timed_out", "io_failed", "lost")
COUNT = 100
TIMEOUT_S = 30.0

known = {}


def path(number):
    """The page of a request; requests are numbered from 0."""
    return f"/detail/{number % COUNT + 1}"


def load(file):
    """Reads lengths and checksums of all pages: {path: [length, CRC-32]}."""
    with open(file, encoding="utf-8") as pages:
        known.update(json.load(pages))


def describe(body):
    return [len(body), zlib.crc32(body)]


def judge(url, status, body):
    """The outcome of a complete response."""
    if status != 200:
        return "bad_status"
    return "ok" if describe(body) == known[urlsplit(url).path] else "bad_body"

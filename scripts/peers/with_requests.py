"""The article's ways of fetching with requests, which blocks.

A peer takes the URLs, the number of requests in flight, and a file with the CA to trust (None without
TLS); it returns the outcome of each request.
"""
import asyncio
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import requests
from urllib3.exceptions import NewConnectionError

from pages import TIMEOUT_S, judge


def scrape(url, authority):
    # As in the article, one session per page, and so one connection.
    try:
        response = requests.get(url, timeout=TIMEOUT_S, verify=authority)
    except requests.RequestException as error:
        return outcome_of(error)
    return judge(url, response.status_code, response.content)


def outcome_of(error):
    if isinstance(error, requests.Timeout):
        return "timed_out"
    reason = getattr(error.args[0], "reason", None) if error.args else None
    refused = isinstance(reason, NewConnectionError) or isinstance(
        error, requests.exceptions.SSLError
    )
    return "connect_failed" if refused else "io_failed"


def sequential(urls, _level, authority):
    return [scrape(url, authority) for url in urls]


def threads(urls, level, authority):
    with ThreadPoolExecutor(max_workers=level) as pool:
        return list(pool.map(partial(scrape, authority=authority), urls))


def processes(urls, level, authority):
    with ProcessPoolExecutor(max_workers=level) as pool:
        return list(pool.map(partial(scrape, authority=authority), urls))


async def scrape_in_async(url, authority):
    # The article's mistake: nothing in here awaits, so no other coroutine runs.
    return scrape(url, authority)


async def gather_in_async(urls, authority):
    return await asyncio.gather(*[scrape_in_async(url, authority) for url in urls])


def in_async(urls, _level, authority):
    return asyncio.run(gather_in_async(urls, authority))


PEERS = {
    "requests-sequential": sequential,
    "requests-threads": threads,
    "requests-processes": processes,
    "requests-in-async": in_async,
}

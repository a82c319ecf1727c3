#!/usr/bin/python3 -B
"""article.py - the article's Python programs, and the same in threads and processes.

    article.py MODEL     one of those in MODELS

As in the article, each page has its own session, and so its own connection; only
aiohttp-one-session can keep connections.
"""
import asyncio
import ssl
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import aiohttp
import requests
from urllib3.exceptions import NewConnectionError

import protocol

# -- requests, which blocks -----------------------------------------------------------------------


def scrape(job, number):
    start = protocol.begin(job, number)
    if start >= protocol.stop(job):
        return protocol.never_begun(number)
    try:
        response = requests.get(
            job["urls"][number],
            headers=dict(protocol.headers(job)),
            timeout=protocol.timeout(job, start),
            verify=False if job["insecure"] else job["ca_file"] or True,
            allow_redirects=False,
        )
    except requests.Timeout:
        return protocol.timed_out(job, number, start)
    except requests.RequestException as error:
        return protocol.failure(number, start, cause(error))
    return protocol.response(number, start, response.status_code, response.content)


def cause(error):
    reason = getattr(error.args[0], "reason", None) if error.args else None
    refused = isinstance(reason, NewConnectionError)
    refused = refused or isinstance(error, requests.exceptions.SSLError)
    return f"connect: {error}" if refused else f"{type(error).__name__} {error}"


def requests_sequential(job):
    return [scrape(job, number) for number in range(job["requests"])]


def requests_threads(job):
    with ThreadPoolExecutor(max_workers=job["level"]) as pool:
        return list(pool.map(partial(scrape, job), range(job["requests"])))


# A process has its own copy of the job: to hand over all URLs with each page would cost more than the page.
own = {}


def keep(job):
    own.update(job)


def scrape_own(number):
    return scrape(own, number)


def requests_processes(job):
    with ProcessPoolExecutor(job["level"], initializer=keep, initargs=(job,)) as pool:
        return list(pool.map(scrape_own, range(job["requests"])))


async def scrape_in_async(job, number):
    # The article's mistake: nothing in here awaits, so no other coroutine runs.
    return scrape(job, number)


async def gather_in_async(job):
    numbers = range(job["requests"])
    return await asyncio.gather(*[scrape_in_async(job, number) for number in numbers])


def requests_in_async(job):
    return asyncio.run(gather_in_async(job))


# -- aiohttp, which suspends ----------------------------------------------------------------------


async def get(session, job, number, trust):
    start = await protocol.begin_async(job, number)
    if start >= protocol.stop(job):
        return protocol.never_begun(number)
    url, more = job["urls"][number], {"ssl": trust, "allow_redirects": False}
    if "stop_ns" in job:
        more["timeout"] = aiohttp.ClientTimeout(total=protocol.timeout(job, start))
    try:
        async with session.get(url, **more) as response:
            return protocol.response(number, start, response.status, await response.read())
    except asyncio.TimeoutError:
        return protocol.timed_out(job, number, start)
    except aiohttp.ClientConnectorError as error:
        return protocol.failure(number, start, f"connect: {error}")
    except aiohttp.ClientError as error:
        return protocol.failure(number, start, f"{type(error).__name__} {error}")


def new_session(job, **more):
    timeout = aiohttp.ClientTimeout(total=job["timeout_s"])
    return aiohttp.ClientSession(timeout=timeout, headers=protocol.headers(job), **more)


def new_trust(job):
    """None: the CAs of the system, which aiohttp reads when it first connects."""
    if job["insecure"]:
        return False
    return ssl.create_default_context(cafile=job["ca_file"]) if job["ca_file"] else None


async def gather_session_each(job):
    in_flight, trust = asyncio.Semaphore(job["level"]), new_trust(job)

    async def scrape_page(number):
        # As in the article, one session per page, closed after it.
        async with in_flight, new_session(job) as session:
            return await get(session, job, number, trust)

    return await asyncio.gather(*[scrape_page(number) for number in range(job["requests"])])


async def gather_one_session(job):
    # By default a session has at most 100 connections.
    fresh = job["connections"] == "fresh"
    connector = aiohttp.TCPConnector(limit=job["level"], force_close=fresh)
    in_flight, trust = asyncio.Semaphore(job["level"]), new_trust(job)
    async with new_session(job, connector=connector) as session:

        async def scrape_page(number):
            async with in_flight:
                return await get(session, job, number, trust)

        return await asyncio.gather(*[scrape_page(number) for number in range(job["requests"])])


def aiohttp_session_each(job):
    return asyncio.run(gather_session_each(job))


def aiohttp_one_session(job):
    return asyncio.run(gather_one_session(job))


MODELS = {
    "requests-sequential": requests_sequential,
    "requests-threads": requests_threads,
    "requests-processes": requests_processes,
    "requests-in-async": requests_in_async,
    "aiohttp-session-each": aiohttp_session_each,
    "aiohttp-one-session": aiohttp_one_session,
}


def main():
    model = sys.argv[1] if len(sys.argv) == 2 else ""
    if model not in MODELS:
        sys.exit(f"article.py: models are {', '.join(MODELS)}")
    job = protocol.load_job()
    if job["connections"] != "fresh" and model != "aiohttp-one-session":
        sys.exit(f"{model} has one session per page, so it cannot keep connections")
    requests.packages.urllib3.disable_warnings()
    protocol.serve(job, MODELS[model])


main()

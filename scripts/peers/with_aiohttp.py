"""The article's way of fetching with aiohttp, which suspends; and the same with one session.

A peer has the parameters and the result of those in with_requests.py.
"""
import asyncio
import ssl

import aiohttp

from pages import TIMEOUT_S, judge

TIMEOUT = aiohttp.ClientTimeout(total=TIMEOUT_S)


async def get(session, url, trust):
    try:
        async with session.get(url, ssl=trust) as response:
            return judge(url, response.status, await response.read())
    except asyncio.TimeoutError:
        return "timed_out"
    except aiohttp.ClientConnectorError:
        return "connect_failed"
    except aiohttp.ClientError:
        return "io_failed"


async def gather_session_each(urls, level, trust):
    in_flight = asyncio.Semaphore(level)

    async def scrape(url):
        # As in the article, one session per page, closed after it.
        async with in_flight, aiohttp.ClientSession(timeout=TIMEOUT) as session:
            return await get(session, url, trust)

    return await asyncio.gather(*[scrape(url) for url in urls])


async def gather_one_session(urls, level, trust):
    # By default a session has at most 100 connections, and keeps them. Here it has as many as the level,
    # and uses each once, like all other peers.
    connector = aiohttp.TCPConnector(limit=level, force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as session:
        return await asyncio.gather(*[get(session, url, trust) for url in urls])


def trusting(authority):
    return ssl.create_default_context(cafile=authority) if authority else None


def session_each(urls, level, authority):
    return asyncio.run(gather_session_each(urls, level, trusting(authority)))


def one_session(urls, level, authority):
    return asyncio.run(gather_one_session(urls, level, trusting(authority)))


PEERS = {
    "aiohttp-session-each": session_each,
    "aiohttp-one-session": one_session,
}

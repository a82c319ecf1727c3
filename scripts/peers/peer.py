"""Runs one peer in Python once, and prints its report as a line of JSON.

    peer.py MODULE STRATEGY BASE_URL REQUESTS LEVEL PAGES [CA_FILE]

Clock and CPU time start when interpreter and libraries are loaded, as those of bench start after
exec; they stop when the peer has returned and its threads and processes are gone.
"""
import importlib
import json
import resource
import sys
import time
from collections import Counter

import pages


def cpu_times():
    """User and system time of this process and of the children that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime for u in used), sum(u.ru_stime for u in used)


def main():
    module, strategy, base_url, requests, level, known_pages = sys.argv[1:7]
    authority = sys.argv[7] if len(sys.argv) > 7 else None
    fetch_all = importlib.import_module(module).PEERS[strategy]
    pages.load(known_pages)
    urls = [base_url + pages.path(number) for number in range(int(requests))]

    user_before_s, system_before_s = cpu_times()
    start_s = time.perf_counter()
    outcomes = fetch_all(urls, int(level), authority)
    cost_s = time.perf_counter() - start_s
    user_s, system_s = cpu_times()

    report = {
        "cost_s": cost_s,
        "user_s": user_s - user_before_s,
        "system_s": system_s - system_before_s,
        "outcomes": Counter(outcomes),
    }
    # With children it is not known: the kernel reports only the largest of them.
    if not resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss:
        report["peak_rss_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(report))


main()

"""queueing.py - imported by theory_table.py: mean waits of queues with Poisson arrivals, waits from known
arrivals and service times, and the interval of a mean over batches."""
from heapq import heapreplace
from math import ceil, inf, log1p, nan, sqrt
from statistics import fmean, stdev

BATCHES = 20
STUDENT_19 = 2.093024  # the 97.5th percentile of Student's t with BATCHES - 1 degrees of freedom


def md1_wait(utilisation, service):
    """The mean wait of M/D/1: one server, constant service times (Pollaczek and Khinchine)."""
    return utilisation * service / (2 * (1 - utilisation))


def erlang_b(servers, load):
    """The probability that all servers are busy where requests are lost; `load` is in Erlangs."""
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def erlang_c(servers, load):
    """The probability that a request waits where requests queue; `load` is in Erlangs, below `servers`."""
    blocked = erlang_b(servers, load)
    return blocked / (1 - load / servers * (1 - blocked))


def mmc_wait(utilisation, service, servers):
    """The mean wait of M/M/c: several servers, exponential service times."""
    return erlang_c(servers, servers * utilisation) * service / (servers * (1 - utilisation))


def waits_of(arrivals, services, servers):
    """The wait of every request, first come, first served; `arrivals` are in ascending order."""
    free = [-inf] * servers
    waits = []
    for arrival, service in zip(arrivals, services):
        begin = max(free[0], arrival)
        heapreplace(free, begin + service)
        waits.append(begin - arrival)
    return waits


def split_mix(state):
    """The first output of SplitMix64 from this state, as in base/random."""
    mask = 2**64 - 1
    bits = (state + 0x9E3779B97F4A7C15) & mask
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & mask
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & mask
    return bits ^ (bits >> 31)


def exponential_delays(mean, seed, count):
    """The exponential delays of the origin's first requests, as in origin/delay.c."""
    by_seed = split_mix(seed)
    for i in range(count):
        bits = split_mix(split_mix((by_seed + i) % 2**64))
        yield -mean * log1p(-(bits >> 11) / 2**53)


def batch_interval(values):
    """The mean of values in the order of their arrival, and half the width of its 95 % interval. Values that
    follow each other depend on each other, means of long batches hardly do. What is left over at the end
    is not used."""
    size = len(values) // BATCHES
    means = [fmean(values[i * size : (i + 1) * size]) for i in range(BATCHES)]
    return fmean(means), STUDENT_19 * stdev(means) / sqrt(BATCHES)


def quantile(values, share):
    """The smallest value with at least the share of all values at or below it, as in analysis/statistics;
    nan if there are too few, or if it is infinite. `values` are in ascending order."""
    count = len(values)
    if not count or (share > 0.5 and count * (1 - share) < 1 - 1e-9):
        return nan
    found = values[max(ceil(count * share - 1e-9), 1) - 1]
    return nan if found == inf else found

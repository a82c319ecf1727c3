#!/usr/bin/python3
"""Writes scipy.txt: the results of SciPy for the inputs below, for tests/unit/test_stats_golden.c.

    /usr/bin/python3 tests/golden/stats/make.py >tests/golden/stats/scipy.txt

Needs python3-scipy; the tests themselves do not. With ties the p values come from
permutation_test(), which enumerates all arrangements.
"""
import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(20240607)


def vector(kind, **fields):
    print(kind)
    for name, values in fields.items():
        print(name, *(repr(float(value)) for value in np.atleast_1d(values)))
    print()


def unpaired(base, other):
    """Small samples with ties: every arrangement."""
    def u(other, base):
        return stats.rankdata(np.concatenate([other, base]))[: len(other)].sum()

    test = stats.permutation_test((other, base), u, n_resamples=np.inf)
    n = len(other)
    vector("unpaired", base=base, other=other, statistic=test.statistic - n * (n + 1) / 2,
           p=test.pvalue, exact=1)


def unpaired_by(method, base, other):
    test = stats.mannwhitneyu(other, base, method=method)
    vector("unpaired", base=base, other=other, statistic=test.statistic, p=test.pvalue,
           exact=method == "exact")


def paired(differences):
    """Small samples with ties and zeros: every choice of signs."""
    kept = differences[differences != 0]

    def positive_ranks(values):
        return stats.rankdata(abs(values))[values > 0].sum()

    test = stats.permutation_test((kept,), positive_ranks, permutation_type="samples",
                                  n_resamples=np.inf)
    vector("paired", differences=differences, statistic=test.statistic, p=test.pvalue, exact=1)


def paired_by(mode, differences):
    test = stats.wilcoxon(differences, zero_method="wilcox", correction=True, mode=mode)
    # Two-sided, SciPy gives the smaller of the two rank sums.
    ranks = stats.rankdata(abs(differences[differences != 0]))
    statistic = ranks[differences[differences != 0] > 0].sum()
    assert min(statistic, ranks.sum() - statistic) == test.statistic
    vector("paired", differences=differences, statistic=statistic, p=test.pvalue,
           exact=mode == "exact")


print(f"# Made by make.py with SciPy {scipy.__version__}, NumPy {np.__version__}.\n")
for m, n, kinds in ((2, 6, 3), (4, 4, 3), (5, 4, 3), (6, 6, 5), (9, 3, 6), (8, 7, 9)):
    unpaired(random.integers(0, kinds, m), random.integers(0, kinds, n) + 1)
for m, n in ((2, 9), (8, 8), (1, 20), (25, 40), (50, 50)):
    unpaired_by("exact", random.normal(size=m).round(4), random.normal(size=n).round(4) + 0.4)
unpaired_by("asymptotic", random.normal(size=120), random.normal(size=120) + 0.1)
unpaired_by("asymptotic", random.normal(size=20).round(1), random.normal(size=600).round(1))
for n, kinds in ((4, 2), (6, 3), (8, 3), (10, 4), (14, 6)):
    paired(random.integers(-kinds, kinds + 2, n))
for n in (3, 9, 25, 50):
    paired_by("exact", random.normal(size=n).round(5) + 0.3)
paired_by("approx", random.normal(size=700).round(1) + 0.0)
p = [1e-200, 1e-9, 0.01, 0.05, 0.4, 0.6, 0.99]
vector("quantile", p=p, z=stats.norm.ppf(p))

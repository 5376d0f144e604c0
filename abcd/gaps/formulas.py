"""The arithmetic of product.md D, and nothing else: arrays and numbers in, numbers out."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

Numbers = NDArray[np.float64]

ENOUGH = 0.8
"""Share of homes near one that counts as enough (product.md D.4, our own judgement)."""

STEPS = ((5.0, 1.0), (10.0, 0.68), (15.0, 0.22))
"""Weights of the enhanced two-step method at 5, 10 and 15 minutes on foot (product.md D.2)."""


@lru_cache(maxsize=1_000)
def byar_limits(count: int, level: float = 0.95) -> tuple[float, float]:
    """Limits of a count: Byar's from 10 up, exact (chi-square) below. Source: PHE Technical Guide, 2018."""
    tail = (1 - level) / 2
    if count < 10:
        low = float(gammaincinv(count, tail)) if count else 0.0
        return low, float(gammaincinv(count + 1, 1 - tail))
    z = NormalDist().inv_cdf(1 - tail)
    more = count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    return low, more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3


def wilson_limits(count: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's limits of the share ``count / of``. Source: PHE Technical Guide, 2018."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = count / of, z * z / of
    middle, half = share + spread / 2, z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def coverage(costs: Numbers, households: Numbers, limit: float) -> float | None:
    """Share of households whose cost is within ``limit``; None when there are none. Shapes (homes,)."""
    total = households.sum()
    return float(households[costs <= limit].sum() / total) if total else None


def weighted_median(costs: Numbers, households: Numbers) -> float | None:
    """The cost that half of the households do not exceed; None when there are none. Shapes (homes,)."""
    if not households.sum():
        return None
    order = np.argsort(costs, kind="stable")
    running = np.cumsum(households[order])
    return float(costs[order][np.searchsorted(running, running[-1] / 2)])


def shortfall(share: float | None) -> float:
    """How far coverage is from enough, 0-1: ``max(0, 1 - C / 0.8)``; 1 when nobody is covered or nothing is known."""
    return max(0.0, 1 - (share or 0.0) / ENOUGH)


def priority(confidence: float, voices: float, short: float) -> float:
    """``confidence * (0.5 * V_rank + 0.5 * shortfall)``: only for sorting a list of things to do, never published."""
    return confidence * (0.5 * voices + 0.5 * short)


def plain(minutes: Numbers, limit: float) -> Numbers:
    """Weight 1 within ``limit``, else 0: the plain two-step method."""
    return (minutes <= limit).astype(np.float64)


def stepped(minutes: Numbers, limit: float) -> Numbers:
    """Weights 1, 0.68, 0.22 up to 5, 10, 15 minutes, 0 beyond ``limit``."""
    weights = np.zeros_like(minutes)
    for up_to, weight in reversed(STEPS):
        weights[minutes <= up_to] = weight
    return np.where(minutes <= limit, weights, 0.0)


def gaussian(minutes: Numbers, limit: float) -> Numbers:
    """``exp(-t^2 / (2 sigma^2))`` with sigma half of ``limit``, 0 beyond it."""
    sigma = limit / 2
    return np.where(minutes <= limit, np.exp(-(minutes**2) / (2 * sigma**2)), 0.0)


def access_per_1000(
    minutes: Numbers,
    households: Numbers,
    supply: Numbers,
    limit: float,
    decay: Callable[[Numbers, float], Numbers] = stepped,
) -> Numbers:
    """Enhanced two-step floating catchment: supply per 1,000 households at each home (Luo & Wang; Luo & Qi).

    ``minutes`` has shape (homes, assets). A supply that reaches nobody has no ratio and adds nothing, so that
    the sum of ``households * access / 1000`` is the supply that reaches anyone.
    """
    weights = decay(minutes, limit)
    demand = households @ weights
    ratio = np.divide(supply, demand, out=np.zeros_like(demand), where=demand > 0)
    return 1000 * np.asarray(weights @ ratio)


def location_quotient(here: int, all_here: int, there: int, all_there: int) -> float | None:
    """``(here / all_here) / (there / all_there)``, above 1 where there is more than elsewhere; None without either."""
    return (here / all_here) / (there / all_there) if all_here and there else None


def diversity(counts: Sequence[int]) -> float:
    """Shannon's ``H' = -sum q ln q`` over the shares of ``counts``; 0 where all is of one kind, or there is nothing."""
    total = sum(counts)
    return -sum(n / total * log(n / total) for n in counts if n) or 0.0


def per_100(voices: int, households: int) -> float | None:
    """Voices for each 100 households (product.md D.2, 4); None without voices or households."""
    return 100 * voices / households if voices and households else None

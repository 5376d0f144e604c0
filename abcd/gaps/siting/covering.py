"""Maximal covering (Church & ReVelle 1974): which few of many sites come near most households.

Greedy and swapping give an answer at once; ``abcd.gaps.siting.proving`` says whether there is a better one. Sites come
in the order in which they are wanted: of two that reach as many, the earlier is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from abcd.gaps.formulas import Numbers

Which = NDArray[np.bool_]
Whole = NDArray[np.int64]
Rows = Any
"""A sparse matrix (sites, homes): scipy's, which has no types to speak of."""

SAME = 1e-9
"""Differences below this are of the arithmetic, not of households."""

STARTS, BETTER = 20, 0.4
"""So many first sites are tried, from this share of all."""


@dataclass(frozen=True)
class Cover:
    """``reach`` (homes, sites): whether a site is near enough to a home; ``weight`` (homes,): what each home counts."""

    reach: Which
    weight: Numbers


@dataclass(frozen=True)
class Layout:
    """``sites`` (columns of a ``Cover``) that together cover so much ``weight``.

    ``bound`` is what no choice of as many sites can exceed; ``is_proven`` that this one comes up to it.
    """

    sites: tuple[int, ...]
    weight: float
    bound: float
    is_proven: bool


def collapsed(cover: Cover) -> Cover:
    """The same problem with one row for all homes that the same sites reach, and none for homes beyond every site."""
    some = cover.reach.any(axis=1) & (cover.weight > 0)
    reach, weight = cover.reach[some], cover.weight[some]
    packed = np.ascontiguousarray(np.packbits(reach, axis=1))
    as_one = packed.view([("", packed.dtype)] * packed.shape[1]).ravel() if packed.size else np.zeros(0)
    _kinds, first, which = np.unique(as_one, return_index=True, return_inverse=True)
    return Cover(reach[first], np.bincount(which, weights=weight, minlength=len(first)).astype(np.float64))


def covered(cover: Cover, sites: Sequence[int]) -> Which:
    """Which homes at least one of ``sites`` reaches, shape (homes,)."""
    return np.asarray(cover.reach[:, list(sites)].any(axis=1))


def weight_of(cover: Cover, sites: Sequence[int]) -> float:
    """The weight that ``sites`` cover together."""
    return float(cover.weight[covered(cover, sites)].sum())


def at_once(cover: Cover, most: int) -> Layout:
    """Up to ``most`` sites: each in turn the one that adds most, then swapped one for one while that gains anything.

    Begun anew from each of a few sites, since the best alone need not be among the best together; and in the end each
    pair of the best choice gives way to others once.
    """
    by_site = sparse.csr_array(cover.reach.T.astype(np.float64))
    begun: list[tuple[list[int], list[int]]] = [([first], []) for first in _firsts(np.asarray(by_site @ cover.weight))]
    best = _best_of(by_site, cover, begun, most)
    pairs = [([site for site in best if site not in pair], list(pair)) for pair in combinations(best, 2)]
    return _layout(cover, max(best, _best_of(by_site, cover, pairs, most), key=lambda one: weight_of(cover, one)))


def _best_of(by_site: Rows, cover: Cover, begun: Sequence[tuple[list[int], list[int]]], most: int) -> list[int]:
    """The best choice of those that go on from some sites without others."""
    tried = (_swapped(by_site, cover, _greedy(by_site, cover, *one, most)) for one in begun)
    return max(tried, key=lambda one: weight_of(cover, one), default=[])


def _layout(cover: Cover, sites: Sequence[int]) -> Layout:
    """A choice by the sites that are wanted first; it is proven where it covers all that any site can."""
    chosen = preferred(cover, sites)
    found, all_of_it = weight_of(cover, chosen), float(cover.weight[cover.reach.any(axis=1)].sum())
    return Layout(tuple(chosen), found, all_of_it, is_proven=found >= all_of_it - SAME)


def _firsts(alone: Numbers) -> list[int]:
    """``STARTS`` sites spread over the better part of all; those that reach most are mostly next door to each other."""
    order = np.argsort(-alone, kind="stable")[: max(STARTS, int(len(alone) * BETTER))]
    spread = order[:: max(1, len(order) // STARTS)][:STARTS]
    return [int(site) for site in spread if alone[site] > SAME]


def _greedy(by_site: Rows, cover: Cover, begun: list[int], without: list[int], most: int) -> list[int]:
    """``begun`` and, up to ``most``, each in turn the site that adds most, ``without`` some."""
    sites = list(begun)
    left = np.where(covered(cover, sites), 0.0, cover.weight)
    while len(sites) < min(most, by_site.shape[0]):
        gains = by_site @ left
        gains[without] = 0.0
        best = int(np.argmax(gains))
        if gains[best] <= SAME:
            break
        sites.append(best)
        left[cover.reach[:, best]] = 0.0
    return sites


def _swapped(by_site: Rows, cover: Cover, sites: list[int]) -> list[int]:
    """Teitz and Bart's interchange (1968): sites, none of which can be bettered alone."""
    while sites:
        gains = _gains(by_site, cover, sites)
        out, new = np.unravel_index(int(np.argmax(gains)), gains.shape)
        if gains[out, new] <= SAME:
            break
        sites = [*sites[:out], int(new), *sites[int(out) + 1 :]]
    return sites


def _gains(by_site: Rows, cover: Cover, sites: Sequence[int]) -> Numbers:
    """What each site would gain in the stead of each of ``sites``, shape (sites, all sites); never one of them.

    That is what nobody reaches yet, and what the other alone did, less what the other alone did.
    """
    chosen = list(sites)
    times = cover.reach[:, chosen].sum(axis=1)
    alone = np.where(cover.reach[:, chosen] & (times == 1)[:, None], cover.weight[:, None], 0.0)
    gains = np.asarray(by_site @ np.column_stack([np.where(times == 0, cover.weight, 0.0), alone]))
    better: Numbers = (gains[:, 1:] + gains[:, :1] - alone.sum(axis=0)).T
    better[:, chosen] = -np.inf
    return better


def preferred(cover: Cover, sites: Sequence[int]) -> list[int]:
    """As good a choice, with each of ``sites`` the earliest that does as much in its stead."""
    by_site = sparse.csr_array(cover.reach.T.astype(np.float64))
    found = sorted(sites, reverse=True)
    for position in range(len(found)):
        gains = _gains(by_site, cover, found)[position, : found[position]]
        as_good = np.flatnonzero(gains >= -SAME)
        if len(as_good):
            found[position] = int(as_good[0])
    return sorted(found)

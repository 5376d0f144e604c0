"""Cutting a region in two, each side connected: along the network's own distances, or at a branch of a random tree.

Distances: blocks are sorted by how much nearer they are to one end of the region than to the other; every step of a
shortest path to an end leads further that way, so that both sides of any cut between distinct values are connected.
Trees: Wilson-like random spanning trees by random edge keys, cut where both sides come out right (the move of
DeFord, Duchin and Solomon, "Recombination", 2021).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from abcd.core.heap import drop_first, push
from abcd.patches.net import Net, Numbers, Places, Stock

Side = NDArray[np.int8]

#: A cut that leaves a side outside its tolerance costs this much for each unit of deviation: more than any shape.
OUT = 1e12
#: Values nearer than this (metres) are one: rounding must not part what the proof of connection holds together.
DISTINCT = 1e-6
#: How many right cuts of one tree are looked at for their shape.
PICKS = 6


class Wanted(NamedTuple):
    """What the two sides should hold: ``first`` and ``second`` patches of ``target`` households, each within
    ``tolerance`` (a share of the target)."""

    first: int
    second: int
    target: float
    tolerance: float


@njit(cache=True, nogil=True)
def distances(net: Net, label: Places, tag: int, source: int, found: Numbers) -> int:
    """Metres from ``source`` inside the region ``label == tag`` into ``found`` (n,), which must be infinite there.

    Returns the farthest block that can be reached.
    """
    keys, items = np.empty(len(net.to) + 1), np.empty(len(net.to) + 1, np.int64)
    found[source] = 0.0
    size, last = push(keys, items, 0, 0.0, source), source
    while size > 0:
        metres, u = keys[0], items[0]
        size = drop_first(keys, items, size)
        if metres > found[u]:
            continue
        last = u
        for link in range(net.start[u], net.start[u + 1]):
            v = net.to[link]
            if label[v] == tag and metres + net.metres[link] < found[v]:
                found[v] = metres + net.metres[link]
                size = push(keys, items, size, found[v], v)
    return last


@njit(cache=True, nogil=True)
def spread(stock: Stock, units: Places, side: Side) -> float:
    """Household moment of inertia of the two sides about their own middles, square metres x households."""
    total = 0.0
    for which in range(2):
        w = wx = wy = ww = 0.0
        for i in range(len(units)):
            if side[i] == which:
                u = units[i]
                h, x, y = stock.weight[u], stock.x[u], stock.y[u]
                w, wx, wy, ww = w + h, wx + h * x, wy + h * y, ww + h * (x * x + y * y)
        if w > 0:
            total += ww - (wx * wx + wy * wy) / w
    return total


@njit(cache=True, nogil=True)
def amiss(off: float, total: float, wanted: Wanted) -> float:
    """How far a side that is ``off`` households from its share leaves its patches outside what they may be off.

    Part of the room is kept for the cuts still to come.
    """
    patches = wanted.first + wanted.second
    mean = abs(total / patches - wanted.target) / wanted.target
    room = max(wanted.tolerance - mean, 0.0) * 0.6 + 0.005
    return max(0.0, off / min(wanted.first, wanted.second) / wanted.target - room)


@njit(cache=True, nogil=True)
def ends(net: Net, units: Places, label: Places, tag: int, far: bool, near: Numbers) -> tuple[int, int]:
    """Two blocks far apart: the two ends of a long way through the region, or one end and a random far block."""
    near[units] = np.inf
    first = distances(net, label, tag, units[np.random.randint(len(units))], near)
    near[units] = np.inf
    last = distances(net, label, tag, first, near)
    if far:
        return first, last
    best = units[np.random.randint(len(units))]
    for _ in range(3):
        other = units[np.random.randint(len(units))]
        if near[other] > near[best]:
            best = other
    return first, best


@njit(cache=True, nogil=True)
def best_step(weight: Numbers, order: Places, lean: Numbers, goal: float) -> tuple[int, float]:
    """After which place of ``order`` the running sum is nearest to ``goal``, between distinct values of ``lean``."""
    run, at, off = 0.0, -1, np.inf
    for i in range(len(order) - 1):
        run += weight[order[i]]
        if lean[order[i + 1]] > lean[order[i]] + DISTINCT and abs(run - goal) < off:
            at, off = i, abs(run - goal)
    return at, off


@njit(cache=True, nogil=True)
def cut_by_distance(
    net: Net, stock: Stock, label: Places, tag: int, units: Places, wanted: Wanted, tries: int
) -> tuple[float, Side]:
    """The best of several cuts by distance: (its cost, 0 or 1 for each of ``units``); infinite when none was found."""
    n, size = len(units), len(stock.weight)
    near, away = np.empty(size), np.empty(size)
    weight = stock.weight[units]
    total = weight.sum()
    best, best_cost, side = np.zeros(n, np.int8), np.inf, np.zeros(n, np.int8)
    for attempt in range(tries):
        a, b = ends(net, units, label, tag, attempt % 2 == 0, near)
        if a == b:
            continue
        near[units], away[units] = np.inf, np.inf
        distances(net, label, tag, a, near)
        distances(net, label, tag, b, away)
        lean = near[units] - away[units]
        order = np.argsort(lean)
        for turn in range(1 if wanted.first == wanted.second else 2):
            share = wanted.second if turn else wanted.first
            at, off = best_step(weight, order, lean, total * share / (wanted.first + wanted.second))
            if at < 0:
                continue
            side[order[: at + 1]], side[order[at + 1 :]] = turn, 1 - turn
            cost = OUT * amiss(off, total, wanted) + spread(stock, units, side)
            if cost < best_cost:
                best_cost, best[:] = cost, side
    return best_cost, best


@njit(cache=True, nogil=True)
def random_tree(net: Net, label: Places, tag: int, units: Places, place: Places) -> tuple[Places, Places]:
    """A random spanning tree of the region: (blocks in the order they were joined, the parent of each), as places in
    ``units``; the root's parent is -1. ``place`` (n,) is scratch."""
    n, room = len(units), 1
    for i in range(n):
        place[units[i]] = i
        room += net.start[units[i] + 1] - net.start[units[i]]
    keys, items = np.empty(room), np.empty(room, np.int64)
    order, parent, came = np.empty(n, np.int64), np.full(n, -1, np.int64), np.full(room, -1, np.int64)
    taken, joined, links = np.zeros(n, np.bool_), 0, 1
    via, size = np.empty(room, np.int64), 0
    via[0] = np.random.randint(n)
    size = push(keys, items, size, 0.0, 0)
    while size > 0:
        link = items[0]
        size = drop_first(keys, items, size)
        i = via[link]
        if taken[i]:
            continue
        taken[i], parent[i], order[joined] = True, came[link], i
        joined += 1
        for p in range(net.start[units[i]], net.start[units[i] + 1]):
            if label[net.to[p]] == tag and not taken[place[net.to[p]]]:
                via[links], came[links] = place[net.to[p]], i
                size = push(keys, items, size, np.random.random(), links)
                links += 1
    return order[:joined], parent


@njit(cache=True, nogil=True)
def below(order: Places, parent: Places, top: int, inside: int, side: Side) -> None:
    """Mark the branch that hangs at place ``top`` of ``order`` as ``inside`` and the rest as the other side."""
    side[:] = 1 - inside
    side[order[top]] = inside
    for i in range(top + 1, len(order)):
        if side[parent[order[i]]] == inside:
            side[order[i]] = inside


@njit(cache=True, nogil=True)
def right_branches(branch: Numbers, goal: float, total: float, wanted: Wanted) -> tuple[Places, int]:
    """Up to ``PICKS`` branches (places in ``branch``, not the first) whose sum will do; else the nearest one."""
    picks, seen, nearest = np.empty(PICKS, np.int64), 0, 1
    for i in range(1, len(branch)):
        if abs(branch[i] - goal) < abs(branch[nearest] - goal):
            nearest = i
        if amiss(abs(branch[i] - goal), total, wanted) == 0.0:
            slot = seen if seen < PICKS else np.random.randint(seen + 1)
            if slot < PICKS:
                picks[slot] = i
            seen += 1
    if seen == 0:
        picks[0] = nearest
    return picks, max(1, min(seen, PICKS))


@njit(cache=True, nogil=True)
def cut_by_tree(
    net: Net, stock: Stock, label: Places, tag: int, units: Places, wanted: Wanted, tries: int
) -> tuple[float, Side]:
    """The best cut of several random trees: (its cost, 0 or 1 for each of ``units``)."""
    n = len(units)
    place, best, side, best_cost = (
        np.empty(len(stock.weight), np.int64),
        np.zeros(n, np.int8),
        np.zeros(n, np.int8),
        np.inf,
    )
    weight = stock.weight[units]
    total = weight.sum()
    for _ in range(tries):
        order, parent = random_tree(net, label, tag, units, place)
        if len(order) < n:
            return np.inf, best
        under = weight.copy()
        for i in range(n - 1, 0, -1):
            under[parent[order[i]]] += under[order[i]]
        branch = under[order]
        for turn in range(1 if wanted.first == wanted.second else 2):
            share = wanted.second if turn else wanted.first
            goal = total * share / (wanted.first + wanted.second)
            picks, count = right_branches(branch, goal, total, wanted)
            for pick in picks[:count]:
                below(order, parent, pick, turn, side)
                cost = OUT * amiss(abs(branch[pick] - goal), total, wanted) + spread(stock, units, side)
                if cost < best_cost:
                    best_cost, best[:] = cost, side
    return best_cost, best

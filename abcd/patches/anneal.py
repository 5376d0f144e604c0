"""Moving blocks across borders, at first freely and then ever more strictly, while every patch stays connected.

Simulated annealing (Kirkpatrick and others, 1983) over single blocks. What a move is worth is worked out from sums
kept for each patch, so that it costs the same in a town of a thousand homes and of a hundred thousand.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from abcd.patches.net import Net, Numbers, Places, Stock

Heat = tuple[float, float]
"""At the start and at the end: how much worse a plan may get by one move, roughly."""


class Taste(NamedTuple):
    """What a plan is judged by.

    Attributes:
        target: households that a patch should hold.
        aim: share of the target that a patch may be off almost without blame.
        limit: share of the target beyond which a patch counts as off.
        balance: weight of being off.
        compact: weight of the moment of inertia, already divided by that of a typical patch.
        change: what it costs that one household gets another coach.
        bond: weight of the links' bonds that borders cut.
    """

    target: float
    aim: float
    limit: float
    balance: float
    compact: float
    change: float
    bond: float


@njit(cache=True, nogil=True)
def tally_of(stock: Stock, part: Places, count: int) -> Numbers:
    """What is kept of each patch, (count, 5): households, sums of h x, h y and h (x2 + y2), number of blocks."""
    tally = np.zeros((count, 5))
    for u in range(len(part)):
        add(tally, stock, u, part[u], 1.0)
    return tally


@njit(cache=True, nogil=True)
def add(tally: Numbers, stock: Stock, u: int, patch: int, sign: float) -> None:
    """Put block ``u`` into ``patch`` (``sign`` 1) or take it out (-1)."""
    h, x, y, row = sign * stock.weight[u], stock.x[u], stock.y[u], tally[patch]
    row[0] += h
    row[1] += h * x
    row[2] += h * y
    row[3] += h * (x * x + y * y)
    row[4] += sign


@njit(cache=True, nogil=True)
def blame(households: float, taste: Taste) -> float:
    """What it costs that a patch holds ``households``: little inside the aim, more outside, most beyond the limit."""
    off = abs(households - taste.target) / taste.target
    short, over = max(0.0, off - taste.aim), max(0.0, off - taste.limit)
    return taste.balance * (off * off + short * short * 10.0 + 40.0 * over * over + 8.0 * over)


@njit(cache=True, nogil=True)
def inertia(row: Numbers) -> float:
    """Household moment of inertia of a patch about its middle."""
    return row[3] - (row[1] * row[1] + row[2] * row[2]) / row[0] if row[0] > 0 else 0.0


@njit(cache=True, nogil=True)
def worth(row: Numbers, taste: Taste) -> float:
    """What one patch costs by its size and shape."""
    return blame(row[0], taste) + taste.compact * inertia(row)


@njit(cache=True, nogil=True)
def border_change(net: Net, part: Places, u: int, a: int, b: int) -> float:
    """The bonds that are cut anew, less those no longer cut, when ``u`` goes from ``a`` to ``b``."""
    change = 0.0
    for link in range(net.start[u], net.start[u + 1]):
        other = part[net.to[link]]
        if other == a:
            change += net.bond[link]
        elif other == b:
            change -= net.bond[link]
    return change


@njit(cache=True, nogil=True)
def holds_without(net: Net, part: Places, u: int, seen: Places, stamp: int, queue: Places) -> bool:
    """Whether the patch of ``u`` stays in one piece without it. ``seen`` and ``queue`` (n,) are scratch."""
    a, first, left = part[u], -1, 0
    for link in range(net.start[u], net.start[u + 1]):
        if part[net.to[link]] == a:
            first, left = net.to[link], left + 1
    if left <= 1:
        return left == 1
    seen[u], seen[first], queue[0], head, tail = stamp, stamp, first, 0, 1
    left -= 1
    while head < tail and left > 0:
        w = queue[head]
        head += 1
        for link in range(net.start[w], net.start[w + 1]):
            v = net.to[link]
            if part[v] == a and seen[v] != stamp:
                seen[v], queue[tail], tail = stamp, v, tail + 1
                left -= is_link(net, u, v)
    return left == 0


@njit(cache=True, nogil=True)
def is_link(net: Net, u: int, v: int) -> int:
    """1 when a link joins ``u`` and ``v``, else 0."""
    for link in range(net.start[u], net.start[u + 1]):
        if net.to[link] == v:
            return 1
    return 0


@njit(cache=True, nogil=True)
def price(net: Net, stock: Stock, part: Places, tally: Numbers, now: Places, taste: Taste, u: int, b: int) -> float:
    """What it costs to move block ``u`` into patch ``b``; less than 0 is a gain. The tally is left as it was."""
    a, h = part[u], stock.weight[u]
    before = worth(tally[a], taste) + worth(tally[b], taste)
    add(tally, stock, u, a, -1.0)
    add(tally, stock, u, b, 1.0)
    cost = worth(tally[a], taste) + worth(tally[b], taste) - before
    add(tally, stock, u, b, -1.0)
    add(tally, stock, u, a, 1.0)
    if taste.change > 0 and now[u] >= 0:
        cost += taste.change * h * (int(now[u] == a) - int(now[u] == b))
    return cost + taste.bond * border_change(net, part, u, a, b) if taste.bond > 0 else cost


@njit(cache=True, nogil=True)
def anneal(
    net: Net,
    stock: Stock,
    part: Places,
    tally: Numbers,
    now: Places,
    taste: Taste,
    steps: int,
    heat: tuple[float, float],
) -> int:
    """Try ``steps`` random moves across borders, cooling from ``heat[0]`` to ``heat[1]``; returns how many were made.

    ``part`` (n,) and ``tally`` are changed in place; ``now`` (n,) is the present patch of each block, -1 for none.
    """
    n, made = len(part), 0
    seen, queue = np.zeros(n, np.int64), np.empty(n, np.int64)
    for step in range(steps):
        u = np.random.randint(n)
        degree = net.start[u + 1] - net.start[u]
        if degree == 0:
            continue
        a, b = part[u], part[net.to[net.start[u] + np.random.randint(degree)]]
        if a == b or tally[a, 4] <= 1:
            continue
        cost = price(net, stock, part, tally, now, taste, u, b)
        warmth = heat[0] * (heat[1] / heat[0]) ** (step / steps)
        if cost > 0 and np.random.random() >= np.exp(-cost / warmth):
            continue
        if holds_without(net, part, u, seen, step + 1, queue):
            add(tally, stock, u, a, -1.0)
            add(tally, stock, u, b, 1.0)
            part[u] = b
            made += 1
    return made


@njit(cache=True)
def sow(seed: int) -> None:
    """Start the random numbers of the compiled searches (they have their own, apart from NumPy's)."""
    np.random.seed(seed)

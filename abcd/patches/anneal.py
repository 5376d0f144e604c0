"""Moving blocks across borders, at first freely and then ever more strictly, while every patch stays connected.

Simulated annealing (Kirkpatrick and others, 1983) over single blocks. What a move is worth is worked out from sums
kept for each patch, so that it costs the same in a town of a thousand homes and of a hundred thousand.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from abcd.patches.net import Net, Numbers, Places, Stock

#: One change in so many is an exchange.
SWAPS = 3

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


class Play(NamedTuple):
    """All that a run of moves reads and changes.

    ``part`` (n,) and ``tally`` change; ``now`` (n,) is the present patch of each block, -1 for none; ``seen`` and
    ``queue`` (n,) are scratch.
    """

    net: Net
    stock: Stock
    part: Places
    tally: Numbers
    now: Places
    taste: Taste
    seen: Places
    queue: Places


@njit(cache=True, nogil=True)
def border_change(net: Net, part: Places, u: int, b: int) -> float:
    """The bonds that are cut anew, less those no longer cut, when ``u`` goes to ``b``."""
    change = 0.0
    for link in range(net.start[u], net.start[u + 1]):
        other = part[net.to[link]]
        if other == part[u]:
            change += net.bond[link]
        elif other == b:
            change -= net.bond[link]
    return change


@njit(cache=True, nogil=True)
def is_link(net: Net, u: int, v: int) -> int:
    """1 when a link joins ``u`` and ``v``, else 0."""
    for link in range(net.start[u], net.start[u + 1]):
        if net.to[link] == v:
            return 1
    return 0


@njit(cache=True, nogil=True)
def holds_without(play: Play, u: int, stamp: int) -> bool:
    """Whether the patch of ``u`` stays in one piece without it. ``stamp`` must be new at each call."""
    net, part, seen, queue = play.net, play.part, play.seen, play.queue
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
def price(play: Play, u: int, b: int) -> float:
    """What it costs to move block ``u`` into patch ``b``; less than 0 is a gain. Nothing is changed."""
    tally, taste, a, h = play.tally, play.taste, play.part[u], play.stock.weight[u]
    before = worth(tally[a], taste) + worth(tally[b], taste)
    add(tally, play.stock, u, a, -1.0)
    add(tally, play.stock, u, b, 1.0)
    cost = worth(tally[a], taste) + worth(tally[b], taste) - before
    add(tally, play.stock, u, b, -1.0)
    add(tally, play.stock, u, a, 1.0)
    if taste.change > 0 and play.now[u] >= 0:
        cost += taste.change * h * (int(play.now[u] == a) - int(play.now[u] == b))
    return cost + taste.bond * border_change(play.net, play.part, u, b) if taste.bond > 0 else cost


@njit(cache=True, nogil=True)
def move(play: Play, u: int, b: int) -> None:
    """Put block ``u`` into patch ``b``."""
    add(play.tally, play.stock, u, play.part[u], -1.0)
    add(play.tally, play.stock, u, b, 1.0)
    play.part[u] = b


@njit(cache=True, nogil=True)
def touches(play: Play, u: int, a: int) -> bool:
    """Whether ``u`` has a link to patch ``a``."""
    for link in range(play.net.start[u], play.net.start[u + 1]):  # noqa: SIM110 - any() does not compile
        if play.part[play.net.to[link]] == a:
            return True
    return False


@njit(cache=True, nogil=True)
def is_taken(cost: float, warmth: float) -> bool:
    """Whether a change is made: always when it gains, else the more rarely the dearer it is."""
    return cost <= 0 or np.random.random() < np.exp(-cost / warmth)


@njit(cache=True, nogil=True)
def exchange(play: Play, u: int, v: int, warmth: float, stamp: int) -> bool:
    """Let two neighbouring blocks of two patches change places; whether they did. It evens out what one move cannot."""
    a, b = play.part[u], play.part[v]
    if not holds_without(play, u, stamp):
        return False
    cost = price(play, u, b)
    move(play, u, b)
    if touches(play, v, a):
        cost += price(play, v, a)
        if is_taken(cost, warmth) and holds_without(play, v, stamp + 1):
            move(play, v, a)
            return True
    move(play, u, a)
    return False


@njit(cache=True, nogil=True)
def anneal(play: Play, steps: int, heat: Heat) -> int:
    """Try ``steps`` random changes of borders, cooling from ``heat[0]`` to ``heat[1]``; returns how many were made.

    One in ``SWAPS`` lets two blocks change places, the others move one.
    """
    net, n, made = play.net, len(play.part), 0
    for step in range(steps):
        u = np.random.randint(n)
        degree = net.start[u + 1] - net.start[u]
        if degree == 0:
            continue
        v = net.to[net.start[u] + np.random.randint(degree)]
        a, b = play.part[u], play.part[v]
        if a == b or play.tally[a, 4] <= 1:
            continue
        warmth, stamp = heat[0] * (heat[1] / heat[0]) ** (step / steps), 2 * step + 1
        if step % SWAPS == 0:
            made += exchange(play, u, v, warmth, stamp)
        elif is_taken(price(play, u, b), warmth) and holds_without(play, u, stamp):
            move(play, u, b)
            made += 1
    return made


@njit(cache=True)
def sow(seed: int) -> None:
    """Start the random numbers of the compiled searches (they have their own, apart from NumPy's)."""
    np.random.seed(seed)

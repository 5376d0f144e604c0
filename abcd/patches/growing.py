"""A plan that grows from today's patches, so that few residents get another coach."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from abcd.patches.net import Net, Numbers, Places, Stock, components


def grown(stock: Stock, net: Net, now: Places) -> Places:
    """Today's patches made whole: of each the largest connected piece stays, all else joins the patch it borders on.

    Args:
        now: the present patch of each block, (n,), -1 for none.

    Returns:
        The patch of each block, (n,). A connected part of the stock without any patch becomes a new one.
    """
    piece = components(net, now)
    weight = np.bincount(piece, stock.weight)
    part = np.full(len(now), -1, dtype=np.int64)
    for patch in np.unique(now[now >= 0]):
        pieces = np.unique(piece[now == patch])
        part[piece == pieces[np.argmax(weight[pieces])]] = patch
    _join_neighbours(net, part)
    islands = components(net)
    for island in np.unique(islands[part < 0]):
        part[(islands == island) & (part < 0)] = part.max() + 1
    return part


def _join_neighbours(net: Net, part: Places) -> None:
    """Let patches grow by one ring of blocks at a time, nearest links first, until nothing can be joined."""
    waiting = set(np.flatnonzero(part < 0).tolist())
    while waiting:
        ring = []
        for u in sorted(waiting):
            links = range(net.start[u], net.start[u + 1])
            reached = [(net.metres[link], part[net.to[link]]) for link in links if part[net.to[link]] >= 0]
            if reached:
                ring.append((u, min(reached)[1]))
        if not ring:
            return
        for u, patch in ring:
            part[u] = patch
        waiting -= {u for u, _ in ring}


def named_within(part: Places, now: Places, weight: Numbers, names: Places) -> Places:
    """The same plan, (n,), its patches called by ``names`` so that most households keep the patch they have ``now``.

    ``names`` must be at least as many as there are patches. One to one, by the assignment of the largest overlap.
    """
    new, at = np.unique(part, return_inverse=True)
    column = {int(name): i for i, name in enumerate(names)}
    shared = np.zeros((len(new), len(names)))
    known = np.flatnonzero(now >= 0)
    np.add.at(shared, (at[known], np.array([column[int(each)] for each in now[known]], dtype=np.int64)), weight[known])
    rows, columns = linear_sum_assignment(-shared)
    chosen = np.empty(len(new), dtype=np.int64)
    chosen[rows] = names[columns]
    return chosen[at]


def named_alike(part: Places, now: Places, weight: Numbers) -> Places:
    """The same plan with its patches numbered like those of today that they share most households with, (n,)."""
    old = np.unique(now[now >= 0])
    first = int(old.max()) + 1 if len(old) else 0
    return named_within(part, now, weight, np.concatenate([old, first + np.arange(len(np.unique(part)))]))


def of_groups(part: Places, group: Places, weight: Numbers) -> Places:
    """The patch of each group of blocks (numbered from 0): that of most of its households, -1 where none is known."""
    found = np.full(int(group.max(initial=-1)) + 1, -1, dtype=np.int64)
    known = np.flatnonzero(part >= 0)
    pairs, at = np.unique(np.column_stack([group[known], part[known]]), axis=0, return_inverse=True)
    held = np.bincount(at.ravel(), weight[known], len(pairs))
    for pair in np.argsort(held, kind="stable"):
        found[pairs[pair, 0]] = pairs[pair, 1]
    return found


def changed_share(part: Places, now: Places, weight: Numbers) -> float:
    """Share of the households with a patch today that get another one, when patches are named alike as far as can be.

    The largest overlap one to one, as ``named_alike`` finds it, without naming anything.
    """
    known = np.flatnonzero(now >= 0)
    total = float(weight[known].sum())
    if not total:
        return 0.0
    new, old = (np.unique(each[known], return_inverse=True)[1] for each in (part, now))
    shared = np.zeros((int(new.max()) + 1, int(old.max()) + 1))
    np.add.at(shared, (new, old), weight[known])
    return max(0.0, 1 - float(shared[linear_sum_assignment(-shared)].sum()) / total)

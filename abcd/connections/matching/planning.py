"""Who is kept for which wish when many want the same few: an assignment with capacities, of the greatest total score.

Sparse, by ``scipy.sparse.csgraph``: each wish has an edge to each neighbour worth suggesting (to one column for each
introduction that they have time for) and one to nobody. Groups of wishes that share no neighbour are solved apart.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

Which = NDArray[np.int64]
Numbers = NDArray[np.float64]

WORST = 2.0
"""The cost of nobody; a neighbour costs ``WORST - score``, so that every cost is above 0, as the library demands."""


def plan(wishes: Which, neighbours: Which, scores: Numbers, room: Which) -> NDArray[np.bool_]:
    """Which of the pairs are kept: one a wish at most, each neighbour at most ``room[neighbour]`` times.

    ``wishes``, ``neighbours`` and ``scores`` are the pairs, shape (n,), no pair twice; ``room`` by neighbour. The sum
    of the scores that are kept is the greatest there is.
    """
    kept = np.zeros(len(wishes), dtype=bool)
    if not len(wishes):
        return kept
    pairs, slots = _slots(neighbours, room)
    rows = np.unique(wishes[pairs], return_inverse=True)[1]
    columns, width = slots, int(slots.max(initial=-1)) + 1
    tall = int(rows.max(initial=-1)) + 1
    graph = csr_matrix((np.ones(len(rows)), (rows, columns + tall)), shape=(tall + width, tall + width))
    _n, parts = connected_components(graph, directed=False)
    order = np.argsort(parts[rows], kind="stable")
    starts = np.flatnonzero(np.diff(parts[rows][order], prepend=-1))
    for some in np.split(order, starts[1:]):
        kept[pairs[some[_solved(rows[some], columns[some], scores[pairs[some]])]]] = True
    return kept


def _slots(neighbours: Which, room: Which) -> tuple[Which, Which]:
    """For each pair one column for each introduction that the neighbour has time for: pair and column."""
    times = room[neighbours]
    pairs = np.repeat(np.arange(len(neighbours)), times)
    first = np.concatenate([[0], np.cumsum(room)])[:-1]
    within = np.arange(len(pairs)) - np.repeat(np.cumsum(times) - times, times)
    return pairs, first[neighbours[pairs]] + within


def _solved(rows: Which, columns: Which, scores: Numbers) -> Which:
    """Positions of the pairs of one part that are kept."""
    own, row = np.unique(rows, return_inverse=True)
    held, column = np.unique(columns, return_inverse=True)
    nobody = len(held) + np.arange(len(own))
    cost = csr_matrix(
        (
            np.concatenate([WORST - scores, np.full(len(own), WORST)]),
            (np.concatenate([row, np.arange(len(own))]), np.concatenate([column, nobody])),
        ),
        shape=(len(own), len(held) + len(own)),
    )
    chosen = np.full(len(own), -1)
    at, to = min_weight_full_bipartite_matching(cost)
    chosen[at] = to
    return np.flatnonzero(column == chosen[row])

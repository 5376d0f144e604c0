"""Invented towns for tests of patches: blocks on a bent grid, with gaps, weights and links as asked."""

from typing import Any

import networkx as nx
import numpy as np

from abcd.patches.homes import Homes
from abcd.patches.net import Net, Places, Stock, components, net_of, stock_of


def a_town(side: int = 12, seed: int = 0, gaps: float = 0.15, most: int = 12) -> tuple[Stock, Net]:
    """``side`` x ``side`` blocks 40 m apart, moved a little; a share ``gaps`` of the links is missing."""
    rng = np.random.default_rng(seed)
    at = np.arange(side * side).reshape(side, side)
    links = np.concatenate(
        [np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]), np.column_stack([at[:-1].ravel(), at[1:].ravel()])]
    )
    links = links[rng.random(len(links)) >= gaps]
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    move = rng.normal(0, 4, (2, side * side))
    stock = stock_of(
        rng.integers(1, most + 1, side * side).astype(float), 40.0 * x.ravel() + move[0], 40.0 * y.ravel() + move[1]
    )
    return stock, net_of(stock, links)


def homes_from(stock: Stock, net: Net, **more: Any) -> Homes:
    """Homes of blocks that are all that is known of a town."""
    n = len(stock.weight)
    given = {
        "finest": "areas", "called": tuple(f"Block {k}" for k in range(n)),
        "members": tuple((str(k),) for k in range(n)),
        "households": stock.weight, "stock": stock, "net": net, "shapes": np.full(n, None), "middle": (0.0, 0.0),
        "street": np.full(n, -1), "walled": np.empty((0, 2), np.int64),
    }  # fmt: skip
    return Homes(**given | more)


def as_networkx(net: Net) -> nx.Graph:
    """The same graph for an independent judge."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(net.start) - 1))
    graph.add_edges_from(
        (u, int(v)) for u in range(len(net.start) - 1) for v in net.to[net.start[u] : net.start[u + 1]]
    )
    return graph


def is_whole(net: Net, part: Places) -> bool:
    """Whether every patch is connected, by networkx."""
    graph = as_networkx(net)
    return all(nx.is_connected(graph.subgraph(np.flatnonzero(part == patch))) for patch in np.unique(part))


def pieces_in(net: Net) -> int:
    """How many connected pieces the town has."""
    return len(np.unique(components(net)))

"""Where the nodes of a picture stand: circles laid out by rustworkx and packed side by side, labels kept apart."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from abcd.connections.network.measures import Graph, graph_of
from abcd.connections.network.records import Network

Places = NDArray[np.float64]

ROUNDS = 40
"""Enough for most pictures; the rest is settled at once."""


def without(net: Network, most: int) -> tuple[Network, int]:
    """The network with its ``most`` best tied nodes, and how many were left out: a picture of more is a tangle."""
    if len(net.nodes) <= most:
        return net, 0
    ties: dict[UUID, int] = {}
    for link in net.links:
        ties[link.a], ties[link.b] = ties.get(link.a, 0) + 1, ties.get(link.b, 0) + 1
    best = sorted(net.nodes, key=lambda node: (not node.is_here, -ties[node.id], node.name, node.id))[:most]
    kept = {node.id for node in best}
    links = tuple(link for link in net.links if link.a in kept and link.b in kept)
    return replace(net, nodes=tuple(node for node in net.nodes if node.id in kept), links=links), len(net.nodes) - most


def places_of(net: Network, width: float, label: tuple[float, float]) -> tuple[Places, float]:
    """Middles of the nodes in the order of ``net.nodes`` (n x 2), and the height of the picture, for its ``width``.

    ``label`` is the width and height that each node takes with its words; no two of these boxes overlap.
    """
    graph = graph_of(net)
    parts = sorted((sorted(part) for part in rx.connected_components(graph)), key=lambda part: (-len(part), part))
    shaped = [_shaped(graph, part, width, label) for part in parts]
    placed, height = _packed(shaped, width)
    at = np.zeros((len(net.nodes), 2))
    for part, spots in zip(parts, placed, strict=True):
        at[part] = spots
    return at, height


def _shaped(graph: Graph, part: Sequence[int], width: float, label: tuple[float, float]) -> Places:
    """One circle by itself, its corner at 0, 0: half a label of room on each side."""
    inner = graph.subgraph(list(part))
    laid = rx.kamada_kawai_layout(inner) if len(part) > 1 else {0: (0.0, 0.0)}
    spots = np.array([laid[position] for position in range(len(part))], dtype=np.float64)
    spots -= spots.min(axis=0)
    across = min(width - label[0], label[0] * 1.3 * (len(part) - 1) ** 0.5)
    down = max(0.62 * across, 1.7 * len(part) * label[0] * label[1] / max(across, label[0]))
    spots *= np.array([across, down]) / np.maximum(spots.max(axis=0), 1e-9)
    spots = _kept_apart(spots, np.array(label), width - label[0])
    return np.asarray(spots - spots.min(axis=0) + np.array(label) / 2)


def _kept_apart(spots: Places, label: Places, width: float) -> Places:
    """Push boxes that overlap apart along the axis on which that takes least, a little at a time."""
    spots = spots + np.linspace(0, 1e-3, len(spots))[:, None]
    for _round in range(ROUNDS):
        gap = spots[:, None, :] - spots[None, :, :]
        over = label - np.abs(gap)
        np.fill_diagonal(over[:, :, 0], 0)
        i, j = np.nonzero((over > 0).all(axis=2))
        if not len(i):
            return spots
        along = over[i, j].argmin(axis=1)
        push = np.zeros_like(spots)
        np.add.at(push, (i, along), np.sign(gap[i, j, along]) * over[i, j, along] * 0.55)
        spots = spots + push / np.maximum(np.bincount(i, minlength=len(spots)), 1)[:, None]
        spots[:, 0] = np.clip(spots[:, 0] - spots[:, 0].min(), 0, max(width, 0))
    return _sunk(spots, label)


def _sunk(spots: Places, label: Places) -> Places:
    """What still overlaps sinks below what it lies over, from the top down: a narrow sheet has no room at the sides."""
    settled: list[tuple[float, float, int]] = []
    for which in np.argsort(spots[:, 1], kind="stable"):
        x, y = (float(value) for value in spots[which])
        for above, beside, _other in sorted(settled):
            if abs(x - beside) < label[0] and abs(y - above) < label[1]:
                y = above + float(label[1])
        settled.append((y, x, int(which)))
    return np.array([(x, y) for y, x, _which in sorted(settled, key=lambda spot: spot[2])])


def _packed(shaped: Sequence[Places], width: float) -> tuple[list[Places], float]:
    """Circles side by side in rows, the large ones first; the height of all rows."""
    placed, left, top, row = [], 0.0, 0.0, 0.0
    for spots in shaped:
        wide, high = _size(spots)
        if left and left + wide > width + 1e-6:
            left, top, row = 0.0, top + row, 0.0
        placed.append(spots + np.array([left, top]))
        left, row = left + wide, max(row, high)
    return placed, top + row


def _size(spots: Places) -> tuple[float, float]:
    """Width and height with the same room at the far ends as at the near ones."""
    wide, high = spots.max(axis=0) + spots.min(axis=0)
    return float(wide), float(high)

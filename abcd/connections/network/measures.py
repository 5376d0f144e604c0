"""What is measured of a network (product.md E.4): who is tied, who holds others together, ties across and within."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import TypeVar
from uuid import UUID

import rustworkx as rx

from abcd.connections.network.records import ORGANISATION, Mixing, Network, Node, OwnWord, WeakPoint

Graph = rx.PyGraph[Node, None]
Pair = tuple[Node, Node]
Key = TypeVar("Key")
Side = Callable[[Node], Key]
"""On which side of a line a node stands; something false for one of which nobody knows."""


def graph_of(net: Network) -> Graph:
    """The network as a graph; the number of a node is its position in ``net.nodes``."""
    graph: Graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(net.nodes)
    number = {node.id: position for position, node in enumerate(net.nodes)}
    graph.add_edges_from([(number[link.a], number[link.b], None) for link in net.links])
    return graph


def circles(net: Network) -> list[tuple[Node, ...]]:
    """The components: who can be reached from whom, the largest first."""
    found = (tuple(net.nodes[position] for position in sorted(part)) for part in rx.connected_components(graph_of(net)))
    return sorted(found, key=lambda circle: (-len(circle), circle[0].name.casefold()))


def weak_points(net: Network) -> list[WeakPoint]:
    """The articulation nodes: without one of these its circle falls apart; those that cut off most first.

    The largest part that is left counts as the rest, of two alike the one with what comes first in the network. Where
    only single ones are left, each is cut off.
    """
    graph = graph_of(net)
    found = [WeakPoint(net.nodes[one], _cut_off(net, graph, one)) for one in sorted(rx.articulation_points(graph))]
    return sorted(found, key=lambda weak: (-len(weak.cut_off), weak.node.name.casefold()))


def _cut_off(net: Network, graph: Graph, closed: int) -> tuple[Node, ...]:
    left = graph.copy()
    around = set(graph.neighbors(closed))
    left.remove_node(closed)
    parts = sorted(
        (part for part in rx.connected_components(left) if part & around), key=lambda part: (-len(part), min(part))
    )
    lost = parts if len(parts[0]) == 1 else parts[1:]
    return tuple(net.nodes[position] for position in sorted(set().union(*lost)))


def between(net: Network) -> dict[UUID, float]:
    """Betweenness: the share (0-1) of pairs of others whose shortest way leads through a node."""
    shares = rx.betweenness_centrality(graph_of(net), normalized=True)
    return {net.nodes[position].id: float(share) for position, share in shares.items()}


def e_i(external: int, internal: int) -> float | None:
    """``(external - internal) / (external + internal)`` (Krackhardt and Stern), None without ties.

    >>> e_i(6, 14)
    -0.4
    """
    ties = external + internal
    return (external - internal) / ties if ties else None


def mixing(ties: Iterable[Pair], side: Side[object]) -> Mixing:
    """How many of the ties lead across a line, and how many stay within."""
    across: Counter[str] = Counter()
    for one, other in ties:
        a, b = side(one), side(other)
        across["unknown" if not (a and b) else "internal" if a == b else "external"] += 1
    external, internal = across["external"], across["internal"]
    return Mixing(external, internal, e_i(external, internal), across["unknown"])


def mixing_of_each(ties: Iterable[Pair], side: Side[Key]) -> dict[Key, Mixing]:
    """The same for each side by itself: a tie across counts for both of its ends."""
    counts: dict[Key, Counter[bool]] = {}
    for a, b in ((side(one), side(other)) for one, other in ties):
        if a and b:
            for which in {a, b}:
                counts.setdefault(which, Counter())[a == b] += 1
    return {which: Mixing(seen[False], seen[True], e_i(seen[False], seen[True])) for which, seen in counts.items()}


def asset_ties(net: Network) -> list[Pair]:
    """The direct ties between two assets of which at least one is here."""
    known = {node.id: node for node in net.nodes}
    pairs = ((known[link.a], known[link.b]) for link in net.links)
    return [(a, b) for a, b in pairs if ORGANISATION not in (a.kind, b.kind) and (a.is_here or b.is_here)]


def group_ties(net: Network) -> list[Pair]:
    """Pairs of groups, at least one of them here, that are tied directly, or share a venue, an activity or a body."""
    known = {node.id: node for node in net.nodes}
    members: dict[UUID, set[UUID]] = {}
    tied: set[frozenset[UUID]] = set()
    for a, b in ((link.a, link.b) for link in net.links):
        if known[a].is_group and known[b].is_group:
            tied.add(frozenset((a, b)))
        for group, hub in ((a, b), (b, a)):
            if known[group].is_group and not known[hub].is_group:
                members.setdefault(hub, set()).add(group)
    tied.update(frozenset(pair) for groups in members.values() for pair in combinations(groups, 2))
    pairs = (sorted(pair) for pair in tied)
    return sorted(
        ((known[a], known[b]) for a, b in pairs if known[a].is_here or known[b].is_here),
        key=lambda pair: (pair[0].id, pair[1].id),
    )


def own_word(net: Network, said: Callable[[Node], str]) -> OwnWord:
    """What the groups here say of who comes: the reading from inside, beside that of the ties between them."""
    told = Counter(said(node) for node in (*net.nodes, *net.alone) if node.is_group and node.is_here)
    return OwnWord(told["mixed"], told["mostly_one"], told[""])

"""The measures of E.4 with worked figures, and rustworkx against networkx on the same graphs."""

from itertools import combinations
from random import Random
from uuid import UUID

import networkx
import pytest

from abcd.connections.network.measures import (
    asset_ties,
    between,
    circles,
    e_i,
    group_ties,
    mixing,
    mixing_of_each,
    own_word,
    weak_points,
)
from abcd.connections.network.records import Mixing, Network, Node, OwnWord
from tests.connections.network.builders import a_network, a_node


@pytest.mark.parametrize(
    ("external", "internal", "value"), [(6, 14, -0.4), (0, 3, -1.0), (3, 0, 1.0), (5, 5, 0.0), (0, 0, None)]
)
def test_e_i_is_the_books(external: int, internal: int, value: float | None) -> None:
    assert e_i(external, internal) == value


def test_ties_across_and_within_are_counted() -> None:
    """Six ties across two patches and fourteen within: -0.4, the worked check of the product's own page."""
    within = [*combinations(range(1, 6), 2), (11, 12), (11, 13), (11, 14), (12, 13)]
    across = [(1, 11), (2, 12), (3, 13), (4, 14), (5, 11), (1, 12)]
    homes = dict.fromkeys(range(1, 6), UUID(int=100)) | dict.fromkeys(range(11, 15), UUID(int=200))
    net = a_network([*within, *across, (5, 21)], home=homes)
    ties = group_ties(net)
    assert mixing(ties, lambda node: node.home) == Mixing(6, 14, -0.4, unknown=1)
    each = mixing_of_each(ties, lambda node: node.home)
    assert each == {UUID(int=100): Mixing(6, 10, pytest.approx(-0.25)), UUID(int=200): Mixing(6, 4, 0.2)}


def test_groups_that_share_a_venue_are_tied_and_neighbours_alone_are_not() -> None:
    hall = {"is_group": {3: False}, "kind": {3: "physical"}}
    net = a_network([(1, 3), (2, 3), (4, 3), (4, 5)], is_here={4: False, 5: False}, **hall)
    assert [(a.name, b.name) for a, b in group_ties(net)] == [("N1", "N2"), ("N1", "N4"), ("N2", "N4")]
    assert [(a.name, b.name) for a, b in asset_ties(net)] == [("N1", "N3"), ("N2", "N3"), ("N3", "N4")]


def test_ties_to_an_organisation_are_no_ties_of_two_kinds() -> None:
    net = a_network([(1, 2), (1, 9), (2, 9)], kind={9: "organisation"}, is_group={9: False})
    assert len(asset_ties(net)) == 1


def test_who_is_cut_off_when_one_closes() -> None:
    """A triangle, a bridge of two, and a star of three at the far end."""
    net = a_network([(1, 2), (2, 3), (1, 3), (3, 4), (4, 5), (5, 6), (5, 7), (20, 21)])
    found = {weak.node.name: sorted(node.name for node in weak.cut_off) for weak in weak_points(net)}
    assert found == {"N3": ["N1", "N2"], "N4": ["N5", "N6", "N7"], "N5": ["N6", "N7"]}
    assert [len(weak.cut_off) for weak in weak_points(net)] == [3, 2, 2]


def test_when_all_hang_on_one_each_is_cut_off() -> None:
    assert [len(weak.cut_off) for weak in weak_points(a_network([(1, 2), (1, 3), (1, 4)]))] == [3]
    assert weak_points(a_network([(1, 2)])) == []


def test_circles_come_largest_first() -> None:
    assert [len(circle) for circle in circles(a_network([(1, 2), (3, 4), (4, 5)]))] == [3, 2]
    assert circles(Network()) == []


def test_what_groups_say_of_themselves_is_counted_for_groups_here() -> None:
    here = a_network(
        [(1, 2), (2, 3), (3, 4)], streets_mix={1: "mixed", 2: "mostly_one", 4: "mixed"}, is_here={4: False}
    )
    net = Network(here.nodes, here.links, alone=(a_node(9, streets_mix="mixed"),))
    assert own_word(net, lambda node: node.streets_mix) == OwnWord(mixed=2, mostly_one=1, unasked=1)


def a_random_network(seed: int) -> tuple[Network, "networkx.Graph[UUID]"]:
    """Some dozens of nodes in a few circles, and the same as networkx has it."""
    random = Random(seed)  # noqa: S311
    ties = {tuple(sorted(random.sample(range(1, 60), 2))) for _ in range(55)}
    graph = networkx.Graph([(UUID(int=a), UUID(int=b)) for a, b in ties])
    return a_network(sorted(ties)), graph


def ids(nodes: tuple[Node, ...]) -> frozenset[UUID]:
    return frozenset(node.id for node in nodes)


@pytest.mark.parametrize("seed", range(5))
def test_networkx_says_the_same(seed: int) -> None:
    net, graph = a_random_network(seed)
    assert {ids(part) for part in circles(net)} == set(map(frozenset, networkx.connected_components(graph)))
    assert {weak.node.id for weak in weak_points(net)} == set(networkx.articulation_points(graph))
    assert between(net) == pytest.approx(networkx.betweenness_centrality(graph))

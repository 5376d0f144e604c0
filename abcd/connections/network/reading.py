"""All that a place page says of its network, worked out at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.connections.network.bridges import bridges
from abcd.connections.network.measures import (
    asset_ties,
    between,
    circles,
    group_ties,
    mixing,
    mixing_of_each,
    own_word,
    weak_points,
)
from abcd.connections.network.place_network import network_of
from abcd.connections.network.records import Mixing, Network, Node, OwnWord, WeakPoint


@dataclass(frozen=True)
class Reading:
    """A network and what is measured of it.

    ``by_home`` and ``by_theme`` are of ties between groups, ``by_kind`` of all direct ties between assets;
    ``each_...`` are the same for every patch or estate by its name, every theme and every kind. ``streets`` and
    ``ages`` are what groups say of themselves: the other reading of bridging, which in real data gives other answers
    (product.md E.4). ``between`` is a share of 0-1 by node.
    """

    net: Network
    circles: tuple[tuple[Node, ...], ...]
    weak: tuple[WeakPoint, ...]
    between: Mapping[UUID, float]
    by_home: Mixing
    by_theme: Mixing
    by_kind: Mixing
    each_home: Mapping[str, Mixing]
    each_theme: Mapping[str, Mixing]
    each_kind: Mapping[str, Mixing]
    streets: OwnWord
    ages: OwnWord
    bridges: tuple[tuple[Node, Node], ...]


def read_network(s: Session, place_id: UUID) -> Reading:
    """The network of a place with its measures; empty ones where nothing is written down, or where it is too large."""
    net = network_of(s, place_id)
    groups, assets = group_ties(net), asset_ties(net)
    return Reading(
        net=net,
        circles=tuple(circles(net)),
        weak=tuple(weak_points(net)),
        between=between(net),
        by_home=mixing(groups, lambda node: node.home),
        by_theme=mixing(groups, lambda node: node.theme),
        by_kind=mixing(assets, lambda node: node.kind),
        each_home=mixing_of_each(groups, lambda node: node.home_name),
        each_theme=mixing_of_each(groups, lambda node: node.theme),
        each_kind=mixing_of_each(assets, lambda node: node.kind),
        streets=own_word(net, lambda node: node.streets_mix),
        ages=own_word(net, lambda node: node.ages_mix),
        bridges=tuple(bridges(s, net)),
    )

"""What the network of a place is made of, and what is measured of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

ORGANISATION = "organisation"
"""The kind of a node that is no asset but what several assets belong to."""


@dataclass(frozen=True)
class Node:
    """A group, a venue or another asset, or an organisation (``kind``) that holds several of them together.

    ``home`` is the patch it lies in, else the estate, None when in neither; ``is_here`` whether the place holds it or
    is served by it, False for neighbours outside. ``streets_mix`` and ``ages_mix`` are a group's own word
    (``db.tables.register.MIXES``). ``easting, northing`` in metres, None when nobody knows where.
    """

    id: UUID
    name: str
    kind: str
    category: str = ""
    category_name: str = ""
    theme: str = ""
    home: UUID | None = None
    home_name: str = ""
    is_group: bool = False
    is_here: bool = True
    streets_mix: str = ""
    ages_mix: str = ""
    easting: float | None = None
    northing: float | None = None


@dataclass(frozen=True)
class Link:
    """Two nodes that have to do with each other, and in which ways: one link a pair, the lower id first."""

    a: UUID
    b: UUID
    relations: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """The nodes of a place with their ties, neighbours outside included, and its groups without any tie written down.

    ``is_too_large``: the place holds more than can be drawn or measured at once, and nothing was read.
    """

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    alone: tuple[Node, ...] = ()
    is_too_large: bool = False


@dataclass(frozen=True)
class Mixing:
    """Ties across a line and within it: ``e_i`` is -1 for all inside, +1 for all outside, None without ties.

    ``unknown`` ties have an end of which nobody knows on which side it is.
    """

    external: int
    internal: int
    e_i: float | None
    unknown: int = 0


@dataclass(frozen=True)
class WeakPoint:
    """What holds others together: if it closed, ``cut_off`` would lose their way to the rest."""

    node: Node
    cut_off: tuple[Node, ...]


@dataclass(frozen=True)
class OwnWord:
    """What the groups of a place say of who comes: so many are mixed, mostly of one, or were never asked."""

    mixed: int
    mostly_one: int
    unasked: int


@dataclass(frozen=True)
class Tie:
    """A tie of one asset with another, as its page tells it.

    ``relation`` reads from the asset to the other when ``is_outward``. A tie that somebody wrote down has ``edge_id``
    and ``version``; one that follows from the register (where it meets, whose it is) has none.
    """

    other_id: UUID
    other_name: str
    other_kind: str
    relation: str
    is_outward: bool
    edge_id: UUID | None = None
    version: int | None = None
    evidence: str = ""
    since: date | None = None
    last_seen: date | None = None
    source_kind: str = ""

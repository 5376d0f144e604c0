"""What a test of the network needs in the store."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.connections.network.records import Link, Network, Node
from abcd.db.holding import assign
from abcd.db.tables import Edge, Organisation
from tests.builders import HERE, TODAY, a_group, a_place, a_venue, an_asset

EAST, NORTH = HERE


def a_tie(s: Session, a: UUID, b: UUID, relation: str = "joint_activity", on: date = TODAY) -> UUID:
    """A tie that a group told of."""
    edge = Edge(a_id=a, b_id=b, relation=relation, evidence="Seen at the fair", last_seen=on, source_kind="group")
    s.add(edge)
    s.flush()
    return edge.id


def an_organisation(s: Session, name: str = "Millfield Homes") -> UUID:
    """Something that assets belong to."""
    body = Organisation(name=name)
    s.add(body)
    s.flush()
    return body.id


def a_node(number: int, **more: Any) -> Node:
    """A group here, numbered."""
    return Node(**{"id": UUID(int=number), "name": f"N{number}", "kind": "association", "is_group": True, **more})


def a_network(ties: list[tuple[int, int]], **more: dict[int, Any]) -> Network:
    """Groups by number and their ties; ``home={1: ...}`` says more of some of them."""
    numbers = sorted({number for tie in ties for number in tie})
    told = {number: {name: values[number] for name, values in more.items() if number in values} for number in numbers}
    links = (Link(UUID(int=min(tie)), UUID(int=max(tie)), ("joint_activity",)) for tie in ties)
    return Network(tuple(a_node(number, **told[number]) for number in numbers), tuple(links))


def a_neighbourhood(s: Session) -> dict[str, UUID]:
    """An estate with a hall, two groups that meet there, one alone, and a partner over the road outside."""
    made = {"estate": a_place(s, name="Old Mill"), "hall": a_venue(s, name="Weavers Hall")}
    made["choir"] = a_group(s, "arts-and-music", name="Choir", meets_at=made["hall"])
    made["tots"] = a_group(s, "parent-and-toddler", name="Tots", meets_at=made["hall"])
    made["diggers"] = a_group(s, name="Diggers")
    made["library"] = an_asset(s, "library", (EAST + 900, NORTH), name="Far Library")
    a_tie(s, made["choir"], made["library"])
    assign(s)
    return made

"""Which ties a place has: what is written down, what follows from the register, and nothing that must stay private."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from abcd.connections.network import place_network
from abcd.connections.network.layout import without
from abcd.connections.network.links import HUB_MOST
from abcd.connections.network.place_network import network_of
from abcd.connections.network.records import ORGANISATION, Network
from abcd.core.language import use
from abcd.db.holding import assign
from abcd.db.tables import Activity, Asset, Group
from tests.builders import HERE, a_group, a_place, an_asset
from tests.connections.network.builders import EAST, NORTH, a_neighbourhood, a_network, a_tie, an_organisation


def named(net: Network) -> set[tuple[str, ...]]:
    """The ties by name, with how the two have to do with each other."""
    names = {node.id: node.name for node in net.nodes}
    return {(*sorted((names[link.a], names[link.b])), *link.relations) for link in net.links}


def test_what_is_said_and_what_follows_stand_together(s: Session) -> None:
    made = a_neighbourhood(s)
    net = network_of(s, made["estate"])
    assert named(net) == {
        ("Choir", "Weavers Hall", "meets_at"), ("Tots", "Weavers Hall", "meets_at"),
        ("Choir", "Far Library", "joint_activity"),
    }  # fmt: skip
    assert [node.name for node in net.alone] == ["Diggers"]
    assert [node.name for node in net.nodes if not node.is_here] == ["Far Library"]
    assert {node.home_name for node in net.nodes} == {"Old Mill", ""}


def test_one_pair_is_one_tie_with_all_its_reasons(s: Session) -> None:
    made = a_neighbourhood(s)
    a_tie(s, made["choir"], made["hall"], "supports")
    a_tie(s, made["hall"], made["choir"], "funds")
    s.add(Activity(asset_id=made["choir"], venue_id=made["hall"], group_id=made["choir"]))
    s.flush()
    assert ("Choir", "Weavers Hall", "funds", "held_at", "meets_at", "supports") in named(network_of(s, made["estate"]))


def test_an_activity_ties_its_group_to_its_venue(s: Session) -> None:
    made = a_neighbourhood(s)
    supper = an_asset(s, "cafe", name="Supper", kind="economic")
    s.add(Activity(asset_id=supper, venue_id=made["hall"], group_id=made["diggers"]))
    s.flush()
    assign(s)
    net = network_of(s, made["estate"])
    assert {("Supper", "Weavers Hall", "held_at"), ("Diggers", "Supper", "done_by")} <= named(net)
    assert net.alone == ()


def test_an_organisation_ties_what_belongs_to_it_unless_it_has_very_much(s: Session) -> None:
    made = a_neighbourhood(s)
    body, council = an_organisation(s), an_organisation(s, "Council")
    s.get_one(Asset, made["diggers"]).organisation_id = body
    an_asset(s, "library", (EAST + 2000, NORTH), name="Its office", organisation_id=body)
    for number in range(HUB_MOST + 1):
        an_asset(s, "bench-or-square", name=f"Bench {number}", organisation_id=council, kind="physical")
    s.flush()
    assign(s)
    net = network_of(s, made["estate"])
    assert {("Diggers", "Millfield Homes", "part_of"), ("Its office", "Millfield Homes", "part_of")} <= named(net)
    assert [node.name for node in net.nodes if node.kind == ORGANISATION] == ["Millfield Homes"]


def test_neighbours_ties_with_each_other_count_too(s: Session) -> None:
    made = a_neighbourhood(s)
    book = a_group(s, "arts-and-music", (EAST + 900, NORTH), name="Book circle", meets_at=made["library"])
    a_tie(s, book, made["tots"])
    assert ("Book circle", "Far Library", "meets_at") in named(network_of(s, made["estate"]))


@pytest.mark.parametrize("hidden", ["is_sensitive", "merged_into", "status", "asset_kind"])
def test_what_must_not_be_told_has_no_tie(s: Session, hidden: str) -> None:
    made = a_neighbourhood(s)
    values = {"is_sensitive": True, "merged_into": made["tots"], "status": "defunct", "asset_kind": "individual"}
    changes = ({"geom": None, "point": None} if hidden == "is_sensitive" else {}) | {hidden: values[hidden]}
    for row in (s.get_one(Asset, made["library"]), s.get_one(Asset, made["diggers"])):
        for name, value in changes.items():
            setattr(row, name, value)
    s.flush()
    net = network_of(s, made["estate"])
    assert {node.name for node in (*net.nodes, *net.alone)} == {"Choir", "Tots", "Weavers Hall"}


def test_what_hung_on_a_hidden_end_alone_is_not_drawn(s: Session) -> None:
    made = a_neighbourhood(s)
    far = a_group(s, at=(EAST + 5000, NORTH), name="Far group")
    farther = a_group(s, at=(EAST + 5000, NORTH), name="Farther group")
    refuge = an_asset(s, "support-and-recovery", None, name="Refuge", is_sensitive=True)
    for other in (made["diggers"], far, farther):
        a_tie(s, refuge, other)
    a_tie(s, far, farther)
    assert not {"Refuge", "Far group", "Farther group"} & {node.name for node in network_of(s, made["estate"]).nodes}


def test_what_a_group_says_of_itself_is_read(s: Session) -> None:
    made = a_neighbourhood(s)
    s.get_one(Group, made["choir"]).streets_mix = "mixed"
    s.get_one(Group, made["choir"]).ages_mix = "mostly_one"
    s.flush()
    choir = next(node for node in network_of(s, made["estate"]).nodes if node.name == "Choir")
    assert (choir.streets_mix, choir.ages_mix, choir.is_group) == ("mixed", "mostly_one", True)


def test_a_place_that_holds_too_much_is_not_read(s: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_neighbourhood(s)
    for limit in ("MOST_ASSETS", "MOST_LINKS"):
        with monkeypatch.context() as lower:
            lower.setattr(place_network, limit, 2)
            assert network_of(s, made["estate"]) == Network(is_too_large=True)


def test_nothing_written_down_is_no_network(s: Session) -> None:
    assert network_of(s, a_place(s)) == Network()


def test_a_welsh_name_is_used_in_welsh(s: Session) -> None:
    made = a_neighbourhood(s)
    s.get_one(Asset, made["choir"]).name_cy = "Côr"
    s.flush()
    use("cy")
    try:
        assert "Côr" in {node.name for node in network_of(s, made["estate"]).nodes}
    finally:
        use("en")


def test_a_picture_holds_what_is_tied_best() -> None:
    net = a_network([(1, 2), (1, 3), (1, 4), (5, 6)])
    fewer, left_out = without(net, 3)
    assert ([node.name for node in fewer.nodes], len(fewer.links), left_out) == (["N1", "N2", "N3"], 2, 3)
    assert without(net, 6) == (net, 0)
    away = replace(net, nodes=tuple(replace(node, is_here=node.name == "N6") for node in net.nodes))
    assert "N6" in {node.name for node in without(away, 2)[0].nodes}


def test_places_are_found_by_where_they_lie(s: Session) -> None:
    made = a_neighbourhood(s)
    patch = a_place(s, HERE, kind="patch", size=100, name="Patch 1")
    assign(s)
    assert {node.home for node in network_of(s, made["estate"]).nodes if node.is_here} == {patch}

"""A tie is written down with what shows it, seen again and taken away; an asset's page tells all of its ties."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.rooms import GroupWords, describe_rooms, words_of
from abcd.connections.network.asset_ties import ties_of
from abcd.connections.network.links import HUB_MOST
from abcd.connections.network.meeting_place import describe_meeting_place
from abcd.connections.network.ties import TieDraft, add_tie, edit_tie, end_tie, may
from abcd.core.clock import today
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import Asset, AuditEvent, Edge, RowChange
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from tests.builders import a_group, a_place, an_asset
from tests.connections.network.builders import EAST, NORTH, a_neighbourhood, a_tie, an_organisation

PARTNER = Actor("Pat", "partner_viewer")


def a_draft(other: UUID, relation: str = "refers", **more: object) -> TieDraft:
    draft = TieDraft(other, relation, "Mrs Canary said so at the fair", today())
    return replace(draft, **more)  # type: ignore[arg-type]


def test_a_tie_is_told_from_both_ends(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    edge = add_tie(s, made["diggers"], a_draft(made["hall"], since=date(2024, 5, 1)), by=owner)
    (tie,) = ties_of(s, made["diggers"])
    assert (tie.other_name, tie.relation, tie.is_outward, tie.edge_id) == ("Weavers Hall", "refers", True, edge)
    assert (tie.evidence, tie.since, tie.last_seen) == ("Mrs Canary said so at the fair", date(2024, 5, 1), today())
    (back, *derived) = ties_of(s, made["hall"])
    assert (back.other_name, back.is_outward) == ("Diggers", False)
    assert [(one.other_name, one.relation, one.edge_id) for one in derived] == [
        ("Choir", "meets_at", None), ("Tots", "meets_at", None),
    ]  # fmt: skip


def test_sharing_reads_the_same_either_way(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    for one, other in (("diggers", "tots"), ("tots", "choir")):
        add_tie(s, made[one], a_draft(made[other], "shares_members"), by=owner)
    assert all(edge.a_id < edge.b_id for edge in s.scalars(select(Edge).where(Edge.relation == "shares_members")))
    with pytest.raises(BadRequest, match="already"):
        add_tie(s, made["tots"], a_draft(made["diggers"], "shares_members"), by=owner)
    add_tie(s, made["tots"], a_draft(made["diggers"], "refers"), by=owner)
    add_tie(s, made["tots"], a_draft(made["diggers"], "refers", is_outward=False), by=owner)


def test_pressed_twice_it_is_one(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    first, second = (add_tie(s, made["diggers"], a_draft(made["hall"]), by=owner, key="once") for _turn in range(2))
    assert first == second


@pytest.mark.parametrize(
    "wrong",
    [{"evidence": " "}, {"relation": "knows"}, {"source_kind": "rumour"}, {"last_seen": date(2126, 1, 1)},
     {"since": date(2126, 1, 1)}, {"since": date(2026, 1, 2), "last_seen": date(2026, 1, 1)}],
)  # fmt: skip
def test_a_tie_that_cannot_be_is_a_sentence(s: Session, owner: Actor, wrong: dict[str, object]) -> None:
    made = a_neighbourhood(s)
    with pytest.raises(BadRequest):
        add_tie(s, made["diggers"], a_draft(made["hall"], **wrong), by=owner)


def test_nothing_is_tied_to_itself_or_to_what_is_private(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    refuge = an_asset(s, "support-and-recovery", None, name="Refuge", is_sensitive=True)
    for one, other in ((made["hall"], made["hall"]), (made["hall"], refuge), (refuge, made["hall"]),
                       (made["hall"], uuid4())):  # fmt: skip
        with pytest.raises(BadRequest):
            add_tie(s, one, a_draft(other), by=owner)


def test_a_sensitive_asset_tells_no_ties_and_is_in_none(s: Session) -> None:
    made = a_neighbourhood(s)
    refuge = an_asset(s, "support-and-recovery", None, name="Refuge", is_sensitive=True)
    a_tie(s, refuge, made["diggers"])
    assert ties_of(s, refuge) == ties_of(s, made["diggers"]) == []


def test_whose_and_where_else_is_told_on_the_page(s: Session) -> None:
    made = a_neighbourhood(s)
    body = an_organisation(s)
    for name in ("choir", "library"):
        s.get_one(Asset, made[name]).organisation_id = body
    s.flush()
    told = {(tie.other_name, tie.relation) for tie in ties_of(s, made["choir"])}
    assert told == {("Far Library", "joint_activity"), ("Weavers Hall", "meets_at"), ("Tots", "same_venue"),
                    ("Far Library", "same_organisation")}  # fmt: skip
    for number in range(HUB_MOST):
        an_asset(s, "library", name=f"Branch {number}", organisation_id=body)
    assert "same_organisation" not in {tie.relation for tie in ties_of(s, made["choir"])}


def test_a_tie_is_seen_again(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    edge = a_tie(s, made["diggers"], made["hall"], on=today() - timedelta(days=400))
    edit_tie(s, edge, version=1, by=owner)
    edit_tie(s, edge, version=2, evidence="They cook together", by=owner)
    row = s.get_one(Edge, edge)
    assert (row.last_seen, row.evidence, row.version) == (today(), "They cook together", 3)
    with pytest.raises(Conflict):
        edit_tie(s, edge, version=1, by=owner)
    with pytest.raises(VersionMissing):
        edit_tie(s, edge, version=None, by=owner)


def test_a_tie_ends(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    edge = a_tie(s, made["diggers"], made["hall"])
    with pytest.raises(Conflict):
        end_tie(s, edge, version=7, by=owner)
    end_tie(s, edge, version=1, by=owner, key="end")
    end_tie(s, edge, version=1, by=owner, key="end")
    assert ties_of(s, made["diggers"]) == []
    with pytest.raises(NotFound):
        edit_tie(s, edge, version=1, by=owner)


def test_where_a_group_meets_is_a_tie_and_all_else_stays(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    describe_rooms(s, made["diggers"], GroupWords(run_by="residents", streets_mix="mixed"), version=1, by=owner)
    describe_meeting_place(s, made["diggers"], made["hall"], version=2, by=owner, key="once")
    describe_meeting_place(s, made["diggers"], made["hall"], version=2, by=owner, key="once")
    assert [(tie.other_name, tie.relation) for tie in ties_of(s, made["diggers"])][0] == ("Weavers Hall", "meets_at")
    words, _venue = words_of(s, made["diggers"])
    assert words == GroupWords(run_by="residents", streets_mix="mixed", meets_at=made["hall"])
    with pytest.raises(Conflict):
        describe_meeting_place(s, made["diggers"], None, version=2, by=owner)
    describe_meeting_place(s, made["diggers"], None, version=3, by=owner)
    assert ties_of(s, made["diggers"]) == []


def test_a_group_meets_neither_in_itself_nor_where_nobody_may_know(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    refuge = an_asset(s, "support-and-recovery", None, name="Refuge", is_sensitive=True)
    for venue in (made["diggers"], refuge, uuid4()):
        with pytest.raises(BadRequest):
            describe_meeting_place(s, made["diggers"], venue, version=1, by=owner)


def test_what_shows_a_tie_is_never_in_the_trail(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    edge = add_tie(s, made["diggers"], a_draft(made["hall"]), by=owner)
    edit_tie(s, edge, version=1, evidence="Mr Canary too", by=owner)
    end_tie(s, edge, version=2, by=owner)
    events = s.scalars(select(AuditEvent).where(AuditEvent.thing_kind == "edge")).all()
    changes = s.scalars(select(RowChange).where(RowChange.thing_id == str(edge))).all()
    assert [event.verb for event in events] == ["add", "edit", "remove"]
    assert len(changes) == 3
    assert "Canary" not in str([(one.before, one.after) for one in (*events, *changes)])


def test_who_may(s: Session, owner: Actor) -> None:
    made = a_neighbourhood(s)
    edge = a_tie(s, made["diggers"], made["hall"])
    elsewhere = Actor("Cara", "coach", places=frozenset((str(a_place(s, (EAST + 9000, NORTH))),)))
    inside = replace(elsewhere, places=frozenset((str(made["estate"]),)))
    for actor in (PARTNER, elsewhere):
        with pytest.raises(NotAllowed):
            add_tie(s, made["choir"], a_draft(made["diggers"]), by=actor)
        with pytest.raises(NotAllowed):
            edit_tie(s, edge, version=1, by=actor)
    add_tie(s, made["library"], a_draft(made["diggers"]), by=inside)
    edit_tie(s, edge, version=1, by=inside)
    for actor in (PARTNER, inside):
        with pytest.raises(NotAllowed):
            end_tie(s, edge, version=2, by=actor)
    assert [may(s, one, "add", made["choir"]) for one in (owner, inside, elsewhere, PARTNER)] == [
        True,
        True,
        False,
        False,
    ]
    end_tie(s, edge, version=2, by=replace(inside, role="officer"))


def test_a_group_that_moves_into_reach_is_asked_by_where_it_lies(s: Session) -> None:
    made = a_neighbourhood(s)
    outside = a_group(s, at=(EAST + 3000, NORTH))
    assign(s)
    scoped = Actor("Cara", "coach", places=frozenset((str(made["estate"]),)))
    assert (may(s, scoped, "edit", outside), may(s, scoped, "edit", outside, made["hall"])) == (False, True)

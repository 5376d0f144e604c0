"""Talks: written down with how long and of which kind, read by casework alone, counted without anybody at risk."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Conversation
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.people.actions import add_person, edit_person
from abcd.people.conversations import (
    ConversationDraft,
    add_conversation,
    conversations_of,
    edit_conversation,
    next_conversations,
)
from abcd.people.time_spent import TimeSpent, time_spent
from tests.builders import a_place
from tests.people.conftest import a_draft, ask_as

LATELY = today() - timedelta(30)
SOON = today() + timedelta(9)


def a_talk(**more: object) -> ConversationDraft:
    """Half an hour of listening, last month."""
    given = {"kind": "listening", "mode": "did_with", "minutes": 30, "held_on": LATELY}
    return ConversationDraft(**{**given, **more})  # type: ignore[arg-type]


@pytest.fixture
def coach(s: Session, manager: Actor, patch: UUID) -> Actor:
    """A coach of the patch."""
    return replace(manager, name="Cara Coach", role="coach", places=frozenset({str(patch)}))


@pytest.fixture
def ada(s: Session, manager: Actor, patch: UUID) -> UUID:
    """A resident of the patch."""
    return add_person(s, a_draft(patch), by=manager).id


def test_a_talk_is_kept_with_the_grounds_of_the_persons_record(s: Session, coach: Actor, ada: UUID) -> None:
    ask_as(s, coach)
    new = add_conversation(s, ada, a_talk(summary=" She  sang for us ", themes=("food",), next_on=SOON), by=coach)
    (told,) = conversations_of(s, ada)
    assert (told.id, told.summary, told.themes, told.next_on) == (new, "She sang for us", ("food",), SOON)
    assert (told.held_by, told.version, repr(told)) == ("Cara Coach", 1, f"ConversationRecord({new})")
    row = s.get_one(Conversation, new)
    assert (row.purpose, row.lawful_basis, row.consent_on) == ("introductions", "consent", date(2026, 5, 1))
    assert row.source == "the person, in conversation"


def test_the_trail_knows_that_and_not_what(s: Session, manager: Actor, ada: UUID) -> None:
    new = add_conversation(s, ada, a_talk(summary="Quokka"), by=manager)
    edit_conversation(s, new, {"summary": "Wombat"}, version=1, by=manager)
    told = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == str(ada)).order_by(AuditEvent.id)).all()
    assert [(one.verb, one.after) for one in told[-2:]] == [
        ("add_conversation", None), ("edit_conversation", {"changed": ["summary"]}),
    ]  # fmt: skip
    trail = "\n".join(s.scalars(text("select t::text from core.row_change t")))
    assert "conversation" in trail
    assert [word for word in ("Quokka", "Wombat") if word in trail] == []


def test_the_same_key_writes_it_down_once(s: Session, manager: Actor, ada: UUID) -> None:
    assert len({add_conversation(s, ada, a_talk(), by=manager, key="k") for _press in range(2)}) == 1
    assert len(conversations_of(s, ada)) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"kind": ""}, "kind"), ({"mode": "told"}, "how you worked"), ({"minutes": 0}, "minutes"),
     ({"minutes": 1441}, "minutes"), ({"held_on": today() + timedelta(2)}, "cannot lie ahead"),
     ({"next_on": LATELY - timedelta(1)}, "comes after")],
)  # fmt: skip
def test_a_talk_that_cannot_be_is_refused(
    s: Session, manager: Actor, ada: UUID, wrong: dict[str, object], says: str
) -> None:
    with pytest.raises(BadRequest, match=says):
        add_conversation(s, ada, a_talk(**wrong), by=manager)


def test_a_talk_is_mended_and_nobody_overwrites_anybody(s: Session, manager: Actor, ada: UUID) -> None:
    new = add_conversation(s, ada, a_talk(), by=manager)
    edit_conversation(s, new, {"minutes": 45, "next_on": SOON}, version=1, by=manager)
    assert [(one.minutes, one.next_on, one.version) for one in conversations_of(s, ada)] == [(45, SOON, 2)]
    with pytest.raises(Conflict):
        edit_conversation(s, new, {"minutes": 60}, version=1, by=manager)
    with pytest.raises(BadRequest, match="which day"):
        edit_conversation(s, new, {"held_on": None}, version=2, by=manager)
    with pytest.raises(BadRequest, match="person_id"):
        edit_conversation(s, new, {"person_id": uuid4()}, version=2, by=manager)


@pytest.mark.parametrize("role", ["data_officer", "partner_viewer"])
def test_what_was_said_is_for_casework_alone(s: Session, manager: Actor, ada: UUID, role: str, patch: UUID) -> None:
    add_conversation(s, ada, a_talk(), by=manager)
    other = replace(manager, role=role)
    ask_as(s, other)
    looks = (
        lambda: conversations_of(s, ada), lambda: next_conversations(s, [patch]),
        lambda: time_spent(s, [patch], LATELY), lambda: add_conversation(s, ada, a_talk(), by=other),
    )  # fmt: skip
    for look in looks:
        with pytest.raises(NotAllowed):
            look()


def test_a_coach_sees_nobody_of_another_patch(s: Session, manager: Actor, coach: Actor, ada: UUID, patch: UUID) -> None:
    south = a_place(s, (390_000.0, 394_000.0), kind="patch", name="South patch")
    bea = add_person(s, a_draft(south, preferred_name="Bea"), by=manager).id
    talks = [add_conversation(s, one, a_talk(next_on=SOON), by=manager) for one in (ada, bea)]
    ask_as(s, coach)
    assert [one.person_id for one in next_conversations(s, [patch, south])] == [ada]
    assert time_spent(s, [patch, south], LATELY).talks == 1
    refused = []
    for key in (bea, uuid4()):
        with pytest.raises(NotFound) as told:
            conversations_of(s, key)
        with pytest.raises(NotFound):
            add_conversation(s, key, a_talk(), by=coach)
        refused.append(str(told.value))
    assert refused[0] == refused[1]
    with pytest.raises(NotFound):
        edit_conversation(s, talks[1], {"minutes": 1}, version=1, by=coach)
    assert s.scalar(select(Conversation.minutes).where(Conversation.id == talks[1])) == 30


def test_another_association_sees_no_talk(s: Session, manager: Actor, stranger: Actor, ada: UUID, patch: UUID) -> None:
    new = add_conversation(s, ada, a_talk(next_on=SOON), by=manager)
    ask_as(s, stranger)
    assert next_conversations(s, [patch]) == []
    assert time_spent(s, [patch], LATELY).talks == 0
    with pytest.raises(NotFound):
        edit_conversation(s, new, {"minutes": 1}, version=1, by=stranger)


def test_who_comes_next_is_what_the_latest_talk_agreed(s: Session, manager: Actor, ada: UUID, patch: UUID) -> None:
    bea = add_person(s, a_draft(patch, preferred_name="Bea"), by=manager).id
    add_conversation(s, ada, a_talk(next_on=SOON), by=manager)
    long_ago = a_talk(held_on=LATELY - timedelta(60), next_on=LATELY)
    add_conversation(s, bea, long_ago, by=manager)
    assert [(one.preferred_name, one.next_on, one.last_on) for one in next_conversations(s, [patch])] == [
        ("Bea", LATELY, LATELY - timedelta(60)), ("Ada of Millfield", SOON, LATELY),
    ]  # fmt: skip
    add_conversation(s, bea, a_talk(), by=manager)
    assert [one.person_id for one in next_conversations(s, [patch])] == [ada]
    assert next_conversations(s, []) == []


def test_time_is_shown_by_kind_and_way(s: Session, manager: Actor, ada: UUID, patch: UUID) -> None:
    for kind, mode, minutes in (("listening", "did_with", 40), ("listening", "stood_back", 15),
                                ("practical", "did_for", 10)):  # fmt: skip
        add_conversation(s, ada, a_talk(kind=kind, mode=mode, minutes=minutes, proactive=minutes == 40), by=manager)
    add_conversation(s, ada, a_talk(held_on=LATELY - timedelta(1), minutes=500), by=manager)
    assert time_spent(s, [patch], LATELY) == TimeSpent(
        talks=3, minutes={"listening": 55, "coaching": 0, "practical": 10},
        modes={"did_with": 1, "did_for": 1, "stood_back": 1}, unasked=1, listened_on=LATELY,
    )  # fmt: skip


def test_a_place_is_quiet_after_half_a_year_without_listening(
    s: Session, manager: Actor, ada: UUID, patch: UUID
) -> None:
    day, long_ago = date(2026, 9, 30), date(2025, 1, 1)
    assert time_spent(s, [patch], long_ago).is_quiet(day)
    add_conversation(s, ada, a_talk(held_on=date(2026, 8, 1), kind="practical"), by=manager)
    assert time_spent(s, [patch], long_ago).is_quiet(day), "to help is not yet to listen"
    add_conversation(s, ada, a_talk(held_on=date(2026, 3, 30)), by=manager)
    assert time_spent(s, [patch], long_ago).is_quiet(day)
    add_conversation(s, ada, a_talk(held_on=date(2026, 3, 31)), by=manager)
    assert not time_spent(s, [patch], long_ago).is_quiet(day)


def test_nobody_at_risk_is_in_the_time_and_only_named_roles_see_their_talks(
    s: Session, manager: Actor, officer: Actor, ada: UUID, patch: UUID
) -> None:
    new = add_conversation(s, ada, a_talk(next_on=SOON), by=manager)
    edit_person(s, ada, {"safety_risk": True}, version=1, by=manager)
    assert len(next_conversations(s, [patch])) == 1
    assert time_spent(s, [patch], LATELY).talks == 0
    ask_as(s, officer)
    assert next_conversations(s, [patch]) == []
    assert time_spent(s, [patch], LATELY).talks == 0
    with pytest.raises(NotFound):
        conversations_of(s, ada)
    with pytest.raises(NotFound):
        edit_conversation(s, new, {"minutes": 1}, version=1, by=officer)

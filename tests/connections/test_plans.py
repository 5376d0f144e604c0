"""The three-question plan of a wish: the left column first, residents hold it, what stands in the way is said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.connections.plans import ActionDraft, add_action, block_action, edit_action, finish_action, plan_of
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import PLAN_COLUMNS, AuditEvent, Person, PersonWish, PlaceParent, Wish
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.people.actions import add_person
from abcd.people.gift_drafts import WishDraft
from abcd.people.wishes import add_person_wish, add_wish
from tests.builders import a_place
from tests.people.conftest import a_draft, an_association, ask_as, grounds


@pytest.fixture
def manager(s: Session) -> Iterator[Actor]:
    """A manager who asks."""
    made = Actor("Mona Manager", "manager", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, made)
    return made


@pytest.fixture
def wish(s: Session, manager: Actor) -> UUID:
    """A meeting's wish."""
    told = WishDraft("Benches by the shop", voiced_by="meeting", voices=14, place_id=a_place(s, kind="patch"))
    return add_wish(s, told, by=manager).id


@pytest.fixture
def hope(s: Session, manager: Actor) -> UUID:
    """A resident's wish that must not wait."""
    ada = add_person(s, a_draft(a_place(s, kind="patch")), by=manager)
    told = WishDraft("A way down the stairs", urgent_reason="cannot leave the flat", grounds=grounds())
    return add_person_wish(s, ada.id, told, by=manager).id


def test_the_left_column_is_filled_first(s: Session, manager: Actor, wish: UUID) -> None:
    for later in PLAN_COLUMNS[1:]:
        with pytest.raises(BadRequest, match="Begin with what residents can do"):
            add_action(s, wish, ActionDraft("Ask the council", later), by=manager)
    first = add_action(s, wish, ActionDraft("Sit on the wall and count who stops"), by=manager)
    assert (first.owner_kind, s.get_one(Wish, wish).state) == ("resident", "planned")
    add_action(s, wish, ActionDraft("Permission for the verge", "agencies", "agency"), by=manager)
    assert [len(lines) for lines in plan_of(s, wish).values()] == [1, 0, 1]
    assert list(plan_of(s, wish)) == list(PLAN_COLUMNS)


def test_what_cannot_wait_may_begin_anywhere(s: Session, manager: Actor, hope: UUID) -> None:
    made = add_action(s, hope, ActionDraft("A ramp", "agencies", "agency"), by=manager)
    assert [one.id for one in plan_of(s, hope)["agencies"]] == [made.id]


def test_a_line_is_edited_blocked_and_done(s: Session, manager: Actor, wish: UUID) -> None:
    line = add_action(s, wish, ActionDraft("Build two benches", supporter="the shed"), by=manager, key="k")
    assert add_action(s, wish, ActionDraft("Build two benches"), by=manager, key="k").id == line.id
    line = edit_action(s, line.id, {"owner_kind": "group", "owner_words": "Mill Shed"}, version=1, by=manager)
    line = block_action(s, line.id, "insurance", "nobody will cover it", version=line.version, by=manager)
    assert (line.owner_words, line.blocker, line.blocked_on) == ("Mill Shed", "insurance", today())
    with pytest.raises(Conflict):
        finish_action(s, line.id, version=1, by=manager)
    line = finish_action(s, line.id, version=line.version, by=manager)
    assert (line.done_on, line.blocker, line.blocked_on) == (today(), "", None)
    s.flush()
    verbs = s.scalars(text("select verb from core.audit_event where thing_kind = 'wish_plan' order by id")).all()
    assert verbs == ["add", "edit", "block", "finish"]


@pytest.mark.parametrize(
    "wrong", [ActionDraft(" "), ActionDraft("x", "somebody"), ActionDraft("x", owner_kind="nobody")]
)
def test_what_cannot_be_is_refused(s: Session, manager: Actor, wish: UUID, wrong: ActionDraft) -> None:
    with pytest.raises(BadRequest):
        add_action(s, wish, wrong, by=manager)
    line = add_action(s, wish, ActionDraft("Build"), by=manager)
    with pytest.raises(BadRequest, match="cannot lie ahead"):
        finish_action(s, line.id, today() + timedelta(1), version=1, by=manager)
    with pytest.raises(BadRequest, match="Choose these"):
        block_action(s, line.id, "weather", version=1, by=manager)


def test_the_plan_of_a_resident_s_wish_is_for_the_casework_roles(s: Session, manager: Actor, hope: UUID) -> None:
    line = add_action(s, hope, ActionDraft("Ask next door"), by=manager)
    keeper = Actor("Dora Data", "data_officer", organisation_id=manager.organisation_id)
    ask_as(s, keeper)
    with pytest.raises(NotAllowed):
        plan_of(s, hope)
    with pytest.raises(NotAllowed):
        finish_action(s, line.id, version=1, by=keeper)
    stranger = Actor("Stan Stranger", "owner", organisation_id=an_association(s, "Elsewhere Homes"))
    ask_as(s, stranger)
    assert not any(plan_of(s, hope).values())
    with pytest.raises(NotFound):
        add_action(s, hope, ActionDraft("Look"), by=stranger)


def test_the_plan_of_a_neighbour_is_for_the_coach_of_their_patch(s: Session, manager: Actor, hope: UUID) -> None:
    add_action(s, hope, ActionDraft("Ada asks next door"), by=manager)
    home = s.scalars(select(Person.place_id).join(PersonWish).where(PersonWish.id == hope)).one()
    estate, south = a_place(s, name="The estate"), a_place(s, kind="patch", name="South patch")
    s.add(PlaceParent(place_id=home, parent_id=estate, share=1.0))
    ask_as(s, replace(manager, role="coach", places=frozenset({str(estate)})))
    assert len(plan_of(s, hope)[PLAN_COLUMNS[0]]) == 1
    ask_as(s, replace(manager, role="coach", places=frozenset({str(south)})))
    with pytest.raises(NotFound):
        plan_of(s, hope)


def test_the_trail_holds_no_words_of_a_plan(s: Session, manager: Actor, wish: UUID) -> None:
    add_action(s, wish, ActionDraft("Ask Zebedee at number nine"), by=manager)
    s.flush()
    assert "Zebedee" not in str([(one.before, one.after) for one in s.query(AuditEvent)])
    assert "Zebedee" not in str(s.execute(text("select before, after from core.row_change")).all())

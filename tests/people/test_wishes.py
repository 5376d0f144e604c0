"""What residents, groups, meetings and people yet to move in hope for, and that they are told what came of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Wish
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.people.actions import add_person
from abcd.people.gift_drafts import WishDraft
from abcd.people.records import PersonRecord
from abcd.people.skills import load_skills
from abcd.people.wishes import (
    add_person_wish,
    add_wish,
    edit_person_wish,
    edit_wish,
    end_person_wish,
    move_person_wish,
    move_wish,
    rest_person_wish,
    tell_person,
    tell_residents,
    wishes_of,
)
from tests.builders import a_group
from tests.people.conftest import a_draft, ask_as, grounds


@pytest.fixture
def ada(s: Session, manager: Actor, patch: UUID) -> PersonRecord:
    """A resident of the patch, in a store that knows gifts and categories."""
    load_taxonomy(s)
    load_skills(s)
    return add_person(s, a_draft(patch), by=manager)


def a_hope(**more: object) -> WishDraft:
    """Somebody's hope, as it should be told."""
    return WishDraft(**{"own_words": "A choir to sing in", "category": "arts-and-music", "grounds": grounds(), **more})  # type: ignore[arg-type]


def test_a_resident_hopes_in_their_own_words_and_the_theme_follows(
    s: Session, manager: Actor, ada: PersonRecord
) -> None:
    made = add_person_wish(s, ada.id, a_hope(), by=manager)
    assert (made.own_words, made.theme, made.state, made.voices) == (
        "A choir to sing in",
        "culture-and-faith",
        "open",
        1,
    )
    by_gift = add_person_wish(s, ada.id, a_hope(category=None, skill="welsh", wish_kind="learn"), by=manager)
    assert by_gift.theme == "new-neighbours-and-language"
    assert {one.id for one in wishes_of(s, ada.id)} == {made.id, by_gift.id}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"own_words": ""}, "in their own words"),
        ({"grounds": None}, "why this may be kept"),
        ({"category": "groups"}, "Choose a category"),
        ({"theme": "luck"}, "Choose these"),
        ({"wish_kind": "buy"}, "Choose these"),
        ({"hours": 0}, "from 1 to"),
        ({"said_on": today() + timedelta(2)}, "cannot lie ahead"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    s: Session, manager: Actor, ada: PersonRecord, wrong: dict[str, object], says: str
) -> None:
    with pytest.raises(BadRequest, match=says):
        add_person_wish(s, ada.id, a_hope(**wrong), by=manager)


def test_a_wish_is_edited_rests_comes_about_and_its_resident_is_told(
    s: Session, manager: Actor, ada: PersonRecord
) -> None:
    made = add_person_wish(s, ada.id, a_hope(), by=manager)
    made = edit_person_wish(s, made.id, {"hours": 2}, version=made.version, by=manager)
    made = rest_person_wish(s, made.id, version=made.version, by=manager)
    assert (made.hours, made.state) == (2, "let_go")
    made = move_person_wish(s, made.id, "open", version=made.version, by=manager)
    made = end_person_wish(s, made.id, version=made.version, by=manager)
    made = tell_person(s, made.id, version=made.version, by=manager)
    assert (made.state, made.told_on) == ("met", today())
    verbs = s.scalars(select(AuditEvent.verb).where(AuditEvent.thing_id == str(ada.id)).order_by(AuditEvent.id)).all()
    assert verbs == ["add", "add_wish", "edit_wish", "wish_let_go", "wish_open", "wish_met", "tell"]


def test_a_meeting_hopes_with_its_voices_and_is_told(s: Session, manager: Actor, patch: UUID) -> None:
    load_taxonomy(s)
    told = WishDraft("Benches by the shop", "have_nearby", category="bench-or-square", voiced_by="meeting",
                     place_id=patch, voices=14)  # fmt: skip
    made = add_wish(s, told, by=manager)
    made = edit_wish(s, made.id, {"voices": 16}, version=made.version, by=manager)
    made = move_wish(s, made.id, "met", version=made.version, by=manager)
    made = tell_residents(s, made.id, today() - timedelta(2), version=made.version, by=manager)
    assert (made.voices, made.state, made.told_on) == (16, "met", today() - timedelta(2))


def test_a_group_s_wish_names_the_group_and_no_other_does(s: Session, manager: Actor, patch: UUID) -> None:
    load_taxonomy(s)
    group = a_group(s, name="Mill Growers")
    made = add_wish(s, WishDraft("A shed", voiced_by="group", asset_id=group, place_id=patch), by=manager)
    assert made.asset_id == group
    for wrong in ({"voiced_by": "group"}, {"voiced_by": "survey", "asset_id": group}):
        with pytest.raises(BadRequest, match="names the group"):
            add_wish(s, WishDraft("A shed", place_id=patch, **wrong), by=manager)  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="which place"):
        add_wish(s, WishDraft("A shed", voiced_by="prospective_resident"), by=manager)


def test_others_see_none_of_it(s: Session, manager: Actor, stranger: Actor, ada: PersonRecord) -> None:
    made = add_person_wish(s, ada.id, a_hope(), by=manager)
    told = add_wish(s, WishDraft("A pond", voiced_by="meeting", place_id=ada.place_id), by=manager)
    ask_as(s, stranger)
    assert s.scalars(select(Wish)).all() == []
    with pytest.raises(NotFound):
        end_person_wish(s, made.id, version=1, by=stranger)
    with pytest.raises(NotFound):
        move_wish(s, told.id, "met", version=1, by=stranger)
    with pytest.raises(NotFound):
        edit_wish(s, uuid4(), {}, version=1, by=stranger)
    keeper = Actor("Dora Data", "data_officer", organisation_id=manager.organisation_id)
    ask_as(s, keeper)
    with pytest.raises(NotAllowed):
        wishes_of(s, ada.id)

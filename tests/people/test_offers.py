"""What residents, groups and partners offer: kept with its grounds, in own words, oldest first, for whom it may be."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, PersonOffer
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.people.actions import add_person
from abcd.people.gift_drafts import OfferDraft
from abcd.people.offers import (
    add_offer,
    add_person_offer,
    edit_offer,
    edit_person_offer,
    end_person_offer,
    move_offer,
    move_person_offer,
    offers_of,
    rest_person_offer,
)
from abcd.people.records import PersonRecord
from abcd.people.skills import load_skills
from tests.builders import a_group, a_place, a_term
from tests.people.conftest import a_draft, ask_as, grounds

MONDAY_EVENING = 1 << 2


@pytest.fixture
def ada(s: Session, manager: Actor, patch: UUID) -> PersonRecord:
    """A resident of the patch, in a store that knows the gifts."""
    load_skills(s)
    return add_person(s, a_draft(patch), by=manager)


def a_gift(**more: object) -> OfferDraft:
    """Somebody's gift, as it should be told."""
    return OfferDraft(**{"own_words": "I play the piano", "skill": "piano", "grounds": grounds(), **more})  # type: ignore[arg-type]


def test_a_resident_offers_a_gift_in_their_own_words(s: Session, manager: Actor, ada: PersonRecord) -> None:
    made = add_person_offer(s, ada.id, a_gift(will_teach=True, free_grid=MONDAY_EVENING), by=manager)
    assert (made.own_words, made.gift_kind, made.state, made.said_on) == (
        "I play the piano",
        "hands",
        "waiting",
        today(),
    )
    assert [one.id for one in offers_of(s, ada.id)] == [made.id]


def test_pressed_twice_it_is_one_offer(s: Session, manager: Actor, ada: PersonRecord) -> None:
    first, again = (add_person_offer(s, ada.id, a_gift(), by=manager, key="k1") for _ in range(2))
    assert first.id == again.id
    assert len(offers_of(s, ada.id)) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"own_words": " "}, "in their own words"),
        ({"grounds": None}, "why this may be kept"),
        ({"skill": "no-such-gift"}, "Choose a gift"),
        ({"gift_kind": "luck"}, "Choose these from the list"),
        ({"free_grid": 1 << 21}, "from 0 to"),
        ({"max_walk_minutes": 0}, "from 1 to 120"),
        ({"starts_on": date(2026, 5, 2), "expires_on": date(2026, 5, 1)}, "cannot end before"),
        ({"said_on": today() + timedelta(2)}, "cannot lie ahead"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    s: Session, manager: Actor, ada: PersonRecord, wrong: dict[str, object], says: str
) -> None:
    with pytest.raises(BadRequest, match=says):
        add_person_offer(s, ada.id, a_gift(**wrong), by=manager)
    assert offers_of(s, ada.id) == []


def test_an_offer_is_edited_rests_and_ends(s: Session, manager: Actor, ada: PersonRecord) -> None:
    made = add_person_offer(s, ada.id, a_gift(), by=manager)
    made = edit_person_offer(s, made.id, {"max_walk_minutes": 10}, version=made.version, by=manager)
    assert (made.max_walk_minutes, made.own_words) == (10, "I play the piano")
    made = rest_person_offer(s, made.id, version=made.version, by=manager)
    made = move_person_offer(s, made.id, "taken_up", version=made.version, by=manager)
    assert (made.state, made.taken_up_on) == ("taken_up", today())
    with pytest.raises(Conflict):
        end_person_offer(s, made.id, version=1, by=manager)
    assert end_person_offer(s, made.id, version=made.version, by=manager).state == "ended"


def test_only_what_may_be_changed_is(s: Session, manager: Actor, ada: PersonRecord) -> None:
    made = add_person_offer(s, ada.id, a_gift(), by=manager)
    for wrong in ({"person_id": uuid4()}, {"source": "hearsay"}):
        with pytest.raises(BadRequest, match="cannot be changed"):
            edit_person_offer(s, made.id, wrong, version=1, by=manager)
    with pytest.raises(BadRequest, match="Choose these"):
        move_person_offer(s, made.id, "sold", version=1, by=manager)


def test_the_trail_knows_that_and_not_what(s: Session, manager: Actor, ada: PersonRecord) -> None:
    made = add_person_offer(s, ada.id, a_gift(conditions="not on Fridays"), by=manager)
    edit_person_offer(s, made.id, {"own_words": "I play the organ"}, version=1, by=manager)
    events = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == str(ada.id)).order_by(AuditEvent.id)).all()
    assert [one.verb for one in events] == ["add", "add_offer", "edit_offer"]
    assert events[-1].after == {"changed": ["own_words"]}
    assert "piano" not in repr(made) + repr(a_gift())


def test_who_works_elsewhere_or_not_with_people_neither_reads_nor_writes(
    s: Session, manager: Actor, stranger: Actor, ada: PersonRecord
) -> None:
    made = add_person_offer(s, ada.id, a_gift(), by=manager)
    keeper = Actor("Dora Data", "data_officer", organisation_id=manager.organisation_id)
    ask_as(s, keeper)
    with pytest.raises(NotAllowed):
        offers_of(s, ada.id)
    with pytest.raises(NotAllowed):
        add_person_offer(s, ada.id, a_gift(), by=keeper)
    ask_as(s, stranger)
    assert s.scalars(select(PersonOffer)).all() == []
    with pytest.raises(NotFound):
        end_person_offer(s, made.id, version=1, by=stranger)


def test_a_coach_writes_for_their_own_patch_alone(s: Session, manager: Actor, ada: PersonRecord) -> None:
    south = a_place(s, kind="patch", name="South patch", at=(390_000.0, 394_000.0))
    for place, may in ((ada.place_id, True), (south, False)):
        coach = Actor("Cora Coach", "coach", organisation_id=manager.organisation_id, places=frozenset({str(place)}))
        ask_as(s, coach)
        if may:
            assert add_person_offer(s, ada.id, a_gift(), by=coach).state == "waiting"
        else:
            with pytest.raises(NotFound):
                add_person_offer(s, ada.id, a_gift(), by=coach)


def test_a_group_and_a_partner_offer_things(s: Session, manager: Actor, patch: UUID) -> None:
    load_skills(s)
    a_term(s, "gardening-group", parent=None)
    group = a_group(s, name="Mill Growers")
    kit = add_offer(
        s, OfferDraft("Ten spades", "thing", owner_kind="group", asset_id=group, place_id=patch), by=manager
    )
    assert (kit.owner_kind, kit.state, kit.visibility) == ("group", "waiting", "partner")
    kit = edit_offer(s, kit.id, {"how_much": "10 spades"}, version=kit.version, by=manager)
    kit = move_offer(s, kit.id, "taken_up", version=kit.version, by=manager)
    assert (kit.how_much, kit.taken_up_on) == ("10 spades", today())
    money = OfferDraft("A pot for good ideas", "money", owner_kind="landlord", owner_id=UUID(manager.organisation_id))
    assert add_offer(s, money, by=manager).theme == ""
    for wrong in (OfferDraft("A room", owner_kind="venue"), OfferDraft("A van", owner_kind="partner"), OfferDraft("A")):
        with pytest.raises(BadRequest, match="Say "):
            add_offer(s, wrong, by=manager)
    with pytest.raises(BadRequest, match="which group or venue"):
        edit_offer(s, kit.id, {"asset_id": None}, version=kit.version, by=manager)


def test_the_theme_follows_the_gift(s: Session, manager: Actor, patch: UUID) -> None:
    load_skills(s)
    told = OfferDraft("Lessons", skill="piano", owner_kind="landlord", owner_id=UUID(manager.organisation_id))
    assert add_offer(s, told, by=manager).theme == "culture-and-faith"

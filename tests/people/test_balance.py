"""Gifts beside hopes, and voices for what is missing: right to the person for casework, else protected."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.connections.plans import ActionDraft, add_action, finish_action
from abcd.core.clock import months_after, today
from abcd.db.session import Actor
from abcd.db.tables import Person, PersonOffer, PersonWish, PlaceParent
from abcd.errors import NotAllowed
from abcd.people.balance import Balance, ThemeBalance, balance, protected
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_offer
from abcd.people.skills import load_skills
from abcd.people.voices import voiced
from abcd.people.wishes import add_wish
from tests.builders import a_place
from tests.people.conftest import ask_as

GROUNDS = {
    "purpose": "introductions",
    "lawful_basis": "consent",
    "consent_on": today() - timedelta(30),
    "source": "the person",
}
Neighbours = Callable[..., list[UUID]]


@pytest.fixture
def neighbours(s: Session, manager: Actor, patch: UUID) -> Neighbours:
    """So many residents of a patch, each with a gift, a hope, or both."""
    load_taxonomy(s)
    load_skills(s)

    def made(
        n: int, gift: str | None = None, category: str | None = None, place: UUID = patch, **more: object
    ) -> list[UUID]:
        own, added = UUID(manager.organisation_id), []
        for _each in range(n):
            row = Person(organisation_id=own, place_id=place, preferred_name="N", confirmed_on=today(),
                         retention_review_on=today(), **GROUNDS, **more)  # fmt: skip
            s.add(row)
            s.flush()
            said = {"person_id": row.id, "organisation_id": own, "said_on": today(), **GROUNDS}
            if gift:
                s.add(PersonOffer(gift_kind="hands", skill=gift, own_words="x", **said))
            if category:
                s.add(PersonWish(wish_kind="do", category=category, theme="food", own_words="x", **said))
            added.append(row.id)
        s.flush()
        return added

    return made


def a_keeper(manager: Actor) -> Actor:
    """Somebody of the team who does no casework."""
    return Actor("Dora Data", "data_officer", organisation_id=manager.organisation_id)


def test_gifts_and_hopes_stand_side_by_side(s: Session, manager: Actor, patch: UUID, neighbours: Neighbours) -> None:
    neighbours(3, gift="baking")
    neighbours(2, gift="piano", category="food-club")
    neighbours(1, category="food-club")
    add_offer(s, OfferDraft("A kitchen", "space", theme="food", owner_kind="landlord", place_id=patch,
                            owner_id=UUID(manager.organisation_id)), by=manager)  # fmt: skip
    found = balance(s, patch)
    assert found is not None
    assert found.themes == (ThemeBalance("food", 3, 3, 1, 0), ThemeBalance("culture-and-faith", 2, 0, 0, 0))
    assert found.themes[0].share == 4 / 7
    assert (found.giving, found.hoping, found.both, found.either, found.is_raw) == (5, 3, 2, 6, True)
    assert found.reciprocity == 2 / 6


def test_offers_that_were_used_are_a_share_of_all(
    s: Session, manager: Actor, patch: UUID, neighbours: Neighbours
) -> None:
    neighbours(4, gift="baking")
    s.execute(text("update core.person_offer set state = 'taken_up', taken_up_on = current_date "
                   "where id in (select id from core.person_offer limit 1)"))  # fmt: skip
    found = balance(s, patch)
    assert found is not None
    assert (found.offers, found.used, found.used_share) == (4, 1, 0.25)


def test_beyond_casework_every_count_is_protected_and_of_patches_and_estates_alone(
    s: Session, manager: Actor, patch: UUID, neighbours: Neighbours
) -> None:
    neighbours(9, gift="piano")
    neighbours(13, gift="baking", category="food-club")
    ward = a_place(s, kind="ward", name="Mill Ward")
    s.add(PlaceParent(place_id=patch, parent_id=ward, share=1.0))
    ask_as(s, a_keeper(manager))
    found = balance(s, patch)
    assert found is not None
    assert found.themes == (ThemeBalance("food", 15, 15, 0, 0),)
    assert (found.giving, found.both, found.is_raw) == (20, 15, False)
    assert balance(s, ward) is None
    ask_as(s, Actor("Pia Partner", "partner_viewer", organisation_id=manager.organisation_id))
    with pytest.raises(NotAllowed):
        balance(s, patch)


COUNTS = st.integers(0, 60)


@given(a=COUNTS, b=COUNTS, c=COUNTS, d=COUNTS)
def test_whatever_leaves_is_made_of_protected_counts(a: int, b: int, c: int, d: int) -> None:
    """No share tells more than the counts beside it: all of it is worked out of multiples of five from ten on."""
    raw = Balance(True, (ThemeBalance("food", a, b, 0, 0),), a, b, min(a, b), max(a, b), c + d, c)
    shown = protected(raw)
    told = [shown.giving, shown.hoping, shown.both, shown.either, shown.offers, shown.used]
    told += [count for one in shown.themes for count in (one.offering, one.wishing)]
    assert all(count is None or (count >= 10 and count % 5 == 0) for count in told)
    if max(a, b) < 10:
        assert shown.themes == ()


def test_nobody_marked_is_in_a_figure_whoever_asks(
    s: Session, manager: Actor, patch: UUID, neighbours: Neighbours
) -> None:
    """P12, and two people's figures never differ by one."""
    neighbours(2, gift="baking", category="food-club")
    neighbours(1, gift="piano", category="food-club", safety_risk=True)
    found = balance(s, patch)
    assert found is not None
    assert (found.giving, [one.theme for one in found.themes], voiced(s, patch)) == (2, ["food"], {"food-club": 2})


def test_a_voice_is_a_person_and_a_tally_of_the_same_people_is_not_added(
    s: Session, manager: Actor, patch: UUID, neighbours: Neighbours
) -> None:
    neighbours(4, category="food-club")
    for voices in (14, 12):
        told = WishDraft("A meal", category="food-club", voiced_by="meeting", place_id=patch, voices=voices)
        add_wish(s, told, by=manager)
    other, estate = a_place(s, kind="patch", name="South"), a_place(s, name="Old Mill")
    for place in (patch, other):
        s.add(PlaceParent(place_id=place, parent_id=estate, share=1.0))
    neighbours(3, category="food-club", place=other)
    assert voiced(s, patch) == {"food-club": 14}
    assert voiced(s, estate) == {"food-club": 17}


def test_what_is_done_old_or_without_a_category_is_no_voice(
    s: Session, manager: Actor, patch: UUID, neighbours: Neighbours
) -> None:
    old = months_after(today(), -25)
    add_wish(s, WishDraft("Old", category="food-club", voiced_by="survey", place_id=patch, said_on=old), by=manager)
    add_wish(s, WishDraft("A pond", theme="food", voiced_by="survey", place_id=patch), by=manager)
    told = WishDraft("Pitch", category="pitch", voiced_by="survey", place_id=patch, voices=3)
    wish = add_wish(s, told, by=manager)
    assert voiced(s, patch) == {"pitch": 3}
    line = add_action(s, wish.id, ActionDraft("Mow the verge"), by=manager)
    assert voiced(s, patch) == {"pitch": 3}
    finish_action(s, line.id, version=line.version, by=manager)
    assert voiced(s, patch) == {}


def test_a_few_voices_are_told_to_the_casework_roles_alone(
    s: Session, manager: Actor, patch: UUID, neighbours: Neighbours
) -> None:
    neighbours(9, category="food-club")
    neighbours(12, category="allotment")
    assert voiced(s, patch) == {"food-club": 9, "allotment": 12}
    ask_as(s, a_keeper(manager))
    assert voiced(s, patch) == {"allotment": 10}
    ask_as(s, Actor("Pia Partner", "partner_viewer", organisation_id=manager.organisation_id))
    assert voiced(s, patch) == {}

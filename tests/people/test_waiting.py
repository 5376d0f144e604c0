"""Offers that wait and wishes that are not met: oldest first, of a place and what lies in it, for whom it may be."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import Person, PlaceParent
from abcd.errors import NotAllowed
from abcd.people.actions import add_person
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_offer, add_person_offer, move_person_offer
from abcd.people.skills import load_skills
from abcd.people.waiting import offers_of_asset, offers_waiting, wishes_of_asset, wishes_to_tell, wishes_unmet
from abcd.people.wishes import add_person_wish, add_wish, move_wish
from tests.builders import a_group, a_place
from tests.people.conftest import a_draft, ask_as, grounds

LONG_AGO = today() - timedelta(400)


@pytest.fixture
def said(s: Session, manager: Actor, patch: UUID) -> dict[str, UUID]:
    """Two residents' offers and a group's, three wishes, the estate that holds the patch, and one elsewhere."""
    load_taxonomy(s)
    load_skills(s)
    estate, elsewhere = a_place(s, name="Old Mill"), a_place(s, name="New Mill", at=(390_000.0, 394_000.0))
    s.add(PlaceParent(place_id=patch, parent_id=estate, share=1.0))
    ada, bea = (add_person(s, a_draft(patch, preferred_name=n, phone="", email=""), by=manager) for n in ("Ada", "Bea"))
    group = a_group(s, name="Mill Growers")
    told = {
        "new": add_person_offer(s, ada.id, OfferDraft("Piano", skill="piano", grounds=grounds()), by=manager).id,
        "old": add_person_offer(
            s, bea.id, OfferDraft("Bread", skill="baking", said_on=LONG_AGO, grounds=grounds()), by=manager
        ).id,
        "group": add_offer(
            s, OfferDraft("Spades", "thing", owner_kind="group", asset_id=group, place_id=patch, theme="food",
                          said_on=today() - timedelta(9)), by=manager).id,
        "hope": add_person_wish(
            s, ada.id, WishDraft("A choir", theme="culture-and-faith", grounds=grounds()), by=manager).id,
        "meeting": add_wish(
            s, WishDraft("Benches", voiced_by="meeting", place_id=patch, voices=14, said_on=LONG_AGO), by=manager).id,
        "ahead": add_wish(s, WishDraft("Play", voiced_by="prospective_resident", place_id=elsewhere), by=manager).id,
    }  # fmt: skip
    return told | {"estate": estate, "patch": patch, "bea": bea.id}


def test_the_longest_waiting_stands_first_with_whose_it_is(s: Session, said: dict[str, UUID]) -> None:
    found = offers_waiting(s)
    assert [one.id for one in found] == [said["old"], said["group"], said["new"]]
    assert [one.owner_name for one in found] == ["Bea", "Mill Growers", "Ada"]
    assert {one.place_name for one in found} == {"North patch"}
    assert [one.id for one in offers_waiting(s, start=1, limit=1)] == [said["group"]]


def test_of_a_place_are_those_of_the_places_in_it(s: Session, said: dict[str, UUID]) -> None:
    assert {one.id for one in offers_waiting(s, said["estate"])} == {said["old"], said["group"], said["new"]}
    assert {one.id for one in wishes_unmet(s, said["estate"])} == {said["hope"], said["meeting"]}


def test_what_is_taken_up_or_over_waits_no_more(s: Session, manager: Actor, said: dict[str, UUID]) -> None:
    move_person_offer(s, said["old"], "taken_up", version=1, by=manager)
    over = OfferDraft("A van", "thing", owner_kind="group", asset_id=a_group(s), expires_on=today() - timedelta(1))
    add_offer(s, over, by=manager)
    assert [one.id for one in offers_waiting(s)] == [said["group"], said["new"]]


def test_lists_are_narrowed_by_whose_and_by_theme(s: Session, said: dict[str, UUID]) -> None:
    assert [one.id for one in offers_waiting(s, owner_kind="resident")] == [said["old"], said["new"]]
    assert [one.id for one in offers_waiting(s, owner_kind="group")] == [said["group"]]
    assert [one.id for one in offers_waiting(s, theme="food")] == [said["group"]]
    assert [one.id for one in wishes_unmet(s, theme="culture-and-faith")] == [said["hope"]]
    ahead = wishes_unmet(s, voiced_by="prospective_resident")
    assert [(one.id, one.place_name) for one in ahead] == [(said["ahead"], "New Mill")]


def test_who_hoped_is_told_what_came_of_it(s: Session, manager: Actor, said: dict[str, UUID]) -> None:
    move_wish(s, said["meeting"], "met", version=1, by=manager)
    assert [one.id for one in wishes_to_tell(s)] == [said["meeting"]]
    assert said["meeting"] not in {one.id for one in wishes_unmet(s)}


def test_residents_are_for_the_casework_roles_alone(s: Session, manager: Actor, said: dict[str, UUID]) -> None:
    ask_as(s, Actor("Dora Data", "data_officer", organisation_id=manager.organisation_id))
    assert [one.id for one in offers_waiting(s)] == [said["group"]]
    assert {one.id for one in wishes_unmet(s)} == {said["meeting"], said["ahead"]}
    ask_as(s, Actor("Pia Partner", "partner_viewer", organisation_id=manager.organisation_id))
    for ask in (offers_waiting, wishes_unmet, wishes_to_tell):
        with pytest.raises(NotAllowed):
            ask(s)


def test_nobody_marked_or_gone_is_in_a_list(s: Session, manager: Actor, said: dict[str, UUID]) -> None:
    """P12: a safety risk is seen by the named roles alone; whoever withdrew by nobody."""
    s.get_one(Person, said["bea"]).safety_risk = True
    ask_as(s, Actor("Otis Officer", "officer", organisation_id=manager.organisation_id))
    assert said["old"] not in {one.id for one in offers_waiting(s)}
    ask_as(s, manager)
    assert said["old"] in {one.id for one in offers_waiting(s)}
    s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
    s.get_one(Person, said["bea"]).status = "withdrawn"
    ask_as(s, manager)
    s.execute(text("select set_config('abcd.sees_withdrawn', '', true)"))
    assert said["old"] not in {one.id for one in offers_waiting(s)}


def test_a_group_s_own_page_has_its_own_and_no_other(s: Session, said: dict[str, UUID], manager: Actor) -> None:
    (spades,) = [one for one in offers_waiting(s) if one.id == said["group"]]
    assert spades.asset_id
    hoped = WishDraft("A shed", voiced_by="group", asset_id=spades.asset_id, place_id=said["patch"])
    wish = add_wish(s, hoped, by=manager).id
    assert [one.id for one in offers_of_asset(s, spades.asset_id)] == [said["group"]]
    assert [one.id for one in wishes_of_asset(s, spades.asset_id)] == [wish]
    ask_as(s, replace(manager, role="partner_viewer"))
    with pytest.raises(NotAllowed):
        wishes_of_asset(s, spades.asset_id)

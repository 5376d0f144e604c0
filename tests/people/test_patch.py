"""A coach's patch: its places, whom everybody knows, whom to greet; nobody at risk, nobody from elsewhere."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, today
from abcd.db.session import Actor
from abcd.db.tables import PlaceParent
from abcd.errors import NotAllowed
from abcd.people.actions import add_person, edit_person
from abcd.people.consent_records import expiring
from abcd.people.consents import ConsentDraft, give_consent
from abcd.people.patch import homes_in, known_to_all, neighbours, to_greet
from abcd.people.wordings import load_wordings
from tests.builders import a_place
from tests.people.conftest import a_draft, ask_as

SOUTH = (390_000.0, 394_000.0)


def somebody(s: Session, by: Actor, place: UUID, name: str, **more: object) -> UUID:
    """A resident of a place."""
    return add_person(s, a_draft(place, preferred_name=name, phone="", email="", **more), by=by).id


def test_a_patch_is_itself_and_the_homes_that_lie_in_it(s: Session, manager: Actor, patch: UUID) -> None:
    estate, ward = a_place(s, name="An estate"), a_place(s, kind="ward", name="A ward")
    ended = a_place(s, name="Gone", end_date=today())
    s.add_all(PlaceParent(place_id=one, parent_id=patch, share=1.0) for one in (estate, ward, ended))
    assert homes_in(s, patch) == [estate, patch]
    assert homes_in(s, estate) == [estate]


def test_people_of_the_patch_whom_a_hint_may_name(s: Session, manager: Actor, patch: UUID) -> None:
    south = a_place(s, SOUTH, kind="patch", name="South patch")
    ada, bea, cyd = (somebody(s, manager, place, name) for place, name in
                     ((patch, "Ada"), (patch, "Bea"), (south, "Cyd")))  # fmt: skip
    assert neighbours(s, [patch]) == {ada, bea}
    edit_person(s, bea, {"safety_risk": True}, version=1, by=manager)
    assert neighbours(s, [patch]) == {ada}, "not even for a role that sees who is at risk"
    ask_as(s, replace(manager, role="coach", places=frozenset({str(south)})))
    assert neighbours(s, [patch, south]) == {cyd}


def test_whom_everybody_knows(s: Session, manager: Actor, patch: UUID) -> None:
    bea = somebody(s, manager, patch, "Bea", roles=("connector", "fixer"))
    ada = somebody(s, manager, patch, "ada", roles=("connector",))
    somebody(s, manager, patch, "Cyd", roles=("fixer",))
    somebody(s, manager, patch, "Dai", roles=("connector",), safety_risk=True)
    assert [one.person_id for one in known_to_all(s, [patch])] == [ada, bea]
    assert repr(known_to_all(s, [patch])[0]) == f"Neighbour({ada})"


def test_whom_to_greet_again(s: Session, manager: Actor, patch: UUID) -> None:
    ada = somebody(s, manager, patch, "Ada")
    somebody(s, manager, patch, "Dai", safety_risk=True)
    day = months_after(today(), 12) - timedelta(60)
    assert to_greet(s, [patch], day - timedelta(1)) == []
    assert [one.person_id for one in to_greet(s, [patch], day)] == [ada]
    s.execute(text("update core.person set status = 'anonymised'"))
    assert to_greet(s, [patch], day) == []


def test_it_is_for_the_team(s: Session, manager: Actor, patch: UUID) -> None:
    ask_as(s, replace(manager, role="partner_viewer"))
    for look in (neighbours, known_to_all, to_greet):
        with pytest.raises(NotAllowed):
            look(s, [patch])


def test_whose_yes_ends_soon_is_told_by_place(s: Session, manager: Actor, patch: UUID) -> None:
    load_wordings(s)
    south = a_place(s, SOUTH, kind="patch", name="South patch")
    ada, bea = somebody(s, manager, patch, "Ada"), somebody(s, manager, south, "Bea")
    given = months_after(today(), -24) + timedelta(20)
    for one in (ada, bea):
        give_consent(s, one, ConsentDraft("introductions", "paper", given), by=manager)
    assert [one.person_id for one in expiring(s, place_ids=[patch])] == [ada]
    assert {one.person_id for one in expiring(s)} == {ada, bea}
    assert expiring(s, place_ids=[]) == []

"""The clocks: asked again after a year, made anonymous after two, and what was said in confidence goes (P24)."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.access.associations import HOUSING_ASSOCIATION
from abcd.core.clock import months_after
from abcd.db import erasures
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Organisation
from abcd.errors import BadRequest, NotAllowed
from abcd.people.actions import add_note, add_person, confirm_person, edit_person
from abcd.people.associations import associations
from abcd.people.drafts import NoteDraft
from abcd.people.history import history_of
from abcd.people.queries import notes_of, number_of_people, people, person
from abcd.people.replay import replay
from abcd.people.retention import retire_the_silent
from tests.people.conftest import a_draft, ask_as, grounds

BEGAN = date(2024, 3, 31)
A_YEAR, TWO_YEARS = months_after(BEGAN, 12), months_after(BEGAN, 24)
DAY = timedelta(1)


@pytest.fixture
def silent(s: Session, manager: Actor, patch: UUID) -> UUID:
    """Somebody of whom nothing was heard since ``BEGAN``."""
    someone = add_person(s, a_draft(patch), by=manager).id
    for kind in ("hope", "conversation", "worry"):
        add_note(s, someone, NoteDraft(kind, f"A {kind} of mine", grounds(), BEGAN), by=manager)
    s.execute(text("update core.person set confirmed_on = :day, retention_review_on = :day"), {"day": BEGAN})
    ask_as(s, replace(manager, role="owner"))
    return someone


def strike(s: Session, day: date) -> tuple[int, int, int]:
    done = retire_the_silent(s, day, by=Actor("retention"))
    s.expire_all()
    return done.anonymised, done.to_review, done.notes


def test_within_a_year_nothing_happens(s: Session, silent: UUID) -> None:
    assert strike(s, A_YEAR - DAY) == (0, 0, 0)
    assert person(s, silent).status == "active"


def test_after_a_year_they_are_asked_again_and_confidences_go(s: Session, silent: UUID) -> None:
    assert strike(s, A_YEAR) == (0, 1, 2)
    assert (person(s, silent).status, [note.kind for note in notes_of(s, silent)]) == ("inactive", ["hope"])
    assert strike(s, A_YEAR) == (0, 0, 0)


def test_a_talk_meanwhile_keeps_what_was_said(s: Session, manager: Actor, silent: UUID) -> None:
    add_note(s, silent, NoteDraft("own_words", "Met at the hall", grounds(), A_YEAR - DAY), by=manager)
    assert strike(s, A_YEAR) == (0, 1, 0)


def test_after_two_years_they_are_nobody(s: Session, silent: UUID) -> None:
    assert strike(s, TWO_YEARS - DAY)[0] == 0
    assert strike(s, TWO_YEARS)[0] == 1
    left = person(s, silent)
    assert (left.preferred_name, left.phone, left.email, left.comms_needs, left.status) == (
        "",
        "",
        "",
        "",
        "anonymised",
    )
    assert (people(s), number_of_people(s), notes_of(s, silent)) == ([], 0, [])
    values = {value for change in history_of(s, silent) for value in (*change.before.values(), *change.after.values())
              if isinstance(value, str)}  # fmt: skip
    assert not [value for value in values if "Ada" in value or "07700" in value or "mine" in value]
    assert strike(s, TWO_YEARS) == (0, 0, 0)


def test_whoever_is_nobody_cannot_be_edited_back(s: Session, manager: Actor, silent: UUID) -> None:
    strike(s, TWO_YEARS)
    version = person(s, silent).version
    for act in (lambda: edit_person(s, silent, {"phone": "0161 496 0000"}, version=version, by=manager),
                lambda: confirm_person(s, silent, version=version, by=manager)):  # fmt: skip
        with pytest.raises(BadRequest, match="made anonymous"), s.begin_nested():
            act()


def test_confirmed_people_stay(s: Session, manager: Actor, silent: UUID) -> None:
    confirm_person(s, silent, version=person(s, silent).version, by=manager)
    assert strike(s, TWO_YEARS)[0] == 0


def test_another_associations_people_are_left_alone(s: Session, stranger: Actor, silent: UUID) -> None:
    ask_as(s, stranger)
    assert strike(s, TWO_YEARS) == (0, 0, 0)


def test_only_who_may_erase_may_retire(s: Session, officer: Actor, silent: UUID) -> None:
    with pytest.raises(NotAllowed):
        retire_the_silent(s, TWO_YEARS, by=officer)


def test_replaying_erasures_finds_the_erased_in_every_association(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restore whoever is on the list goes again, and nobody else (P23)."""
    from abcd.access.accounts import add_account
    from tests.builders import a_place
    from tests.people.conftest import an_association

    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    with session(SYSTEM) as s:
        place = a_place(s, kind="patch")
        homes = [UUID(an_association(s, f"Replayed {n}")) for n in range(2)]
        actors = [add_account(s, "Olga", "owner", by=SYSTEM, organisation_id=home) for home in homes]
    added = []
    for actor in actors:
        with session(actor) as s:
            added.append([add_person(s, a_draft(place, safety_risk=risk), by=actor).id for risk in (True, False)])
    gone = [hidden for hidden, _stays in added]
    with session(SYSTEM) as s:
        done = replay(s, [erasures.fingerprint(each) for each in gone] + [erasures.fingerprint("somebody else")])
    assert {each.person_id for each in done} == set(gone)
    assert "Ada" not in repr(done)
    for actor, (_hidden, stays) in zip(actors, added, strict=True):
        with session(actor) as s:
            assert [line.id for line in people(s)] == [stays]
    assert not erasures.list_file().exists(), "the list is not written anew by a restore"


def test_an_association_that_published_under_another_name_is_visited_too(s: Session, store: str) -> None:
    renamed = Organisation(name="Mill Homes as it was called", org_kind=HOUSING_ASSOCIATION)
    s.add_all([renamed, Organisation(name="A charity", org_kind="charity")])
    s.flush()
    visited = {actor.organisation_id for actor in associations(s, "restore")}
    charity = s.scalar(text("select id::text from core.organisation where name = 'A charity'"))
    assert str(renamed.id) in visited
    assert charity not in visited

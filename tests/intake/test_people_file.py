"""A list of residents becomes people with gifts, hopes and consents; what is not clear stays outside; all undone."""

import csv
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Consent, Issue, Person, PersonNote, PersonOffer, PersonWish
from abcd.errors import BadRequest, NotAllowed
from abcd.intake import run
from abcd.intake.lists import read_whole
from abcd.intake.people_file import import_people, load_people, rehearse_people, undo
from abcd.people.actions import confirm_person
from abcd.people.gifts_said import gift_said
from abcd.people.queries import people, person
from abcd.people.skills import load_skills, skills
from abcd.people.wordings import load_wordings
from tests.builders import a_place
from tests.canary import unlikely
from tests.people.conftest import an_association, ask_as

HEADER = ("Name", "Estate", "Phone", "Gifts", "Can teach", "Want to learn", "Hopes", "Interests", "Walk minutes",
          "When", "Agreed on", "Agreed to", "How agreed", "Over 18", "Language")  # fmt: skip
MAUD = ("Maud Tennyson", "Weavers' Green", "07700 900101", "Playing the piano; listening", "Playing the piano", "",
        "Tea with somebody", "songs", "10", "Tuesday evening", "1/10/2026", "introductions; being found", "paper",
        "yes", "English")  # fmt: skip


@pytest.fixture
def manager(s: Session) -> Actor:
    made = Actor("Mona Manager", "manager", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, made)
    load_skills(s)
    load_wordings(s)
    a_place(s, name="Weavers’ Green")
    return made


def a_file(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "neighbours.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows((HEADER, *rows))
    return path


def but(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    told = dict(zip(HEADER, row, strict=True)) | {name.replace("_", " "): value for name, value in cells.items()}
    return tuple(told.values())


def test_a_row_becomes_a_person_with_what_they_said(s: Session, manager: Actor, tmp_path: Path) -> None:
    report = load_people(s, read_whole(a_file(tmp_path, MAUD)), by=manager)
    assert (report.rows, report.added, report.rejected) == (1, 1, 0)
    maud = person(s, people(s)[0].id)
    assert (maud.place_name, maud.max_walk_minutes, maud.adult_confirmed, maud.source) == (
        "Weavers’ Green", 10, True, "the person",
    )  # fmt: skip
    offers = {one.own_words: one for one in s.scalars(select(PersonOffer))}
    assert offers["Playing the piano"].will_teach
    assert offers["Playing the piano"].skill == "piano"
    assert not offers["listening"].will_teach
    assert [one.own_words for one in s.scalars(select(PersonWish))] == ["Tea with somebody"]
    assert [one.words for one in s.scalars(select(PersonNote))] == ["songs"]
    assert sorted(s.scalars(select(Consent.purpose))) == ["being_found", "introductions"]
    assert s.scalar(text("select core.consents(:who, 'introductions')"), {"who": maud.id})


@pytest.mark.parametrize(
    ("cells", "about"),
    [
        ({"Name": ""}, "no name"),
        ({"Agreed_on": "last spring"}, "which day they agreed"),
        ({"Agreed_to": "everything"}, "not clear what was agreed"),
        ({"Estate": "Nowhere Court"}, "no patch or estate of that name"),
        ({"Phone": "12"}, "telephone number"),
        ({"Agreed_on": "1/10/2021"}, "two years ago"),
    ],
)
def test_a_row_that_is_not_clear_is_left_out_and_quoted_nowhere(
    s: Session, manager: Actor, tmp_path: Path, cells: dict[str, str], about: str
) -> None:
    canary = unlikely()
    rows = (but(MAUD, Hopes=canary, **cells), but(MAUD, Name="Iestyn Prosser", Phone="07700 900102"))
    report = load_people(s, read_whole(a_file(tmp_path, *rows)), by=manager)
    assert (report.added, report.rejected) == (1, 1)
    issue = s.scalars(select(Issue)).one()
    assert about in issue.message
    assert (issue.row_number, issue.value) == (1, "")
    assert canary not in str(s.scalar(text("select jsonb_agg(to_jsonb(i)) from core.import i")))
    assert s.scalar(select(func.count()).select_from(PersonOffer)) == 2


def test_the_same_list_twice_adds_nobody(s: Session, manager: Actor, tmp_path: Path) -> None:
    path = a_file(tmp_path, MAUD)
    load_people(s, read_whole(path), by=manager)
    again = load_people(s, read_whole(path), by=manager)
    assert (again.added, again.unchanged) == (0, 1)
    assert s.scalar(select(func.count()).select_from(Person)) == 1


def test_undone_nobody_is_left_but_who_was_spoken_to_since(s: Session, manager: Actor, tmp_path: Path) -> None:
    rows = (MAUD, but(MAUD, Name="Iestyn Prosser", Phone="07700 900102"))
    made = load_people(s, read_whole(a_file(tmp_path, *rows)), by=manager)
    kept = next(one for one in people(s) if one.preferred_name == "Iestyn Prosser")
    confirm_person(s, kept.id, version=1, by=manager)
    assert isinstance(made.import_id, UUID)
    assert undo(s, made.import_id, by=manager) == {"removed": 1, "restored": 0, "kept": 1}
    assert [one.preferred_name for one in people(s)] == ["Iestyn Prosser"]
    assert {str(one.person_id) for one in s.scalars(select(PersonOffer))} == {str(kept.id)}


def test_whoever_may_not_add_people_brings_none(s: Session, manager: Actor, tmp_path: Path) -> None:
    steward = Actor("Dan Data", "data_officer", organisation_id=manager.organisation_id)
    with pytest.raises(NotAllowed):
        load_people(s, read_whole(a_file(tmp_path, MAUD)), by=steward)
    with pytest.raises(NotAllowed, match="no association"):
        load_people(s, read_whole(a_file(tmp_path, MAUD)), by=Actor("Nobody's", "owner"))


@pytest.mark.parametrize(
    ("words", "slug"),
    [("I played the piano for forty years", "piano"), ("canu'r piano", "piano"), ("Yoga on a chair", None),
     ("Baking bread", "baking"), ("To be asked", None)],
)  # fmt: skip
def test_own_words_name_a_gift_or_none(s: Session, words: str, slug: str | None) -> None:
    load_skills(s)
    found = gift_said(words, skills(s))
    assert (found.slug if found else None) == slug


def test_a_rehearsal_tells_and_leaves_nothing(store: str, tmp_path: Path) -> None:
    with session(SYSTEM) as s:
        homes = Actor("Mona Manager", "manager", organisation_id=an_association(s, f"Homes {unlikely()}"))
        load_skills(s)
        load_wordings(s)
        a_place(s, name="Weavers’ Green")
    path = a_file(tmp_path, MAUD, but(MAUD, Name=""))
    assert (told := rehearse_people(path, actor=homes)).added == 1
    assert told.rejected == 1
    with session(homes) as s:
        assert people(s) == []
    assert import_people(path, actor=homes).added == 1
    with session(homes) as s:
        assert [one.preferred_name for one in people(s)] == ["Maud Tennyson"]


def test_a_list_of_residents_is_shown_its_own_door(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="abcd import people"):
        run.run(a_file(tmp_path, MAUD), actor=SYSTEM)

"""People are added, edited, confirmed; nothing without grounds, no home finer than a patch, nothing said aloud."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, today
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Person
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from abcd.people.actions import add_note, add_person, confirm_person, edit_person
from abcd.people.drafts import NoteDraft
from abcd.people.queries import notes_of, people, person
from abcd.places.actions import end_place
from tests.builders import a_place
from tests.people.conftest import a_draft, ask_as, grounds


def test_a_person_is_added_to_a_patch(s: Session, manager: Actor, patch: UUID) -> None:
    added = add_person(s, a_draft(patch), by=manager)
    assert (added.preferred_name, added.place_name, added.version) == ("Ada of Millfield", "North patch", 1)
    assert added.retention_review_on == months_after(today(), 12)
    assert [line.id for line in people(s)] == [added.id]


def test_the_same_key_adds_once(s: Session, manager: Actor, patch: UUID) -> None:
    first, again = (add_person(s, a_draft(patch), by=manager, key="k1") for _ in range(2))
    assert first.id == again.id


@pytest.mark.parametrize("missing", [{"purpose": " "}, {"lawful_basis": "habit"}, {"source": ""}])
def test_nothing_is_kept_without_its_grounds(s: Session, manager: Actor, patch: UUID, missing: dict[str, str]) -> None:
    with pytest.raises(BadRequest, match="Say"):
        add_person(s, a_draft(patch, grounds=grounds(**missing)), by=manager)


def test_consent_cannot_come_later(s: Session, manager: Actor, patch: UUID) -> None:
    with pytest.raises(BadRequest, match="cannot lie ahead"):
        add_person(s, a_draft(patch, grounds=grounds(consent_on=today() + timedelta(1))), by=manager)


@pytest.mark.parametrize("column", ["purpose", "lawful_basis", "consent_on", "source"])
@pytest.mark.parametrize("table", ["person", "person_note"])
def test_the_database_keeps_nothing_without_its_grounds(
    s: Session, manager: Actor, patch: UUID, table: str, column: str
) -> None:
    """Whoever writes past the room meets the same wall (trust.md P26)."""
    someone = add_person(s, a_draft(patch), by=manager)
    add_note(s, someone.id, NoteDraft("hope", "To sing again", grounds()), by=manager)
    blank = "null" if column == "consent_on" else "''"
    with pytest.raises(IntegrityError), s.begin_nested():
        s.execute(text(f"update core.{table} set {column} = {blank}"))
    with pytest.raises(IntegrityError), s.begin_nested():
        s.execute(text(f"update core.{table} set {column} = null"))


@pytest.mark.parametrize("kind", ["street", "oa", "ward", "resident_drawn"])
def test_nobody_lives_more_closely_than_in_a_patch(s: Session, manager: Actor, patch: UUID, kind: str) -> None:
    elsewhere = a_place(s, kind=kind)
    with pytest.raises(BadRequest, match="nothing finer"):
        add_person(s, a_draft(elsewhere), by=manager)
    someone = add_person(s, a_draft(patch), by=manager)
    with pytest.raises(IntegrityError, match="nothing finer"), s.begin_nested():
        s.execute(text("update core.person set place_id = :place"), {"place": elsewhere})
    with pytest.raises(IntegrityError, match="keeps its kind"), s.begin_nested():
        s.execute(text("update core.place set kind = :kind where id = :id"), {"kind": kind, "id": patch})
    assert person(s, someone.id).place_id == patch


def test_nobody_stays_behind_in_a_place_that_ended(s: Session, manager: Actor, patch: UUID) -> None:
    someone, other = add_person(s, a_draft(patch), by=manager), a_place(s, kind="patch", name="South patch")
    with pytest.raises(BadRequest, match="People belong to this place"):
        end_place(s, patch, "drawn anew", version=1, by=manager)
    edit_person(s, someone.id, {"place_id": other}, version=1, by=manager)
    end_place(s, patch, "drawn anew", version=1, by=manager)
    with pytest.raises(BadRequest, match="has ended"):
        edit_person(s, someone.id, {"place_id": patch}, version=2, by=manager)
    with pytest.raises(BadRequest, match="has ended"):
        add_person(s, a_draft(patch), by=manager)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"preferred_name": " "}, "how they like to be called"), ({"phone": "call me"}, "telephone number cannot be"),
        ({"email": "nobody"}, "e-mail address cannot be"), ({"contact_route": "pigeon"}, "way to reach them"),
        ({"status": "active"}, "cannot be changed here"), ({"organisation_id": "x"}, "cannot be changed here"),
        ({"place_id": str(uuid4())}, "nothing finer"), ({"lawful_basis": "habit"}, "lawful basis"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_not_quoted(
    s: Session, manager: Actor, patch: UUID, change: dict[str, str], sentence: str
) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    with pytest.raises(BadRequest, match=sentence) as refused:
        edit_person(s, someone.id, change, version=1, by=manager)
    assert not any(value in str(refused.value) for value in change.values() if len(value) > 5 and value != "habit")


def test_an_edit_names_its_version(s: Session, manager: Actor, patch: UUID) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    edited = edit_person(s, someone.id, {"phone": "0161 496 0000"}, version=1, by=manager)
    assert (edited.phone, edited.version) == ("0161 496 0000", 2)
    with pytest.raises(Conflict) as refused:
        edit_person(s, someone.id, {"phone": "0161 496 0001"}, version=1, by=manager)
    assert refused.value.theirs == {"phone": "0161 496 0000"}
    with pytest.raises(VersionMissing):
        edit_person(s, someone.id, {"phone": "0161 496 0001"}, version=None, by=manager)


def test_confirming_starts_the_clock_anew(s: Session, manager: Actor, patch: UUID) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    s.execute(text("update core.person set status = 'inactive', confirmed_on = '2020-01-01'"))
    s.expire_all()
    assert confirm_person(s, someone.id, version=1, by=manager).status == "active"
    assert person(s, someone.id).confirmed_on == today()


def test_gifts_come_first_and_worries_last(s: Session, manager: Actor, patch: UUID) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    for kind in ("worry", "conversation", "hope", "gift"):
        add_note(s, someone.id, NoteDraft(kind, f"A {kind}", grounds()), by=manager)
    assert [note.kind for note in notes_of(s, someone.id)] == ["gift", "hope", "conversation", "worry"]


def test_a_note_needs_words_and_a_known_kind(s: Session, manager: Actor, patch: UUID) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    for kind, words in (("hope", " "), ("score", "7")):
        with pytest.raises(BadRequest):
            add_note(s, someone.id, NoteDraft(kind, words, grounds()), by=manager)


def test_the_trail_says_which_fields_and_never_what(s: Session, manager: Actor, patch: UUID) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    edit_person(s, someone.id, {"phone": "0161 496 0000"}, version=1, by=manager)
    events = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == str(someone.id)).order_by(AuditEvent.id)).all()
    assert [(event.verb, event.after) for event in events] == [("add", None), ("edit", {"changed": ["phone"]})]


def test_records_and_drafts_print_no_names(s: Session, manager: Actor, patch: UUID) -> None:
    draft = a_draft(patch)
    someone = add_person(s, draft, by=manager)
    printed = (
        f"{someone} {draft} {people(s)} {NoteDraft('hope', 'To sing again', grounds())} {s.get(Person, someone.id)}"
    )
    assert "Ada" not in printed
    assert "sing" not in printed
    assert str(someone.id) in printed


@pytest.mark.parametrize("role", ["data_officer", "partner_viewer"])
def test_only_those_who_work_with_people_add_them(s: Session, manager: Actor, patch: UUID, role: str) -> None:
    other = replace(manager, role=role)
    ask_as(s, other)
    with pytest.raises(NotAllowed):
        add_person(s, a_draft(patch), by=other)


def test_a_coach_sees_the_people_of_their_patch(s: Session, manager: Actor, patch: UUID) -> None:
    far = a_place(s, (390_000, 394_000), kind="patch", name="South patch")
    near, other = (add_person(s, a_draft(where), by=manager) for where in (patch, far))
    coach = replace(manager, name="Cara Coach", role="coach", places=frozenset({str(patch)}))
    ask_as(s, coach)
    assert [line.id for line in people(s)] == [near.id]
    with pytest.raises(NotFound):
        person(s, other.id)
    with pytest.raises(NotFound):
        edit_person(s, other.id, {"phone": ""}, version=1, by=coach)
    with pytest.raises(NotAllowed):
        edit_person(s, near.id, {"place_id": far}, version=1, by=coach)


def test_an_account_without_association_adds_nobody(s: Session, manager: Actor, patch: UUID) -> None:
    nobody = replace(manager, organisation_id="")
    with pytest.raises(NotAllowed, match="belongs to no association"):
        add_person(s, a_draft(patch), by=nobody)


def test_a_person_cannot_be_moved_into_another_association(
    s: Session, manager: Actor, stranger: Actor, patch: UUID
) -> None:
    add_person(s, a_draft(patch), by=manager)
    with pytest.raises(DBAPIError, match="row-level security"), s.begin_nested():
        s.execute(text("update core.person set organisation_id = :other"), {"other": stranger.organisation_id})

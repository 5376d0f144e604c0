"""The database itself draws the line: between associations (P17), round people at risk (P12), round the keys (R5)."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from abcd.access.policy import POLICY
from abcd.db.session import SHARE_ROLE, Actor, session
from abcd.db.tables import NAMED_ROLES, ROLES, Base, Person
from abcd.db.tables.audited import PEOPLES
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.intake.lists import read_whole
from abcd.intake.places_file import load_places, undo
from abcd.people.actions import add_note, add_person, edit_person
from abcd.people.drafts import NoteDraft
from abcd.people.queries import might_be_same, notes_of, number_of_people, people, person
from abcd.places.queries import place
from tests.builders import a_place
from tests.canary import a_canary
from tests.intake.test_places_file import AY
from tests.people.conftest import a_draft, an_association, ask_as, grounds

PRIVATE = ("core.person", "core.person_note")
HIDDEN = frozenset(f"core.{name}" for name in PEOPLES)
NOTE = """
insert into core.person_note
  (person_id, organisation_id, kind, words, said_on, purpose, lawful_basis, consent_on, source)
values (:id, :org, 'hope', 'x', now(), 'p', 'consent', now(), 's')"""
ROUND_THE_WALLS = (
    "select * from keyring.person_key",
    "delete from keyring.person_key",
    "truncate core.person cascade",
    "alter table core.person disable row level security",
    "alter table core.person no force row level security",
    "alter table core.person disable trigger all",
    "drop policy of_the_association on core.person",
    "set local role abcd_keeper",
    "set local role abcd_owner",
    "set local row_security = off; select * from core.person",
    "alter function core.unsealed(uuid, bytea) security invoker",
    "create or replace function core.sees_safety_risk() returns boolean language sql as 'select true'",
)


def rows(s: Session) -> int:
    """How many rows of people's tables this session sees, asked in every way that comes to mind."""
    counts = [s.scalar(text(f"select count(*) from {table}")) or 0 for table in PRIVATE]
    counts += [len(s.execute(text(f"select t.*, t::text from {table} t")).all()) for table in PRIVATE]
    counts.append(
        s.scalar(text("select count(*) from core.person p join core.person_note n on n.person_id = p.id")) or 0
    )
    return sum(counts)


def test_another_association_has_no_rows_and_cannot_write_any(
    s: Session, manager: Actor, stranger: Actor, patch: UUID
) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    add_note(s, someone.id, NoteDraft("hope", "To sing again", grounds()), by=manager)
    assert rows(s) == 5
    ask_as(s, stranger)
    assert rows(s) == 0
    assert s.execute(text("update core.person set phone = 'x'")).rowcount == 0  # type: ignore[attr-defined]
    assert s.execute(text("delete from core.person")).rowcount == 0  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match="row-level security"), s.begin_nested():
        s.execute(text("insert into core.person select * from jsonb_populate_record(null::core.person, :row)"),
                  {"row": one_row(manager, patch)})  # fmt: skip
    with pytest.raises(NotFound):
        person(s, someone.id)


def one_row(actor: Actor, patch: UUID) -> str:
    """A whole row of a person, as JSON."""
    texts = dict.fromkeys(("phone", "email", "comms_needs"), "") | dict.fromkeys(
        ("preferred_name", "purpose", "source"), "x"
    )
    days = dict.fromkeys(("consent_on", "confirmed_on", "retention_review_on", "created_at"), "2026-01-01")
    ids = {"id": str(uuid4()), "organisation_id": actor.organisation_id, "place_id": str(patch)}
    choices = {"contact_route": "phone", "language": "en", "status": "active", "lawful_basis": "consent"}
    return json.dumps({**texts, **days, **ids, **choices, "adult_confirmed": True, "safety_risk": False, "version": 1})


def test_a_session_that_names_no_association_sees_nothing(s: Session, manager: Actor, patch: UUID) -> None:
    add_person(s, a_draft(patch), by=manager)
    ask_as(s, replace(manager, organisation_id=""))
    assert rows(s) == 0


def test_an_unknown_person_and_one_of_another_association_look_the_same(
    s: Session, manager: Actor, stranger: Actor, patch: UUID
) -> None:
    """A foreign key or a unique index must not tell that an id is there (trust.md R2)."""
    someone = add_person(s, a_draft(patch), by=manager)
    ask_as(s, stranger)
    answers = []
    for key in (someone.id, uuid4()):
        with pytest.raises((DBAPIError, IntegrityError)) as refused, s.begin_nested():
            s.execute(text(NOTE), {"id": key, "org": stranger.organisation_id})
        answers.append(str(refused.value.orig).replace(str(key), "ID"))
    assert answers[0] == answers[1]


def test_people_at_risk_are_seen_by_the_named_roles_alone(s: Session, manager: Actor, patch: UUID) -> None:
    canary = a_canary()
    hidden = add_person(s, a_draft(patch, **canary, safety_risk=True), by=manager)
    add_note(s, hidden.id, NoteDraft("hope", f"{canary['comms_needs']} again", grounds()), by=manager)
    seeing = set()
    for role in ROLES:
        ask_as(s, replace(manager, role=role))
        told = ""
        with suppress(NotAllowed, NotFound):
            told += repr([s.scalar(text("select count(*) from core.person")), *people(s)])
            told += person(s, hidden.id).phone
            seeing.add(role)
        told += refusal(s, hidden.id, replace(manager, role=role)) if role not in NAMED_ROLES else ""
        assert not any(words in told for words in canary.values()) or role in NAMED_ROLES
    assert seeing == set(NAMED_ROLES)


def refusal(s: Session, person_id: UUID, actor: Actor) -> str:
    """What each action says to whoever may not see the person; the same as for a person who does not exist."""
    said = []
    for key in (person_id, uuid4()):
        for act in (
            lambda key=key: edit_person(s, key, {"phone": "0161 496 0000"}, version=1, by=actor),
            lambda key=key: notes_of(s, key),
            lambda key=key: add_note(s, key, NoteDraft("hope", "x", grounds()), by=actor),
        ):
            with pytest.raises((NotFound, NotAllowed)) as refused, s.begin_nested():
                act()
            said.append(str(refused.value))
    assert said[:3] == said[3:]
    return " ".join(said)


def test_people_at_risk_are_in_no_count_and_no_warning_not_even_for_those_who_see_them(
    s: Session, manager: Actor, patch: UUID
) -> None:
    add_person(s, a_draft(patch, preferred_name="Bea of Millfield", phone="", email=""), by=manager)
    hidden = add_person(s, a_draft(patch, safety_risk=True), by=manager)
    assert (number_of_people(s), number_of_people(s, patch)) == (1, 1)
    assert might_be_same(s, a_draft(patch)) == []
    edit_person(s, hidden.id, {"safety_risk": False}, version=1, by=manager)
    assert (number_of_people(s), [line.id for line in might_be_same(s, a_draft(patch))]) == (2, [hidden.id])


@pytest.mark.parametrize(
    "same", [{"phone": "+44 7700 900123"}, {"email": "ADA@Millfield.example"}, {"preferred_name": "ada of millfield"}]
)
def test_somebody_who_is_there_already_is_pointed_out(
    s: Session, manager: Actor, patch: UUID, same: dict[str, str]
) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    other = {"preferred_name": "Somebody else", "phone": "", "email": ""} | same
    assert [line.id for line in might_be_same(s, a_draft(patch, **other))] == [someone.id]


def test_only_a_named_role_marks_a_risk(s: Session, manager: Actor, officer: Actor, patch: UUID) -> None:
    someone = add_person(s, a_draft(patch), by=manager)
    ask_as(s, officer)
    with pytest.raises(NotAllowed):
        edit_person(s, someone.id, {"safety_risk": True}, version=1, by=officer)
    with pytest.raises(NotAllowed):
        add_person(s, a_draft(patch, safety_risk=True), by=officer)
    with pytest.raises(DBAPIError, match="row-level security"), s.begin_nested():
        s.execute(text("update core.person set safety_risk = true"))


def test_the_named_roles_are_the_same_everywhere(s: Session) -> None:
    assert POLICY["person"]["see_safety_risk"] == NAMED_ROLES
    seeing = [role for role in ROLES if s.execute(text("select set_config('abcd.role', :role, true)"), {"role": role})
              and s.scalar(text("select core.sees_safety_risk()"))]  # fmt: skip
    assert tuple(seeing) == NAMED_ROLES


@pytest.mark.parametrize("statement", ROUND_THE_WALLS)
def test_the_app_cannot_go_round_the_walls(as_app: Connection, statement: str) -> None:
    with pytest.raises(DBAPIError):
        as_app.execute(text(statement))


@pytest.mark.parametrize("role", [SHARE_ROLE, "abcd_backup"])
def test_neither_the_public_role_nor_the_backup_reaches_keys(store: str, role: str) -> None:
    for statement in ("select * from keyring.person_key", "select core.unsealed(gen_random_uuid(), ''::bytea)"):
        with pytest.raises(DBAPIError, match="permission denied"), session(Actor("x"), role) as s:
            s.execute(text(statement))


def test_a_value_is_sealed_for_its_person_alone(s: Session, manager: Actor, stranger: Actor, patch: UUID) -> None:
    someone, other = (add_person(s, a_draft(patch), by=manager).id for _ in range(2))
    one, again = (s.scalar(select(func.core.sealed(someone, "Ada"))) for _ in range(2))
    assert isinstance(one, bytes)
    assert b"Ada" not in one
    assert one != again, "the same words must not look the same"
    assert s.scalar(select(func.core.unsealed(someone, one))) == "Ada"
    assert s.scalar(select(func.core.unsealed(other, one))) is None
    with pytest.raises(DBAPIError, match="no key"), s.begin_nested():
        s.scalar(select(func.core.sealed(uuid4(), "Ada")))
    ask_as(s, stranger)
    assert s.scalar(select(func.core.unsealed(someone, one))) is None


def test_statistics_hold_no_samples_of_what_is_personal(s: Session) -> None:
    sampled = text("select attname from pg_attribute where attrelid = to_regclass(:table) and attstattarget <> 0")
    assert not {"preferred_name", "phone", "email", "comms_needs", "source"} & set(
        s.scalars(sampled, {"table": "core.person"})
    )
    assert not {"words", "source"} & set(s.scalars(sampled, {"table": "core.person_note"}))


def test_every_table_of_people_is_behind_the_wall(s: Session) -> None:
    """A new table that points to a person must be walled off too."""
    pointing = {table.fullname for table in Base.metadata.sorted_tables if table.fullname == "core.person"
                or any(key.column.table.fullname == "core.person" for key in table.foreign_keys)}  # fmt: skip
    walled = set(
        s.scalars(text("select oid::regclass::text from pg_class where relrowsecurity and relforcerowsecurity"))
    )
    assert pointing <= HIDDEN
    assert walled >= HIDDEN


FORBIDDEN = (
    "score",
    "rank",
    "band",
    "vulnerab",
    "priority",
    "severity",
    "rating",
    "level",
    "need_",
    "_need",
    "triage",
    "risk_",
)
ALLOWED = {"comms_needs", "access_needs"}
#: A score belongs to a pair, never to a person; ``test_rules`` looks at each column of these as well.
OF_PAIRS = {"core.connection", "core.person_suggestion"}
FINER = ("geom", "point", "address", "postcode", "uprn", "easting", "northing", "lat", "lon", "street", "house")


@pytest.mark.parametrize("table", sorted(HIDDEN - OF_PAIRS))
def test_no_column_ranks_people_or_says_where_they_live(table: str) -> None:
    """Rules R1-R3 of the product, and P3: a patch or an estate is the finest place there is."""
    columns = {column.name for column in Base.metadata.tables[table].columns}
    assert not [name for name in columns - ALLOWED if any(part in name for part in FORBIDDEN)]
    assert not [name for name in columns if name in FINER or name.startswith(("geom", "address", "postcode"))]
    assert not [
        column.name for column in Base.metadata.tables[table].columns if str(column.type) in ("FLOAT", "NUMERIC")
    ]


def test_two_associations_interleaved_on_one_pool_never_meet(store: str) -> None:
    """Sessions of a pool are reused within microseconds: none may remember whose it was (trust.md P17)."""
    with session(Actor("maker")) as s:
        homes = [Actor(f"officer {n}", "officer", organisation_id=an_association(s, f"Homes {n}")) for n in range(2)]
        place = a_place(s, kind="patch")
    for home in homes:
        with session(home) as s:
            add_person(s, a_draft(place, preferred_name=home.name), by=home)

    def ask(number: int) -> bool:
        home = homes[random.Random(number).randrange(2)]
        with suppress(ZeroDivisionError), session(home) as s:
            seen = set(s.scalars(select(Person.preferred_name)))
            if number % 5 == 0:
                raise ZeroDivisionError
            return seen == {home.name}
        return True

    with ThreadPoolExecutor(8) as many:
        assert all(many.map(ask, range(2_000)))
    with session(Actor("nobody")) as s:
        assert s.scalars(select(Person.preferred_name)).all() == []


def test_a_place_with_people_is_not_taken_from_under_them(
    s: Session, manager: Actor, patch: UUID, tmp_path: Path
) -> None:
    """Nor does the refusal say that somebody is there: they may be nobody's to know."""
    file = tmp_path / "estates.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [AY]}))
    report = load_places(s, read_whole(file), "estate", by=manager)
    estate = UUID(str(s.scalar(text("select id from core.place where import_id = :id"), {"id": report.import_id})))
    add_person(s, a_draft(estate, safety_risk=True), by=manager)
    ask_as(s, replace(manager, role="data_officer"))
    with pytest.raises(BadRequest, match="in use elsewhere") as refused:
        undo(s, report.import_id, by=replace(manager, role="data_officer"))
    assert "person" not in str(refused.value)
    assert place(s, estate).name == "Ay"

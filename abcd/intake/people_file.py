"""Residents from a list: ``abcd import people FILE``, the same file that a team types in from its paper forms.

A row without a name, a patch or estate, or the day they agreed is left out, and so is one that says nothing clear about
what was agreed to: a yes is never guessed. Whoever is known already stays as they are. Nothing of a row is quoted in an
issue, since an issue outlives the file: it says which row and which column.
"""

from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.text import name_key
from abcd.db import erasures
from abcd.db.session import Actor, session
from abcd.db.tables import HOME_KINDS, Import, ImportBefore, Person, Place
from abcd.errors import BadRequest
from abcd.intake.lists import WholeFile, begin, begin_undo, finish, finish_undo, read_whole
from abcd.intake.people_columns import PeopleColumns, understand_people
from abcd.intake.people_deeds import Known, write_down
from abcd.intake.people_rows import PersonRow, read_row
from abcd.intake.report import ImportReport
from abcd.people.erasing import delete_person
from abcd.people.skills import skills
from abcd.people.traces import traces_of

TOUCHED = """
select exists (select from core.audit_event e where e.thing_kind = 'person' and e.thing_id = :person
  and e.id > (select max(i.id) from core.audit_event i
              where i.thing_kind = 'import' and i.thing_id = :import and i.verb = 'import'))"""


class Rehearsed(Exception):
    """Carries the report of a rehearsal out of a transaction that is not to last."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("rehearsed")
        self.report = report


def import_people(path: Path | str, *, actor: Actor) -> ImportReport:
    """Write down the residents of a list, with what they give, hope for and agreed to.

    Raises:
        NotFound, BadFile: the file is not there, cannot be read, or lacks a column that nobody may be kept without.
        NotAllowed: ``actor`` may not bring files in, may not add people, or belongs to no association.
    """
    file = read_whole(path)
    with session(actor, patient=True) as s:
        return load_people(s, file, by=actor)


def rehearse_people(path: Path | str, *, actor: Actor) -> ImportReport:
    """What ``import_people`` would do: everything is done, counted and taken back in one transaction.

    Raises:
        NotFound, BadFile, NotAllowed: as ``import_people``.
    """
    file = read_whole(path)
    try:
        with session(actor, patient=True) as s:
            raise Rehearsed(load_people(s, file, by=actor))
    except Rehearsed as told:
        return told.report


def load_people(s: Session, file: WholeFile, *, by: Actor) -> ImportReport:
    """The part of ``import_people`` that writes, in the caller's transaction."""
    require(by, "add", "person")
    columns = understand_people(file.columns, file.path.name)
    made = begin(s, file, "people", columns.told(), by=by)
    known = Known(homes(s), skills(s))
    counts = {"rows": file.rows.num_rows, "added": 0, "unchanged": 0, "rejected": 0}
    for row in rows_of(file, columns):
        counts[_one(s, made, file, known, row, by)] += 1
    return finish(s, made, file, counts, by=by, notes=_notes(counts))


def rows_of(file: WholeFile, columns: PeopleColumns) -> list[PersonRow]:
    """The rows of the file that say anything at all."""
    told = [read_row(cells, columns, cells["__row__"]) for cells in file.rows.to_pylist()]
    return [row for row in told if row.name or row.place or row.gifts or row.hopes]


def homes(s: Session) -> dict[str, UUID]:
    """Patches and estates of today by reference and by name; a name that two of them share is not among them."""
    found: dict[str, UUID | None] = {}
    current = select(Place.id, Place.reference, Place.name).where(Place.kind.in_(HOME_KINDS), Place.end_date.is_(None))
    for key, reference, name in s.execute(current.order_by(Place.kind.desc())):
        for word in {reference.casefold(), name_key(name)} - {""}:
            found[word] = None if found.get(word, key) != key else key
    return {word: key for word, key in found.items() if key}


def _one(s: Session, made: Import, file: WholeFile, known: Known, row: PersonRow, by: Actor) -> str:
    """Write one row down; which count it adds to."""
    if row.troubles or not row.name or not row.agreed_on:
        _tell(file, row, *next(iter(row.troubles.items()), _missing(row)))
        return "rejected"
    try:
        with s.begin_nested():
            person_id = write_down(s, row, known, by=by)
    except BadRequest as error:
        _tell(file, row, "", str(error))
        return "rejected"
    if person_id is None:
        return "unchanged"
    s.add(ImportBefore(import_id=made.id, thing_kind="person", thing_key=str(person_id), before={}))
    return "added"


def _missing(row: PersonRow) -> tuple[str, str]:
    if not row.name:
        return "name", "This row has no name to call them by."
    return "agreed_on", "This row does not say on which day they agreed, so nobody may be written down from it."


def _tell(file: WholeFile, row: PersonRow, column: str, message: str) -> None:
    cure = "Mend the row and bring the file in again: whoever is in stays as they are."
    file.issues.add("person_left_out", message, cure, row=row.row, column=column.replace("_", " "))


def _notes(counts: dict[str, int]) -> tuple[str, ...]:
    told = f"{counts['added']:,} residents written down"
    return (f"{told}, {counts['unchanged']:,} known already." if counts["unchanged"] else f"{told}.",)


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of people back: who came by it and was not touched since is ``removed``, the others are ``kept``.

    They leave no row and their keys go; the bytes go with the night's rewriting, as after an erasure.

    Raises:
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "people", by=by)
    brought = select(ImportBefore.thing_key).where(ImportBefore.import_id == import_id)
    here = [UUID(key) for key in s.scalars(brought) if _is_here(s, key)]
    gone = [key for key in here if not s.scalar(text(TOUCHED), {"person": str(key), "import": str(import_id)})]
    for key in gone:
        delete_person(s, key, "mistake", traces_of(s, key), by=by)
        erasures.remember(key)
    return finish_undo(s, made, {"removed": len(gone), "restored": 0, "kept": len(here) - len(gone)}, by=by)


def _is_here(s: Session, key: str) -> bool:
    return s.scalar(select(Person.id).where(Person.id == UUID(key))) is not None

"""The life of a canary in a store of its own: everything that leaves words behind in a real one."""

import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.access.drafts import Writing, keep
from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import remember_words
from abcd.config import settings
from abcd.core.text import plain
from abcd.db import embedded, migrate
from abcd.db.cluster import cluster_of
from abcd.db.session import SYSTEM, Actor, engine, session
from abcd.intake import run
from abcd.people.actions import add_note, add_person, edit_person
from abcd.people.drafts import NoteDraft
from abcd.people.files import UPLOADS
from abcd.people.giving import give
from tests.builders import a_place
from tests.canary import a_canary, unlikely
from tests.intake.publisher import HEADER, LIBRARIES
from tests.people.belongings import belongings
from tests.people.conftest import a_draft, grounds


@dataclass(frozen=True)
class Life:
    """A person, and every word that was ever kept of them."""

    id: UUID
    words: dict[str, str]


@contextmanager
def a_store(home: Path) -> Iterator[Actor]:
    """A durable store of its own in ``home``, as somebody has it at home; its owner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_HOME", str(home))
        patch.delenv("ABCD_DATABASE_URL", raising=False)
        embedded.up(home)
        try:
            migrate.upgrade()
            with session(SYSTEM) as s:
                load_taxonomy(s)
                owner = ensure_owner(s, by=SYSTEM)
                association = str(ensure_association(s, by=SYSTEM))
            yield replace(owner, organisation_id=association)
        finally:
            engine().dispose()
            embedded.down(home)


def folders(home: Path) -> tuple[Path, ...]:
    """Where a byte may lie: the home folder, and the store wherever it really is."""
    return home, cluster_of(home).folder


def as_owner(statement: str, **values: object) -> None:
    """Run a statement as the owner of the store, outside any transaction."""
    with create_engine(migrate.owner_url(), poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(statement), values)


def a_place_to_live(by: Actor) -> UUID:
    """A patch."""
    with session(by) as s:
        return a_place(s, kind="patch", name="North patch")


def a_life(by: Actor, place_id: UUID) -> Life:
    """Added, edited, noted, brought together with others: each time in words of their own."""
    words, changed = a_canary(), a_canary()
    with session(by) as s:
        someone = add_person(s, a_draft(place_id, **words), by=by)
    with session(by) as s:
        edit_person(s, someone.id, changed, version=1, by=by)
    words |= {f"new {name}": value for name, value in changed.items()}
    for kind in ("hope", "conversation"):
        words[kind] = f"{unlikely()} “{unlikely()}” again"
        with session(by) as s:
            add_note(s, someone.id, NoteDraft(kind, words[kind], grounds()), by=by)
    words |= belongings(by, someone.id, place_id)
    return Life(someone.id, words)


def go_wrong(life: Life, by: Actor) -> None:
    """Errors with the person's words in them: a constraint, a cast, a duplicate key, a statement that is no SQL."""
    row = "update core.person set contact_route = :phone, preferred_name = :name where id = :id"
    copied = "insert into core.person select * from core.person where id = :id and :phone <> :name"
    cast = "select cast(:name as integer), :phone, :id"
    for statement in (row, copied, cast, "selekt :name, :phone, :id"):
        with suppress(DBAPIError), session(by) as s:
            s.execute(
                text(statement), {"name": life.words["preferred_name"], "phone": life.words["phone"], "id": life.id}
            )
            raise AssertionError("this must go wrong")


def load_half(life: Life, by: Actor) -> None:
    """A load that is broken off: its rows are in the pages all the same."""
    lost = "insert into core.asset (asset_kind, category, name, phone) values ('institution', 'library', :name, :phone)"
    with suppress(KeyboardInterrupt), session(by) as s:
        s.execute(text(lost), {"name": life.words["new preferred_name"], "phone": life.words["new phone"]})
        raise KeyboardInterrupt


def bring_in(life: Life, by: Actor) -> UUID:
    """A file of groups with the person as a contact, staged and never confirmed, one row of it faulty; the import."""
    words = life.words
    rows = (
        *LIBRARIES,
        ("R1", words["preferred_name"], "4 Mill Lane", "ZZ1 1AD", words["phone"], "-2.33", "53.45"),
        (
            "R2",
            "Ashford Singers",
            f"c/o {words['email']}",
            words["comms_needs"],
            words["new phone"],
            "north",
            "of here",
        ),
    )
    uploads = settings().home / UPLOADS
    uploads.mkdir(exist_ok=True)
    for coding in ("utf-8", "utf-16"):
        with (uploads / f"residents-{coding}.csv").open("w", newline="", encoding=coding) as opened:
            csv.writer(opened).writerows((HEADER, *rows))
    plain = (uploads / "residents-utf-8.csv").read_bytes()
    (uploads / "residents.csv.gz").write_bytes(gzip.compress(plain))
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    book.save(uploads / "residents.xlsx")
    (uploads / "libraries.csv").write_text("name\nAshford Library\n", encoding="utf-8")
    return run.stage(uploads / "residents-utf-8.csv", actor=by).import_id


def half_write(life: Life, by: Actor) -> None:
    """Two forms that were never saved: one about the person, one that only says their words."""
    with session(by) as s:
        keep(s, Writing("edit_person", str(life.id), unlikely(32, "0123456789abcdef")),
             {"phone": life.words["phone"], "worry": life.words["hope"]}, by=by)  # fmt: skip
        keep(s, Writing("add_asset", "", unlikely(32, "0123456789abcdef")), {"reach": life.words["new email"]}, by=by)


def be_learnt(life: Life) -> None:
    """A search that once learnt the name, from a record that is no more."""
    with session(SYSTEM) as s:
        remember_words(s, life.words["preferred_name"].split())


def live(by: Actor, place_id: UUID) -> tuple[Life, UUID]:
    """All of it, looked at by the planner and written to the disk; the person and the import that waits."""
    life = a_life(by, place_id)
    go_wrong(life, by)
    load_half(life, by)
    waiting = bring_in(life, by)
    half_write(life, by)
    be_learnt(life)
    life.words["in the vocabulary"] = plain(life.words["preferred_name"]).split()[0]
    with session(by) as s:
        give(s, life.id, by=by)
    as_owner("analyze")
    as_owner("checkpoint")
    return life, waiting

"""Erase a person so that no byte of them is left: trust.md R6, in its order.

Words that only passed through go first, then the person's rows and with them their key, then the files are rewritten.
A line on the list of the erased is on the disk before the rows are gone, so that a restored backup erases them again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.access import require
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db import erasures, migrate
from abcd.db.audit import record
from abcd.db.rewriting import Rewritten, rewrite
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.people.files import files_naming, remove, remove_given
from abcd.people.mentions import mentions, take_out
from abcd.people.queries import person
from abcd.people.traces import Traces, traces_of
from abcd.people.whereabouts import PEOPLE, delete_rows, tables

#: Why somebody is erased: a code, because a sentence could say who.
REASONS = {
    "asked": "They asked for it.",
    "withdrew": "They withdrew their consent.",
    "moved": "They moved away.",
    "died": "They died.",
    "mistake": "They should never have been written down.",
    "retention": "Nothing was heard of them for as long as it may be kept.",
    "restored": "They had been erased before the backup was restored.",
}
KEYS = "keyring.person_key"
TRAIL = ("core.audit_event", "core.row_change")


@dataclass(frozen=True)
class Erased:
    """What became of an erasure.

    Attributes:
        rows: removed rows by table.
        files: how many files were removed.
        named_elsewhere: tables where they are still named and which a person must mend, such as a group's contact.
        rewritten: what was written anew.
        backups_gone_on: the day on which the last backup that holds them is thrown away.
    """

    person_id: UUID
    rows: dict[str, int]
    files: int
    named_elsewhere: tuple[str, ...]
    backups_gone_on: date
    rewritten: Rewritten = field(default=Rewritten((), (), is_done=False))

    @property
    def sentences(self) -> list[str]:
        """What to tell whoever asked for it."""
        told = [_("Erased. Backups that contain it expire on {day}.").format(day=f"{self.backups_gone_on:%d %B %Y}")]
        told += [
            _("Still named in {table}: please change it there.").format(table=name) for name in self.named_elsewhere
        ]
        return [*told, *self.rewritten.left]

    def to_json(self) -> dict[str, Any]:
        """The same as a JSON object."""
        return {
            "person_id": str(self.person_id), "rows": self.rows, "files": self.files,
            "named_elsewhere": list(self.named_elsewhere), "rewritten": list(self.rewritten.tables),
            "left": list(self.rewritten.left), "backups_gone_on": self.backups_gone_on.isoformat(),
        }  # fmt: skip


def _named_in(table: str) -> str:
    if table in TRAIL:
        return _(
            "The trail still names them as part of another record, such as a group's contact; it cannot be changed."
        )
    return _("Still named in {table}: please change it there.").format(table=table)


def erase(person_id: UUID, reason: str, *, actor: Actor) -> Erased:
    """Erase a person: every row, their key, what passed through, and then every byte that they left on the disk.

    Raises:
        BadRequest: not one of ``REASONS``.
        NotFound: there is no such person for ``actor``.
        NotAllowed: ``actor`` may not erase people.
        StoreUnavailable: the store does not answer; what is done is done, and doing it again ends it.
    """
    with session(actor, patient=True) as s:
        seeing_withdrawn(s)
        require_erasable(s, person_id, reason, actor)
        traces = traces_of(s, person_id)
    cleared = clear_elsewhere(traces, actor)
    given = remove_given(person_id)
    with session(actor, patient=True) as s:
        seeing_withdrawn(s)
        rows = erase_rows(s, person_id, reason, traces, by=actor)
        named = sorted({mention.table for mention in mentions(s, traces)})
    rewritten = sweep(traces.words, cleared.tables)
    files = len(cleared.files) + len(given)
    return Erased(person_id, rows, files, tuple(named), erasures.gone_from_backups_on(today()), rewritten)


def seeing_withdrawn(s: Session) -> None:
    """Let this transaction see whoever took everything back: nobody else does, and they are to be erased."""
    s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))


def require_erasable(s: Session, person_id: UUID, reason: str, actor: Actor) -> None:
    """Let an erasure begin.

    Raises:
        BadRequest, NotAllowed, NotFound: as ``erase``.
    """
    require(actor, "erase", "person")
    if reason not in REASONS:
        raise BadRequest(_("Say why, with one of these words: {words}.").format(words=", ".join(REASONS)))
    person(s, person_id)


def erase_rows(s: Session, person_id: UUID, reason: str, traces: Traces, *, by: Actor) -> dict[str, int]:
    """Remove a person's rows, and put them onto the list of the erased; how many rows, by table."""
    rows = delete_person(s, person_id, reason, traces, by=by)
    erasures.remember(person_id)
    return rows


def delete_person(s: Session, person_id: UUID, reason: str, traces: Traces, *, by: Actor) -> dict[str, int]:
    """Remove a person's rows; their key goes with them, and what the trail holds of them can be read no more.

    What is left is a tombstone without identity: a random id, the day and the reason.
    """
    gone = {home.table: delete_rows(s, home, person_id, traces) for home in PEOPLE}
    rows = {table: n for table, n in gone.items() if n}
    record(s, "erase", "person", person_id, by=by, after={"reason": reason})
    s.flush()
    return rows


def sweep(words: Iterable[str], touched: Iterable[str] = ()) -> Rewritten:
    """Rewrite people's tables, the keys and what else was ``touched``, then the log, and look for ``words``."""
    done = rewrite({*tables(), KEYS, *touched}, words)
    if done.is_done:
        erasures.remember_sweep()
    return done


@dataclass(frozen=True)
class Cleared:
    """Tables out of which words were taken, and files that were removed."""

    tables: tuple[str, ...]
    files: tuple[Path, ...]


def clear_elsewhere(traces: Traces, actor: Actor) -> Cleared:
    """Take the person's words out of what only passed through: stages, reports, faults, what imports replaced, files.

    It is done as the owner of those tables, since the app may not change what an import replaced.
    """
    engine = create_engine(migrate.owner_url(), poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(text("select set_config('abcd.actor', :name, true)"), {"name": actor.name})
        touched = take_out(connection, traces)
    named = files_naming(traces.words)
    remove(named)
    return Cleared(touched, tuple(named))

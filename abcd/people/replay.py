"""After a restore: erase again, before anybody can sign in, whoever was erased since the backup (trust.md P23)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.rewriting import rewrite
from abcd.db.session import SYSTEM, session
from abcd.people.associations import visiting
from abcd.people.erasing import KEYS, clear_elsewhere, delete_person, seeing_withdrawn
from abcd.people.traces import Traces, traces_of
from abcd.people.whereabouts import tables

ON_THE_LIST = "select id from core.person where encode(sha256(id::text::bytea), 'hex') = any(:hashes)"


@dataclass(frozen=True)
class Replayed:
    """Somebody who was erased anew."""

    person_id: UUID
    traces: Traces = field(repr=False)


def replay(s: Session, hashes: Collection[str]) -> list[Replayed]:
    """Erase the rows and the key of everybody whose hash is on the list, in every association."""
    gone = []
    seeing_withdrawn(s)
    for actor in visiting(s, "restore"):
        for person_id in s.scalars(text(ON_THE_LIST), {"hashes": list(hashes)}).all():
            gone.append(Replayed(person_id, traces_of(s, person_id)))
            delete_person(s, person_id, "restored", gone[-1].traces, by=actor)
    return gone


def erase_anew(hashes: Collection[str]) -> int:
    """The whole of it, in the store that settings name: rows, keys, what passed through, and every byte; how many."""
    with session(SYSTEM, patient=True) as s:
        gone = replay(s, hashes)
    touched = {table for each in gone for table in clear_elsewhere(each.traces, SYSTEM).tables}
    if gone:
        rewrite({*tables(), KEYS, *touched}, [word for each in gone for word in each.traces.words])
    return len(gone)

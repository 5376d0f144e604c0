"""What becomes of open introductions when somebody takes back their yes: they end, and nobody is told why."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from sqlalchemy import func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from abcd.core.clock import now
from abcd.db.session import SYSTEM
from abcd.db.tables import EXITS, Connection, ConnectionStep, Person

#: Nobody can read from a stopped introduction which side it was, nor who wrote it down.
ENDED, NOBODY = "stopped", SYSTEM.name
SEEN = ("abcd.role", "abcd.self", "abcd.sees_withdrawn")


def stop_introductions(s: Session, person_id: UUID) -> int:
    """End every open introduction of a person, whichever side they are; how many there were."""
    mine = or_(Connection.a_person_id == person_id, Connection.b_person_id == person_id)
    is_open = Connection.state.not_in((*EXITS, "settled"))
    with seeing_both_sides(s):
        rows = s.execute(select(Connection.id, Connection.organisation_id).where(mine, is_open).with_for_update()).all()
        if rows:
            ended = update(Connection).where(Connection.id.in_([row.id for row in rows]))
            s.execute(ended.values(state=ENDED, state_at=now(), version=Connection.version + 1))
            # By the clock, as every step: it may have waited for one that was taken meanwhile, and comes after it.
            step = {"state": ENDED, "side": "", "reason": "", "recorded_by": NOBODY, "at": func.clock_timestamp()}
            s.execute(insert(ConnectionStep).values([
                {"id": uuid4(), "connection_id": row.id, "organisation_id": row.organisation_id, **step} for row in rows
            ]))  # fmt: skip
    return len(rows)


def hold(s: Session, person_id: UUID) -> None:
    """Before somebody takes a yes back: wait for an introduction of them that begins at this moment, so that it ends
    too, and for a second press of the same button, which finds it done."""
    s.execute(select(Person.id).where(Person.id == person_id).with_for_update())


@contextmanager
def seeing_both_sides(s: Session) -> Iterator[None]:
    """See introductions whose other side whoever writes this down may not see: nothing of it is given back."""
    s.flush()
    before = {name: s.scalar(text("select current_setting(:name, true)"), {"name": name}) or "" for name in SEEN}
    _say(s, {"abcd.role": "owner", "abcd.self": "", "abcd.sees_withdrawn": "yes"})
    yield
    s.flush()
    _say(s, before)


def _say(s: Session, told: dict[str, str]) -> None:
    for name, value in told.items():
        s.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})

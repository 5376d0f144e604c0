"""The chain of what was done: sealing it behind those who write, and finding what somebody tampered with.

Each sealed event or row change has a digest of what it says and a link, ``sha256(last link of its day, id, digest)``; a
day's chain begins with the last link before it. Who may write in the database as its owner could make the whole chain
anew: therefore the heads of the days are remembered outside as well (``abcd.db.heads``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from abcd.db.tables import AuditMark

MOST = 20_000
"""Events sealed in one transaction: about a second."""


@dataclass(frozen=True)
class Fault:
    """Something in the trail is not as it was written.

    Attributes:
        kind: ``changed``, ``removed``, ``added``, ``reordered``, ``broken`` (a link), ``day`` or ``mark``.
        id: number of the event, 0 when it is about a day or the whole.
        sentence: what is wrong, for a person.
    """

    kind: str
    id: int
    sentence: str


@dataclass(frozen=True)
class Sealed:
    """How far the chain goes: the last sealed number, its link in hexadecimal, when, and how many events wait."""

    id: int
    head: str
    at: datetime | None
    waiting: int


def seal(s: Session, most: int = MOST) -> int:
    """Chain what was committed since; returns how many events. Must be the first thing its transaction does.

    What is written while it runs, or by a transaction still at work, waits for the next time.
    """
    return int(s.scalar(text("select core.seal_audit(:most)"), {"most": most}) or 0)


def sealed(s: Session) -> Sealed:
    """How far the chain goes."""
    mark = s.get_one(AuditMark, True)
    waiting = text("""
        select (select count(*) from core.audit_event where id > :id)
             + (select count(*) from core.row_change where id > :id)""")
    return Sealed(mark.sealed_id, mark.head.hex(), mark.sealed_at, int(s.scalar(waiting, {"id": mark.sealed_id}) or 0))


def verify(s: Session, since: date | None = None) -> list[Fault]:
    """Everything that is wrong with the sealed trail, from the day ``since`` on (default: all of it)."""
    given = {"since": since or date.min, "least": _first_of(s, since)}
    found = [*_contents(s, given), *_added(s, given), *_days(s, given), *_mark(s)]
    return sorted(found, key=lambda fault: fault.id)


def _first_of(s: Session, since: date | None) -> int:
    """The lowest number in the chains of the days from ``since`` on."""
    asked = text("select min(first_id) from core.audit_day where day >= :since")
    return int(s.scalar(asked, {"since": since}) or 0) if since else 0


_WRITTEN = """
written as (
  select e.id, core.digest_of(e) as digest from core.audit_event e where e.id >= :least
  union all
  select c.id, core.digest_of(c) from core.row_change c where c.id >= :least
)"""

_CONTENTS = f"""
with {_WRITTEN},
sealed as (
  select s.id, s.digest, s.link, coalesce(lag(s.link) over (partition by s.day order by s.id), d.seed) as last
  from core.audit_seal s left join core.audit_day d using (day) where s.day >= :since
)
select s.id, w.digest is null as is_gone, w.digest <> s.digest as is_changed,
       core.link(s.last, s.id, s.digest) is distinct from s.link as is_broken
from sealed s left join written w using (id)
where w.digest is distinct from s.digest or core.link(s.last, s.id, s.digest) is distinct from s.link
order by s.id"""

# An event that says what another one said when that was sealed.
_MISPLACED = """
with written as (
  select e.id, core.digest_of(e) as digest from core.audit_event e where e.id = any(:changed)
  union all
  select c.id, core.digest_of(c) from core.row_change c where c.id = any(:changed)
)
select w.id, other.id from written w join core.audit_seal other on other.digest = w.digest and other.id <> w.id"""

_ADDED = """
select id from (
  select id from core.audit_event where id >= :least union all select id from core.row_change where id >= :least) w
where id <= (select sealed_id from core.audit_mark) and not exists (select from core.audit_seal s where s.id = w.id)
order by id"""

_DAYS = """
select d.day, d.events, d.head, d.seed, d.seed_id, d.forgotten_at, d.last_id,
       n.events as found, n.last_link, n.last_id as last_seen,
       before.link as seed_link, old.forgotten_at is not null as is_seed_forgotten
from core.audit_day d
left join lateral (
  select count(*) as events, max(s.id) as last_id, (array_agg(s.link order by s.id desc))[1] as last_link
  from core.audit_seal s where s.day = d.day) n on true
left join core.audit_seal before on before.id = d.seed_id
left join lateral (
  select forgotten_at from core.audit_day o
  where d.seed_id between o.first_id and o.last_id and o.forgotten_at is not null limit 1) old on true
where d.day >= :since order by d.day"""

_MARK = """
select m.sealed_id, m.head, s.link, (select max(id) from core.audit_seal) as last_seal,
       (select max(last_id) from core.audit_day) as last_day
from core.audit_mark m left join core.audit_seal s on s.id = m.sealed_id"""


def _contents(s: Session, given: dict[str, object]) -> Iterator[Fault]:
    rows = s.execute(text(_CONTENTS), given).all()
    changed = [row.id for row in rows if row.is_changed]
    misplaced = _misplaced(s, changed) if changed else {}
    for row in rows:
        if row.is_gone:
            yield Fault("removed", row.id, f"Event {row.id} was removed after it was sealed.")
        elif row.id in misplaced:
            yield Fault("reordered", row.id, f"Event {row.id} says what event {misplaced[row.id]} said when sealed.")
        elif row.is_changed:
            yield Fault("changed", row.id, f"Event {row.id} was changed after it was sealed.")
        if row.is_broken:
            what = f"The link of event {row.id} does not follow from the one before it"
            yield Fault("broken", row.id, f"{what}: an event was removed with its seal, or a seal was changed.")


def _misplaced(s: Session, changed: list[int]) -> dict[int, int]:
    """Of changed events, those that now say what another one said."""
    return {row[0]: row[1] for row in s.execute(text(_MISPLACED), {"changed": changed})}


def _added(s: Session, given: dict[str, object]) -> Iterator[Fault]:
    for number in s.scalars(text(_ADDED), given):
        yield Fault("added", number, f"Event {number} was slipped in: its number was sealed without it.")


def _days(s: Session, given: dict[str, object]) -> Iterator[Fault]:
    for day in s.execute(text(_DAYS), given):
        if day.forgotten_at is None and (day.found != day.events or day.last_seen != day.last_id):
            yield Fault("day", 0, f"{day.day}: {day.events:,} events were sealed and {day.found:,} are there.")
        if day.forgotten_at is None and day.last_link is not None and day.last_link != day.head:
            yield Fault("day", 0, f"{day.day}: the chain does not end in the head that was written down.")
        if not _is_tied(day):
            yield Fault("day", 0, f"{day.day}: its chain does not begin where the one before it was: a day is missing.")


def _is_tied(day: Row[Any]) -> bool:
    """Whether a day's chain begins with the link it names; of a forgotten day only the head is there to compare."""
    if day.seed_id == 0:
        return bool(day.seed == b"")
    return bool(day.is_seed_forgotten or day.seed_link == day.seed)


def _mark(s: Session) -> Iterator[Fault]:
    mark = s.execute(text(_MARK)).one_or_none()
    if mark is None:
        yield Fault("mark", 0, "The mark that says how far the chain goes is gone.")
    elif mark.sealed_id and mark.sealed_id != mark.last_day:
        yield Fault("mark", 0, f"The chain went to event {mark.sealed_id} and now ends with {mark.last_day}: "
                               "its end was cut off.")  # fmt: skip
    elif mark.link is not None and mark.link != mark.head:
        yield Fault("mark", 0, "The last link is not the one that was written down.")

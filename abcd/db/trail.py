"""Reading the trail: what was done, by whom, and what it really changed, newest first, a page at a time.

A *deed* is an action's event with the row changes of its transaction, or row changes without an event of their own (a
load's pieces, or somebody at work in the database itself). Each page costs the same, however long the trail is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from abcd.db.unsealing import unsealed

PAGE = 25
MOST = 1_000
"""Row changes looked through for one page."""
SHOWN = 20
"""Row changes shown of one deed."""

Key = tuple[int, datetime]


@dataclass(frozen=True)
class Wanted:
    """Which deeds: those that meet all that is said.

    ``organisation_id`` leaves out what accounts of others did; without ``people`` nothing about residents is told.
    """

    thing_kind: str = ""
    thing_id: str = ""
    by: str = ""
    day: date | None = None
    organisation_id: str = ""
    people: bool = True


@dataclass(frozen=True)
class Change:
    """What a statement did to rows of ``table``: columns before and after, or for many rows their number alone."""

    table: str
    op: str
    thing_kind: str
    thing_id: str
    before: dict[str, Any] = field(repr=False)
    after: dict[str, Any] = field(repr=False)
    rows: int = 1


@dataclass(frozen=True)
class Deed:
    """Something that was done.

    Attributes:
        id: its number; numbers grow with time, whatever the clock did.
        at: in UTC.
        by: who did it; ``login`` is the role of the database that they came with.
        verb: what, ``""`` when only rows tell of it.
        thing_kind, thing_id: on what.
        before, after: what the action itself said.
        changes: what really changed, the first ``SHOWN``; ``more`` how many were left out.
        part_of: verb and kind of the action that it was a part of, when that was about another thing.
    """

    id: int
    at: datetime
    by: str
    login: str
    verb: str
    thing_kind: str
    thing_id: str
    before: dict[str, Any] = field(default_factory=dict, repr=False)
    after: dict[str, Any] = field(default_factory=dict, repr=False)
    changes: tuple[Change, ...] = field(default=(), repr=False)
    more: int = 0
    part_of: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Page:
    """Deeds, newest first, and the number to go on from (``None`` at the end)."""

    deeds: list[Deed]
    older: int | None


_THING = "(:kind = '' or x.thing_kind = :kind) and (:thing = '' or x.thing_id = :thing)"
# Of people, only those whom row security shows to this session, and those of whom nothing is left to show.
_VISIBLE = """(x.thing_kind <> 'person' or :people and (
  exists (select from core.person p where p.id::text = x.thing_id)
  or exists (select from core.audit_event gone
             where gone.thing_kind = 'person' and gone.thing_id = x.thing_id and gone.verb = 'erase')))"""
_THEIRS = """(:organisation = '' or x.account_id = '' or exists (
  select from core.account a where a.id::text = x.account_id and a.organisation_id::text = :organisation))"""
_DAY = "(cast(:day as date) is null or (x.at at time zone 'Europe/London')::date = :day)"
_WINDOW = "x.id < :before and x.id > :floor"

_EVENTS = f"""
select * from core.audit_event x
where {_WINDOW} and {_THING} and (:by = '' or x.by = :by) and {_DAY} and {_VISIBLE} and {_THEIRS}
order by x.id desc limit :n"""

_CHANGES = _EVENTS.replace("core.audit_event x", "core.row_change x")

_EVENTS_OF = "select * from core.audit_event where transaction = any(:transactions) order by id"

_CHANGES_OF = f"""
select c.* from unnest(cast(:transactions as bigint[]), cast(:moments as timestamptz[])) deed (transaction, at)
cross join lateral (
  select x.*, count(*) over () as of_all from core.row_change x
  where x.transaction = deed.transaction and x.at = deed.at and {_THING} and {_VISIBLE}
  order by x.id limit {SHOWN}) c order by c.id"""

# The numbers of a day, from the chain; what is not sealed yet is looked through.
_NUMBERS = """
select coalesce((select first_id from core.audit_day where day = :day - 1),
                (select first_id from core.audit_day where day = :day), m.sealed_id) - 1,
       case when exists (select from core.audit_day where day > :day + 1)
            then (select max(last_id) from core.audit_day where day between :day - 1 and :day + 1) + 1 end
from core.audit_mark m"""


def deeds(s: Session, wanted: Wanted, before: int | None = None, limit: int = PAGE) -> Page:
    """A page of what was done, newest first; ``before`` is where the last page ended."""
    floor, ceiling = _numbers(s, wanted.day)
    given = _given(wanted) | {"before": min(before or ceiling, ceiling), "floor": floor}
    events = s.execute(text(_EVENTS), given | {"n": limit + 1}).all()
    lowest = events[limit - 1].id - 1 if len(events) > limit else floor
    changes = s.execute(text(_CHANGES), given | {"floor": lowest, "n": MOST}).all()
    is_cut = len(changes) == MOST
    if is_cut:
        lowest = changes[-1].id - 1
    done = [*_of_events(s, wanted, [e for e in events if e.id > lowest]), *_without_event(s, wanted, changes)]
    return _page(s, done, limit, lowest if is_cut or len(events) > limit else None)


def actors(s: Session, limit: int = 200) -> list[str]:
    """Everybody who did something, by name: one index search for each."""
    found = text("""
        with recursive name (by) as (
          (select by from core.audit_event order by by limit 1)
          union all
          select (select e.by from core.audit_event e where e.by > name.by order by e.by limit 1)
          from name where name.by is not null)
        select by from name where by is not null limit :limit""")
    return list(s.scalars(found, {"limit": limit}))


def erased_on(s: Session, person_id: str) -> datetime | None:
    """When a person was erased, or ``None``."""
    when = text("""
        select at from core.audit_event where thing_id = :person and thing_kind = 'person' and verb = 'erase'
        order by id desc limit 1""")
    found: datetime | None = s.scalar(when, {"person": person_id})
    return found


def _given(wanted: Wanted) -> dict[str, Any]:
    return {"kind": wanted.thing_kind, "thing": wanted.thing_id, "by": wanted.by, "day": wanted.day,
            "organisation": wanted.organisation_id, "people": wanted.people}  # fmt: skip


def _numbers(s: Session, day: date | None) -> tuple[int, int]:
    """Between which numbers to look: all, or those near a day."""
    if day is None:
        return 0, 2**62
    floor, ceiling = s.execute(text(_NUMBERS), {"day": day}).one()
    return floor, ceiling or 2**62


def _of_events(s: Session, wanted: Wanted, events: Sequence[Row[Any]]) -> list[Deed]:
    """The events, each with what its transaction changed; of two in one transaction the last has the changes."""
    last = {(event.transaction, event.at): event.id for event in reversed(events) if event.transaction}
    only = replace(wanted, thing_kind=wanted.thing_kind if wanted.thing_id else "")
    keys = {"transactions": [key[0] for key in last], "moments": [key[1] for key in last]}
    found: dict[Key, list[Row[Any]]] = defaultdict(list)
    for change in s.execute(text(_CHANGES_OF), _given(only) | keys) if last else ():
        found[change.transaction, change.at].append(change)
    return [_deed(event, found.get((event.transaction, event.at), []) if event.id in last.values() else [])
            for event in events]  # fmt: skip


def _deed(event: Row[Any], changes: list[Row[Any]]) -> Deed:
    return Deed(event.id, event.at, event.by, event.login, event.verb, event.thing_kind, event.thing_id,
                event.before or {}, event.after or {}, tuple(map(_change, changes)),
                changes[0].of_all - len(changes) if changes else 0)  # fmt: skip


def _change(row: Row[Any]) -> Change:
    return Change(
        row.table_name, row.op, row.thing_kind, row.thing_id, row.before or {}, row.after or {}, row.rows
    )  # fmt: skip


def _without_event(s: Session, wanted: Wanted, changes: Sequence[Row[Any]]) -> list[Deed]:
    """Changes that no event of this list tells of: alone in their transaction, or a part of what was done elsewhere."""
    events: dict[Key, list[Row[Any]]] = defaultdict(list)
    for event in s.execute(text(_EVENTS_OF), {"transactions": list({change.transaction for change in changes})}):
        events[event.transaction, event.at].append(event)
    grouped: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    for change in changes:
        around = events[change.transaction, change.at]
        if not any(_tells(event, wanted) for event in around):
            grouped[change.transaction, change.at, change.thing_kind, change.thing_id].append(change)
    return [_alone(rows, events[key[0], key[1]]) for key, rows in grouped.items()]


def _tells(event: Row[Any], wanted: Wanted) -> bool:
    """Whether ``event`` is in the list itself, so that its changes are told with it."""
    return wanted.thing_id in ("", event.thing_id) and wanted.thing_kind in ("", event.thing_kind)


def _alone(rows: list[Row[Any]], around: list[Row[Any]]) -> Deed:
    newest, whole = rows[0], [_change(row) for row in reversed(rows)]
    part_of = (around[-1].verb, around[-1].thing_kind) if around else ("", "")
    return Deed(newest.id, newest.at, newest.by, newest.login, "", newest.thing_kind, newest.thing_id,
                changes=tuple(whole[:SHOWN]), more=max(0, len(whole) - SHOWN), part_of=part_of)  # fmt: skip


def _page(s: Session, done: list[Deed], limit: int, lowest: int | None) -> Page:
    newest = sorted(done, key=lambda deed: -deed.id)
    shown = _opened(s, newest[:limit])
    if len(newest) > limit:
        return Page(shown, shown[-1].id)
    return Page(shown, None if lowest is None else lowest + 1)


def _opened(s: Session, found: Iterable[Deed]) -> list[Deed]:
    """The deeds with sealed values opened, where their key is there and this session may."""
    listed = list(found)
    open_one = unsealed(s, [change for deed in listed for change in deed.changes])

    def opened(change: Change) -> Change:
        of = change.thing_id
        return replace(change, before=open_one(of, change.before), after=open_one(of, change.after))

    return [replace(deed, changes=tuple(map(opened, deed.changes))) for deed in listed]

"""Which events are in which calendar, and the calendar as its file."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from icalendar import Calendar
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.naming import called
from abcd.db.tables import Activity, Asset, Place
from abcd.errors import NotFound
from abcd.maps.calendars.clock import ZONE, timezone
from abcd.maps.calendars.events import events
from abcd.maps.oruk.services import Where, facts, may_see, may_see_any
from abcd.maps.reader import Reader
from abcd.maps.within import held_by, inside

MOST = 2_000
"""Assets of one calendar: no program shows more, and a whole borough is no calendar."""

PRODUCT = "-//ABCD//Community calendar//EN"

#: What happens, rather than what is open: groups, activities, events.
HAPPENS = or_(Activity.asset_id.is_not(None), Asset.asset_kind.in_(("association", "story")))

KINDS: dict[str, Callable[[UUID], ColumnElement[bool]]] = {
    "group": lambda asked: or_(Asset.id == asked, Activity.group_id == asked),
    "venue": lambda asked: Where.id == asked,
    "place": lambda asked: held_by(asked) & HAPPENS,
    "asset": lambda asked: Asset.id == asked,
}
"""Of each kind of calendar which assets are in it, by the id of what it is of."""


def calendar(s: Session, reader: Reader, kind: str, asked: UUID) -> bytes:
    """The calendar of a group, a venue, a place or an asset: the same bytes until something in it changes.

    Raises:
        NotFound: there is no such thing for this reader, or no such kind of calendar.
    """
    if kind not in KINDS:
        raise NotFound(_("There is nothing at this address."))
    seen = may_see_any(reader) if kind == "asset" else may_see(reader)
    rows: Select[Any] = facts(reader).where(*seen, KINDS[kind](asked), Asset.opening_hours != "")
    found = s.execute(rows.order_by(Asset.id).limit(MOST)).all()
    made = _empty(_name_of(s, reader, kind, asked))
    for row in found:
        for event in events(row, today().year):
            made.add_component(event)
    return bytes(made.to_ical())


def _empty(name: str) -> Calendar:
    made = Calendar()
    for prop, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH"),
                        ("name", name), ("x-wr-calname", name), ("x-wr-timezone", ZONE)):  # fmt: skip
        made.add(prop, value)
    made.add_component(timezone())
    return made


def _name_of(s: Session, reader: Reader, kind: str, asked: UUID) -> str:
    """The name of what the calendar is of.

    Raises:
        NotFound: this reader may not know of it.
    """
    if kind == "place":
        known = select(called(Place)).where(Place.id == asked, Place.end_date.is_(None))
        name = s.scalar(known.where(inside(*reader.places)) if reader.places else known)
    else:
        name = next(filter(None, (s.scalar(one) for one in _names(reader, asked))), None)
    if name is None:
        raise NotFound(_("There is nothing at this address."))
    return str(name)


def _names(reader: Reader, asked: UUID) -> list[Select[Any]]:
    """The asset's name, by way of each layer in which this reader may see it."""
    layers = [one for one in reader.published() if one.table is Asset.__table__]
    confined = [held_by(*reader.places)] if reader.places else []
    return [select(Asset.name).where(Asset.id == asked, *one.seen_by(reader.audience), *confined) for one in layers]

"""Opening times as the schedules of the profile, and whether they fit the times that somebody asks for."""

from datetime import time
from typing import Any

from sqlalchemy import Row

from abcd.core.hours_schedule import MIDNIGHT, Schedule, schedules
from abcd.maps.oruk.ids import derived

Json = dict[str, Any]
MOST_WORDS = 2_000


def schedules_of(row: Row[Any], year: int) -> list[Json]:
    """The schedules of an asset. A text in which no day could be read is told in its own words."""
    words = row.opening_hours[:MOST_WORDS].strip()
    if not words:
        return []
    made = [_schedule(row, one) | {"description": words} for one in schedules(row.opening_hours, year)]
    return made or [{"id": derived("schedule", row.id), "service_id": str(row.id), "description": words}]


def _schedule(row: Row[Any], one: Schedule) -> Json:
    told = (one.freq, one.interval, *one.byday, one.opens_at, one.closes_at, one.valid_from, one.notes)
    made: Json = {
        "id": derived("schedule", row.id, *told),
        "service_id": str(row.id),
        "valid_from": one.valid_from and one.valid_from.isoformat(),
        "valid_to": one.valid_to and one.valid_to.isoformat(),
        "dtstart": one.valid_from.isoformat() if one.interval > 1 and one.valid_from else None,
        "freq": one.freq,
        "interval": one.interval,
        "byday": ",".join(one.byday),
        "opens_at": one.opens_at and f"{one.opens_at:%H:%M}",
        "closes_at": one.closes_at and f"{_end(one):%H:%M}",
        "notes": _notes(one),
    }
    return {name: value for name, value in made.items() if value}


def _end(one: Schedule) -> time:
    """A whole day ends a minute before midnight here: nobody reads 00:00 to 00:00 as one."""
    assert one.closes_at is not None
    return time(23, 59) if one.opens_at == one.closes_at == MIDNIGHT else one.closes_at


def _notes(one: Schedule) -> str:
    said = [one.notes.capitalize()] if one.notes else []
    if one.closed:
        said.append("Closed on public holidays")
    if not one.is_dated:
        said.append("Every other week; ask which")
    if not one.is_sure:
        said.append("Not always: see the description")
    return "".join(f"{words}. " for words in said).strip()


def fits(text: str, year: int, day: str, start: time | None, end: time | None) -> bool:
    """Whether one of the schedules of ``text`` is on ``day`` (``MO``, or ``""`` for any), begins at ``start`` or
    later, and ends at ``end`` or earlier on the same day."""
    return any(
        (not day or any(name.endswith(day) for name in one.byday))
        and (start is None or (one.opens_at is not None and one.opens_at >= start))
        and (end is None or _ends_by(one, end))
        for one in schedules(text, year)
    )


def _ends_by(one: Schedule, end: time) -> bool:
    if one.opens_at is None or one.closes_at is None:
        return False
    return one.opens_at < _end(one) <= end

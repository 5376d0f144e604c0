"""Opening times of an asset as events that repeat.

An event begins by the clocks here and lasts as long as it says. In the night in which the clocks change that is an hour
too much or too little, so such a night is an event of its own, in the place of the one that repeats.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from icalendar import Event
from sqlalchemy import Row

from abcd.core.clock import LOCAL
from abcd.core.hours_schedule import MIDNIGHT, Schedule, schedules
from abcd.core.language import chosen
from abcd.maps.calendars.clock import at, changes, lasts
from abcd.maps.oruk.shape import web

DAY = timedelta(days=1)
LONGEST = 2_000
"""Letters of a description."""

STATUS = {"active": "CONFIRMED", "temporarily closed": "CANCELLED", "inactive": "CANCELLED", "defunct": "CANCELLED"}


def events(row: Row[Any], year: int) -> Iterator[Event]:
    """The events of an asset, as told for ``year`` and the next one; none where no day is known."""
    begins = max(row.created_at.astimezone(LOCAL).date(), date(year, 1, 1), row.start_date or date.min)
    ends = row.end_date or date.max
    for one in schedules(row.opening_hours, year):
        dated = one if one.is_dated or not row.start_date else replace(one, valid_from=row.start_date)
        if dated.is_dated:
            yield from _of_schedule(row, dated, begins, ends, year)


def _of_schedule(row: Row[Any], one: Schedule, begins: date, ends: date, year: int) -> Iterator[Event]:
    """The event of a schedule, and those nights of it in which the clocks change."""
    last = min(one.valid_to or date.max, ends)
    days = [day for day in one.days(begins, date(year + 1, 12, 31)) if day <= last]
    if not days:
        return
    uid = str(uuid5(UUID(str(row.id)), f"{one.freq} {one.interval} {one.byday} {one.opens_at} {one.valid_from}"))
    main = _event(row, one, uid)
    main.add("dtstart", _start(one, days[0]))
    if not is_all_day(one) and one.closes_at is not None:
        main.add("duration", _nominal(one))
    if last == date.max or len(days) > 1:
        main.add("rrule", _rule(one, last))
    left_out = [_start(one, day) for day in one.closed if days[0] < day <= last]
    if left_out:
        main.add("exdate", left_out, parameters={"value": "DATE"} if is_all_day(one) else {})
    yield main
    for night in _nights(one, days, year):
        yield _night(row, one, uid, night)


def is_all_day(one: Schedule) -> bool:
    """Whether it lasts from midnight to midnight, or only a part of the day is known."""
    return one.opens_at is None or one.opens_at == one.closes_at == MIDNIGHT


def _start(one: Schedule, day: date) -> datetime | date:
    return day if is_all_day(one) else at(day, one.opens_at or MIDNIGHT)


def _end(one: Schedule, day: date) -> datetime:
    """When it closes by the clock, on the next day if that is not later."""
    opens, closes = one.opens_at or MIDNIGHT, one.closes_at or MIDNIGHT
    return at(day if closes > opens else day + DAY, closes)


def _nominal(one: Schedule) -> timedelta:
    """How long it lasts when no clock changes."""
    day = date(2026, 6, 1)
    return lasts(at(day, one.opens_at or MIDNIGHT), _end(one, day))


def _rule(one: Schedule, last: date) -> dict[str, Any]:
    rule: dict[str, Any] = {"freq": one.freq.lower(), "byday": list(one.byday)}
    if one.interval > 1:
        rule["interval"] = one.interval
    if last != date.max:
        rule["until"] = last if is_all_day(one) else at(last, time(23, 59, 59)).astimezone(UTC)
    return rule


def _nights(one: Schedule, days: list[date], year: int) -> list[date]:
    """The days on which it begins and lasts longer or shorter than always, because the clocks change."""
    if is_all_day(one) or one.closes_at is None:
        return []
    near = {day - back * DAY for of in (year, year + 1) for day in changes(of) for back in (0, 1)}
    return [
        day for day in days if day in near and lasts(at(day, one.opens_at or MIDNIGHT), _end(one, day)) != _nominal(one)
    ]


def _night(row: Row[Any], one: Schedule, uid: str, day: date) -> Event:
    """One night of an event that repeats, with its own end."""
    own = _event(row, one, uid)
    own.add("recurrence-id", _start(one, day))
    own.add("dtstart", _start(one, day))
    own.add("dtend", _end(one, day))
    return own


def _event(row: Row[Any], one: Schedule, uid: str) -> Event:
    """All of an event but when it is."""
    event = Event()
    event.add("uid", uid)
    event.add("summary", (row.name_cy if chosen() == "cy" else "") or row.name)
    event.add("sequence", row.version)
    for name, moment in (("dtstamp", row.changed), ("last-modified", row.changed), ("created", row.created_at)):
        event.add(name, moment.astimezone(UTC).replace(microsecond=0))
    status = STATUS[row.status]
    event.add("status", "TENTATIVE" if status == "CONFIRMED" and not one.is_sure else status)
    event.add("transp", "TRANSPARENT")
    event.add("categories", [row.term])
    event.add("description", "\n\n".join(filter(None, (row.opening_hours, row.description)))[:LONGEST])
    if where := location(row):
        event.add("location", where)
    if row.lat is not None:
        event.add("geo", (round(row.lat, 6), round(row.lon, 6)))
    if address := web(row.website):
        event.add("url", address)
    return event


def location(row: Row[Any]) -> str:
    """Where it is in words: the venue and the address that was cleared, ``""`` when neither was."""
    told = (row.venue_name, row.there_address, row.there_postcode if row.there_address else "")
    return ", ".join(part for part in told if part)

"""The clocks of the United Kingdom in a calendar: the time zone by its rules, and the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from abcd.core.clock import LOCAL

ZONE = "Europe/London"
HOUR = timedelta(hours=1)
SINCE = 1997
"""From this year on the clocks change on the last Sundays of March and October, at 01:00 UTC."""


def timezone() -> Timezone:
    """The time zone as calendars need it; the library's own takes the hour after the clocks went forward."""
    summer, winter = TimezoneDaylight(), TimezoneStandard()
    for part, name, before, after, starts, month in (
        (summer, "BST", 0 * HOUR, HOUR, datetime(SINCE, 3, 30, 1), 3),
        (winter, "GMT", HOUR, 0 * HOUR, datetime(SINCE, 10, 26, 2), 10),
    ):
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("dtstart", starts)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(summer)
    zone.add_component(winter)
    return zone


@lru_cache(maxsize=16)
def changes(year: int) -> tuple[date, ...]:
    """The days of a year on which the clocks change."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    return tuple(day for day in days if _offset(day) != _offset(day + timedelta(days=1)))


def _offset(day: date) -> timedelta | None:
    """How far the clocks are ahead as ``day`` begins."""
    return at(day, time()).utcoffset()


def at(day: date, clock: time) -> datetime:
    """A moment as the clocks here show it."""
    return datetime.combine(day, clock, LOCAL)


def lasts(start: datetime, end: datetime) -> timedelta:
    """How long it really is between two moments; clocks may have changed in between."""
    return end.astimezone(UTC) - start.astimezone(UTC)

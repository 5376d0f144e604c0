"""What time it is, in one place, so that a test can say otherwise."""

from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is for the people we serve."""
    return now().astimezone(LOCAL).date()


def months_between(earlier: date, later: date) -> float:
    """Months from ``earlier`` to ``later``, a month being a twelfth of 365.25 days."""
    return (later - earlier).days / (365.25 / 12)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many ``months`` later (earlier, when negative); the last one where it is shorter."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))

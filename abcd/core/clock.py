"""What time it is, in one place, so that a test can say otherwise."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


_back: ContextVar[int] = ContextVar("days ago", default=0)


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """Within it ``now`` and ``today`` are so many days earlier in this thread: for a story that is told afterwards.

    The store's own clock, and with it the trail and what holds today, stays as it is.
    """
    before = _back.set(days)
    try:
        yield
    finally:
        _back.reset(before)


def back() -> timedelta:
    """How far from the store's clock ``now`` stands: nothing, but for ``days_ago``."""
    moment = datetime.now(UTC)
    return moment - _told_as(moment)


def now() -> datetime:
    """This moment, in UTC."""
    return _told_as(datetime.now(UTC))


def _told_as(moment: datetime) -> datetime:
    """The same hour of the earlier day, on whichever side of a change of the clocks it lies."""
    days = _back.get()
    return (moment.astimezone(LOCAL) - timedelta(days)).astimezone(UTC) if days else moment


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

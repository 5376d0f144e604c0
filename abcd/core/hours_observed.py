"""Opening times by looking: the days on which each span of a text in OpenStreetMap's syntax is open, and their rules.

Whoever evaluates the syntax also knows its seasons, weeks and exceptions, so nothing of it is parsed here. What is
found holds exactly, for the days that were looked at: rules that hold on all of them have no end, others say from when
to when.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, State

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NTHS = (1, 2, 3, 4, -1, 5)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

Times = tuple[time, time]
"""When it opens and when it closes; an end that is not later than the start is on the next day."""


@dataclass(frozen=True)
class Repeat:
    """On which days something repeats: each ``interval`` weeks or months on ``byday``, from one day to another."""

    freq: str
    byday: tuple[str, ...]
    interval: int = 1
    valid_from: date | None = None
    valid_to: date | None = None


def openings(text: str, first: date, last: date, country: str | None = None) -> dict[Times, set[date]]:
    """The days from ``first`` to ``last`` on which each span of ``text`` begins.

    With a ``country`` its holidays count as far as the evaluating library knows them, else nothing is a holiday.
    """
    found: dict[Times, set[date]] = defaultdict(set)
    low, high = (datetime.combine(edge, time()) for edge in (first - WEEK, last + WEEK))
    for start, end, state, _comment in OpeningHours(text, country=country).intervals(low, high):
        if state == State.OPEN:
            for opens, closes in _daily(start.replace(tzinfo=None), (end or high).replace(tzinfo=None)):
                if first <= opens.date() <= last:
                    found[opens.time(), closes.time()].add(opens.date())
    return found


def _daily(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A stretch as it is when no longer than a day, else cut at each midnight."""
    if end - start <= DAY:
        yield start, end
        return
    while start < end:
        stop = min(end, datetime.combine(start.date() + DAY, time()))
        yield start, stop
        start = stop


def repeats(days: set[date], first: date, last: date) -> list[Repeat]:
    """Rules that hold on ``days`` and on no other day from ``first`` to ``last``."""
    found: list[Repeat] = []
    for weekday in range(7):
        mine = sorted(day for day in days if day.weekday() == weekday)
        if mine:
            found += _of_weekday(mine, _all(weekday, first, last))
    return _joined(found)


def _all(weekday: int, first: date, last: date) -> list[date]:
    start = first + timedelta(days=(weekday - first.weekday()) % 7)
    return [start + week * WEEK for week in range((last - start).days // 7 + 1)]


def _of_weekday(mine: list[date], every: list[date]) -> list[Repeat]:
    """The fewest rules for some days of one weekday, out of ``every`` such day that was looked at."""
    name = DAYS[mine[0].weekday()]
    if mine == every:
        return [Repeat("WEEKLY", (name,))]
    nths = _nths(mine, every)
    if nths:
        return [Repeat("MONTHLY", tuple(f"{nth}{name}" for nth in nths))]
    weekly = [Repeat("WEEKLY", (name,), 1, run[0], run[-1]) for run in _runs(mine, 1)]
    fortnightly = [Repeat("WEEKLY", (name,), 2, run[0], run[-1]) for run in _runs(mine, 2)]
    return min(weekly, fortnightly, _monthly(mine, every) or weekly, key=len)


def _runs(days: list[date], weeks: int) -> list[list[date]]:
    """Stretches of days that are ``weeks`` weeks apart."""
    runs = [[days[0]]]
    for day in days[1:]:
        if day - runs[-1][-1] == weeks * WEEK:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _monthly(mine: list[date], every: list[date]) -> list[Repeat]:
    """Rules by month, one for each stretch of months; none when some stretch has no such rule."""
    found = []
    for days in _seasons(mine):
        nths = _nths(days, [day for day in every if _month(days[0]) <= _month(day) <= _month(days[-1])])
        if not nths:
            return []
        name = DAYS[days[0].weekday()]
        found.append(Repeat("MONTHLY", tuple(f"{nth}{name}" for nth in nths), 1, days[0], days[-1]))
    return found


def _seasons(days: list[date]) -> list[list[date]]:
    """Days in stretches of months none of which is left out."""
    seasons = [[days[0]]]
    for day in days[1:]:
        if _month(day) - _month(seasons[-1][-1]) > 1:
            seasons.append([])
        seasons[-1].append(day)
    return seasons


def _month(day: date) -> int:
    return 12 * day.year + day.month


def _nths(mine: list[date], every: list[date]) -> list[int]:
    """Which of a month's days of one weekday are ``mine`` (-1 is the last); none when months differ."""
    wanted, taken, nths = set(mine), set[date](), []
    for nth in NTHS:
        days = {day for day in every if _is_nth(day, nth)}
        if days and days <= wanted and not days <= taken:
            nths.append(nth)
            taken |= days
    return nths if taken == wanted else []


def _is_nth(day: date, nth: int) -> bool:
    return (day + WEEK).month != day.month if nth == -1 else (day.day - 1) // 7 + 1 == nth


def _joined(found: list[Repeat]) -> list[Repeat]:
    """Rules of several weekdays that hold from and to the same time, as one rule each."""
    groups: list[list[Repeat]] = []
    for one in found:
        group = next((group for group in groups if all(_fits(one, other) for other in group)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return [_one_of(group) for group in groups]


def _fits(one: Repeat, other: Repeat) -> bool:
    """Whether two rules can be one: nothing else happens between their beginnings, nor between their ends."""
    if (one.freq, one.interval) != (other.freq, other.interval):
        return False
    if one.valid_from is None or one.valid_to is None or other.valid_from is None or other.valid_to is None:
        return one.valid_from == other.valid_from
    edges = (one.valid_from, other.valid_from), (one.valid_to, other.valid_to)
    return one.interval == 1 and all(_is_near(one.freq, *edge) for edge in edges)


def _is_near(freq: str, one: date, other: date) -> bool:
    return abs(one - other) < WEEK if freq == "WEEKLY" else _month(one) == _month(other)


def _one_of(group: list[Repeat]) -> Repeat:
    byday = tuple(day for one in group for day in one.byday)
    starts = [one.valid_from for one in group if one.valid_from]
    ends = [one.valid_to for one in group if one.valid_to]
    return replace(group[0], byday=byday, valid_from=min(starts, default=None), valid_to=max(ends, default=None))

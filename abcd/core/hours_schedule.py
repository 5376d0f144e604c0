"""When an asset is open as schedules: the rules of RFC 5545 that Open Referral UK and calendars share.

A schedule is worked out from the text whenever it is asked for, and never stored: one truth, nothing to keep in step.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from abcd.core.hours import Rule, is_osm, read_hours, told
from abcd.core.hours_holidays import CLOSED_THEN, IN_OSM, open_on_holidays, public_holidays
from abcd.core.hours_observed import DAYS, Repeat, Times, openings, repeats

MIDNIGHT = time(0, 0)
ALMOST_MIDNIGHT = time(23, 59)
MOST = 60
"""A text that takes more rules than this is told in its own words alone."""

SAME_EACH_WEEK = re.compile(r"(?:24/7|Mo|Tu|We|Th|Fr|Sa|Su|off|closed|[\d:;,\s-])+")
"""OpenStreetMap's syntax without months, weeks, holidays: one week says all."""

SUN = re.compile(r"\b(?:sunrise|sunset|dawn|dusk)\b")
UNSURE = re.compile(
    r"\bSH\b|\b(?:terms?|term-?time|school|half[ -]term|season(?:al)?|summer|winter|spring|autumn|ramadan|appointment|"
    r"var(?:y|ies)|check|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|"
    r"september|october|november|december|tymor|ysgol)\b",
    re.IGNORECASE,
)
"""Words in a text that no rule holds."""


@dataclass(frozen=True)
class Schedule:
    """One span of opening on the days of one rule.

    Attributes:
        freq, interval, byday: as in RFC 5545; ``byday`` holds ``MO``, or ``1SA`` and ``-1MO`` when it is monthly.
        opens_at: ``None`` when only a part of the day is known, which ``notes`` then names.
        closes_at: ``None`` when not said; not later than ``opens_at``, it is on the next day.
        valid_from, valid_to: first and last day, ``None`` when it has none.
        notes: what else is to be known, such as ``evening``.
        closed: public holidays that the rule would fall on and that it leaves out.
        is_sure: whether the text says nothing that the rule cannot hold, such as "term time only".
    """

    freq: str
    byday: tuple[str, ...]
    opens_at: time | None
    closes_at: time | None
    interval: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    notes: str = ""
    closed: tuple[date, ...] = ()
    is_sure: bool = True

    @property
    def is_dated(self) -> bool:
        """Whether its days are known: those of every other week are not, unless a first day is."""
        return self.interval == 1 or self.valid_from is not None

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days from ``first`` to ``last`` on which it begins.

        Every other week counts from ``valid_from``, or from ``first`` where nothing is said.
        """
        start, end = max(self.valid_from or first, first), min(self.valid_to or last, last)
        if self.interval > 1 and self.valid_from:
            start = self.valid_from
        rule = rrule(
            WEEKLY if self.freq == "WEEKLY" else MONTHLY, dtstart=_noon(start), until=_noon(end),
            interval=self.interval, byweekday=[_weekday(name) for name in self.byday],
        )  # fmt: skip
        yield from (day for at in rule if (day := at.date()) >= first and day not in self.closed)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))


def _weekday(name: str) -> weekday:
    return weekday(DAYS.index(name[-2:]), int(name[:-2]) if name[:-2] else None)


@lru_cache(maxsize=65_536)
def schedules(text: str, year: int) -> tuple[Schedule, ...]:
    """The schedules of a text about opening times, none where no day could be read.

    Rules without an end hold always; those of seasons, weeks and holidays are told for ``year`` and the next one.

    >>> [(one.freq, one.byday) for one in schedules("Tu[2] 14:00-16:00; We,Th 10:00-12:00", 2026)]
    [('MONTHLY', ('2TU',)), ('WEEKLY', ('WE', 'TH'))]
    """
    text = told(text)
    if not is_osm(text):
        return tuple(_worded(text, year))
    found = tuple(_looked_up(text, year))
    return found if len(found) <= MOST else ()


def _worded(text: str, year: int) -> Iterator[Schedule]:
    """Schedules of a text in words: rules alike but for their day are one."""
    closed = public_holidays(year, year + 1) if CLOSED_THEN.search(text) else ()
    alike: dict[Rule, list[str]] = {}
    for rule in read_hours(text).rules:
        alike.setdefault(replace(rule, byday=""), []).append(rule.byday)
    for rule, days in alike.items():
        all_day = rule.opens_at == MIDNIGHT and rule.closes_at == ALMOST_MIDNIGHT
        closes = MIDNIGHT if all_day else rule.closes_at
        made = Schedule(rule.freq, tuple(dict.fromkeys(days)), rule.opens_at, closes, rule.interval, notes=rule.notes)
        yield _leaving_out(replace(made, is_sure=not UNSURE.search(text)), closed)


def _looked_up(text: str, year: int) -> Iterator[Schedule]:
    """Schedules of a text in OpenStreetMap's syntax."""
    first, last = date(year, 1, 1), date(year + 1, 12, 31)
    if SAME_EACH_WEEK.fullmatch(text):
        last = first + timedelta(days=6)
    usual = openings(text, first, last)
    on_holidays = open_on_holidays(text, public_holidays(year, year + 1)) if IN_OSM.search(text) else {}
    for times in sorted(set(usual).union(*on_holidays.values())):
        days = usual.get(times, set())
        closed = tuple(day for day, open_then in on_holidays.items() if times not in open_then)
        more = {day for day, open_then in on_holidays.items() if times in open_then and day not in days}
        for one in repeats(days, first, last):
            yield _leaving_out(_timed(one, times, text), closed)
        for one in repeats(more, first, last):
            yield replace(_timed(one, times, text), notes="public holiday")


def _timed(one: Repeat, times: Times, text: str) -> Schedule:
    opens, closes = (None, None) if SUN.search(text) else times
    return Schedule(
        one.freq, one.byday, opens, closes, one.interval, one.valid_from, one.valid_to, is_sure=not _is_unsure(text)
    )


def _is_unsure(text: str) -> bool:
    """Months are understood in this syntax; school holidays and the sun are not."""
    return bool(re.search(r"\bSH\b", text) or SUN.search(text))


def _leaving_out(made: Schedule, holidays: tuple[date, ...]) -> Schedule:
    """The schedule without those of its days that are ``holidays``."""
    if not holidays or not made.is_dated:
        return made
    falls_on = set(made.days(holidays[0], holidays[-1]))
    return replace(made, closed=tuple(day for day in holidays if day in falls_on))

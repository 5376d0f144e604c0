"""Opening times: what people write, as weekly and monthly rules and as a 7 x 3 grid.

The grid has bit ``3 * weekday + part``: Monday 0; morning (before 12:00) 0, afternoon (12:00 to 17:00) 1,
evening (from 17:00) 2.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State, validate

from abcd.core.hours_text import Span, read_spans

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = ((0, 12 * 60), (12 * 60, 17 * 60), (17 * 60, 24 * 60))
"""Minutes of the day from and to which the parts last."""

ENOUGH = 30
"""Minutes within a part that count as open in it, unless the whole span is shorter."""

ALL_DAY = (time(0, 0), time(23, 59))
OSM_SYNTAX = r"^\s*(24/7|.*\b(Mo|Tu|We|Th|Fr|Sa|Su|PH)\b.*)$"
MONDAY = datetime(2024, 1, 1)


LONGEST = 2_000
"""Characters of a text in which opening times are looked for; what is longer is a story."""


@dataclass(frozen=True)
class Rule:
    """One span of opening, as Open Referral UK says it.

    Attributes:
        freq: ``WEEKLY`` or ``MONTHLY``.
        byday: ``MO``, or ``1SA`` for the first Saturday and ``-1MO`` for the last Monday of a month.
        opens_at: ``None`` when only the part of the day is known.
        closes_at: ``None`` when not said.
        interval: 2 for every other week.
        notes: such as ``morning``.
    """

    freq: str
    byday: str
    opens_at: time | None
    closes_at: time | None
    interval: int = 1
    notes: str = ""


@dataclass(frozen=True)
class Hours:
    """What a text says about opening: rules, and the grid, which is ``None`` when no time could be read."""

    rules: tuple[Rule, ...] = ()
    grid: int | None = None


@lru_cache(maxsize=65_536)
def read_hours(text: str) -> Hours:
    """The opening times in a text as councils write them; OpenStreetMap's own syntax is read as well.

    >>> [rule.byday for rule in read_hours("Mon-Wed 9am-5pm").rules]
    ['MO', 'TU', 'WE']
    """
    text = told(text)
    spans = (_from_osm(text) if is_osm(text) else ()) or read_spans(text)
    rules = tuple(_rule(span) for span in spans)
    return Hours(rules, grid_of(rules) if rules else None)


def told(text: str) -> str:
    """A text as far as opening times are looked for in it, with single blanks: patterns go back and forth over them."""
    return re.sub(r"[^\S\n]+", " ", text[:LONGEST])


def is_osm(text: str) -> bool:
    """Whether a text is written in OpenStreetMap's syntax."""
    return bool(re.match(OSM_SYNTAX, text)) and validate(text)


def grid_of(rules: tuple[Rule, ...]) -> int:
    """The grid of the weekly rules; monthly ones leave it as it is."""
    bits = 0
    for rule in rules:
        if rule.freq == "WEEKLY":
            for part in _parts_of(rule):
                bits |= 1 << (3 * DAYS.index(rule.byday) + part)
    return bits


def as_osm(rules: tuple[Rule, ...]) -> str:
    """The weekly rules with both times in OpenStreetMap's syntax, normalised; ``""`` when there are none."""
    told = [f"{rule.byday.capitalize()} {rule.opens_at:%H:%M}-{rule.closes_at:%H:%M}" for rule in rules
            if rule.freq == "WEEKLY" and rule.opens_at and rule.closes_at]  # fmt: skip
    return str(OpeningHours(", ".join(told)).normalize()) if told else ""


def _rule(span: Span) -> Rule:
    byday = f"{span.nth or ''}{DAYS[span.day]}"
    return Rule("MONTHLY" if span.nth else "WEEKLY", byday, span.opens, span.closes, span.every, span.part)


def _parts_of(rule: Rule) -> list[int]:
    """The parts of the day in which a rule is open."""
    if rule.notes in NAMED_PARTS:
        return [NAMED_PARTS.index(rule.notes)]
    if rule.opens_at is None:
        return []
    start = _minutes(rule.opens_at)
    end = _minutes(rule.closes_at) if rule.closes_at else start + 1
    end = 24 * 60 if end <= start else end
    least = min(ENOUGH, end - start)
    return [part for part, (low, high) in enumerate(PARTS) if min(end, high) - max(start, low) >= least]


NAMED_PARTS = ("morning", "afternoon", "evening")


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _from_osm(text: str) -> tuple[Span, ...]:
    """Spans of a text in OpenStreetMap's syntax, by looking at one week of it."""
    week = OpeningHours(text).intervals(MONDAY, MONDAY + timedelta(days=7))
    open_ = [(start, end) for start, end, state, _ in week if state == State.OPEN]
    return tuple(span for start, end in open_ for span in _day_by_day(start, end or MONDAY + timedelta(days=7)))


def _day_by_day(start: datetime, end: datetime) -> list[Span]:
    """A stretch of opening cut at midnight."""
    spans = []
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), time())
        stop = min(end, midnight)
        closes = ALL_DAY[1] if stop == midnight else stop.time()
        spans.append(Span(start.weekday(), start.time(), closes))
        start = stop
    return spans

"""Public holidays: which days they are, and what a text in OpenStreetMap's syntax says of them."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from holidays import country_holidays

from abcd.core.hours_observed import Times, openings

NATION = "ENG"
"""England, whose days off are those of Wales too; ``SCT`` and ``NIR`` are the others."""

IN_OSM = re.compile(r"\bPH\b")
CLOSED_THEN = re.compile(
    r"\b(?:closed|not|except|excluding|excl|no)\b[^.;\n]{0,30}\b(?:bank|public)\s+hol|"
    r"\b(?:bank|public)\s+hol(?:iday)?s?\b[^.;\n]{0,20}\bclosed\b|\bar gau\b[^.;\n]{0,20}\bgŵyl",
    re.IGNORECASE,
)
"""Ways to say in words that something is closed on public holidays."""


@lru_cache(maxsize=64)
def public_holidays(first: int, last: int, nation: str = NATION) -> tuple[date, ...]:
    """The public holidays from the year ``first`` to the year ``last``, in order."""
    return tuple(sorted(country_holidays("GB", subdiv=nation, years=range(first, last + 1))))


def open_on_holidays(text: str, days: Iterable[date]) -> dict[date, frozenset[Times]]:
    """When a text in OpenStreetMap's syntax is open on those of ``days`` that are public holidays.

    The evaluating library knows but some holidays. What it says of one holds for the others of the same weekday, and
    for all when it says the same of each; of a day for which neither helps nothing is said.
    """
    days = sorted(days)
    known = _known(tuple(days))
    told: dict[date, set[Times]] = {day: set() for day in known}
    for times, found in _seen(text, days).items():
        for day in found & known:
            told[day].add(times)
    answers = {frozenset(times) for times in told.values()}
    alike = {day.weekday(): frozenset(times) for day, times in told.items()}
    if len(answers) == 1:
        return dict.fromkeys(days, answers.pop())
    like = {day: alike[day.weekday()] for day in days if day.weekday() in alike}
    return like | {day: frozenset(times) for day, times in told.items()}


@lru_cache(maxsize=64)
def _known(days: tuple[date, ...]) -> frozenset[date]:
    """Those of ``days`` that the evaluating library knows to be public holidays."""
    return frozenset(day for found in _seen("PH 00:00-24:00", list(days)).values() for day in found)


def _seen(text: str, days: list[date]) -> dict[Times, set[date]]:
    return openings(text, days[0], days[-1], country="GB") if days else {}

"""A measure as what can be kept of it, and made of that again: nothing in a bag grows old or speaks a language.

What the day decides (freshness, confidence) is kept as the checks it comes from; the standard, the words and the
comparison come from elsewhere when it is made again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson

from abcd.assets.freshness import confidence_of, state_of
from abcd.gaps.records import Comparison, Measure, Standard

Bag = dict[str, Any]
Check = tuple[str, date | None, int]
"""How something came to us, the day it was last checked, and how many in reach share both."""

MADE_AGAIN = ("standard", "similar", "walk", "needs", "fresh", "confidence", "voiced_per_100")
"""Fields that no bag holds: they are other people's, or another day's."""

KEPT = tuple(one.name for one in fields(Measure) if one.name not in MADE_AGAIN)


def bag_of(measure: Measure, checks: Iterable[Check]) -> Bag:
    """What is kept of ``measure``, whose assets in reach were checked so (``checks_of``); for ``packed`` to write."""
    bag: Bag = {name: getattr(measure, name) for name in KEPT}
    bag["checks"] = list(checks)
    return bag


def packed(rows: Sequence[Bag]) -> str:
    """Rows as JSON: records by their fields, days and ids as words, numbers of numpy as numbers."""
    return orjson.dumps(rows, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def measure_from(
    packed_bag: str, standard: Standard, walk: str, on: date, similar: Comparison, voiced: float | None = None
) -> Measure:
    """The measure that the bag in these words of JSON was made of, as it is on the day ``on``."""
    bag: Bag = orjson.loads(packed_bag)
    kept = _filled(Measure, {name: bag[name] for name in KEPT if name in bag})
    checks = [(kind, date.fromisoformat(day) if day else None, n) for kind, day, n in bag["checks"]]
    fresh, confidence = freshness(checks, standard, on)
    return Measure(standard=standard, similar=similar, walk=walk, fresh=fresh, confidence=confidence,
                   voiced_per_100=voiced, **kept)  # fmt: skip


def freshness(checks: Sequence[Check], standard: Standard, on: date) -> tuple[int, float]:
    """How many were checked lately enough on the day ``on``, and how far the surest of them can be trusted."""
    told = [_told(kind, day, standard.fresh_months, on) for kind, day, _n in checks]
    fresh = sum(n for (is_fresh, _sure), (_kind, _day, n) in zip(told, checks, strict=True) if is_fresh)
    return fresh, max((sure for _is_fresh, sure in told), default=0.0)


@lru_cache(maxsize=20_000)
def _told(kind: str, day: date | None, fresh_months: int, on: date) -> tuple[bool, float]:
    return state_of(day, fresh_months, on) in ("fresh", "due"), confidence_of(kind, day, on)


def checks_of(rows: Iterable[Any]) -> list[Check]:
    """How the assets of ``rows`` (``source_kind, assured_on``) came to us and when they were checked, counted."""
    counted = Counter((row.source_kind, row.assured_on) for row in rows)
    return [(kind, day, n) for (kind, day), n in counted.items()]


def _filled(of: Any, values: Bag) -> Bag:
    """The values of a record's fields, those that JSON does not hold as they are made what they were."""
    for name, make in _makers(of):
        value = values.get(name)
        if value is not None:
            values[name] = make(value)
    return values


Make = Callable[[Any], Any]
"""Makes a value of JSON what it was."""


@cache
def _makers(of: Any) -> list[tuple[str, Make]]:
    """The fields of a record that are no plain numbers or words, each with what makes it again."""
    return [(name, _maker(hint)) for name, hint in get_type_hints(of).items() if not _is_plain(hint)]


def _maker(hint: Any) -> Make:
    (hint,) = _options(hint)
    if get_origin(hint) is tuple:
        make_one = _maker(get_args(hint)[0])
        return lambda many: tuple(make_one(one) for one in many)
    if is_dataclass(hint):
        return lambda values: hint(**_filled(hint, dict(values)))  # type: ignore[operator]
    if hint in (date, UUID):
        return date.fromisoformat if hint is date else UUID
    return lambda value: value


def _options(hint: Any) -> list[Any]:
    """What a value may be beside None."""
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return [one for one in options if one is not type(None)]


def _is_plain(hint: Any) -> bool:
    return all(one in (int, float, str, bool) for one in _options(hint))

"""The other sides of a wish as columns, so that thousands are weighed at once and only those shown get words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from abcd.assets.freshness import confidence_of
from abcd.connections.matching.records import UNKNOWN_GRID
from abcd.db.tables import ACCESS_NEEDS

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Things = NDArray[np.object_]

PERSON, ASSET, OFFER = 0, 1, 2
#: The language of whoever, and whatever, has none written down.
USUAL = "en"
MOST_LANGUAGES = 62
ALL_BITS = (1 << 63) - 1


@dataclass
class Tongues:
    """Languages as bits, in the order in which they were met; beyond 62 none is told apart."""

    bits: dict[str, int]

    def mask(self, spoken: Iterable[str]) -> int:
        """The bits of some languages."""
        found = 0
        for one in spoken:
            at = self.bits.setdefault(one, min(len(self.bits), MOST_LANGUAGES))
            found |= 1 << at
        return found


NEEDS = {need: 1 << at for at, need in enumerate(ACCESS_NEEDS)}


def needs_mask(needs: Iterable[str]) -> int:
    """Access needs as bits."""
    return sum(NEEDS[need] for need in set(needs) if need in NEEDS)


@dataclass(repr=False)
class Others:
    """Other sides, one a position. ``rows`` are theirs as read; the rest is what filters and scores look at.

    ``who`` is the person, the asset or the offer as a number (``number_of``); ``skills`` are the gifts meant, "" for
    none; ``level`` is T; ``grid`` is ``UNKNOWN_GRID`` when not known; ``minutes`` NaN when not known; ``meets`` the
    access needs that are known to be met, ``ALL_MET`` where two people choose where to meet; ``recent`` introductions
    of the last days, ``open_now`` those that go on. ``is_wanted``: not avoided, not yet introduced; ``is_cleared`` for
    the role; ``is_open`` to new people; ``knows`` whom, None if that is unknown.
    """

    kind: Whole
    rows: Things
    who: Whole
    skills: Things
    level: Numbers
    tier: Whole
    grid: Whole
    minutes: Numbers
    max_walk: Numbers
    tongues: Whole
    meets: Whole
    quality: Numbers
    recent: Whole
    open_now: Whole
    is_wanted: Flags
    is_cleared: Flags
    is_open: Flags
    knows: Things

    def __len__(self) -> int:
        return len(self.rows)


ALL_MET = (1 << len(ACCESS_NEEDS)) - 1


def people(rows: Sequence[Any], tongues: Tongues, on: date) -> Others:
    """Residents: rows ``person_id, place_id, skill, free_grid, max_walk, language, speaks, said_on, ...``."""
    n = len(rows)
    made = blank(rows, PERSON)
    made.tier = np.ones(n, dtype=np.int64)
    made.grid = grids(row.free_grid for row in rows)
    made.max_walk = np.array([np.inf if row.max_walk is None else row.max_walk for row in rows], dtype=float)
    made.tongues = np.array([tongues.mask((row.language, *row.speaks)) for row in rows], dtype=np.int64)
    made.meets = np.full(n, ALL_MET, dtype=np.int64)
    made.quality = np.array([freshness("resident", row.said_on, on) for row in rows], dtype=float)
    return made


def blank(rows: Sequence[Any], kind: int) -> Others:
    """Columns of which nothing is known yet."""
    n = len(rows)
    none, yes = np.zeros(n, dtype=np.int64), np.ones(n, dtype=bool)
    return Others(
        kind=np.full(n, kind, dtype=np.int64), rows=np.fromiter(rows, dtype=object, count=n),
        who=np.fromiter((number_of(who_is(row)) for row in rows), dtype=np.int64, count=n),
        skills=np.full(n, "", dtype=object), level=np.zeros(n),
        tier=none.copy(),
        grid=np.full(n, UNKNOWN_GRID, dtype=np.int64), minutes=np.full(n, np.nan), max_walk=np.full(n, np.inf),
        tongues=none.copy(), meets=none.copy(), quality=np.zeros(n), recent=none.copy(), open_now=none.copy(),
        is_wanted=yes.copy(), is_cleared=yes.copy(), is_open=yes.copy(), knows=np.full(n, None, dtype=object),
    )  # fmt: skip


def who_is(row: Any) -> UUID:
    """The person, the asset or, where there is neither, the offer."""
    return getattr(row, "person_id", None) or getattr(row, "asset_id", None) or row.offer_id  # type: ignore[no-any-return]


def number_of(one: UUID) -> int:
    """A random id as a whole number of 63 bits, by which arrays compare."""
    return one.int & ALL_BITS


def grids(values: Iterable[int | None]) -> Whole:
    """Weeks as 21 bits, ``UNKNOWN_GRID`` where nobody asked."""
    return np.array([UNKNOWN_GRID if value is None else value for value in values], dtype=np.int64)


@lru_cache(maxsize=20_000)
def freshness(method: str, day: date | None, on: date) -> float:
    """How far a record can be trusted, 0-1 (product.md D.3): it asks the same few hundred days again and again."""
    return confidence_of(method, day, on)


def joined(parts: Sequence[Others]) -> Others:
    """All of them, one after another."""
    return Others(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS})


def taken(whole: Others, at: NDArray[np.intp]) -> Others:
    """Some of them, by position."""
    return Others(**{name: getattr(whole, name)[at] for name in COLUMNS})


COLUMNS = tuple(Others.__dataclass_fields__)

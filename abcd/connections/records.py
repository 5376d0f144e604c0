"""What the connections room gives back."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Side:
    """One side of a suggestion: an asset, or (``asset_id`` None) a category that may be missing here."""

    asset_id: UUID | None
    name: str
    category: str
    category_name: str
    tier: int


@dataclass(frozen=True)
class Part:
    """One part of a score: ``value`` and ``weight`` are 0-1, ``words`` say what was found."""

    letter: str
    name: str
    weight: float
    value: float
    words: str


@dataclass(frozen=True)
class Suggestion:
    """Two things near here that could be brought together, with every reason and what nobody has checked.

    ``kind`` is ``room`` (a group and a venue), ``theme`` (two groups) or ``space`` (a venue and something that may
    be missing). ``tier`` 1 neighbours ... 5 statutory services: listed tier by tier, by ``score`` (0-1) within one.
    """

    kind: str
    kind_name: str
    tier: int
    tier_name: str
    a: Side
    b: Side
    theme: str
    minutes: float
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
    not_checked: tuple[str, ...]

"""A release and its figures as the rest of the product sees them; nothing in them is finer than a month."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from abcd.core.disclosure.arithmetic import BASE, THRESHOLD

Cell = tuple[UUID, str, int | None]
"""Area, category, and what is shown: a multiple of 5, or ``None`` for fewer than 10."""


@dataclass(frozen=True)
class ReleaseRecord:
    """One release.

    Attributes:
        month: its first day, and its name.
        plan: which of the plans withstood the attack (``core.disclosure.cube.PLANS``).
        attack: what the attack looked at and found; cells that could be told only for those who may know them.
        is_whole: whether the figures still are what was made, by their SHA-256.
    """

    id: UUID
    month: date
    status: str
    plan: str
    categories: tuple[str, ...]
    sha256: str
    made_by: str
    published_by: str
    attack: dict[str, Any] = field(repr=False)
    is_whole: bool = True

    @property
    def name(self) -> str:
        """Its month, as ``2026-11``."""
        return self.month.strftime("%Y-%m")

    @property
    def is_published(self) -> bool:
        """Whether it has left."""
        return self.status == "published"


@dataclass(frozen=True)
class AreaRecord:
    """An area of a release; ``depth`` 0 is the whole association, 1 the areas that lie in no other."""

    id: UUID
    parent_id: UUID | None
    depth: int
    name: str


@dataclass(frozen=True)
class FigureRecord:
    """One published figure."""

    area: AreaRecord
    category: str
    shown: int | None


def fingerprint(
    organisation: UUID, month: date, areas: Iterable[tuple[UUID, UUID | None]], cells: Iterable[Cell]
) -> str:
    """SHA-256 of all that a release says, and of the rule by which it says it: 64 hexadecimal digits."""
    told = {
        "organisation": str(organisation), "month": month.isoformat(), "threshold": THRESHOLD, "base": BASE,
        "areas": sorted([str(area), str(parent or "")] for area, parent in areas),
        "figures": sorted([str(area), category, str(shown or "")] for area, category, shown in cells),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

"""What a line finds; printed or logged it says nothing of anybody."""

from dataclasses import dataclass
from uuid import UUID

from abcd.connections.asking import Asked

Findings = tuple["Finding", ...]


@dataclass(frozen=True, repr=False)
class Finding:
    """Something, or somebody, that a line found, with the reasons and what nobody has checked.

    ``said`` is in own words, "" for assets; ``what`` the category or gift; ``where`` a place or address; ``walk`` in
    words, a band for people. ``likeness`` (0-1) belongs to the line and this, and only sorts.
    """

    name: str
    what: str
    where: str
    walk: str
    reasons: tuple[str, ...]
    not_checked: tuple[str, ...]
    likeness: float
    minutes: float | None = None
    said: str = ""
    asset_id: UUID | None = None
    offer_id: UUID | None = None
    person_id: UUID | None = None

    def __repr__(self) -> str:
        return f"Finding({self.asset_id or self.offer_id})"


@dataclass(frozen=True, repr=False)
class Answer:
    """What a line was understood to ask for, and what was found.

    ``gifts`` are the gifts it speaks of, by name; ``unknown_near`` is a place that was named and nobody knows;
    ``people`` is None for those who may not look for people.
    """

    asked: Asked
    gifts: tuple[str, ...]
    stands_at: str
    unknown_near: str
    assets: Findings
    offers: Findings
    people: Findings | None

    def __repr__(self) -> str:
        return "Answer()"


def in_order(found: list[Finding], limit: int) -> Findings:
    """The likeliest first, those of which all that was asked is known before others, then the nearest."""
    far = float("inf")
    ordered = sorted(
        found,
        key=lambda one: (-round(one.likeness, 1), len(one.not_checked), far if one.minutes is None else one.minutes,
                         one.name.lower()),
    )  # fmt: skip
    return tuple(ordered[:limit])

"""What each category is judged by in a place."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.core.language import chosen
from abcd.gaps.records import Standard

COUNTS_AS: dict[str, tuple[str, ...]] = {
    "doorstep-greenspace": ("doorstep-greenspace", "park", "natural-greenspace", "nature-reserve"),
    "natural-greenspace": ("natural-greenspace", "nature-reserve"),
}
"""Green spaces that meet a smaller standard too: a big park at the door is also a doorstep green space."""


def counts_as(standard: Standard) -> list[str]:
    """The categories that meet ``standard``."""
    return list(COUNTS_AS.get(standard.category, (standard.category,)))


def standards(s: Session, asked_for: Collection[str] = ()) -> list[Standard]:
    """What everyday categories, and those in ``asked_for``, are judged by, in the order of the taxonomy.

    A category without a walking threshold is not judged by walking and is left out.
    """
    return [
        _standard(slug, term)
        for slug, term in term_values(s).items()
        if (term["is_everyday"] or slug in asked_for) and term["threshold_minutes"] is not None
    ]


def _standard(slug: str, term: dict[str, Any]) -> Standard:
    by_boundary = term["minimum_area_m2"] is not None
    return Standard(
        category=slug,
        name=term["name_cy"] if chosen() == "cy" and term["name_cy"] else term["name"],
        theme=term["theme"],
        minutes=float(term["threshold_minutes"]),
        source=term["threshold_source"],
        metres_from_boundary=term["threshold_m"] if by_boundary else None,
        minimum_area_m2=term["minimum_area_m2"],
        fresh_months=term["fresh_months"],
        position=term["position"],
        has_room=term["has_room"],
        needs_room=term["needs_room"],
    )

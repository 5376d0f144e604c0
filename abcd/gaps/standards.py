"""What each category is judged by in a place."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.core.language import chosen
from abcd.gaps.records import Standard
from abcd.gaps.walk import CUT_OFF_MINUTES, PROFILES

METRES_A_MINUTE = PROFILES["standard"]
"""A standard in metres asks for a straight line, so no detour makes it shorter."""

COUNTS_AS: dict[str, tuple[str, ...]] = {
    "doorstep-greenspace": ("doorstep-greenspace", "park", "natural-greenspace", "nature-reserve"),
    "natural-greenspace": ("natural-greenspace", "nature-reserve"),
}
"""Green spaces that meet a smaller standard too: a big park at the door is also a doorstep green space."""


def counts_as(standard: Standard) -> list[str]:
    """The categories that meet ``standard``."""
    return list(COUNTS_AS.get(standard.category, (standard.category,)))


OWN = text("""
select place_id, category, minutes, metres, minimum_area_m2, source, version
from core.place_threshold where place_id = any(:places)""")


def standards(s: Session, asked_for: Collection[str] = (), place_id: UUID | None = None) -> list[Standard]:
    """What everyday categories, and those in ``asked_for``, are judged by, in the order of the taxonomy.

    With ``place_id`` a threshold of that place's own goes before the taxonomy's, and its category is judged even when
    it is no everyday one. A category without a walking threshold is not judged by walking and is left out.
    """
    own = thresholds(s, place_id) if place_id else {}
    every = ((term["is_everyday"] or slug in asked_for or slug in own, slug, term) for slug, term in
             term_values(s).items())  # fmt: skip
    found = (adapted(slug, term, own.get(slug)) for is_wanted, slug, term in every if is_wanted)
    return [standard for standard in found if standard]


def standards_by_place(s: Session, places: Collection[UUID]) -> dict[UUID, list[Standard]]:
    """What everyday categories are judged by in each of many places."""
    usual = standards(s)
    own = set(s.execute(OWN, {"places": list(places)}).scalars())
    return {place_id: standards(s, (), place_id) if place_id in own else usual for place_id in places}


def thresholds(s: Session, place_id: UUID) -> dict[str, Any]:
    """The thresholds of a place's own by category: rows ``minutes, metres, minimum_area_m2, source, version``."""
    return {row.category: row for row in s.execute(OWN, {"places": [place_id]})}


def adapted(slug: str, term: dict[str, Any], own: Any = None) -> Standard | None:
    """The standard of a term, with a place's ``own`` threshold in its stead; None without either."""
    usual = _usual(slug, term) if term["threshold_minutes"] is not None else None
    if own is None:
        return usual
    # A green space of the place's own choosing is judged by metres, and its minutes are what those are on foot.
    minutes = own.minutes if own.minutes is not None else min(own.metres / METRES_A_MINUTE, CUT_OFF_MINUTES)
    new = _standard(slug, term, minutes=minutes, source=own.source, metres_from_boundary=own.metres,
                    minimum_area_m2=own.minimum_area_m2)  # fmt: skip
    return replace(new, usual=usual, version=own.version)


def _usual(slug: str, term: dict[str, Any]) -> Standard:
    by_boundary = term["minimum_area_m2"] is not None
    return _standard(
        slug, term, minutes=float(term["threshold_minutes"]), source=term["threshold_source"],
        metres_from_boundary=term["threshold_m"] if by_boundary else None, minimum_area_m2=term["minimum_area_m2"],
    )  # fmt: skip


def _standard(slug: str, term: dict[str, Any], **judged_by: Any) -> Standard:
    return Standard(
        category=slug,
        name=term["name_cy"] if chosen() == "cy" and term["name_cy"] else term["name"],
        theme=term["theme"],
        fresh_months=term["fresh_months"],
        position=term["position"],
        has_room=term["has_room"],
        needs_room=term["needs_room"],
        **judged_by,
    )

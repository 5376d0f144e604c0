"""What each category is judged by in a place."""

from collections.abc import Collection
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import terms
from abcd.core.language import chosen
from abcd.gaps.records import Standard

COUNTS_AS: dict[str, tuple[str, ...]] = {
    "doorstep-greenspace": ("doorstep-greenspace", "park", "natural-greenspace", "nature-reserve"),
    "natural-greenspace": ("natural-greenspace", "nature-reserve"),
}
"""Green spaces that meet a smaller standard too: a big park at the door is also a doorstep green space."""


def standards(s: Session, asked_for: Collection[str] = ()) -> list[Standard]:
    """What everyday categories, and those in ``asked_for``, are judged by, in the order of the taxonomy.

    A category without a walking threshold is not judged by walking and is left out.
    """
    known = terms(s)
    wanted = known["is_everyday"].astype(bool) | known.index.isin(list(asked_for))
    judged = known[wanted & known["threshold_minutes"].notna()]
    return [_standard(str(slug), term) for slug, term in zip(judged.index, judged.to_dict("records"), strict=True)]


def _standard(slug: str, term: dict[Any, Any]) -> Standard:
    by_boundary = bool(pd.notna(term["minimum_area_m2"]))
    return Standard(
        category=slug,
        name=term["name_cy"] if chosen() == "cy" and term["name_cy"] else term["name"],
        theme=term["theme"],
        minutes=float(term["threshold_minutes"]),
        source=term["threshold_source"],
        metres_from_boundary=term["threshold_m"] if by_boundary else None,
        minimum_area_m2=term["minimum_area_m2"] if by_boundary else None,
        fresh_months=term["fresh_months"],
        position=term["position"],
        has_room=term["has_room"],
        needs_room=term["needs_room"],
    )

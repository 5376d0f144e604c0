"""The patches of a plan and its blocks as the map draws them: also of a plan that somebody is correcting.

What is not saved yet is told in the address, as what differs from the plan: which blocks have moved, and which of the
plan's patches each patch goes on from. So it stays short where a plan has thousands of blocks.
"""

import json
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.geo import shapes_to_degrees
from abcd.core.language import _
from abcd.db.session import actor_of
from abcd.errors import BadRequest
from abcd.maps.geojson import DIGITS
from abcd.patches.net import Places, Shapes
from abcd.patches.outline import dissolved
from abcd.patches.plans import plan_part

HUES = 8
"""How many fills the map has for patches; neighbours of one fill are told apart by their numbers and edges."""
LONGEST = 12_000
"""Letters of an address in which corrections may be told."""
UNCLEAR = "moved is block.patch.block.patch, order a saved patch for each patch, whole numbers with dots between them."


def plan_features(s: Session, plan_id: UUID, moved: str = "", order: str = "") -> bytes:
    """The patches of a plan as GeoJSON features in one text, corrected as ``moved`` and ``order`` say (``address``).

    Raises:
        NotFound: there is no such plan.
        BadRequest: the corrections are not told as they should be.
        NotAllowed: whoever asks may not look at plans of patches.
    """
    require(actor_of(s), "view", "patch")
    _row, homes, saved = plan_part(s, plan_id)
    part = corrected(saved, moved, order)
    names = [_("Patch {n}").format(n=k + 1) for k in range(int(part.max(initial=-1)) + 1)]
    more = [{"label": f"{k + 1}", "hue": k % HUES} for k in range(len(names))]
    return _text(dissolved(homes.shapes, part), names, more)


def block_features(s: Session, plan_id: UUID) -> bytes:
    """The blocks of a plan, each with what it is called and its households; their ids are their numbers from 0.

    Raises:
        NotFound: there is no such plan.
        NotAllowed: whoever asks may not look at plans of patches.
    """
    require(actor_of(s), "view", "patch")
    _row, homes, _part = plan_part(s, plan_id)
    said = _("{name}, {n} households")
    names = [said.format(name=name, n=round(much)) for name, much in zip(homes.names, homes.households, strict=True)]
    return _text(homes.shapes, names, [{}] * len(names))


def address(plan_id: UUID, saved: Places, part: Places) -> dict[str, str]:
    """The question by which the map asks for ``part``, (n,), of a plan that was saved as ``saved``, (n,)."""
    order = continued(saved, part)
    expected = _from(saved, order)
    moved = ".".join(f"{block}.{part[block]}" for block in np.flatnonzero(expected != part).tolist())
    is_same = np.array_equal(order, np.arange(int(saved.max(initial=-1)) + 1))
    return {"plan": str(plan_id), "moved": moved, "order": "" if is_same else ".".join(map(str, order.tolist()))}


def continued(saved: Places, part: Places) -> Places:
    """For each patch of ``part`` the saved one of which it has most blocks, -1 where another one has more, (k,)."""
    together = np.zeros((int(part.max(initial=-1)) + 1, int(saved.max(initial=-1)) + 1), dtype=np.int64)
    np.add.at(together, (part, saved), 1)
    order: Places = together.argmax(axis=1)
    best = together.argmax(axis=0)
    return np.where(best[order] == np.arange(len(order)), order, -1)


def corrected(saved: Places, moved: str, order: str) -> Places:
    """The patch of each block, (n,), after the corrections that an address tells.

    Raises:
        BadRequest: they name a block or patch that there is not, or leave a patch without blocks.
    """
    if not moved and not order:
        return saved
    after = _numbers(order) if order else np.arange(int(saved.max(initial=-1)) + 1)
    if len(after) > len(saved) or after.max(initial=-1) > saved.max(initial=-1):
        raise BadRequest(UNCLEAR)
    part = _from(saved, after)
    told = _numbers(moved) if moved else np.empty(0, dtype=np.int64)
    if len(told) % 2 or told.min(initial=0) < 0 or told.max(initial=-1) >= len(saved):
        raise BadRequest(UNCLEAR)
    part[told[::2]] = told[1::2]
    if not np.array_equal(np.unique(part), np.arange(max(len(after), int(part.max()) + 1))):
        raise BadRequest(UNCLEAR)
    return part


def _from(saved: Places, order: Places) -> Places:
    """The patch that goes on from each block's saved one; -1 where none does."""
    onward = np.full(int(saved.max(initial=-1)) + 1, -1, dtype=np.int64)
    goes_on = np.flatnonzero(order >= 0)
    onward[order[goes_on]] = goes_on
    return onward[saved]


def _numbers(told: str) -> Places:
    """Whole numbers of an address, dots between them.

    Raises:
        BadRequest: there is something else among them, or they are too many.
    """
    words = told.split(".") if len(told) <= LONGEST else [""]
    if not all(word == "-1" or (word.isascii() and word.isdigit() and len(word) < 9) for word in words):
        raise BadRequest(UNCLEAR)
    return np.array(words, dtype=np.int64)


def _text(shapes: Shapes, names: list[str], more: list[dict[str, Any]]) -> bytes:
    drawn = shapely.set_precision(shapes_to_degrees(shapes), 10**-DIGITS)
    return ",".join(
        json.dumps({"type": "Feature", "id": k, "geometry": json.loads(shapely.to_geojson(shape)),
                    "properties": {"name": name, **told}})
        for k, (shape, name, told) in enumerate(zip(drawn, names, more, strict=True))
    ).encode()  # fmt: skip

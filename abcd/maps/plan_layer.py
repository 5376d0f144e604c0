"""The patches of a plan as the map draws them: also of one that somebody is correcting and has not saved."""

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
from abcd.patches.outline import dissolved
from abcd.patches.plans import plan_part

HUES = 8
"""How many fills the map has for patches; neighbours of one fill are told apart by their numbers and edges."""
LONGEST = 12_000
"""Letters of an address in which a partition may be told."""


def plan_features(s: Session, plan_id: UUID, told: str = "") -> bytes:
    """The patches of a plan as GeoJSON features in one text; ``told`` is a patch for each block, ``3.3.1``, in the
    order of the plan's blocks, where it is not as the plan was saved.

    Raises:
        NotFound: there is no such plan.
        BadRequest: ``told`` does not say one patch for each block.
        NotAllowed: whoever asks may not look at plans of patches.
    """
    require(actor_of(s), "view", "patch")
    _row, homes, part = plan_part(s, plan_id)
    part = partition(told, len(part)) if told else part
    shapes = shapes_to_degrees(dissolved(homes.shapes, part))
    return ",".join(json.dumps(_feature(k, shape)) for k, shape in enumerate(shapes)).encode()


def partition(told: str, blocks: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The patch of each block as it is written in an address.

    Raises:
        BadRequest: it does not say one patch for each block, without gaps.
    """
    numbers = told.split(".") if len(told) <= LONGEST else []
    if len(numbers) != blocks or not all(number.isascii() and number.isdigit() for number in numbers):
        raise BadRequest("part is one number a block, with dots between them.")
    part = np.array(numbers, dtype=np.int64)
    if part.max(initial=0) >= blocks:
        raise BadRequest("part numbers patches from 0 without gaps.")
    return part


def address(plan_id: UUID, part: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, str]:
    """The question by which the map asks for this partition."""
    return {"plan": str(plan_id), "part": ".".join(map(str, part.tolist()))}


def _feature(patch: int, shape: shapely.Geometry) -> dict[str, Any]:
    drawn = shapely.set_precision(shape, 10**-DIGITS)
    return {
        "type": "Feature", "id": f"patch {patch}", "geometry": json.loads(shapely.to_geojson(drawn)),
        "properties": {"name": _("Patch {n}").format(n=patch + 1), "hue": patch % HUES},
    }  # fmt: skip

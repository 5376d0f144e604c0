"""A plan becomes the patches of a place from a day on; the patches before it end and stay in the history."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.language import _
from abcd.db.audit import for_edit, record
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import PatchPlan, Place
from abcd.errors import BadRequest
from abcd.patches.ground_rows import ground
from abcd.patches.growing import named_alike
from abcd.patches.homes import Homes, source_words
from abcd.patches.net import Places
from abcd.patches.outline import dissolved
from abcd.patches.plans import patches_now, plan_row
from abcd.patches.succession import follow, successors
from abcd.places.parents import relate
from abcd.places.queries import place as one_place
from abcd.places.records import PlaceRecord
from abcd.places.shapes import as_multipolygons, points_inside, stored


def adopt(s: Session, plan_id: UUID, *, first_day: date, version: int | None, by: Actor) -> list[UUID]:
    """Make the patches of a plan places of kind patch from ``first_day``; those of the plan before end that day.

    A patch keeps the reference of the one that it shares most households with, so that its page can be followed; the
    people who belonged to that one belong to it from now on, and keep their coach (``abcd.patches.succession``).

    Returns:
        The ids of the new places, in the order of their numbers.

    Raises:
        NotFound, Conflict, VersionMissing: as ``abcd.db.audit.for_edit``.
        BadRequest: it was adopted before, or a plan of its place holds from a later day.
        NotAllowed: ``by`` may not adopt plans, or not there.
    """
    require_at(s, by, "adopt", "patch", plan_row(s, plan_id).place_id)
    row = for_edit(s, PatchPlan, plan_id, version, {"adopted_from": first_day})
    if row.adopted_from is not None:
        raise BadRequest(_("This plan was adopted already. Draw a new one to change the patches."))
    place = one_place(s, row.place_id)
    homes = ground(s, row.ground_id)
    part = named_alike(np.array(row.part, dtype=np.int64), patches_now(s, homes, place.id), homes.households)
    row.part = part.tolist()
    ended = _end_those_before(s, row, place, first_day)
    row.adopted_from = first_day
    new = list(_made(s, row, place, homes, part))
    s.flush()
    moved = follow(s, successors(s, ended, new), first_day, by=by)
    after = {"from": str(first_day), "patches": len(new), "ended": len(ended), "people": moved}
    record(s, "adopt", "patch_plan", row.id, by=by, after=after)
    assign(s, place_ids=[*ended, *new])
    relate(s, [*ended, *new])
    return new


def reference(place: PlaceRecord, number: int) -> str:
    """What a patch is called in lists and files; ``number`` counts from 0."""
    return f"{place.reference}-P{number + 1:02d}"


def is_patch_of(place: PlaceRecord, patch: PlaceRecord) -> bool:
    """Whether a patch came from a plan of ``place``, as its reference tells: LEA-P01 is of LEA, LEA-PARK-P01 is not."""
    before, dash, number = patch.reference.rpartition("-P")
    return bool(dash) and before == place.reference and number.isdigit()


def _end_those_before(s: Session, row: PatchPlan, place: PlaceRecord, day: date) -> list[UUID]:
    """End the patches of this place that still stand."""
    since = s.scalar(select(func.max(PatchPlan.adopted_from)).where(PatchPlan.place_id == row.place_id))
    if since is None:
        return []
    if day < since:
        raise BadRequest(_("The patches of today hold from {day}: take that day or a later one.").format(
            day=f"{since:%d/%m/%Y}"))  # fmt: skip
    numbered = func.substr(Place.reference, len(place.reference) + 3).regexp_match("^[0-9]+$")
    ours = Place.reference.startswith(f"{place.reference}-P", autoescape=True) & numbered
    ending = update(Place).where(Place.kind == "patch", Place.end_date.is_(None), ours).returning(Place.id)
    return list(s.scalars(ending.values(end_date=day, version=Place.version + 1)))


def _made(s: Session, row: PatchPlan, place: PlaceRecord, homes: Homes, part: Places) -> Iterator[UUID]:
    numbers, at = np.unique(part, return_inverse=True)
    for k, (number, shape) in enumerate(
        zip(numbers.tolist(), as_multipolygons(dissolved(homes.shapes, at)), strict=True)
    ):
        patch = Place(
            kind="patch",
            reference=reference(place, number),
            vintage=f"{row.adopted_from} {str(row.id)[:8]}",
            name=_("{place}, patch {number}").format(place=place.name, number=number + 1),
            households=round(float(homes.households[at == k].sum())),
            denominators_source=_("{homes}, plan of {day:%d/%m/%Y}").format(
                homes=source_words(homes.finest), day=row.made_at
            ),
            start_date=row.adopted_from,
            geom=stored(shape),
            point=stored(shapely.Point(points_inside(shape))),
        )
        s.add(patch)
        s.flush()
        yield patch.id

"""The patches of an adopted plan become places; those before end on that day and stay in the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from abcd.core.clock import now, today
from abcd.core.language import _, speaking
from abcd.db.audit import record
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import PatchPlan, Place
from abcd.errors import BadRequest
from abcd.patches.coaches_ahead import take_up
from abcd.patches.ground_rows import ground
from abcd.patches.growing import named_alike
from abcd.patches.homes import Homes, source_words
from abcd.patches.net import Places
from abcd.patches.outline import dissolved
from abcd.patches.plans import own_patches_now
from abcd.patches.succession import follow, heirs, successors, take_in
from abcd.places.parents import relate
from abcd.places.queries import place as one_place
from abcd.places.records import PlaceRecord
from abcd.places.shapes import as_multipolygons, points_inside, stored


@dataclass(frozen=True)
class Begun:
    """The new places in the order of their numbers, how many patches ended, how many people of one's own went along."""

    new: tuple[UUID, ...]
    ended: int
    people: int


def begin(s: Session, row: PatchPlan, *, by: Actor) -> Begun:
    """Make the patches of an adopted plan places of kind patch from its day; those of the plan before end that day.

    A patch keeps the number of the one of its own place that it shares most households with, so that its page can be
    followed; people and coaches go along (``abcd.patches.succession``).

    Raises:
        BadRequest: a plan of its place holds from a later day.
        NotFound: its place is no more.
    """
    if row.adopted_from is None:
        raise BadRequest(_("This plan was not adopted."))
    held(s, row.place_id)
    place, homes = one_place(s, row.place_id), ground(s, row.ground_id)
    before = own_patches_now(s, homes, place.id)
    drawn = np.array(row.part, dtype=np.int64)
    part = named_alike(drawn, before, homes.households)
    ended = _end_those_before(s, row, place, row.adopted_from)
    row.part, row.begun_at = part.tolist(), now()
    new = list(_made(s, row, place, homes, part))
    s.flush()
    followed = successors(s, ended, new)
    people = follow(s, followed, row.adopted_from, by=by)
    people += take_in(s, heirs(s, place, set(ended) - followed.keys(), taken_over(place, before, part, homes)), by=by)
    take_up(s, row, [new[k] for k in renumbered(drawn, part)], by=by)
    assign(s, place_ids=[*ended, *new])
    relate(s, [*ended, *new])
    return Begun(tuple(new), len(ended), people)


def taken_over(place: PlaceRecord, before: Places, part: Places, homes: Homes) -> dict[str, str]:
    """By reference the patches of ``before`` whose number nobody has any more, and the one of ``part`` that holds most
    of each one's households; both (n,)."""
    gone = np.setdiff1d(before[before >= 0], part)
    most = {int(old): int(np.bincount(part[before == old], homes.households[before == old]).argmax()) for old in gone}
    return {reference(place, old): reference(place, new) for old, new in most.items()}


def renumbered(before: Places, after: Places) -> list[int]:
    """The number from 0 of each patch once they are called otherwise, by the one before; both (n,), of one cut."""
    first = np.unique(before, return_index=True)[1]
    return [int(k) for k in np.searchsorted(np.unique(after), after[first])]


def held(s: Session, place_id: UUID) -> None:
    """Hold a place until the transaction ends: of two that share it out at once the second sees what the first did."""
    s.execute(select(Place.id).where(Place.id == place_id).with_for_update(key_share=True))


def begin_in_turn(s: Session, plan_id: UUID, *, by: Actor) -> bool:
    """Begin a plan whose day has come; nothing where another process did, or somebody took it back.

    Raises:
        BadRequest, NotFound: as ``begin``.
    """
    row = s.scalar(select(PatchPlan).where(PatchPlan.id == plan_id).with_for_update())
    if row is None or row.begun_at is not None or row.adopted_from is None or row.adopted_from > today():
        return False
    done = begin(s, row, by=by)
    row.version += 1
    after = {"from": str(row.adopted_from), "patches": len(done.new), "ended": done.ended}
    record(s, "begin", "patch_plan", row.id, by=by, after=after)
    return True


def reference(place: PlaceRecord, number: int) -> str:
    """What a patch is called in lists and files; ``number`` counts from 0."""
    return f"{place.reference}-P{number + 1:02d}"


def named(language: str, place: str, number: int) -> str:
    """The name of a patch in the language of its column, whoever adopts it; ``number`` counts from 0."""
    with speaking(language):
        return _("{place}, patch {number}").format(place=place, number=number + 1)


def counted_by(row: PatchPlan, homes: Homes) -> str:
    """Where the households of a patch come from; in English like every source of the register."""
    with speaking("en"):
        return _("{homes}, plan of {day:%d/%m/%Y}").format(homes=source_words(homes.finest), day=row.made_at)


def require_later(s: Session, place_id: UUID, day: date) -> date | None:
    """The day from which the patches of a place hold that stand now; ``day`` may not come before it.

    Raises:
        BadRequest: it does.
    """
    begun = select(func.max(PatchPlan.adopted_from)).where(PatchPlan.begun_at.is_not(None))
    since = s.scalar(begun.where(PatchPlan.place_id == place_id))
    if since is not None and day < since:
        raise BadRequest(_("The patches of today hold from {day}: take that day or a later one.").format(
            day=f"{since:%d/%m/%Y}"))  # fmt: skip
    return since


def _end_those_before(s: Session, row: PatchPlan, place: PlaceRecord, day: date) -> list[UUID]:
    """End the patches of this place that still stand."""
    if require_later(s, row.place_id, day) is None:
        return []
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
            name=named("en", place.own_name, number),
            name_cy=named("cy", place.name_cy or place.own_name, number),
            households=round(float(homes.households[at == k].sum())),
            denominators_source=counted_by(row, homes),
            start_date=row.adopted_from,
            geom=stored(shape),
            point=stored(shapely.Point(points_inside(shape))),
        )
        s.add(patch)
        s.flush()
        yield patch.id

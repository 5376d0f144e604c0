"""Plans of patches: drawn as alternatives, kept, compared, and one of them adopted from a day."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from abcd.access import require, require_at
from abcd.core.language import _
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import PatchBlock, PatchGround, PatchPlan
from abcd.errors import BadRequest, NotFound
from abcd.patches.around import with_around
from abcd.patches.design import LEANINGS, Plan, Telling, design, silent
from abcd.patches.feasible import Misfit, Room
from abcd.patches.ground_rows import ground, keep_ground
from abcd.patches.grounds import Choice, homes_of
from abcd.patches.growing import of_groups
from abcd.patches.homes import Homes
from abcd.patches.locks import Lock, grouped, locks_of
from abcd.patches.mending import misfits_in
from abcd.patches.net import Places, Shapes, merged
from abcd.patches.outline import dissolved
from abcd.patches.quality import PlanQuality, plan_quality
from abcd.places.queries import place as one_place
from abcd.places.records import PlaceRecord

#: Households of a place beyond which a plan would have more patches than anybody could look at.
MOST_PATCHES = 2_000


@dataclass(frozen=True)
class PlanRecord:
    """A plan as it is kept, with its measures.

    Attributes:
        id: to name it by.
        leaning: ``balance``, ``compact`` or ``change``.
        room: target and tolerance.
        seed: what it was drawn with.
        finest: what its blocks are made of (``abcd.patches.homes.FINEST``).
        reach: metres on foot within which parts of the stock were taken for neighbours; 0 for small areas.
        base_name: where coaches start from, if somebody said so.
        patches: how many patches.
        quality: its measures.
        misfits: connected parts that no whole number of patches fits.
        made_by, made_at: who drew it, and when.
        adopted_from: the day from which it holds, or ``None``.
        is_ahead: whether that day is still waited for.
        version: for edits.
    """

    id: UUID
    leaning: str
    room: Room
    seed: int
    finest: str
    reach: float
    base_name: str
    patches: int
    quality: PlanQuality
    misfits: tuple[Misfit, ...]
    made_by: str
    made_at: datetime
    adopted_from: date | None
    is_ahead: bool
    version: int


def title(leaning: str) -> str:
    """What an alternative cares for most, in words."""
    return {
        "balance": _("Best balance"),
        "compact": _("Most compact"),
        "change": _("Least change"),
        "hand": _("Corrected by hand"),
    }[leaning]


def room_of(target: float, tolerance: float) -> Room:
    """Target and tolerance, if a plan can be drawn with them.

    Raises:
        BadRequest: they make no sense.
    """
    if not (target > 0 and 0 < tolerance < 1):
        raise BadRequest(_("A patch needs a target above 0 and a tolerance between 0 and 1, for example 175 and 0.1."))
    return Room(target, tolerance)


def draw(
    s: Session,
    place_ref: str | UUID,
    *,
    target: float,
    tolerance: float = 0.1,
    seed: int = 0,
    choice: Choice | None = None,
    reason: str = "",
    by: Actor,
    telling: Telling = silent,
) -> list[PlanRecord]:
    """Draw and keep the alternatives for a place: best balance, most compact and, where it has patches, least change.

    Raises:
        NotFound: no such place.
        BadRequest: target or tolerance make no sense, or nobody knows its households.
        NotAllowed: ``by`` may not draw patches, or not there.
    """
    ready = prepared(s, place_ref, target=target, tolerance=tolerance, choice=choice, by=by)
    return keep_drawn(s, ready, alternatives(ready, seed=seed, telling=telling), reason=reason, by=by)


@dataclass(frozen=True)
class Prepared:
    """What a plan is drawn on: the place, its homes, target and tolerance, the patch of each block today, the locks."""

    place: PlaceRecord
    homes: Homes
    room: Room
    now: Places
    locks: tuple[Lock, ...] = ()


def prepared(
    s: Session,
    place_ref: str | UUID,
    *,
    target: float,
    tolerance: float,
    choice: Choice | None = None,
    by: Actor,
) -> Prepared:
    """Read what a plan is drawn on; what comes next needs no store until it is kept.

    ``choice`` says where the homes come from and what joins them; by default the finest that is known.

    Raises:
        BadRequest, NotAllowed, NotFound: as ``draw``.
    """
    require(by, "add", "patch")
    place = one_place(s, place_ref)
    require_at(s, by, "add", "patch", place.id)
    room = room_of(target, tolerance)
    homes = homes_of(s, place, choice or Choice(), room)
    households = float(homes.stock.weight.sum())
    if households / target > MOST_PATCHES:
        raise BadRequest(
            _("{households:,.0f} households would make more than {most:,} patches. Choose a smaller place.").format(
                households=households, most=MOST_PATCHES
            )
        )
    return Prepared(place, homes, room, patches_now(s, homes, place.id), locks_of(s, place.id))


def alternatives(ready: Prepared, *, seed: int, telling: Telling = silent) -> list[Plan]:
    """The plans, one for each leaning: best balance, most compact and, where there are patches today, least change."""
    homes, wanted = ready.homes, [each for each in LEANINGS if each.change == 0 or (ready.now >= 0).any()]
    group = grouped(homes, ready.locks)
    stock, net = merged(homes.stock, homes.net, group)
    now, made = of_groups(ready.now, group, homes.households), []
    for i, leaning in enumerate(wanted):

        def part_of_it(share: float, what: str, i: int = i) -> None:
            telling((i + share) / len(wanted), what)

        plan = design(stock, net, ready.room, leaning, seed=seed, now=now, telling=part_of_it)
        made.append(replace(plan, part=plan.part[group]))
    return made


def keep_drawn(s: Session, ready: Prepared, made: list[Plan], *, reason: str, by: Actor) -> list[PlanRecord]:
    """Keep the plans that were drawn, and what they were drawn on.

    Raises:
        NotAllowed: ``by`` may not draw patches, or not there.
    """
    require_at(s, by, "add", "patch", ready.place.id)
    ground_id = keep_ground(s, ready.place, ready.homes, by=by)
    rows = [
        PatchPlan(place_id=ready.place.id, ground_id=ground_id, part=plan.part.tolist(), leaning=plan.leaning,
                  target=ready.room.target, tolerance=ready.room.tolerance, seed=plan.seed, reason=reason,
                  made_by=by.name)
        for plan in made
    ]  # fmt: skip
    s.add_all(rows)
    s.flush()
    for row, plan in zip(rows, made, strict=True):
        after = {"place": ready.place.name, "leaning": plan.leaning, "target": row.target, "patches": plan.count}
        record(s, "add", "patch_plan", row.id, by=by, after=after)
    homes = with_around(s, ground(s, ground_id))
    now = patches_now(s, homes, ready.place.id)
    return [_told(row, homes, np.array(row.part, dtype=np.int64), now) for row in rows]


def patches_now(s: Session, homes: Homes, place_id: UUID) -> Places:
    """The patch of today that holds each block, numbered from 0; -1 for none.

    By the plan that holds for this place or, where there is none, the newest that holds for homes here.
    """
    return _held_by(s, homes, _holding(s, homes, place_id))


def own_patches_now(s: Session, homes: Homes, place_id: UUID) -> Places:
    """The same by the plan of this place alone: the numbers of another place's patches are not its own."""
    row = _holding(s, homes, place_id)
    return _held_by(s, homes, row if row is not None and row.place_id == place_id else None)


def _held_by(s: Session, homes: Homes, before: PatchPlan | None) -> Places:
    """A block is known by the homes that it holds; where those are new, by the land that they stand on."""
    now = np.full(len(homes.called), -1, dtype=np.int64)
    if before is None:
        return now
    then, part = ground(s, before.ground_id), np.array(before.part, dtype=np.int64)
    block = {member: k for k, inside in enumerate(then.members) for member in inside}
    for k, inside in enumerate(homes.members):
        known = [part[block[member]] for member in inside if member in block]
        if known:
            now[k] = np.bincount(known).argmax()
    new = np.flatnonzero(now < 0)
    at, on = shapely.STRtree(then.shapes).query(shapely.points(homes.points[new]), predicate="within")
    now[new[at]] = part[on]
    return now


def _holding(s: Session, homes: Homes, place_id: UUID) -> PatchPlan | None:
    """The newest plan that holds where these homes are; that of the neighbours only where the place has none."""
    if not len(homes.called):
        return None
    (west, south), (east, north) = homes.points.min(axis=0), homes.points.max(axis=0)
    box = func.ST_MakeEnvelope(float(west), float(south), float(east), float(north), 27700)
    here = exists().where(PatchBlock.ground_id == PatchGround.id, PatchBlock.point.op("&&")(box))
    newest = select(PatchPlan).join(PatchGround, PatchGround.id == PatchPlan.ground_id)
    newest = newest.where(PatchPlan.begun_at.is_not(None), here)
    own = (PatchPlan.place_id == place_id).desc()
    return s.scalar(newest.order_by(own, PatchPlan.adopted_from.desc(), PatchPlan.begun_at.desc()).limit(1))


def plans(s: Session, place_ref: str | UUID) -> list[PatchPlan]:
    """The plans of a place, the newest first; alternatives are of one moment, and always in the same order."""
    of_place = select(PatchPlan).where(PatchPlan.place_id == one_place(s, place_ref).id)
    return list(s.scalars(of_place.order_by(PatchPlan.made_at.desc(), PatchPlan.leaning)))


def plan_record(s: Session, plan_id: UUID) -> PlanRecord:
    """A plan with its measures, worked out from the homes that it was drawn on.

    Raises:
        NotFound: no such plan.
    """
    return plan_shown(s, plan_id)[0]


def plan_shown(s: Session, plan_id: UUID) -> tuple[PlanRecord, Shapes]:
    """A plan with its measures and the outlines of its patches, (k,), read at once.

    Raises:
        NotFound: no such plan.
    """
    row, homes, part = plan_part(s, plan_id)
    homes = with_around(s, homes)
    shapes = dissolved(homes.shapes, part)
    return _told(row, homes, part, patches_now(s, homes, row.place_id), shapes), shapes


def _told(row: PatchPlan, homes: Homes, part: Places, now: Places, shapes: Shapes | None = None) -> PlanRecord:
    """The record of a plan whose homes have been read."""
    room = Room(row.target, row.tolerance)
    outlines = dissolved(homes.shapes, part) if shapes is None else shapes
    quality = plan_quality(homes, part, outlines, room, now=now)
    return PlanRecord(
        id=row.id,
        leaning=row.leaning,
        room=room,
        seed=row.seed,
        finest=homes.finest,
        reach=homes.reach,
        base_name=homes.around.base_name,
        patches=len(quality.patches),
        quality=quality,
        misfits=misfits_in(homes, room),
        made_by=row.made_by,
        made_at=row.made_at,
        adopted_from=row.adopted_from,
        is_ahead=row.adopted_from is not None and row.begun_at is None,
        version=row.version,
    )


def plan_part(s: Session, plan_id: UUID) -> tuple[PatchPlan, Homes, Places]:
    """The row of a plan, the homes that it was drawn on, and the patch of each block, numbered from 0 without gaps.

    Raises:
        NotFound: no such plan.
    """
    row = plan_row(s, plan_id)
    return row, ground(s, row.ground_id), np.unique(row.part, return_inverse=True)[1].astype(np.int64)


def plan_row(s: Session, plan_id: UUID) -> PatchPlan:
    """The row of a plan.

    Raises:
        NotFound: there is none.
    """
    row = s.get(PatchPlan, plan_id)
    if row is None:
        raise NotFound(
            _("There is no plan {plan}. 'abcd patches list' shows those that there are.").format(plan=plan_id)
        )
    return row

"""Plans of patches: drawn as alternatives, kept, compared, and one of them adopted from a day."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import PatchBlock, PatchPlan
from abcd.errors import BadRequest, NotFound
from abcd.patches.areas import Areas, areas_of
from abcd.patches.design import LEANINGS, Plan, Telling, design, misfits_of, silent
from abcd.patches.feasible import Misfit, Room
from abcd.patches.net import Places, components
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
        patches: how many patches.
        quality: its measures.
        misfits: connected parts that no whole number of patches fits.
        made_by, made_at: who drew it, and when.
        adopted_from: the day from which it holds, or ``None``.
        version: for edits.
    """

    id: UUID
    leaning: str
    room: Room
    seed: int
    patches: int
    quality: PlanQuality
    misfits: tuple[Misfit, ...]
    made_by: str
    made_at: datetime
    adopted_from: date | None
    version: int


def title(leaning: str) -> str:
    """What an alternative cares for most, in words."""
    return {
        "balance": _("Best balance"),
        "compact": _("Most compact"),
        "change": _("Least change"),
        "hand": _("Corrected by hand"),
    }[leaning]


def room_of(target: float, tolerance: float, households: float) -> Room:
    """Target and tolerance, if a plan can be drawn with them.

    Raises:
        BadRequest: they make no sense, or would give more patches than anybody could look at.
    """
    if not (target > 0 and 0 < tolerance < 1):
        raise BadRequest(_("A patch needs a target above 0 and a tolerance between 0 and 1, for example 175 and 0.1."))
    if households / target > MOST_PATCHES:
        raise BadRequest(
            _("{households:,.0f} households would make more than {most:,} patches. Choose a smaller place.").format(
                households=households, most=MOST_PATCHES
            )
        )
    return Room(target, tolerance)


def draw(
    s: Session,
    place_ref: str | UUID,
    *,
    target: float,
    tolerance: float = 0.1,
    seed: int = 0,
    reason: str = "",
    by: Actor,
    telling: Telling = silent,
) -> list[PlanRecord]:
    """Draw and keep the alternatives for a place: best balance, most compact and, where it has patches, least change.

    Raises:
        NotFound: no such place.
        BadRequest: target or tolerance make no sense, or nobody knows its households.
        NotAllowed: ``by`` may not draw patches.
    """
    ground = prepared(s, place_ref, target=target, tolerance=tolerance, by=by)
    return keep_drawn(s, ground, alternatives(ground, seed=seed, telling=telling), reason=reason, by=by)


@dataclass(frozen=True)
class Prepared:
    """What a plan is drawn on: the place, its blocks, target and tolerance, and the patch of each block today."""

    place: PlaceRecord
    areas: Areas
    room: Room
    now: Places


def prepared(s: Session, place_ref: str | UUID, *, target: float, tolerance: float, by: Actor) -> Prepared:
    """Read what a plan is drawn on; what comes next needs no store until it is kept.

    Raises:
        BadRequest, NotAllowed, NotFound: as ``draw``.
    """
    require(by, "add", "patch")
    place = one_place(s, place_ref)
    areas = areas_of(s, place)
    room = room_of(target, tolerance, float(areas.stock.weight.sum()))
    return Prepared(place, areas, room, patches_now(s, areas))


def alternatives(ground: Prepared, *, seed: int, telling: Telling = silent) -> list[Plan]:
    """The plans, one for each leaning: best balance, most compact and, where there are patches today, least change."""
    wanted = [each for each in LEANINGS if each.change == 0 or (ground.now >= 0).any()]
    made = []
    for i, leaning in enumerate(wanted):

        def part_of_it(share: float, what: str, i: int = i) -> None:
            telling((i + share) / len(wanted), what)

        made.append(
            design(ground.areas.stock, ground.areas.net, ground.room, leaning, seed=seed, now=ground.now,
                   telling=part_of_it)
        )  # fmt: skip
    return made


def keep_drawn(s: Session, ground: Prepared, made: list[Plan], *, reason: str, by: Actor) -> list[PlanRecord]:
    """Keep the plans that were drawn.

    Raises:
        NotAllowed: ``by`` may not draw patches.
    """
    require(by, "add", "patch")
    return [
        _told(_keep(s, ground.place, ground.areas, plan, ground.room, reason, by), ground.areas, plan.part, ground.now)
        for plan in made
    ]


def patches_now(s: Session, areas: Areas) -> Places:
    """The patch of today that holds the middle of each block, numbered from 0; -1 for none."""
    held = select(PatchBlock.place_id, PatchBlock.patch).join(PatchPlan, PatchPlan.id == PatchBlock.plan_id)
    newest = (
        select(PatchBlock.plan_id)
        .join(PatchPlan, PatchPlan.id == PatchBlock.plan_id)
        .where(PatchBlock.place_id.in_(areas.ids), PatchPlan.adopted_from.is_not(None))
        .order_by(PatchPlan.adopted_from.desc(), PatchPlan.made_at.desc())
        .limit(1)
    )
    known = {row.place_id: row.patch for row in s.execute(held.where(PatchBlock.plan_id == newest.scalar_subquery()))}
    return np.array([known.get(each, -1) for each in areas.ids], dtype=np.int64)


def _keep(s: Session, place: PlaceRecord, areas: Areas, plan: Plan, room: Room, reason: str, by: Actor) -> PatchPlan:
    row = PatchPlan(
        place_id=place.id,
        leaning=plan.leaning,
        target=room.target,
        tolerance=room.tolerance,
        seed=plan.seed,
        reason=reason,
        made_by=by.name,
    )
    s.add(row)
    s.flush()
    blocks = zip(areas.ids, plan.part.tolist(), areas.stock.weight.tolist(), strict=True)
    values = [{"plan_id": row.id, "place_id": at, "patch": k, "households": h} for at, k, h in blocks]
    s.execute(insert(PatchBlock), values)
    after = {"place": place.name, "leaning": plan.leaning, "target": room.target, "patches": plan.count}
    record(s, "add", "patch_plan", row.id, by=by, after=after)
    return row


def plans(s: Session, place_ref: str | UUID) -> list[PatchPlan]:
    """The plans of a place, the newest first."""
    place = one_place(s, place_ref)
    return list(s.scalars(select(PatchPlan).where(PatchPlan.place_id == place.id).order_by(PatchPlan.made_at.desc())))


def plan_record(s: Session, plan_id: UUID) -> PlanRecord:
    """A plan with its measures, worked out from the boundaries and households of today.

    Raises:
        NotFound: no such plan.
    """
    row = plan_row(s, plan_id)
    areas, part = drawn(s, row)
    return _told(row, areas, part, patches_now(s, areas))


def _told(row: PatchPlan, areas: Areas, part: Places, now: Places) -> PlanRecord:
    """The record of a plan whose blocks have been read."""
    room = Room(row.target, row.tolerance)
    quality = plan_quality(
        areas.stock,
        areas.net,
        part,
        dissolved(areas.shapes, part),
        room,
        street=np.full(len(part), -1, dtype=np.int64),
        now=now,
    )
    return PlanRecord(
        id=row.id,
        leaning=row.leaning,
        room=room,
        seed=row.seed,
        patches=len(quality.patches),
        quality=quality,
        misfits=misfits_of(areas.stock, components(areas.net), room),
        made_by=row.made_by,
        made_at=row.made_at,
        adopted_from=row.adopted_from,
        version=row.version,
    )


def plan_part(s: Session, plan_id: UUID) -> tuple[PatchPlan, Areas, Places]:
    """The row of a plan, its blocks as they are today, and the patch of each, numbered from 0 without gaps.

    Raises:
        NotFound, BadRequest: as ``plan_record``.
    """
    row = plan_row(s, plan_id)
    areas, part = drawn(s, row)
    return row, areas, np.unique(part, return_inverse=True)[1].astype(np.int64)


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


def drawn(s: Session, row: PatchPlan) -> tuple[Areas, Places]:
    """The blocks of a plan as they are today, and the patch of each, (n,).

    Raises:
        BadRequest: there are small areas that the plan does not know.
    """
    areas = areas_of(s, one_place(s, row.place_id))
    of = dict(s.execute(select(PatchBlock.place_id, PatchBlock.patch).where(PatchBlock.plan_id == row.id)).all())
    missing = [each for each in areas.ids if each not in of]
    if missing:
        raise BadRequest(
            _("{n} small areas are new since this plan was drawn. Draw the patches again.").format(n=len(missing))
        )
    return areas, np.array([of[each] for each in areas.ids], dtype=np.int64)

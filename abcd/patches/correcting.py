"""A plan corrected by hand: a block moves, patches are split or joined, and the measures change at once.

Nothing is forbidden and nothing is kept before somebody saves it, with a reason, as a plan of its own; what a move does
that a plan should not do is said (``warnings``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.db.tables import PatchBlock, PatchPlan
from abcd.errors import BadRequest
from abcd.patches.areas import Areas
from abcd.patches.feasible import Room
from abcd.patches.net import Places
from abcd.patches.outline import dissolved
from abcd.patches.plans import drawn, patches_now, plan_row
from abcd.patches.quality import PatchQuality, PlanQuality, Shapes, patch_quality, summed_up
from abcd.patches.split import Ground, split

BY_HAND = "hand"
"""The leaning of a plan that people corrected."""


@dataclass(frozen=True)
class Drawing:
    """A plan in somebody's hands.

    Attributes:
        plan_id: the plan it began from.
        areas: the blocks.
        room: target and tolerance.
        part: the patch of each block, numbered from 0 without gaps, (n,).
        now: the patch of each block today, -1 for none, (n,).
        shapes: the outline of each patch, (k,).
        each: the measures of each patch.
        moves: how many corrections there were.
    """

    plan_id: UUID
    areas: Areas
    room: Room
    part: Places
    now: Places
    shapes: Shapes
    each: tuple[PatchQuality, ...]
    moves: int = 0

    @property
    def quality(self) -> PlanQuality:
        """The measures of the whole."""
        street = np.full(len(self.part), -1, dtype=np.int64)
        return summed_up(self.each, self.areas.stock, self.areas.net, self.part, self.room, street=street, now=self.now)

    def blocks(self, patch: int) -> Places:
        """The blocks of a patch."""
        return np.flatnonzero(self.part == patch)

    def neighbours(self, block: int) -> list[int]:
        """The patches that a block borders on, its own first."""
        net = self.areas.net
        beside = self.part[net.to[net.start[block] : net.start[block + 1]]]
        return list(dict.fromkeys([int(self.part[block]), *sorted(set(beside.tolist()))]))


def opened(s: Session, plan_id: UUID) -> Drawing:
    """A plan to be corrected.

    Raises:
        NotFound, BadRequest: as ``abcd.patches.plans``.
    """
    row = plan_row(s, plan_id)
    areas, part = drawn(s, row)
    part = np.unique(part, return_inverse=True)[1].astype(np.int64)
    room, shapes = Room(row.target, row.tolerance), dissolved(areas.shapes, part)
    each = tuple(patch_quality(areas.stock, areas.net, part, k, shape, room) for k, shape in enumerate(shapes))
    return Drawing(plan_id, areas, room, part, patches_now(s, areas), shapes, each)


def moved(drawing: Drawing, block: int, patch: int) -> Drawing:
    """The same with one block in another patch; only the two patches are measured again.

    Raises:
        BadRequest: there is no such block or patch.
    """
    if not (0 <= block < len(drawing.part) and 0 <= patch < len(drawing.each)):
        raise BadRequest(_("There is no such block or patch in this plan."))
    part = drawing.part.copy()
    part[block] = patch
    return _measured(drawing, part, {int(drawing.part[block]), patch})


def joined(drawing: Drawing, one: int, other: int) -> Drawing:
    """Two patches as one.

    Raises:
        BadRequest: they are the same, or one is not there.
    """
    if one == other or not {one, other} <= set(range(len(drawing.each))):
        raise BadRequest(_("Choose two patches of this plan to join."))
    part = np.where(drawing.part == other, one, drawing.part)
    return _measured(drawing, part, {one, other})


def parted(drawing: Drawing, patch: int) -> Drawing:
    """One patch cut in two as evenly as its blocks allow; the second is numbered last.

    Raises:
        BadRequest: it has one block only.
    """
    blocks = drawing.blocks(patch)
    if len(blocks) < 2 or drawing.each[patch].pieces > 1:
        raise BadRequest(_("A patch of one block, or one in pieces, cannot be cut in two."))
    half = Room(float(drawing.areas.stock.weight[blocks].sum()) / 2, drawing.room.tolerance)
    pieces = list(split(Ground(drawing.areas.stock, drawing.areas.net), blocks, 2, half))
    part = drawing.part.copy()
    part[pieces[-1]] = len(drawing.each)
    return _measured(drawing, part, {patch, len(drawing.each)})


def _measured(drawing: Drawing, part: Places, touched: set[int]) -> Drawing:
    """The drawing with ``part``; patches that became empty go, and the others keep their order."""
    kept, numbered = np.unique(part, return_inverse=True)
    part = numbered.astype(np.int64)
    shapes, each = [], []
    for k, before in enumerate(kept.tolist()):
        if before not in touched and before < len(drawing.each):
            shapes.append(drawing.shapes[before])
            each.append(drawing.each[before])
            continue
        shape = dissolved(drawing.areas.shapes[part == k], np.zeros(int((part == k).sum()), dtype=np.int64))[0]
        shapes.append(shape)
        each.append(patch_quality(drawing.areas.stock, drawing.areas.net, part, k, shape, drawing.room))
    drawn_anew = np.array(shapes, dtype=object)
    return replace(drawing, part=part, shapes=drawn_anew, each=tuple(each), moves=drawing.moves + 1)


def warnings(drawing: Drawing) -> list[str]:
    """What the plan as it stands would mean, in at most two sentences: people decide, nothing is forbidden."""
    parted = [f"{k + 1}" for k, each in enumerate(drawing.each) if each.pieces > 1]
    off = [f"{k + 1} ({each.deviation:+.0%})" for k, each in enumerate(drawing.each)
           if abs(each.deviation) > drawing.room.tolerance + 1e-9]  # fmt: skip
    told = []
    if parted:
        told.append(_("Not in one piece, so that somebody would walk through another coach's streets: patches {these}.")
                    .format(these=", ".join(parted)))  # fmt: skip
    if off:
        told.append(_("Further from the target than the tolerance: patches {these}.").format(these=", ".join(off)))
    return told


def keep_corrected(s: Session, drawing: Drawing, reason: str, *, by: Actor, key: str | None = None) -> UUID:
    """Save a drawing as a plan of its own, which names the one it began from; returns its id.

    Raises:
        BadRequest: no reason, or nothing was changed.
        NotAllowed: ``by`` may not draw patches.
    """
    require(by, "add", "patch")
    why = tidy(reason)
    if not why:
        raise BadRequest(_("Say why: whoever looks at this plan in a year will want to know."))
    if not drawing.moves:
        raise BadRequest(_("Nothing was moved yet, so there is nothing to save."))
    done = once(s, key or f"{drawing.plan_id} {drawing.part.tobytes().hex()[:200]}", by,
                lambda: {"id": str(_keep(s, drawing, why, by))})  # fmt: skip
    return UUID(done["id"])


def _keep(s: Session, drawing: Drawing, reason: str, by: Actor) -> UUID:
    began = plan_row(s, drawing.plan_id)
    row = PatchPlan(place_id=began.place_id, leaning=BY_HAND, target=began.target, tolerance=began.tolerance,
                    seed=began.seed, reason=reason, made_by=by.name, derived_from=began.id)  # fmt: skip
    s.add(row)
    s.flush()
    blocks = zip(drawing.areas.ids, drawing.part.tolist(), drawing.areas.stock.weight.tolist(), strict=True)
    s.execute(insert(PatchBlock), [{"plan_id": row.id, "place_id": at, "patch": k, "households": h}
                                   for at, k, h in blocks])  # fmt: skip
    record(s, "correct", "patch_plan", row.id, by=by, after={"from": str(began.id), "moves": drawing.moves})
    return row.id


def replayed(drawing: Drawing, moves: Mapping[UUID, int]) -> Drawing:
    """The drawing after some blocks, named by their place, were put into patches: how a map is told of what is new."""
    at = {place: i for i, place in enumerate(drawing.areas.ids)}
    for place, patch in moves.items():
        if place in at:
            drawing = moved(drawing, at[place], patch)
    return drawing

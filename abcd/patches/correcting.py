"""A plan corrected by hand: a block moves, patches are split or joined, and the measures change at once.

Nothing is forbidden and nothing is kept before somebody saves it, with a reason, as a plan of its own; what a move does
that a plan should not do is said (``warnings``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.db.tables import PatchPlan
from abcd.errors import BadRequest
from abcd.patches.around import with_around
from abcd.patches.feasible import Room
from abcd.patches.homes import Homes
from abcd.patches.locks import Lock, grouped, locks_of, parted_by
from abcd.patches.net import Places, Shapes, merged, only
from abcd.patches.outline import dissolved
from abcd.patches.plans import patches_now, plan_part, plan_row
from abcd.patches.quality import PatchQuality, PlanQuality, patch_quality, summed_up
from abcd.patches.split import Ground, split

BY_HAND = "hand"
"""The leaning of a plan that people corrected."""


@dataclass(frozen=True)
class Drawing:
    """A plan in somebody's hands.

    Attributes:
        plan_id: the plan it began from.
        homes: the blocks.
        room: target and tolerance.
        part: the patch of each block, numbered from 0 without gaps, (n,).
        now: the patch of each block today, -1 for none, (n,).
        shapes: the outline of each patch, (k,).
        each: the measures of each patch.
        locks: what stays together; a block of one takes the others along.
        moves: how many corrections there were.
    """

    plan_id: UUID
    homes: Homes
    room: Room
    part: Places
    now: Places
    shapes: Shapes
    each: tuple[PatchQuality, ...]
    locks: tuple[Lock, ...] = ()
    moves: int = 0

    @property
    def quality(self) -> PlanQuality:
        """The measures of the whole."""
        return summed_up(self.each, self.homes, self.part, self.room, now=self.now)

    def blocks(self, patch: int) -> Places:
        """The blocks of a patch."""
        return np.flatnonzero(self.part == patch)

    def neighbours(self, block: int) -> list[int]:
        """The patches that a block borders on, its own first."""
        net = self.homes.net
        beside = self.part[net.to[net.start[block] : net.start[block + 1]]]
        return list(dict.fromkeys([int(self.part[block]), *sorted(set(beside.tolist()))]))


def opened(s: Session, plan_id: UUID) -> Drawing:
    """A plan to be corrected.

    Raises:
        NotFound: as ``abcd.patches.plans``.
    """
    row, homes, part = plan_part(s, plan_id)
    homes = with_around(s, homes)
    room, shapes = Room(row.target, row.tolerance), dissolved(homes.shapes, part)
    each = tuple(patch_quality(homes, part, k, shape, room) for k, shape in enumerate(shapes))
    now = patches_now(s, homes, row.place_id)
    return Drawing(plan_id, homes, room, part, now, shapes, each, locks_of(s, row.place_id))


def moved(drawing: Drawing, blocks: int | Iterable[int], patch: int) -> Drawing:
    """The same with one or several blocks in another patch; only the patches that change are measured again.

    What is locked together with a block goes with it. A ``patch`` one above the last is a new one.

    Raises:
        BadRequest: there is no such block or patch.
    """
    chosen = np.unique([blocks] if isinstance(blocks, int) else list(blocks)).astype(np.int64)
    count = len(drawing.each)
    if not len(chosen) or chosen[0] < 0 or chosen[-1] >= len(drawing.part) or not 0 <= patch <= count:
        raise BadRequest(_("There is no such block or patch in this plan."))
    group = grouped(drawing.homes, drawing.locks)
    going = np.isin(group, group[chosen])
    touched = {*drawing.part[going].tolist(), patch}
    return _measured(drawing, np.where(going, patch, drawing.part), touched)


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
    homes = drawing.homes
    kept = grouped(homes, drawing.locks, drawing.part)[blocks]
    group = np.unique(kept, return_inverse=True)[1].astype(np.int64)
    units = np.unique(group)
    if len(units) < 2:
        raise BadRequest(_("All of this patch is locked together, so it cannot be cut in two."))
    half = Room(float(homes.stock.weight[blocks].sum()) / 2, drawing.room.tolerance)
    pieces = list(split(Ground(*merged(*only(homes.stock, homes.net, blocks), group)), units, 2, half))
    part = drawing.part.copy()
    part[blocks[np.isin(group, pieces[-1])]] = len(drawing.each)
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
        inside = drawing.homes.shapes[part == k]
        shape = dissolved(inside, np.zeros(len(inside), dtype=np.int64))[0]
        shapes.append(shape)
        each.append(patch_quality(drawing.homes, part, k, shape, drawing.room))
    drawn_anew = np.array(shapes, dtype=object)
    return replace(drawing, part=part, shapes=drawn_anew, each=tuple(each), moves=drawing.moves + 1)


def warnings(drawing: Drawing) -> list[str]:
    """What the plan as it stands would mean, in a few sentences: people decide, nothing is forbidden."""
    apart = [f"{k + 1}" for k, each in enumerate(drawing.each) if each.pieces > 1]
    off = [f"{k + 1} ({each.deviation:+.0%})" for k, each in enumerate(drawing.each)
           if abs(each.deviation) > drawing.room.tolerance + 1e-9]  # fmt: skip
    walled = drawing.homes.walled
    across = np.unique(drawing.part[walled[:, 0]][drawing.part[walled[:, 0]] == drawing.part[walled[:, 1]]]) + 1
    locked = [one.name for one in parted_by(drawing.homes, drawing.locks, drawing.part)]
    told = []
    if apart:
        told.append(_("Not in one piece, so that somebody would walk through another coach's streets: patches {these}.")
                    .format(these=", ".join(apart)))  # fmt: skip
    if off:
        told.append(_("Further from the target than the tolerance: patches {these}.").format(these=", ".join(off)))
    if len(across):
        told.append(_("On two sides of something that cannot be walked across: patches {these}.").format(
            these=", ".join(map(str, across.tolist()))))  # fmt: skip
    if locked:
        told.append(_("Locked together, and yet with more than one coach: {these}.").format(these=", ".join(locked)))
    return told


def keep_corrected(s: Session, drawing: Drawing, reason: str, *, by: Actor, key: str | None = None) -> UUID:
    """Save a drawing as a plan of its own, which names the one it began from; returns its id.

    Raises:
        BadRequest: no reason, or nothing was changed.
        NotAllowed: ``by`` may not draw patches, or not there.
    """
    require_at(s, by, "add", "patch", plan_row(s, drawing.plan_id).place_id)
    why = tidy(reason)
    if not why:
        raise BadRequest(_("Say why: whoever looks at this plan in a year will want to know."))
    if not drawing.moves:
        raise BadRequest(_("Nothing was moved yet, so there is nothing to save."))
    same = sha256(drawing.part.tobytes() + why.encode()).hexdigest()
    done = once(s, key or f"{drawing.plan_id} {same}", by, lambda: {"id": str(_keep(s, drawing, why, by))})
    return UUID(done["id"])


def _keep(s: Session, drawing: Drawing, reason: str, by: Actor) -> UUID:
    began = plan_row(s, drawing.plan_id)
    row = PatchPlan(place_id=began.place_id, ground_id=began.ground_id, part=drawing.part.tolist(), leaning=BY_HAND,
                    target=began.target, tolerance=began.tolerance, seed=began.seed, reason=reason, made_by=by.name,
                    derived_from=began.id)  # fmt: skip
    s.add(row)
    s.flush()
    record(s, "correct", "patch_plan", row.id, by=by, after={"from": str(began.id), "moves": drawing.moves})
    return row.id

"""A plan of patches as a file, adopted or not: its patches with what each would hold, in any format for shapes.

For the association's own officers: a draft is nobody else's yet.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Integer, Text, cast, func, select, true
from sqlalchemy.dialects.postgresql import UUID as Uuid
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import PatchBlock, PatchPlan, Place
from abcd.errors import BadRequest
from abcd.maps.files.formats import Format
from abcd.maps.files.order import Written, is_folder, named, told_of, written
from abcd.maps.files.part import Part
from abcd.maps.layer import Column, Layer
from abcd.maps.pieces import one_snapshot
from abcd.maps.selection import Selection
from abcd.maps.whole import beside
from abcd.patches.plans import plan_row

NAME = "plan"
FORMS = ("gpkg", "geojson", "fgb", "parquet", "csv", "xlsx")


def write_plan(s: Session, plan_id: UUID, form: Format, out: Path, *, by: Actor) -> Written:
    """Write the patches of a plan to a file, whole or not at all; leaves an audit event.

    Raises:
        NotFound: there is no such plan.
        NotAllowed: ``by`` may not take layers away, or not look at plans.
        BadRequest: a plan is not told in this format, or ``out`` is a folder.
        StoreUnavailable: the disk is full, or may not be written.
    """
    require(by, "export", "layer")
    require(by, "view", "patch")
    plan_row(s, plan_id)
    if form.name not in FORMS or is_folder(out):
        raise BadRequest(f"A plan is one file. Its formats are: {', '.join(FORMS)}.")
    with beside(out) as folder, one_snapshot(s) as connections:
        part = Part(connections, Selection(plan_layer(plan_id), "officer"), left_out={})
        made = folder / "whole"
        made.mkdir()
        written(form, [part], made)
        size, fingerprint = named(made, folder, out)
    done = Written(out, {NAME: part.rows}, {NAME: part.drawn}, {NAME: {}}, size, fingerprint)
    after = {"plan": str(plan_id), "format": form.name, "audience": "officer", **told_of(done)}
    record(s, "export", "layer", NAME, by=by, after=after)
    return done


def plan_layer(plan_id: UUID) -> Layer:
    """The patches of one plan as a layer, numbered as on its page; not in the list of layers, since each is its own."""
    patch = _patches(plan_id)
    c = patch.c
    off = func.round((100 * (c.load / c.target - 1)).cast(Integer))
    return Layer(
        name=NAME,
        title="Plan of patches",
        says="The patches of a plan, whether it was adopted or not, with what each would hold.",
        table=patch,
        id=c.id,
        geom=c.geom,
        point=c.point,
        changed=c.made_at,
        source=c.source_id,
        columns=(
            Column("patch", c.patch, "Number of the patch in this plan.", "officer"),
            Column("place", c.place, "Reference of the place whose homes are shared out.", "officer"),
            Column("households", c.households, "Households of the patch.", "officer"),
            Column("load", c.load, "Households times their workload.", "officer"),
            Column("target", c.target, "Households that a patch was to hold.", "officer"),
            Column("off_target", off, "How far the load is off the target, in per cent.", "officer"),
            Column("blocks", c.blocks, "Blocks of homes in it.", "officer"),
            Column("leaning", c.leaning, "What the plan cares for most: balance, compact, change or hand.", "officer"),
            Column("holds_from", c.adopted_from, "The day from which the plan holds; empty for a draft.", "officer"),
            Column("plan", c.plan, "Id of the plan.", "officer"),
        ),
        shown=true(),
        on_screen=true(),
        left_out={},
        licence="Open Government Licence v3.0",
        attribution="Drawn by the association; boundaries under the licence of their source.",
        audience="officer",
        piece=100,
    )


def _patches(plan_id: UUID) -> FromClause:
    """A row for each patch of a plan: the land of its blocks in one shape, and their sums."""
    part: Any = func.unnest(PatchPlan.part).table_valued("patch", with_ordinality="nth", name="part").render_derived()
    number = func.dense_rank().over(order_by=part.c.patch)
    each = (
        select(PatchPlan.id.label("plan_id"), PatchPlan.ground_id, number.label("patch"), (part.c.nth - 1).label("nth"))
        .join(part, true())
        .where(PatchPlan.id == plan_id)
        .subquery("each")
    )
    land = func.ST_Multi(func.ST_UnaryUnion(func.ST_Collect(PatchBlock.cell)))
    held = (
        select(
            each.c.plan_id, each.c.patch, land.label("geom"), func.sum(PatchBlock.households).label("households"),
            func.sum(PatchBlock.load).label("load"), func.count().label("blocks"),
        )
        .join(PatchBlock, (PatchBlock.ground_id == each.c.ground_id) & (PatchBlock.number == each.c.nth))
        .group_by(each.c.plan_id, each.c.patch)
        .cte("held")
    )  # fmt: skip
    key = cast(func.md5(cast(held.c.plan_id, Text) + "-" + cast(held.c.patch, Text)), Uuid)
    return (
        select(
            key.label("id"), held.c.patch, held.c.geom, func.ST_PointOnSurface(held.c.geom).label("point"),
            held.c.households, held.c.load, held.c.blocks, PatchPlan.target, PatchPlan.leaning, PatchPlan.made_at,
            PatchPlan.adopted_from, cast(PatchPlan.id, Text).label("plan"), Place.reference.label("place"),
            Place.source_id,
        )
        .join(PatchPlan, PatchPlan.id == held.c.plan_id)
        .join(Place, Place.id == PatchPlan.place_id)
        .subquery("patch_of_plan")
    )  # fmt: skip

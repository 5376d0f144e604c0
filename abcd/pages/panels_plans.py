"""Alternatives for the patches of a place, side by side: a picture and the same measures in words for each."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.plan_picture import picture
from abcd.pages.words import number, percent, verbatim
from abcd.patches.feasible import Misfit
from abcd.patches.plans import PlanRecord, plan_row, plan_shown, plans, title
from abcd.patches.quality import PlanQuality

HERE = "abcd/pages/patches.py"
COARSE = 4
"""Fewer blocks than this to a patch cannot be balanced well."""
BESIDE = 3
"""So many plans are shown beside each other: those that were drawn last."""


@dataclass(frozen=True)
class Drawn:
    """A plan with its picture."""

    record: PlanRecord
    svg: str
    reason: str


def measures(quality: PlanQuality, tolerance: float) -> list[tuple[str, str, str]]:
    """Each measure of a plan: its name, its value, and what it means."""
    return [
        (_("Patches"), number(len(quality.patches)), _("How many coaches it takes.")),
        (_("Within {share}").format(share=percent(tolerance)), percent(quality.within),
         _("The share of patches whose households are within the tolerance of the target.")),
        (_("Furthest off"), percent(quality.worst),
         _("How far the patch that is furthest from the target is from it, as a share of the target.")),
        (_("Households from their middle"), _("{n} m").format(n=number(round(quality.gyration))),
         _("The radius of gyration: how far homes lie from the middle of their patch, typically. Small is walkable.")),
        (_("Roundness"), f"{quality.compactness:.2f}",
         _("Polsby-Popper: 4π × area ÷ perimeter². A circle has 1, a square 0.79, a ribbon nearly 0.")),
        (_("Walk to the middle home"), _("{n} m").format(n=number(round(mean_walk(quality)))),
         _("Along the links between blocks, from homes to the home that is nearest to all others of the patch.")),
        (_("In one piece"), percent(whole_share(quality)),
         _("The share of patches that can be walked through without crossing another coach's.")),
        (_("Neighbours parted"), number(quality.cut_links),
         _("Pairs of blocks beside each other that would have different coaches.")),
        (_("Households with another coach"), percent(quality.changed),
         _("Of those that have a patch today: how many would get another one. Trust takes years.")),
    ]  # fmt: skip


def mean_walk(quality: PlanQuality) -> float:
    """The household-weighted mean walk to the medoid, in metres."""
    held = sum(each.households for each in quality.patches)
    return sum(each.households * each.walk for each in quality.patches) / held if held else 0.0


def whole_share(quality: PlanQuality) -> float:
    """The share of patches in one piece."""
    whole = [each.pieces == 1 for each in quality.patches]
    return sum(whole) / len(whole) if whole else 1.0


def plans_panel(actor: Actor, place_id: UUID) -> None:
    """The plans of a place that were drawn last, beside each other, and all earlier ones as a list."""
    with session(actor, patient=True) as s:
        rows = [(row.id, row.made_at, row.leaning, row.adopted_from) for row in plans(s, place_id)]
        shown = [drawn_plan(s, key) for key, *_rest in reversed(rows[:BESIDE])]
    if not rows:
        st.write(_("No plan was drawn for this place yet."))
        return
    for column, one in zip(st.columns(len(shown)), shown, strict=True):
        with column:
            beside(one)
    explained(shown[0].record)
    if len(rows) > BESIDE:
        with st.expander(_("Earlier plans")):
            for key, made, leaning, adopted in rows[BESIDE:]:
                state = _("adopted from {day}").format(day=f"{adopted:%d/%m/%Y}") if adopted else _("a draft")
                label = f"{title(leaning)}, {made.astimezone(LOCAL):%d/%m/%Y %H:%M}, {state}"
                st.page_link(HERE, label=label, query_params={"plan": str(key)})


def drawn_plan(s: Session, plan_id: UUID) -> Drawn:
    """A plan as it is shown."""
    record, shapes = plan_shown(s, plan_id)
    return Drawn(record, picture(shapes), plan_row(s, plan_id).reason)


def beside(one: Drawn) -> None:
    """One alternative: its name, its picture, its measures, and the way on."""
    record = one.record
    st.subheader(title(record.leaning), anchor=False)
    adopted = _("Holds from {day}.").format(day=f"{record.adopted_from:%d/%m/%Y}") if record.adopted_from else ""
    made = _("Drawn on {day} by {name}.").format(
        day=f"{record.made_at.astimezone(LOCAL):%d/%m/%Y}", name=record.made_by
    )
    st.caption(verbatim(" ".join(filter(None, (adopted, made, one.reason)))))
    alt = _("Map of {n} patches, each with its number.").format(n=record.patches)
    st.image(one.svg, width="stretch", alt=alt)
    told = measures(record.quality, record.room.tolerance)
    st.table({_("Measure"): [name for name, *_rest in told], _("Value"): [value for _n, value, _w in told]})
    misfits(record)
    st.page_link(HERE, label=_("Look closer, correct or adopt"), icon=":material/edit:",
                 query_params={"plan": str(record.id)})  # fmt: skip


def misfits(record: PlanRecord) -> None:
    """Blocks that are too large to be shared out evenly, and parts that no whole number of patches fits, with sums."""
    if typical(record) > record.room.target / COARSE:
        st.info(
            _("The small areas here hold about {n} households each, which is coarse for patches of "
              "{target}: take a larger target.").format(
                n=number(round(typical(record))), target=number(round(record.room.target))
            ),
            icon=":material/info:",
        )  # fmt: skip
    for part in record.misfits:
        st.warning(said_of(part, record), icon=":material/info:")


def typical(record: PlanRecord) -> float:
    """Households of a block, on average."""
    blocks = sum(each.blocks for each in record.quality.patches)
    return sum(each.households for each in record.quality.patches) / blocks if blocks else 0.0


def said_of(part: Misfit, record: PlanRecord) -> str:
    """Why a connected part of the place cannot be shared out within the tolerance."""
    return _("A part of {n} blocks that nothing joins to the rest: {why}").format(
        n=len(part.blocks), why=part.arithmetic(record.room)
    )


def explained(record: PlanRecord) -> None:
    """What each measure means."""
    with st.expander(_("What these figures mean")):
        for name, _value, meaning in measures(record.quality, record.room.tolerance):
            st.write(f"**{name}**: {meaning}")
        st.caption(
            _(
                "Worked out from small census areas with their households; the same seed ({seed}) gives the same plan."
            ).format(seed=record.seed)
        )

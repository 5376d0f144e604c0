"""Alternatives for the patches of a place, side by side: a picture and the same measures in words for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import LOCAL
from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.pages.plan_measures import beside_each_other, explained, measures
from abcd.pages.plan_picture import picture
from abcd.pages.words import number, percent, verbatim
from abcd.patches.feasible import Misfit
from abcd.patches.homes import source_words
from abcd.patches.plans import PlanRecord, plan_row, plan_shown, plans, title

HERE = "abcd/pages/patches.py"
COARSE = 4
"""Fewer blocks than this to a patch cannot be balanced well."""
FEW = 2
"""With more parts than this that nothing fits their sums are folded away."""
BESIDE = 3
"""So many plans are shown beside each other: those that were drawn last."""


@dataclass(frozen=True)
class Drawn:
    """A plan with its picture."""

    record: PlanRecord
    svg: str
    reason: str


def plans_panel(actor: Actor, place_id: UUID) -> None:
    """The plans of a place that were drawn last, beside each other, and all earlier ones as a list."""
    with session(actor, patient=True) as s:
        known = plans(s, place_id)
        # Drawn on other homes or another reach, an earlier plan cannot be compared figure by figure.
        together = [row.id for row in known if row.ground_id == known[0].ground_id][:BESIDE]
        rows = [(row.id, row.made_at, row.leaning, row.adopted_from, row.begun_at is None) for row in known]
        shown = [drawn_plan(s, key) for key in reversed(together)]
    if not rows:
        st.write(_("No plan was drawn for this place yet."))
        return
    for column, one in zip(st.columns(len(shown)), shown, strict=True):
        with column:
            beside(one)
    compared(shown)
    misfits_panel([one.record for one in shown])
    explained(shown[0].record)
    if len(rows) > len(together):
        with st.expander(_("Earlier plans")):
            for key, made, leaning, adopted, is_ahead in (row for row in rows if row[0] not in together):
                state = (_("waits for {day}") if is_ahead else _("adopted from {day}")) if adopted else _("a draft")
                state = state.format(day=f"{adopted:%d/%m/%Y}" if adopted else "")
                label = f"{title(leaning)}, {made.astimezone(LOCAL):%d/%m/%Y %H:%M}, {state}"
                st.page_link(HERE, label=label, query_params={"plan": str(key)})


def drawn_plan(s: Session, plan_id: UUID) -> Drawn:
    """A plan as it is shown, kept until somebody changes the register."""

    def draw() -> Drawn:
        record, shapes = plan_shown(s, plan_id)
        return Drawn(record, picture(shapes), plan_row(s, plan_id).reason)

    return remembered(s, ("plan of patches", str(plan_id)), draw)


def beside(one: Drawn) -> None:
    """One alternative: its name, its picture, and the way on."""
    record = one.record
    st.subheader(title(record.leaning), anchor=False)
    alt = _("Map of {n} patches, each with its number: {name}.").format(n=record.patches, name=title(record.leaning))
    st.image(one.svg, width="stretch", alt=alt)
    adopted = _("Holds from {day}.").format(day=f"{record.adopted_from:%d/%m/%Y}") if record.adopted_from else ""
    made = _("Drawn on {day} by {name}.").format(
        day=f"{record.made_at.astimezone(LOCAL):%d/%m/%Y}", name=record.made_by
    )
    st.caption(verbatim(" ".join(filter(None, (adopted, made, one.reason)))))
    label = _("{name}: look closer, correct or adopt").format(name=title(record.leaning))
    st.page_link(HERE, label=label, icon=":material/edit:", query_params={"plan": str(record.id)})


def compared(shown: list[Drawn]) -> None:
    """The measures of all of them in one table; two plans of one leaning are told apart by a number."""
    st.subheader(_("Their measures beside each other"), anchor=False)
    names = [title(one.record.leaning) for one in shown]
    names = [
        name if names.count(name) == 1 else f"{name} ({names[:k].count(name) + 1})" for k, name in enumerate(names)
    ]
    told = [measures(one.record.quality, one.record.room.tolerance, one.record.base_name) for one in shown]
    known = [{each.name: each for each in every} for every in told]
    common = [name for name in known[0] if all(name in every for every in known)]
    beside_each_other([(name, [every[each] for each in common]) for name, every in zip(names, known, strict=True)])


def misfits_panel(records: Sequence[PlanRecord]) -> None:
    """What stands in the way of even patches: blocks too large to share out, and parts that nothing fits, with sums."""
    first = records[0]
    if typical(first) > first.room.target / COARSE:
        said = _("The blocks here ({source}) hold about {n} households each, which is coarse for patches of {target}: "
                 "take a larger target, or bring in the homes of the stock list.")  # fmt: skip
        about, target = number(round(typical(first))), number(round(first.room.target))
        st.info(said.format(source=source_words(first.finest), n=about, target=target), icon=":material/info:")
    parts = {part.blocks: (part, record) for record in records for part in record.misfits}
    told = [said_of(part, record) for part, record in sorted(parts.values(), key=lambda each: -each[0].households)]
    if len(told) > FEW:
        held = sum(part.households for part, _record in parts.values())
        share = percent(held / sum(one.load for one in first.quality.patches))
        said = _("{n} parts of the place with {share} of its households fit no whole number of patches. Nothing is "
                 "crossed silently: let neighbours be farther apart, or allow a crossing, and draw again.")  # fmt: skip
        st.info(said.format(n=number(len(told)), share=share), icon=":material/info:")
        with st.expander(_("Which parts, with their sums"), icon=":material/calculate:"):
            for sentence in told:
                st.markdown(f"- {verbatim(sentence)}")
        return
    for sentence in told:
        st.info(verbatim(sentence), icon=":material/info:")


def typical(record: PlanRecord) -> float:
    """Households of a block, on average."""
    blocks = sum(each.blocks for each in record.quality.patches)
    return sum(each.households for each in record.quality.patches) / blocks if blocks else 0.0


def said_of(part: Misfit, record: PlanRecord) -> str:
    """Why a connected part of the place cannot be shared out within the tolerance, and what would mend it."""
    count, why = len(part.blocks), part.arithmetic(record.room)
    said = ngettext("A part of {n} block that nothing joins to the rest: {why}",
                    "A part of {n} blocks that nothing joins to the rest: {why}", count)  # fmt: skip
    why = ": ".join(filter(None, (", ".join(part.streets), said.format(n=count, why=why))))
    mending = part.mending(record.room)
    return " ".join([why, *mending]) if mending else f"{why} {_('No crossing and no short walk near would mend it.')}"

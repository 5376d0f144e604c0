"""A plan in somebody's hands: look at each patch, move blocks, join and part patches, save with a reason, adopt."""

from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.errors import AbcdError
from abcd.maps.plan_layer import LONGEST, address
from abcd.pages.map_view import MapLayer, MapView, ground, show_map
from abcd.pages.panels_map import box_of
from abcd.pages.panels_plans import explained, measures, misfits
from abcd.pages.saving import Typed, drafting, field, opened_at, save_button, saved
from abcd.pages.words import number, verbatim
from abcd.patches.adopting import adopt
from abcd.patches.correcting import Drawing, joined, keep_corrected, moved, opened, parted, warnings
from abcd.patches.plans import PlanRecord, plan_record, plan_row, title
from abcd.places.queries import place
from abcd.places.records import PlaceRecord


def plan_panel(actor: Actor, plan_id: UUID) -> None:
    """One plan: its measures, its map, what can be corrected, and how it becomes the patches of the place."""
    with session(actor, patient=True) as s:
        record, here = plan_record(s, plan_id), place(s, plan_row(s, plan_id).place_id)
        began = opened(s, plan_id)
        names, version = names_of_blocks(s, began), last_event(s)
    st.header(verbatim(f"{here.name}: {title(record.leaning)}"), anchor=False)
    misfits(record)
    drawing: Drawing = st.session_state.setdefault(f"drawing {plan_id}", [began])[-1]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = plan_map(drawing, here, version)
    with right:
        if can(actor, "add", "patch") and not record.adopted_from:
            correct(plan_id, drawing, names, chosen)
        told(record, drawing)
    if can(actor, "add", "patch") and drawing.moves:
        keep_form(actor, plan_id, drawing)
    elif can(actor, "adopt", "patch") and not record.adopted_from:
        adopt_form(actor, record, here)
    patch_table(drawing)
    explained(record)


def names_of_blocks(s: Session, drawing: Drawing) -> list[tuple[str, str]]:
    """The reference and the name of each block, in the order of the drawing."""
    if drawing.homes.finest != "areas":
        return [(str(k), name) for k, name in enumerate(drawing.homes.names)]
    records = [place(s, key) for key in drawing.homes.place_ids]
    return [(one.reference, one.name or one.reference) for one in records]


def plan_map(drawing: Drawing, here: PlaceRecord, version: int) -> str | None:
    """The map with the patches as they stand now; the reference of the block that was chosen on it."""
    told_by = address(drawing.plan_id, drawing.part)
    patches = MapLayer("plan", "patch", _("Patches of this plan"), told_by, whole=True)
    blocks = MapLayer("places", "places", _("Small areas"), {"kind": "oa"}, min_zoom=11)
    layers = [*ground(), *([patches] if len(told_by["part"]) < LONGEST else []), blocks]
    view = MapView(
        _("Map of the patches of {place}").format(place=here.name), layers, box_of(here.box), version=version
    )
    st.caption(_("Choose a small area on the map, or in the list beside it, to move it to another patch."))
    return show_map(f"plan map {drawing.plan_id}", view).chosen


def told(record: PlanRecord, drawing: Drawing) -> None:
    """The measures as they stand now beside those of the plan as it was drawn, and what to look out for."""
    now, before = (measures(one, record.room.tolerance) for one in (drawing.quality, record.quality))
    st.table({
        _("Measure"): [name for name, *_rest in now],
        _("As drawn"): [unbroken(value) for _name, value, _why in before],
        _("Now"): [unbroken(value) for _name, value, _why in now],
    })  # fmt: skip
    for sentence in warnings(drawing):
        st.warning(verbatim(sentence), icon=":material/info:")


def unbroken(value: str) -> str:
    """A figure that keeps its unit on its line."""
    return value.replace(" ", "\u00a0")


def correct(plan_id: UUID, drawing: Drawing, names: list[tuple[str, str]], chosen: str | None) -> None:
    """Move a block, join two patches, part one, or take the last step back."""
    at = {reference: block for block, (reference, _name) in enumerate(names)}
    start = at.get(chosen or "", 0)
    block = st.selectbox(
        _("Small area"), range(len(names)), start, key=f"block {plan_id} {chosen}",
        format_func=lambda i: _("{name}, in patch {n}").format(name=names[i][1], n=int(drawing.part[i]) + 1),
    )  # fmt: skip
    beside = drawing.neighbours(block)
    patch = st.radio(_("Its patch"), beside, key=f"patch of {plan_id} {block} {drawing.moves}", horizontal=True,
                     format_func=lambda k: str(k + 1))  # fmt: skip
    if patch != int(drawing.part[block]):
        _step(plan_id, lambda: moved(drawing, block, patch))
    _join_or_part(plan_id, drawing)
    if drawing.moves and st.button(_("Take the last step back"), key=f"back {plan_id}", icon=":material/undo:"):
        st.session_state[f"drawing {plan_id}"].pop()
        st.rerun()


def _join_or_part(plan_id: UUID, drawing: Drawing) -> None:
    patches = range(len(drawing.each))
    with st.expander(_("Join or part patches")):
        pair = st.multiselect(_("Patches"), patches, key=f"pair {plan_id} {drawing.moves}", max_selections=2,
                              placeholder=_("Choose"), format_func=lambda k: str(k + 1))  # fmt: skip
        if st.button(_("Join these two"), key=f"join {plan_id}", disabled=len(pair) != 2):
            _step(plan_id, lambda: joined(drawing, *pair))
        if st.button(_("Part it in two"), key=f"part {plan_id}", disabled=len(pair) != 1):
            _step(plan_id, lambda: parted(drawing, *pair))


def _step(plan_id: UUID, act: Any) -> None:
    try:
        after = act()
    except AbcdError as error:
        st.error(verbatim(str(error)), icon=":material/info:")
        return
    st.session_state[f"drawing {plan_id}"].append(after)
    st.rerun()


def patch_table(drawing: Drawing) -> None:
    """Each patch by number, with its households and how it lies."""
    st.table({
        _("Patch"): [str(k + 1) for k in range(len(drawing.each))],
        _("Households"): [number(round(one.households)) for one in drawing.each],
        _("Off the target"): [f"{one.deviation:+.0%}" for one in drawing.each],
        _("Small areas"): [number(one.blocks) for one in drawing.each],
        _("Pieces"): [number(one.pieces) for one in drawing.each],
        _("Walk of nine homes in ten"): [_("{n} m").format(n=number(round(one.walk_most))) for one in drawing.each],
        _("Roundness"): [f"{one.compactness:.2f}" for one in drawing.each],
    })  # fmt: skip


def keep_form(actor: Actor, plan_id: UUID, drawing: Drawing) -> None:
    """Save the corrected plan as one of its own."""
    form = f"keep plan {plan_id}"
    with drafting(actor, form):
        st.text_input(_("Why was it corrected?"), key=field(form, "reason"))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
            return str(keep_corrected(s, drawing, typed["reason"], by=by, key=key))

        done = _("Saved as a plan of its own. The one it began from stays as it was.")
        save_button(form, _("Save the corrected plan"), act, actor, done, type="primary")


def kept_as(asked: str) -> str | None:
    """The plan that the corrections of a plan were just saved as; they are no longer in anybody's hands then."""
    made = saved(f"keep plan {asked}")
    if made:
        st.session_state.pop(f"drawing {asked}", None)
    return made


def adopted_for(asked: str) -> str | None:
    """The place, by its reference, whose patches a plan has just become."""
    return saved(f"adopt plan {asked}")


def adopt_form(actor: Actor, record: PlanRecord, here: PlaceRecord) -> None:
    """Make the patches of this plan those of the place."""
    form = f"adopt plan {record.id}"
    with st.expander(_("Adopt this plan")), drafting(actor, form, record.version):
        st.write(
            _("The patches of today end on that day and stay in the history. People, coaches and wishes of a patch go "
              "to the one that takes its number, since nobody's home is known: look through them afterwards.")
        )  # fmt: skip
        st.date_input(_("From which day?"), today(), format="DD/MM/YYYY", key=field(form, "first_day"))
        version = opened_at(form, record.version)

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> str:
            day = typed["first_day"]
            first_day = day if isinstance(day, date) else date.fromisoformat(str(day))
            adopt(s, record.id, first_day=first_day, version=version, by=by)
            return here.reference

        done = _("Adopted. Now say who is the coach of each patch.")
        save_button(form, _("Adopt"), act, actor, done, type="primary")

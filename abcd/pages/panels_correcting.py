"""A plan in somebody's hands: its patches on the map, what is chosen there, its measures, saving it and adopting it."""

from dataclasses import replace
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.language import _, chosen
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.maps.plan_layer import LONGEST, address
from abcd.pages.forms_adopting import adopt_form, waiting_panel
from abcd.pages.forms_coaches_ahead import coaches_ahead_panel
from abcd.pages.forms_correcting import correct_panel, last_turn, picked, put_in_hand
from abcd.pages.forms_locks import let_go_of_locked, locks_panel
from abcd.pages.map_view import MapLayer, MapView, events, ground, show_map
from abcd.pages.panels_map import box_of
from abcd.pages.panels_plans import drawn_plan, misfits_panel
from abcd.pages.plan_measures import beside_each_other, explained, measures
from abcd.pages.saving import Typed, drafting, field, save_button, saved
from abcd.pages.words import number, verbatim
from abcd.patches.correcting import Drawing, keep_corrected, opened, warnings
from abcd.patches.locks import locks_of
from abcd.patches.plans import PlanRecord, plan_row, title
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

FEW_PATCHES = 40
"""So many patches are listed at once."""
LONG_WARNING = 240
"""Letters beyond which a list of patches is folded away."""


def plan_panel(actor: Actor, plan_id: UUID) -> None:
    """One plan: its map, what can be corrected, its measures, and how it becomes the patches of the place."""
    stack = st.session_state.get(f"drawing {plan_id}") or []
    at, one = st.session_state.get(f"plan {plan_id}", ((), None))
    with session(actor, patient=True) as s:
        row = plan_row(s, plan_id)
        if one is None or at != (row.version, chosen()):  # a plan changes by being adopted, and by nothing else
            stack = stack if at[:1] == (row.version,) else []  # whose patches are numbered anew
            at, one = (row.version, chosen()), drawn_plan(s, plan_id)
        here = place(s, row.place_id)
        stack = stack or [opened(s, plan_id)]
        stack[-1] = drawing = replace(stack[-1], locks=locks_of(s, here.id))
        version = last_event(s)
    st.session_state[f"drawing {plan_id}"], st.session_state[f"plan {plan_id}"] = stack, (at, one)
    record, may = one.record, can(actor, "add", "patch") and not one.record.adopted_from
    st.header(verbatim(f"{here.name}: {title(record.leaning)}"), anchor=False)
    misfits_panel([record])
    left, right = st.columns([3, 2], gap="medium")
    let_go_of_locked(plan_id)
    with left:
        plan_map(drawing, stack[0], here, version, may=may)
        told(record, drawing)
    with right:
        if may:
            correct_panel(plan_id, drawing)
            locks_panel(actor, here, drawing)
        to_look_at(drawing)
    if may and drawing.moves:
        keep_form(actor, plan_id, drawing)
    elif can(actor, "adopt", "patch") and not record.adopted_from:
        adopt_form(actor, record, here)
    if record.is_ahead:
        waiting_panel(actor, record)
        coaches_ahead_panel(actor, record)
    table_panel(drawing)
    explained(record)
    if can(actor, "export", "layer"):
        files_line(plan_id, drawing)


def plan_map(drawing: Drawing, began: Drawing, here: PlaceRecord, version: int, *, may: bool) -> None:
    """The map with the patches as they stand now; blocks that are pressed there are chosen in the list beside it."""
    asked = address(drawing.plan_id, began.part, drawing.part)
    patches = MapLayer("plan", "patch", _("Patches of this plan"), asked, whole=True)
    blocks = MapLayer("plan_blocks", "blocks", _("Blocks of homes"), {"plan": asked["plan"]}, whole=True, on=may)
    shown = [patches] if len(asked["moved"]) + len(asked["order"]) < LONGEST else []
    quiet = [layer for layer in ground() if layer.style != "boundaries"]
    key = f"plan map {drawing.plan_id}"
    put_in_hand(drawing.plan_id, events(st.session_state.get(key) or {}))
    view = MapView(
        _("Map of the patches of {place}").format(place=here.name), [*quiet, *shown, blocks], box_of(here.box),
        version=version, picked=tuple(map(str, picked(drawing.plan_id))), turn=last_turn(drawing.plan_id),
    )  # fmt: skip
    if may:
        st.caption(_("Press blocks on the map, or choose them in the list beside it, then say where they go."))
    show_map(key, view)


def told(record: PlanRecord, drawing: Drawing) -> None:
    """The measures as they stand now, beside those of the plan as it was drawn once something has moved."""
    now = measures(drawing.quality, record.room.tolerance, record.base_name)
    before = measures(record.quality, record.room.tolerance, record.base_name)
    columns = [(_("As drawn"), before), (_("Now"), now)] if drawing.moves else [(_("Value"), now)]
    beside_each_other(columns)


def to_look_at(drawing: Drawing) -> None:
    """What the plan as it stands would mean: people decide, nothing is forbidden. Long lists are folded."""
    for position, sentence in enumerate(warnings(drawing)):
        if len(sentence) <= LONG_WARNING:
            st.warning(verbatim(sentence), icon=":material/info:")
            continue
        begins, _colon, these = sentence.rpartition(": ")
        with st.expander(verbatim(begins), icon=":material/info:", key=f"look {drawing.plan_id} {position}"):
            st.write(verbatim(these))


def table_panel(drawing: Drawing) -> None:
    """The patches one by one; a long list is drawn when somebody opens it, so that a move answers sooner."""
    if len(drawing.each) <= FEW_PATCHES:
        st.subheader(_("Patch by patch"), anchor=False)
        patch_table(drawing)
        return
    key = f"each of {drawing.plan_id}"
    fold = st.expander(_("Patch by patch"), icon=":material/table_rows:", key=key, on_change="rerun")
    if fold.open:
        with fold:
            patch_table(drawing)


def patch_table(drawing: Drawing) -> None:
    """Each patch by number, with its households, how it lies and what is strong there."""
    based = any(one.to_base is not None for one in drawing.each)
    weighed = any(abs(one.load - one.households) > 1e-6 for one in drawing.each)
    st.table([
        {_("Patch"): str(k + 1), _("Households"): number(round(one.households))}
        | ({_("As they weigh"): number(round(one.load))} if weighed else {})
        | {
            _("Off the target"): f"{one.deviation:+.0%}",
            _("Blocks"): number(one.blocks), _("Pieces"): number(one.pieces),
            _("Walk of nine homes in ten"): _("{n} m").format(n=number(round(one.walk_most))),
            _("Roundness"): f"{one.compactness:.2f}", _("Groups"): number(one.groups), _("Venues"): number(one.venues),
        }
        | ({_("From the base"): _("{n} m").format(n=number(round(one.to_base or 0)))} if based else {})
        for k, one in enumerate(drawing.each)
    ], hide_index=True, border="horizontal")  # fmt: skip


def files_line(plan_id: UUID, drawing: Drawing) -> None:
    """The plan as it was kept, to take into QGIS or elsewhere."""
    with st.container(horizontal=True):
        for label, ending in ((_("Plan as GeoPackage"), "gpkg"), (_("Plan as GeoJSON"), "geojson")):
            st.link_button(label, f"/export/plan/{plan_id}.{ending}", icon=":material/download:")
    if drawing.moves:
        st.caption(_("As it was kept, without the corrections that are not saved yet."))


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

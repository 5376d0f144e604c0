"""Forms of an asset: add one in four fields, confirm it, mend it, retire it."""

from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.actions import AssetDraft, add_asset, confirm_asset, edit_asset, retire_asset, unmerge_assets
from abcd.assets.freshness import WEIGHTS
from abcd.assets.records import AssetRecord
from abcd.assets.taxonomy import categories
from abcd.core.geo import to_grid
from abcd.core.language import _
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.db.tables import STATUSES
from abcd.pages.clashes import Said
from abcd.pages.fields import keep_new
from abcd.pages.map_view import Box, MapView, assets_layer, ground, show_map
from abcd.pages.panels_map import box_of, selected
from abcd.pages.saving import (
    Typed,
    both_sides,
    changed,
    drafting,
    field,
    folded,
    nonce,
    opened_at,
    opened_with,
    save_button,
    saved,
)
from abcd.pages.words import asset_titles, method_names, names_of, status_names, yes_names
from abcd.places.queries import place, places_of_kind

ASSET_PAGE = "abcd/pages/assets.py"
YES = ("unknown", "yes", "partly", "no")
LINES = ("name", "name_cy", "address", "postcode", "phone", "email", "website", "opening_hours", "cost")


def add_panel(actor: Actor, reference: str | None) -> None:
    """Four fields: what people call it, what it is, roughly where, and a way to reach it."""
    if not can(actor, "add", "asset"):
        st.write(_("Your role may look, but not add. Tell a colleague what you found."))
        return
    form = "add asset"
    new = saved(form)
    if new:
        st.page_link(ASSET_PAGE, label=_("Open its page"), icon=":material/arrow_forward:", query_params={"asset": new})
    with session(actor) as s:
        names, box, version = names_of(categories(s)), where_to_look(s, reference), last_event(s)
    with drafting(actor, form):
        left, right = st.columns(2, gap="large")
        with left:
            fields(form, names)
        with right:
            pin_map(form, box, version)
        with left:
            add_button(actor, form)


def fields(form: str, names: dict[str, str]) -> None:
    """The four fields, and how it became known."""
    st.text_input(_("What do people call it?"), key=field(form, "name"))
    category = field(form, "category")
    st.selectbox(_("What is it?"), list(names), index=None, format_func=names.__getitem__, key=category)
    st.text_input(_("Postcode, or click the map"), key=field(form, "postcode"))
    st.text_input(_("How can it be reached? (telephone, e-mail, web, or whom to ask)"), key=field(form, "reach"))
    ways = method_names()
    st.selectbox(_("How do you know?"), list(ways), format_func=ways.__getitem__, key=field(form, "source_kind"))
    help_text = _("A refuge, a recovery group, asylum support: its place is kept from every map, list and file.")
    st.checkbox(_("Its place must stay private"), key=field(form, "is_sensitive"), help=help_text)


def add_button(actor: Actor, form: str) -> None:
    """Save what stands in the fields and where the pin is."""

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        point = on_grid(typed.pop("pin", None))
        draft = AssetDraft(**(typed | point | {"category": typed["category"] or ""}))
        return str(add_asset(s, draft, by=by, key=key).id)

    save_button(form, _("Add it"), act, actor, _("It is on the map and in the lists now. Thank you."), type="primary")


def where_to_look(s: Session, reference: str | None) -> Box | None:
    """The box of the named place, else of the first council area or estate."""
    if reference:
        return box_of(place(s, reference).box)
    known = places_of_kind(s, "lad", 1) or places_of_kind(s, "estate", 1)
    return box_of(known[0].box) if known else None


def pin_map(form: str, box: Box | None, version: int) -> None:
    """A map to put a pin on; where it stands is kept with the form as its field ``pin``: longitude and latitude."""
    st.write(_("Click the map where it is. With the keyboard: move the map, then press the button above it."))
    layers, pin = [*ground(), assets_layer()], field(form, "pin")
    at = st.session_state.get(pin)
    view = MapView(
        _("Map to say where it is"), layers, box, version=version, draw="point", point=tuple(at) if at else None,
        height=400,
    )  # fmt: skip
    keep_new(pin, show_map(f"pin map {form} {nonce(form)}", view).point)


def on_grid(point: list[float] | None) -> dict[str, float]:
    """A point in degrees as the columns of the national grid."""
    if point is None:
        return {}
    easting, northing = to_grid([point[0]], [point[1]])
    return {"easting": float(easting[0]), "northing": float(northing[0])}


def confirm_form(actor: Actor, one: AssetRecord) -> None:
    """One press: somebody checked it today and it is still right."""
    form, ways = f"confirm {one.id}", method_names()
    with st.container(border=True), drafting(actor, form, one.version):
        st.subheader(_("Still right?"), anchor=False)
        known = [way for way in ways if way in WEIGHTS]
        st.selectbox(_("How do you know?"), known, format_func=ways.__getitem__, key=field(form, "method"))
        version = opened_at(form, one.version)
        both_sides(form, asset_titles())

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            confirm_asset(s, one.id, version=version, by=by, key=key, method=typed["method"])

        save_button(form, _("Yes, still right"), act, actor, _("Confirmed. Thank you for checking."), type="primary")


def edit_form(actor: Actor, one: AssetRecord, newest: int) -> None:
    """Everything that can be mended, with what stands there now."""
    at = selected(one.line)
    form, now = f"edit {one.id}", values_of(one) | {"pin": [at["lon"], at["lat"]] if at else None}
    fold = folded(actor, form, _("Mend this record"), ":material/edit:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version, now):
        with session(actor) as s:
            names = names_of(categories(s))
        left, right = st.columns(2, gap="large")
        with left:
            lines(form, now)
        with right:
            choices(form, names, now)
            box = (at["lon"] - 0.01, at["lat"] - 0.005, at["lon"] + 0.01, at["lat"] + 0.005) if at else None
            pin_map(form, box, newest)
        both_sides(form, asset_titles() | {"pin": _("Where it is")}, listed(names))
        edit_button(actor, form, one, now)


def lines(form: str, now: Typed) -> None:
    """What is typed, each in a line of its own."""
    titles = asset_titles()
    for name in LINES:
        st.text_input(titles[name], now[name], key=field(form, name))


def choices(form: str, names: dict[str, str], now: Typed) -> None:
    """What is chosen from lists, and the description."""
    pick(form, "category", list(names), names, now)
    pick(form, "status", list(STATUSES), status_names(), now)
    pick(form, "step_free", list(YES), yes_names(), now)
    pick(form, "open_to_new", list(YES), yes_names(), now)
    st.text_area(asset_titles()["description"], now["description"], key=field(form, "description"))


def listed(names: dict[str, str]) -> Said:
    """How the values of the lists are said."""
    return {"category": names, "status": status_names(), "step_free": yes_names(), "open_to_new": yes_names()}


def edit_button(actor: Actor, form: str, one: AssetRecord, now: Typed) -> None:
    """Save what differs from the record as it was opened."""
    version, began = opened_at(form, one.version), opened_with(form, now)

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        told = changed(typed, began)
        edit_asset(s, one.id, on_grid(told.pop("pin", None)) | told, version=version, by=by, key=key)

    save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def pick(form: str, name: str, options: list[str], names: dict[str, str], now: Typed) -> None:
    """One of a list, starting from what stands there now."""
    label, key = asset_titles()[name], field(form, name)
    st.selectbox(label, options, options.index(now[name]), format_func=lambda one: names.get(one, one), key=key)


def values_of(one: AssetRecord) -> dict[str, Any]:
    """The values that the form starts from."""
    told = {
        name: getattr(one, name) for name in ("name", "name_cy", "phone", "email", "website", "opening_hours", "cost")
    }
    line = {name: getattr(one.line, name) for name in ("address", "postcode", "category", "status")}
    return told | line | {"step_free": one.step_free, "open_to_new": one.open_to_new, "description": one.description}


def retire_form(actor: Actor, one: AssetRecord) -> None:
    """It is no more: it leaves lists and maps and keeps its history."""
    form = f"retire {one.id}"
    fold = folded(actor, form, _("It is no more"), ":material/archive:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version):
        st.text_input(_("What happened? (kept in its history)"), key=field(form, "reason"))
        version = opened_at(form, one.version)
        both_sides(form, asset_titles(), {"status": status_names()})

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            retire_asset(s, one.id, typed["reason"], version=version, by=by, key=key)

        save_button(form, _("Retire it"), act, actor, _("It has left lists and maps. Its history is kept."))


def unmerge_form(actor: Actor, one: AssetRecord) -> None:
    """Undo a merge: both records are as they were."""

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        unmerge_assets(s, one.id, by=by)

    save_button(f"unmerge {one.id}", _("Undo the merge"), act, actor, _("Both records are as they were."))

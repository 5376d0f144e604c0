"""Forms to settle a suggestion: take it field by field, complete something new, refuse, tell them, take back."""

from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.moderating import (
    METHODS,
    approve_contribution,
    let_in_contribution,
    refuse_contribution,
    take_back_contribution,
    tell_contribution,
)
from abcd.assets.records import AssetRecord
from abcd.assets.suggested import Suggested
from abcd.assets.taxonomy import categories
from abcd.core.language import _
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.pages.forms_assets import YES, listed, on_grid, pin_map, where_to_look
from abcd.pages.saving import Typed, both_sides, drafting, field, folded, opened_at, save_button
from abcd.pages.words import asset_titles, linked, method_names, names_of, status_names, yes_names

WAY = "way "
"""Before the name of a field: whether its suggestion is taken."""


def correction_form(actor: Actor, one: Suggested, about: AssetRecord) -> None:
    """For each value take it (as it is or mended) or keep ours; then let it in."""
    form, titles = f"approve {one.id}", asset_titles()
    st.header(_("What to take"), anchor=False)
    with drafting(actor, form, about.version):
        for name, value in one.proposed.items():
            with st.container(border=True):
                take_or_keep(form, name, titles.get(name, name))
                as_it_will_stand(form, name, titles.get(name, name), value)
        how_checked(form, one)
        both_sides(form, titles, listed({}))
        version = opened_at(form, about.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            approve_contribution(s, one.id, taken(typed), version=one.version, asset_version=version,
                                 method=typed["method"], by=by, key=key)  # fmt: skip

        save_button(form, _("Let it in"), act, actor, _("It is live now."), type="primary")


def take_or_keep(form: str, name: str, title: str) -> None:
    """Whether this value is taken."""
    ways = {"take": _("Take theirs"), "keep": _("Keep ours")}
    key = field(form, WAY + name)
    st.segmented_control(title, list(ways), default="take", required=True, format_func=ways.__getitem__, key=key)


def as_it_will_stand(form: str, name: str, title: str, value: Any) -> None:
    """The value to be taken, which may be mended first."""
    label = _("{what}, as it will stand").format(what=title)
    options = {"step_free": list(YES), "status": ["temporarily closed", "defunct"]}.get(name)
    if options:
        names = {"step_free": yes_names(), "status": status_names()}[name]
        chosen = options.index(value) if value in options else 0
        st.selectbox(label, options, chosen, format_func=names.__getitem__, key=field(form, name))
    elif name == "description":
        st.text_area(label, value, key=field(form, name))
    else:
        st.text_input(label, value, key=field(form, name))


def how_checked(form: str, one: Suggested) -> None:
    """How far this can be trusted, by the door it came through unless somebody looked."""
    ways = method_names()
    known = list(ways)
    place = known.index(METHODS[one.came_by])
    st.selectbox(_("How do you know?"), known, place, format_func=ways.__getitem__, key=field(form, "method"))


def taken(typed: Typed) -> Typed:
    """Of what stands in the form, the values that are taken."""
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in typed.items()
        if typed.get(WAY + name) == "take"
    }


def addition_form(actor: Actor, one: Suggested) -> None:
    """Something new with what they said of it: complete it, say where it is, and add it."""
    form = f"approve {one.id}"
    with session(actor) as s:
        names, newest = names_of(categories(s)), last_event(s)
        box = where_to_look(s, str(one.place_ids[0]) if one.place_ids else None)
    st.header(_("Complete it and add it"), anchor=False)
    with drafting(actor, form):
        left, right = st.columns(2, gap="large")
        with left:
            new_fields(form, names, one)
            how_checked(form, one)
        with right:
            pin_map(form, box, newest)
        with left:

            def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
                point, method = on_grid(typed.pop("pin", None)), typed.pop("method")
                draft = {name: value or "" for name, value in typed.items()} | point
                approve_contribution(s, one.id, draft, version=one.version, method=method, by=by, key=key)

            save_button(form, _("Add it"), act, actor, _("It is on the map and in the lists now."), type="primary")


def new_fields(form: str, names: dict[str, str], one: Suggested) -> None:
    """The fields of something new, with what they said."""
    titles = asset_titles() | {"reach": _("How can it be reached? (telephone, e-mail, web, or whom to ask)")}
    said = one.proposed
    st.text_input(titles["name"], said.get("name", ""), key=field(form, "name"))
    slugs = list(names)
    place = slugs.index(said["category"]) if said.get("category") in slugs else None
    st.selectbox(titles["category"], slugs, place, format_func=names.__getitem__, key=field(form, "category"))
    for name in ("postcode", "address", "reach", "opening_hours"):
        st.text_input(titles[name], said.get(name, ""), key=field(form, name))
    st.text_area(titles["description"], said.get("description", ""), key=field(form, "description"))


def by_hand_form(actor: Actor, one: Suggested) -> None:
    """Only words came: mend the record on its own page, then say that it is done."""
    st.write(_("They suggest it in words alone. Mend the record on its own page, then press the button."))

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        approve_contribution(s, one.id, {}, version=one.version, by=by, key=key)

    save_button(f"done {one.id}", _("It is done"), act, actor, _("Settled. Thank you."))


def refuse_form(actor: Actor, one: Suggested) -> None:
    """Leave the register as it is."""
    form = f"refuse {one.id}"
    fold = folded(actor, form, _("Refuse it"), ":material/block:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version):
        st.text_input(_("Why? A sentence that you could tell them"), key=field(form, "reason"))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            refuse_contribution(s, one.id, typed["reason"], version=one.version, by=by, key=key)

        save_button(form, _("Refuse it"), act, actor, _("Refused. The register stays as it is."))


def tell_form(actor: Actor, one: Suggested) -> None:
    """How to tell them, and that it was done."""
    if not one.told_by:
        return
    st.markdown(_("Tell them what became of it: {reach}").format(reach=linked(one.told_by)))

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        tell_contribution(s, one.id, version=one.version, by=by)

    save_button(f"tell {one.id}", _("They were told"), act, actor, _("Good. How to reach them is forgotten."))


def take_back_form(actor: Actor, one: Suggested) -> None:
    """Undo what was decided."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        take_back_contribution(s, one.id, version=one.version, by=by, key=key)

    save_button(
        f"take back {one.id}", _("Take the decision back"), act, actor, _("It waits again, and all is as before.")
    )


def let_in_form(actor: Actor, one: Suggested) -> None:
    """It looked like a machine's and was a person's."""
    st.info(_("This filled in a field that no person is shown, so it was kept apart."))

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        let_in_contribution(s, one.id, version=one.version, by=by)

    save_button(f"let in {one.id}", _("Put it with the others"), act, actor, _("It waits with the others now."))

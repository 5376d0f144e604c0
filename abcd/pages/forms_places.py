"""Forms of a place: add one that was drawn, mend its facts and edge, end it with a reason."""

import json

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.saving import (
    Typed,
    both_sides,
    changed,
    drafting,
    field,
    is_unfinished,
    opened_at,
    opened_with,
    save_button,
)
from abcd.pages.words import kind_of_place
from abcd.places.actions import PlaceDraft, add_place, edit_place, end_place
from abcd.places.records import PlaceRecord

DRAWABLE = ("resident_drawn", "estate", "patch", "neighbourhood", "street", "development", "catchment")


def titles() -> dict[str, str]:
    """The columns of a place in words."""
    return {
        "name": _("Name"), "name_cy": _("Name in Welsh"), "households": _("Households"),
        "denominators_source": _("Who says so"), "denominators_year": _("In which year"),
    }  # fmt: skip


def add_form(actor: Actor, form: str) -> None:
    """Name and kind of a place that was drawn."""
    st.text_input(_("What do the people who live there call it?"), key=field(form, "name"))
    st.selectbox(_("Kind of place"), DRAWABLE, format_func=kind_of_place, key=field(form, "kind"))
    is_drawn = st.session_state.get(field(form, "edge")) is not None
    if not is_drawn:
        st.caption(_("Draw its edge on the map first."))

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        edge = typed.pop("edge", None)
        return add_place(s, PlaceDraft(boundary=edge or {}, **typed), by=by, key=key).reference

    done = _("The place is saved; its assets follow it at once.")
    save_button(form, _("Save this place"), act, actor, done, type="primary", disabled=not is_drawn)


def values_of(place: PlaceRecord, edge: str) -> Typed:
    """The values that the form starts from; ``edge`` is GeoJSON."""
    told = {name: getattr(place, name) for name in titles()} | {"name": place.own_name}
    return told | {"edge": json.loads(edge)}


def edit_form(actor: Actor, form: str, place: PlaceRecord, now: Typed) -> None:
    """The facts of a place, its households with who says so, and the edge as it was drawn."""
    named = titles()
    st.text_input(named["name"], now["name"], key=field(form, "name"))
    st.text_input(named["name_cy"], now["name_cy"], key=field(form, "name_cy"))
    st.number_input(named["households"], 0, None, now["households"], key=field(form, "households"))
    st.text_input(named["denominators_source"], now["denominators_source"], key=field(form, "denominators_source"))
    year = field(form, "denominators_year")
    st.number_input(named["denominators_year"], 1990, 2100, now["denominators_year"], key=year)
    version, began = opened_at(form, place.version), opened_with(form, now)
    both_sides(form, named | {"edge": _("Its edge")})

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        told = changed(typed, began)
        edge = told.pop("edge", None)
        return edit_place(s, place.id, told, version=version, by=by, boundary=edge, key=key).reference

    save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def end_form(actor: Actor, place: PlaceRecord) -> None:
    """A place that is no more."""
    form = f"end place {place.id}"
    opened = is_unfinished(actor, form)
    with st.expander(_("This place is no more"), opened), drafting(actor, form, place.version):
        st.text_input(_("Why does it end? (kept in its history)"), key=field(form, "reason"))
        version = opened_at(form, place.version)
        both_sides(form, titles())

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
            end_place(s, place.id, typed["reason"], version=version, by=by)

        save_button(form, _("End this place"), act, actor, _("The place has ended. Its history is kept."))

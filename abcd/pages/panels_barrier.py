"""One barrier: its crossings on the line, its line and facts, and what follows from it for walks."""

from typing import Any
from uuid import UUID

import numpy as np
import shapely
import streamlit as st

from abcd.access import can_at
from abcd.core.geo import shapes_to_degrees, to_degrees
from abcd.core.language import _, ngettext
from abcd.db.audit import last_event
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.gaps.walls import GAP
from abcd.pages.fields import keep_new
from abcd.pages.forms_barriers import (
    crossing_form,
    edit_crossing_form,
    edit_form,
    end_form,
    nature_name,
    step_free_name,
    values_of,
)
from abcd.pages.map_view import MapView, barriers, ground, show_map
from abcd.pages.panels_map import box_of
from abcd.pages.saving import drafting, field, nonce
from abcd.pages.words import joined, number, verbatim
from abcd.places.barriers import BarrierRecord, barrier, streets_across


def kind_of(is_hard: bool) -> str:
    """Whether anybody walks across it."""
    return _("nobody walks across") if is_hard else _("people rather avoid it")


def crossed(one: BarrierRecord) -> str:
    """How many crossings it has, and how many of them are known to be step-free."""
    level = sum(crossing.step_free == "yes" for crossing in one.crossings)
    told = ngettext("{n} crossing, {level} step-free", "{n} crossings, {level} step-free", len(one.crossings))
    return told.format(n=number(len(one.crossings)), level=number(level))


def asked_for(told: str) -> UUID:
    """The id in an address.

    Raises:
        BadRequest: it is none.
    """
    try:
        return UUID(told)
    except ValueError as error:
        raise BadRequest(_("This address names no barrier. Choose one from the list.")) from error


def one_barrier(actor: Actor, told: str) -> None:
    """One barrier: its crossings, its line and facts, its end."""
    with session(actor) as s:
        found, version = barrier(s, asked_for(told)), last_event(s)
        across = streets_across(s, found.id, GAP) if found.is_hard else []
        may = {verb for verb in ("edit", "end") if can_at(s, actor, verb, "barrier", found.id)}
    st.header(verbatim(found.name))
    said = joined([nature_name(found.nature), kind_of(found.is_hard), crossed(found)])
    told = found.source
    st.caption(verbatim(joined([said, told and _("known from: {who}").format(who=told)])))
    consequences(found, across)
    if not may:
        show_map(f"barrier {found.id}", seen(actor, found, version))
        crossings_of(actor, found, is_editable=False)
        return
    names = {"crossings": _("Crossings"), "line": _("Line and name")}
    doing = st.segmented_control(
        _("What to do"), list(names), default="crossings", required=True, format_func=names.__getitem__,
        key=f"doing {found.id}",
    )  # fmt: skip
    if doing == "line":
        line_and_facts(actor, found, version)
    else:
        crossings(actor, found, version, across)
    if "end" in may:
        end_form(actor, "barrier", found.id, found.name, found.version)


def consequences(one: BarrierRecord, across: list[tuple[float, float]]) -> None:
    """What follows from the barrier for walks, in words."""
    if not one.is_hard:
        st.write(_("Walks go on across it. Patches are rather not drawn across it."))
        return
    gap = _("Walks cross it only within {metres} metres of a crossing; without one, nobody is taken to get across.")
    st.write(gap.format(metres=number(int(GAP))))
    if across:
        told = ngettext(
            "{n} street of the map meets it elsewhere. There the walk ends: if one can cross, add a crossing.",
            "{n} streets of the map meet it elsewhere. There the walk ends: where one can cross, add a crossing.",
            len(across),
        )
        st.info(told.format(n=number(len(across))))


def seen(actor: Actor, one: BarrierRecord, version: int, **more: Any) -> MapView:
    """The map of one barrier."""
    title = _("Map of {place}").format(place=one.name)
    return MapView(title, [*ground(), *barriers(actor)], box_of(one.box), version=version, **more)


def crossings(actor: Actor, one: BarrierRecord, version: int, across: list[tuple[float, float]]) -> None:
    """The crossings as a list, and a form to put one more on the line."""
    crossings_of(actor, one, is_editable=True)
    st.subheader(_("Add a crossing"), anchor=False)
    form = f"add crossing {one.id}"
    with drafting(actor, form, one.version):
        pin = field(form, "at")
        spots = {n: to_degrees([east], [north]) for n, (east, north) in enumerate(across)}
        chosen = st.selectbox(
            _("Put the pin where a street meets the line"), list(spots), None,
            lambda n: at_metres(one, across[n]), field(form, "street"), placeholder=_("Choose one, or press the map"),
        ) if spots else None  # fmt: skip
        if chosen is not None and st.session_state.get(f"street taken {form}") != chosen:
            lon, lat = spots[chosen]
            st.session_state[pin] = [float(lon[0]), float(lat[0])]
            st.session_state[f"street taken {form}"] = chosen
        at = st.session_state.get(pin)
        view = seen(actor, one, version, draw="point", point=tuple(at) if at else None)
        keep_new(pin, show_map(f"crossing map {form} {nonce(form)}", view).point)
        crossing_form(actor, form, one)


def at_metres(one: BarrierRecord, at: tuple[float, float]) -> str:
    """Where on the line a street meets it."""
    along = shapely.line_locate_point(one.line, shapely.Point(*at))
    return _("{metres} metres along the line").format(metres=number(round(along)))


def crossings_of(actor: Actor, one: BarrierRecord, *, is_editable: bool) -> None:
    """Each crossing in words, with a fold to change or end it."""
    st.subheader(_("Crossings"), anchor=False)
    if not one.crossings:
        st.write(_("No crossing is known yet."))
    for crossing in one.crossings:
        said = joined([at_metres(one, (crossing.easting, crossing.northing)), step_free_name(crossing.step_free)])
        st.markdown(f"**{verbatim(crossing.name)}** · {verbatim(said)}")
        if is_editable:
            edit_crossing_form(actor, crossing)


def line_and_facts(actor: Actor, one: BarrierRecord, version: int) -> None:
    """The line on a map to mend, and the facts."""
    st.write(_("Choose “Move the corners” to mend the line, or draw it anew; then save below."))
    form = f"edit barrier {one.id}"
    line = shapes_to_degrees(np.array([one.line], dtype=object))[0]
    now = values_of(one, shapely.geometry.mapping(shapely.set_precision(line, 1e-7)))
    with drafting(actor, form, one.version, now):
        drawn = field(form, "line")
        shape = st.session_state.get(drawn) or now["line"]
        side = st.session_state.get(f"choice {form} {nonce(form)} line", "")
        view = seen(actor, one, version, draw="line", shape=shape)
        keep_new(drawn, show_map(f"line map {form} {nonce(form)} {side}", view).drawn)
        edit_form(actor, form, one, now)

"""One asset: what it is, who says so and when, on the map, what has happened to its record, and what can be done."""

from uuid import UUID

import streamlit as st

from abcd.access import can, can_at
from abcd.assets.check_links import asked
from abcd.assets.consent import consents_of, is_shown
from abcd.assets.history import history
from abcd.assets.queries import asset
from abcd.assets.records import AssetRecord, HistoryEvent
from abcd.assets.rooms import words_of
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.remembered import version
from abcd.db.session import Actor, session
from abcd.maps.marks import picture
from abcd.pages.drafting import kept_about
from abcd.pages.forms_assets import confirm_form, edit_form, retire_form, unmerge_form
from abcd.pages.forms_consent import contact_panel
from abcd.pages.forms_rooms import rooms_form
from abcd.pages.map_view import MapView, assets_layer, ground, show_map
from abcd.pages.panels_ask import ask_form
from abcd.pages.panels_asset_giving import asset_giving_panel
from abcd.pages.panels_map import selected
from abcd.pages.panels_ties import ties_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.words import how_fresh, joined, kind_of_place, linked, percent, status_names, verbatim, yes_names

PLACE_PAGE = "abcd/pages/place.py"
HISTORY_PAGE = "abcd/pages/history.py"
ROUND = 0.004
"""Degrees shown round a single asset."""


def asset_panel(actor: Actor, asset_id: UUID) -> None:
    """The page of one asset."""
    with session(actor) as s:
        seen, one, past, words = version(s), asset(s, asset_id), history(s, asset_id), words_of(s, asset_id)
        agreed, asked_before = consents_of(s, asset_id), asked(s, asset_id)
        kept_about(s, actor, str(asset_id))
        may = {verb for verb in ("confirm", "edit", "retire") if can_at(s, actor, verb, "asset", asset_id)}
    heading(one)
    say_what_was_done()
    left, right = st.columns([3, 2], gap="large")
    with left:
        standing(actor, one)
        details(one, reached(one) if is_shown(one, agreed) or can(actor, "see_contact", "asset") else {})
        where_from(one)
    with right:
        if "confirm" in may and one.merged_into is None:
            confirm_form(actor, one)
        on_the_map(one, seen)
        its_places(one)
        if "edit" in may and one.merged_into is None:
            contact_panel(actor, one, agreed)
            ask_form(actor, one, asked_before)
    if "edit" in may and one.merged_into is None:
        edit_form(actor, one, seen)
        rooms_form(actor, one, *words)
    if "retire" in may and one.line.status != "defunct":
        retire_form(actor, one)
    asset_giving_panel(actor, one)
    ties_panel(actor, one)
    what_happened(past)
    if can(actor, "view", "audit"):
        of = {"kind": "asset", "thing": str(asset_id)}
        st.page_link(HISTORY_PAGE, label=_("Every change, before and after"), query_params=of)


def heading(one: AssetRecord) -> None:
    """Its name, its mark and how fresh the record is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(picture(one.line.asset_kind), width=34, alt="")
        st.title(verbatim(one.name), anchor=False)
    fresh = how_fresh(one.line.freshness, one.line.assured_on)
    st.caption(verbatim(joined([one.name_cy, one.line.category_name, fresh])))


def standing(actor: Actor, one: AssetRecord) -> None:
    """Say it plainly when it is no more, or was folded into another record."""
    if one.merged_into:
        st.info(_("This record was merged into another."), icon=":material/merge:")
        to = {"asset": str(one.merged_into)}
        st.page_link("abcd/pages/assets.py", label=_("Open the record that was kept"), query_params=to)
        if can(actor, "merge", "asset"):
            unmerge_form(actor, one)
    elif one.line.status != "active":
        st.info(status_names()[one.line.status], icon=":material/info:")


def details(one: AssetRecord, ways: dict[str, str]) -> None:
    """What is known, as a table; what nobody knows is left out. ``ways`` are those to reach it, for whoever may see."""
    st.header(_("What it is"), anchor=False)
    if one.description:
        st.write(verbatim(one.description))
    facts = {
        _("Address"): joined([one.line.address, one.line.postcode]),
        _("Open"): one.opening_hours,
        _("Cost"): one.cost,
        _("Step-free"): yes_names().get(one.step_free, one.step_free),
        _("Open to new people"): yes_names().get(one.open_to_new, one.open_to_new),
        _("Languages"): ", ".join(one.languages),
    }
    rows = [{_("What"): name, _("Known"): verbatim(value)} for name, value in facts.items() if value]
    rows += [{_("What"): name, _("Known"): linked(value)} for name, value in ways.items() if value]
    st.table(rows, hide_index=True, hide_header=True, border="horizontal")


def reached(one: AssetRecord) -> dict[str, str]:
    """The ways to reach it."""
    told = {_("Telephone"): one.phone, _("E-mail"): one.email, _("Website"): one.website}
    return told | {_("How to reach it"): str(one.extra.get("how_to_reach", ""))}


def where_from(one: AssetRecord) -> None:
    """Who says so, how it was placed, under which licence, and how far to trust it."""
    st.header(_("Who says so"), anchor=False)
    precise = one.precision_m and _("right within about {n} m").format(n=max(1, round(one.precision_m)))
    facts = {
        _("Source"): joined([one.source_name or one.source_kind, own_reference(one)]),
        _("Licence"): one.source_licence,
        _("Last checked"): joined([how_fresh(one.line.freshness, one.line.assured_on), one.assured_by]),
        _("Placed by"): joined([one.located_by.replace("_", " "), precise or ""]),
        _("Trust in this record"): percent(one.line.confidence),
    }
    rows = [{_("What"): name, _("Known"): verbatim(value)} for name, value in facts.items() if value]
    st.table(rows, hide_index=True, hide_header=True, border="horizontal")


def own_reference(one: AssetRecord) -> str:
    """The publisher's reference; one that we made of the row's words (it starts with ~) says nothing to a person."""
    return "" if (one.source_ref or "~").startswith("~") else str(one.source_ref)


def on_the_map(one: AssetRecord, version: int) -> None:
    """Where it is, with what is round it."""
    if one.line.is_sensitive:
        st.caption(_("Where this is stays private: it has no place on any map, list or file."))
        return
    at = selected(one.line)
    if at is None:
        st.caption(_("Nobody has said where it is yet. Edit it to put it on the map."))
        return
    box = (at["lon"] - ROUND, at["lat"] - ROUND / 2, at["lon"] + ROUND, at["lat"] + ROUND / 2)
    st.subheader(_("On the map"), anchor=False)
    st.write(verbatim(joined([one.line.address, one.line.postcode]) or one.name))
    title = _("Map round {name}").format(name=one.name)
    show_map("asset map", MapView(title, [*ground(), assets_layer()], box, version=version, selected=at, height=300))


def its_places(one: AssetRecord) -> None:
    """The places it is in or serves."""
    if one.places:
        st.subheader(_("It is in"), anchor=False)
    for place in one.places[:6]:
        label = f"{verbatim(place.name)} · {kind_of_place(place.kind)}"
        st.page_link(PLACE_PAGE, label=label, query_params={"place": place.reference})


def what_happened(past: list[HistoryEvent]) -> None:
    """The record's history in words, the latest first."""
    st.header(_("What has happened to this record"), anchor=False)
    lines = [
        f"- **{event.at.astimezone(LOCAL):%d/%m/%Y}** {verbatim(event.what)} ({verbatim(event.by)})" for event in past
    ]
    st.markdown("\n".join(lines) or _("Nothing yet."))

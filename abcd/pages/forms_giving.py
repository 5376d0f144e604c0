"""Forms for what groups, venues, partners and meetings offer and hope for: no name of a resident belongs in them."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.assets.search import Search, find
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import OFFER_OWNERS, WISH_VOICES
from abcd.db.tables.offers import THEMES
from abcd.gaps.themes import theme_words
from abcd.pages.fields_gifts import Known
from abcd.pages.fields_people import free_fields, grid_in
from abcd.pages.forms_gifts import NEW_WISH, meaning_fields, wish_titles, wish_values
from abcd.pages.saving import Typed, drafting, field, folded, save_button
from abcd.pages.words import joined, kind_of_place, verbatim
from abcd.people.actions import association_of
from abcd.people.gift_drafts import MOST_VOICES, OF_ASSETS, OfferDraft, WishDraft
from abcd.people.gift_wording import gift_kind_names, owner_names, voice_names
from abcd.people.offers import add_offer
from abcd.people.owners import organisation_named, places_to_wish_of
from abcd.people.wishes import add_wish

MANY = 12


def new_offer_form(actor: Actor) -> None:
    """A room, hours, kit, money or know-how that somebody who is no resident offers."""
    form = "offer of others"
    fold = folded(actor, form, _("Write down an offer of a group, a venue or a partner"), ":material/redeem:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        names = {owner: owner_names()[owner] for owner in OFFER_OWNERS}
        owner = st.selectbox(_("Whose offer is it?"), list(names), format_func=names.__getitem__,
                             key=field(form, "owner_kind"))  # fmt: skip
        if owner in OF_ASSETS:
            asset_field(actor, form)
        elif owner != "landlord":
            st.text_input(_("What are they called?"), key=field(form, "organisation"))
        offer_fields(form)
        place_field(actor, form, _("For which place, if it is for one?"))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            add_offer(s, offer_in(s, typed, by), by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("The offer is written down."), type="primary")


def offer_fields(form: str) -> None:
    """In their words first, then what it is, how much, when and on what terms."""
    kinds, themes = gift_kind_names(), {"": _("Nothing in particular"), **{one: theme_words(one) for one in THEMES}}
    st.text_area(_("What do they offer, in their own words?"), key=field(form, "own_words"), height=90)
    st.selectbox(_("Of which kind?"), list(kinds), list(kinds).index("space"), format_func=kinds.__getitem__,
                 key=field(form, "gift_kind"))  # fmt: skip
    st.selectbox(_("What is it about?"), list(themes), format_func=themes.__getitem__, key=field(form, "theme"))
    st.text_input(_("How much of it? (places, hours, pounds, pieces)"), key=field(form, "how_much"))
    with st.expander(_("When is it free?"), icon=":material/schedule:"):
        free_fields(form)
    st.text_input(_("On what terms? (no names of people)"), key=field(form, "conditions"))
    st.date_input(_("Until when, if it ends?"), None, key=field(form, "expires_on"), format="DD/MM/YYYY")


def offer_in(s: Session, typed: Typed, by: Actor) -> OfferDraft:
    """What stands in the form; an organisation by its name, the landlord is our own."""
    owner, owner_id = typed["owner_kind"], None
    if owner == "landlord":
        owner_id = association_of(by)
    elif owner not in OF_ASSETS:
        owner_id = organisation_named(s, typed.get("organisation") or "", by=by)
    told = {name: typed[name] for name in ("own_words", "gift_kind", "theme", "how_much", "conditions", "expires_on")}
    return OfferDraft(**told, owner_kind=owner, owner_id=owner_id, asset_id=id_in(typed, "asset"),
                      place_id=id_in(typed, "place"), free_grid=grid_in(typed))  # fmt: skip


def new_wish_form(actor: Actor, known: Known, categories: dict[str, str]) -> None:
    """What a group, a meeting, a survey or people yet to move in hope for."""
    form = "wish of others"
    fold = folded(actor, form, _("Write down a wish of a group or a meeting"), ":material/forum:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        names = {voice: voice_names()[voice] for voice in WISH_VOICES}
        voice = st.selectbox(_("Whose wish is it?"), list(names), 1, format_func=names.__getitem__,
                             key=field(form, "voiced_by"))  # fmt: skip
        if voice == "group":
            asset_field(actor, form)
        meaning_fields(form, NEW_WISH, known, categories)
        place_field(actor, form, _("Of which place?"))
        st.number_input(_("How many said so?"), 1, MOST_VOICES, 1, key=field(form, "voices"))
        st.date_input(_("Said on"), today(), max_value=today(), format="DD/MM/YYYY", key=field(form, "said_on"))
        st.caption(_("No names of people: what one resident hopes for belongs on their own page."))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            add_wish(s, wish_in(typed), by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("The wish is written down."), type="primary")


def wish_in(typed: Typed) -> WishDraft:
    """What stands in the form."""
    told = {name: value for name, value in wish_values(typed).items() if name in wish_titles()}
    told |= {name: typed[name] for name in ("voiced_by", "voices", "said_on")}
    return WishDraft(**told, asset_id=id_in(typed, "asset"), place_id=id_in(typed, "place"))


def asset_field(actor: Actor, form: str) -> None:
    """A group or venue of the register, by part of its name."""
    asked = st.text_input(_("Part of its name"), key=field(form, "named"), type="search")
    found: dict[str, str] = {}
    if asked:
        with session(actor) as s:
            lines = find(s, Search(words=asked, limit=MANY)).lines
        found = {str(line.id): joined([line.name, line.category_name]) for line in lines}
        if not found:
            st.caption(_("Nothing by that name yet. Add it on “Assets” first."))
    st.selectbox(_("Which one is it?"), list(found), None, format_func=lambda key: found.get(key, ""),
                 key=field(form, "asset"), placeholder=_("Choose one"))  # fmt: skip


def place_field(actor: Actor, form: str, label: str) -> None:
    """A patch, an estate or a development."""
    with session(actor) as s:
        places = {str(key): f"{verbatim(name)} ({kind_of_place(kind)})" for key, name, kind in places_to_wish_of(s)}
    st.selectbox(label, list(places), None, format_func=lambda key: places.get(key, ""), key=field(form, "place"),
                 placeholder=_("Choose one"))  # fmt: skip


def id_in(typed: Typed, name: str) -> UUID | None:
    """The id that was chosen, if one was."""
    return UUID(typed[name]) if typed.get(name) else None

"""Offers and wishes: what waits for somebody to take it up, what is hoped for, and who is to be told."""

from functools import partial
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.taxonomy import categories
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.db.tables import OFFER_OWNERS, WISH_VOICES
from abcd.db.tables.offers import THEMES
from abcd.gaps.themes import theme_words
from abcd.pages.fields_gifts import Known
from abcd.pages.forms_giving import new_offer_form, new_wish_form
from abcd.pages.forms_plan import plan_panel, wish_buttons
from abcd.pages.panels_balance import balance_panel
from abcd.pages.panels_gifts import next_states, offer_line, what_became, wish_line
from abcd.pages.panels_matches import who_could_help
from abcd.pages.saving import Typed, save_button, say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, kind_of_place, names_of, number, verbatim
from abcd.people.gift_records import RESIDENT, OfferRecord, WishRecord
from abcd.people.gift_wording import offer_state_names, owner_names, voice_names, wish_state_names
from abcd.people.keeping import sees_residents
from abcd.people.offers import move_offer, move_person_offer
from abcd.people.owners import places_to_wish_of
from abcd.people.skills import skills
from abcd.people.waiting import offers_waiting, wishes_to_tell, wishes_unmet

PEOPLE_PAGE = "abcd/pages/people.py"
ASSET_PAGE = "abcd/pages/assets.py"
ON_A_PAGE = 12


def where(actor: Actor) -> UUID | None:
    """The place that was chosen."""
    with session(actor) as s:
        places = {str(key): f"{verbatim(name)} ({kind_of_place(kind)})" for key, name, kind in places_to_wish_of(s)}
    chosen = st.selectbox(_("Place"), ["", *places], format_func=lambda key: places.get(key, _("All of them")),
                          key="giving of")  # fmt: skip
    return UUID(chosen) if chosen else None


def choice(label: str, names: dict[str, str], key: str) -> str:
    """One of a list, or anything."""
    chosen: str = st.selectbox(label, ["", *names], format_func=lambda one: names.get(one, _("Any")), key=key)
    return chosen


def offers_tab(actor: Actor, known: Known, place: UUID | None) -> None:
    """Offers that wait, the longest waiting first."""
    owners = {one: owner_names()[one] for one in (RESIDENT, *OFFER_OWNERS) if one != RESIDENT or sees_residents(actor)}
    owner = choice(_("Whose?"), owners, "offers of")
    shown = shown_so_far("offers", (place, owner))
    with session(actor) as s:
        found = offers_waiting(s, place, owner_kind=owner, limit=shown + 1)
    if can(actor, "add", "offer"):
        new_offer_form(actor)
    if not found:
        st.write(_("No offer is waiting here. Ask somebody what they would love to share."))
    for one in found[:shown]:
        offer_row(actor, one, known)
    more_button("offers", (place, owner), len(found) > shown)


def offer_row(actor: Actor, one: OfferRecord, known: Known) -> None:
    """One offer that waits: whose, what, and how it can go on."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"“{verbatim(one.own_words)}”", width="content")
            if can(actor, "edit", "person" if one.person_id else "offer"):
                with what_became(one.id):
                    for state, label in next_states(one.state).items():
                        move_button(actor, one, state, label)
        whose(one.person_id, one.asset_id, one.owner_name, owner_names()[one.owner_kind])
        st.caption(verbatim(joined([one.place_name, offer_line(one, known)])))


def move_button(actor: Actor, one: OfferRecord, state: str, label: str) -> None:
    """One press: the offer stands so from now on."""
    form = f"offer {state} {one.id.hex[:12]} {one.person_id}" if one.person_id else f"offer {state} {one.id}"
    act = partial(_move, one, state)
    save_button(form, label, act, actor, _("Written down: {state}.").format(state=offer_state_names()[state]))


def _move(one: OfferRecord, state: str, s: Session, by: Actor, key: str, _typed: Typed) -> None:
    move = move_person_offer if one.person_id else move_offer
    move(s, one.id, state, version=one.version, by=by, key=key)


def wishes_tab(actor: Actor, known: Known, nearby: dict[str, str], place: UUID | None) -> None:
    """Wishes that are not met, the oldest first, each with its plan."""
    voices = {one: voice_names()[one] for one in (RESIDENT, *WISH_VOICES) if one != RESIDENT or sees_residents(actor)}
    left, right = st.columns(2)
    with left:
        voice = choice(_("From whom?"), voices, "wishes of")
    with right:
        theme = choice(_("What is it about?"), {one: theme_words(one) for one in THEMES}, "wishes about")
    shown = shown_so_far("wishes", (place, voice, theme))
    with session(actor) as s:
        found = wishes_unmet(s, place, voiced_by=voice, theme=theme, limit=shown + 1)
    if can(actor, "add", "wish"):
        new_wish_form(actor, known, nearby)
    if not found:
        st.write(_("No wish is open here. Go and listen: ask what people would love to have or do."))
    for one in found[:shown]:
        wish_row(actor, one, known, nearby)
    more_button("wishes", (place, voice, theme), len(found) > shown)


def wish_row(actor: Actor, one: WishRecord, known: Known, nearby: dict[str, str]) -> None:
    """One wish: whose, how many said so, how it stands, and its plan."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"“{verbatim(one.own_words)}”", width="content")
            st.badge(wish_state_names()[one.state])
            if can(actor, "edit", "person") if one.is_residents else can(actor, "settle", "wish"):
                with what_became(one.id):
                    wish_buttons(actor, one)
        whose(one.person_id, one.asset_id, one.voicer_name, voice_names()[one.voiced_by])
        st.caption(verbatim(joined([one.place_name, tally(actor, one), wish_line(one, known, nearby)])))
        plan = st.expander(_("The plan"), icon=":material/checklist:", key=f"plan of {one.id}", on_change="rerun")
        if plan.open:
            with plan:
                plan_panel(actor, one)
        who_could_help(actor, one)


def tally(actor: Actor, one: WishRecord) -> str:
    """How many said so: a count of people, and so for the casework roles alone."""
    if one.voices < 2 or not sees_residents(actor):  # noqa: PLR2004
        return ""
    return ngettext("{n} person said so", "{n} people said so", one.voices).format(n=number(one.voices))


def whose(person_id: UUID | None, asset_id: UUID | None, name: str, kind: str) -> None:
    """A way to whoever said it."""
    if person_id:
        st.page_link(PEOPLE_PAGE, label=verbatim(name), query_params={"person": str(person_id)})
    elif asset_id:
        st.page_link(ASSET_PAGE, label=verbatim(name), query_params={"asset": str(asset_id)})
    else:
        st.markdown(verbatim(joined([name, kind])))


def tell_tab(actor: Actor, known: Known, nearby: dict[str, str], place: UUID | None) -> None:
    """Wishes that are settled, of which nobody has been told yet."""
    with session(actor) as s:
        found = wishes_to_tell(s, place, limit=ON_A_PAGE)
    if not found:
        st.write(_("Everybody whose wish was settled has been told what came of it."))
    for one in found:
        wish_row(actor, one, known, nearby)


def shown_so_far(what: str, choices: tuple[object, ...]) -> int:
    """How many rows of a list are shown, by what was chosen."""
    shown: int = st.session_state.setdefault(f"more {what}", {}).get(choices, ON_A_PAGE)
    return shown


def more_button(what: str, choices: tuple[object, ...], is_more: bool) -> None:
    """Another page of the list."""
    if is_more:
        more = {choices: shown_so_far(what, choices) + ON_A_PAGE}
        st.button(_("Show more"), on_click=lambda: st.session_state[f"more {what}"].update(more), key=f"show {what}")


def page(actor: Actor) -> None:
    """The four lists of a place."""
    st.title(_("Offers and wishes"))
    say_what_was_done()
    place = where(actor)
    with session(actor) as s:
        known, nearby = skills(s), names_of(categories(s))
    names = [_("Offers waiting"), _("Wishes not met yet"), _("To be told"), _("Balance")]
    tabs = st.tabs(names, on_change="rerun", key="giving tabs")
    draws = (
        partial(offers_tab, actor, known, place),
        partial(wishes_tab, actor, known, nearby, place),
        partial(tell_tab, actor, known, nearby, place),
        partial(balance_panel, actor, place),
    )
    for tab, draw in zip(tabs, draws, strict=True):
        if tab.open:
            with tab, telling():
                draw()


actor = visitor()
for_those_who_may(actor, "view", "offer")
with telling():
    page(actor)

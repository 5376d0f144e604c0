"""What one resident gives and hopes for: gifts first, each with how it stands; then hopes with their plans."""

from functools import partial
from typing import Any
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.taxonomy import categories
from abcd.connections.wording import times
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.gaps.themes import theme_words
from abcd.pages.fields_gifts import Known
from abcd.pages.forms_gifts import (
    add_offer_form,
    add_wish_form,
    check_form,
    edit_offer_form,
    edit_wish_form,
    named,
)
from abcd.pages.forms_plan import plan_panel, wish_buttons
from abcd.pages.saving import Typed, save_button
from abcd.pages.words import joined, names_of, verbatim
from abcd.people.clearances import CheckRecord, checks_of
from abcd.people.gift_records import OfferRecord, WishRecord
from abcd.people.gift_wording import gift_kind_names, offer_state_names, wish_state_names
from abcd.people.offers import move_person_offer, offers_of
from abcd.people.records import PersonRecord
from abcd.people.skills import skills
from abcd.people.wishes import wishes_of
from abcd.people.wording import wish_kind_names

MOST_TIMES = 4


def gifts_panel(actor: Actor, one: PersonRecord) -> None:
    """Offers, wishes and what roles need, for whoever may read what people said."""
    if not can(actor, "view", "person_note"):
        return
    with session(actor) as s:
        known, offers, wishes, checks = skills(s), offers_of(s, one.id), wishes_of(s, one.id), checks_of(s, one.id)
        nearby = names_of(categories(s))
    may = can(actor, "edit", "person")
    st.header(_("Gives"), anchor=False)
    for offer in offers:
        offer_card(actor, offer, known, may)
    if may:
        add_offer_form(actor, one, known)
    st.header(_("Hopes for"), anchor=False)
    for wish in wishes:
        wish_card(actor, wish, known, nearby, may)
    if may:
        add_wish_form(actor, one, known, nearby)
    clearances(actor, one, checks, may)


def offer_card(actor: Actor, offer: OfferRecord, known: Known, may: bool) -> None:
    """One gift: own words, what it is, when and how far, and how it stands."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"“{verbatim(offer.own_words)}”", width="content")
            st.badge(offer_state_names()[offer.state], color="green" if offer.state == "taken_up" else "blue")
            if may:
                with what_became(offer.id):
                    for state, label in next_states(offer.state).items():
                        move_button(actor, offer, state, label)
        st.caption(verbatim(offer_line(offer, known)))
        if may:
            edit_offer_form(actor, offer, known)


def what_became(key: UUID) -> Any:
    """Where the buttons of an offer or a wish stand that say how it goes on: seldom pressed, so one press away."""
    return st.popover(_("What became of it?"), type="tertiary", icon=":material/moving:", key=f"became {key}")


def offer_line(offer: OfferRecord, known: Known) -> str:
    """What an offer is, on one line."""
    gift = known.get(offer.skill or "")
    walk = offer.max_walk_minutes
    return joined([
        gift.words() if gift else "", gift_kind_names()[offer.gift_kind],
        theme_words(offer.theme) if offer.theme else "", offer.how_much,
        _("would teach it") if offer.will_teach else "", times_free(offer.free_grid),
        _("walks up to {n} minutes").format(n=walk) if walk else "", offer.conditions,
        _("until {day}").format(day=f"{offer.expires_on:%d/%m/%Y}") if offer.expires_on else "",
        _("said on {day}").format(day=f"{offer.said_on:%d/%m/%Y}"),
    ])  # fmt: skip


def times_free(grid: int | None) -> str:
    """The parts of a week, the first four by name; "" when nobody asked."""
    cells = times(grid or 0)
    return ", ".join(cells[:MOST_TIMES]) + (" …" if len(cells) > MOST_TIMES else "")


def next_states(state: str) -> dict[str, str]:
    """What can become of an offer, by what its button says."""
    ways = {"waiting": _("It is offered again"), "taken_up": _("Somebody took it up"), "resting": _("Let it rest"),
            "ended": _("It is over")}  # fmt: skip
    return {to: label for to, label in ways.items() if to != state and not (state == "ended" and to != "waiting")}


def move_button(actor: Actor, offer: OfferRecord, state: str, label: str) -> None:
    """One press: the offer stands so from now on."""
    form = named(f"offer {state}", offer, offer.person_id or offer.id)
    act = partial(_move, offer, state)
    save_button(form, label, act, actor, _("Written down: {state}.").format(state=offer_state_names()[state]))


def _move(offer: OfferRecord, state: str, s: Session, by: Actor, key: str, _typed: Typed) -> None:
    move_person_offer(s, offer.id, state, version=offer.version, by=by, key=key)


def wish_card(actor: Actor, wish: WishRecord, known: Known, nearby: dict[str, str], may: bool) -> None:
    """One hope: own words, what it means, how it stands, and its plan."""
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"“{verbatim(wish.own_words)}”", width="content")
            st.badge(wish_state_names()[wish.state], color="green" if wish.state == "met" else "blue")
            if may:
                with what_became(wish.id):
                    wish_buttons(actor, wish)
        st.caption(verbatim(wish_line(wish, known, nearby)))
        if wish.urgent_reason:
            st.warning(verbatim(_("It cannot wait: {reason}").format(reason=wish.urgent_reason)))
        if may:
            edit_wish_form(actor, wish, known, nearby)
        plan = st.expander(_("The plan"), icon=":material/checklist:", key=f"plan of {wish.id}", on_change="rerun")
        if plan.open:
            with plan:
                plan_panel(actor, wish)


def wish_line(wish: WishRecord, known: Known, nearby: dict[str, str]) -> str:
    """What a wish is, on one line."""
    gift = known.get(wish.skill or "")
    return joined([
        _("A wish to {kind}").format(kind=wish_kind_names()[wish.wish_kind]), gift.words() if gift else "",
        nearby.get(wish.category or "", ""), theme_words(wish.theme) if wish.theme else "",
        times_free(wish.free_grid), _("said on {day}").format(day=f"{wish.said_on:%d/%m/%Y}"),
    ])  # fmt: skip


def clearances(actor: Actor, one: PersonRecord, checks: list[CheckRecord], may: bool) -> None:
    """What their roles need, and until when they are cleared."""
    if not (checks or may):
        return
    st.markdown(f"**{_('Checks that roles need')}**")
    for check in checks:
        needs = _("needs a check") if check.is_required else _("needs no check")
        until = f"{check.cleared_until:%d/%m/%Y}" if check.cleared_until else ""
        cleared = _("cleared until {day}").format(day=until) if until else _("not cleared yet")
        st.caption(verbatim(joined([check.role, needs, cleared if check.is_required else ""])))
        if may:
            check_form(actor, one, check)
    if may:
        check_form(actor, one, None)

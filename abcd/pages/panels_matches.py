"""Who and what could answer each of one resident's wishes: community first, with reasons, begun with one press."""

from functools import partial
from itertools import groupby

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.connections.ideas import begin, idea_of
from abcd.connections.matching import Match, suggestions_for_group_wish, suggestions_for_wish
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_urgent import urgent_form
from abcd.pages.panels_connections import parts
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.saving import Typed, save_button
from abcd.pages.visit import telling
from abcd.pages.words import joined, verbatim
from abcd.people.consent_records import consents_of, holding
from abcd.people.gift_records import WishRecord
from abcd.people.records import PersonRecord
from abcd.people.wishes import wishes_of

PEOPLE_PAGE = "abcd/pages/people.py"
SOUGHT = ("open", "planned")


def matches_panel(actor: Actor, person: PersonRecord) -> None:
    """Suggestions for each open wish, once the resident said yes to introductions."""
    if not can(actor, "suggest", "connection"):
        return
    with session(actor) as s:
        agreed = "introductions" in holding(consents_of(s, person.id))
        wishes = [wish for wish in wishes_of(s, person.id) if wish.state in SOUGHT]
    st.header(_("Suggestions"), anchor=False)
    if not agreed or not person.adult_confirmed:
        st.write(_("Nothing is looked for before they say yes to introductions, as an adult. Ask, and write it down "
                   "below under what they agreed to."))  # fmt: skip
        return
    if not wishes:
        st.write(_("Write down what they hope for, and see here who and what is near."))
    for position, wish in enumerate(wishes):
        of_wish(actor, wish, is_first=position == 0)


def of_wish(actor: Actor, wish: WishRecord, *, is_first: bool) -> None:
    """What could answer one wish; worked out when it is opened."""
    fold = st.expander(
        f"“{verbatim(wish.own_words)}”", expanded=is_first, key=f"matches of {wish.id}", on_change="rerun"
    )
    if not fold.open:
        return
    with fold, telling():
        matches(actor, wish)
        urgent_form(actor, wish)


def who_could_help(actor: Actor, wish: WishRecord) -> None:
    """The same for any wish of a list, a group's or a resident's."""
    if not can(actor, "suggest", "connection"):
        return
    fold = st.expander(_("Who could help?"), icon=":material/group_add:", key=f"help with {wish.id}", on_change="rerun")
    if fold.open:
        with fold, telling():
            matches(actor, wish)


def matches(actor: Actor, wish: WishRecord) -> None:
    """What could answer one wish, tier by tier."""
    with session(actor) as s:
        found = suggestions_for_wish(s, wish.id) if wish.is_residents else suggestions_for_group_wish(s, wish.id)
    if wish.urgent_reason:
        st.warning(_("Services come first here, because somebody wrote down that it cannot wait."))
    if not found:
        st.write(_("Nobody and nothing known fits well enough, and a bad match helps nobody. Go and ask a "
                   "connector, or look on “Find”."))  # fmt: skip
    for (tier, name), those in groupby(found, key=lambda one: (one.tier, one.tier_name)):
        st.subheader(verbatim(name), anchor=False)
        for one in those:
            card(actor, one, f"{wish.id} {tier}")


def card(actor: Actor, one: Match, where: str) -> None:
    """One suggestion: who or what, how far, why, what nobody checked, and the first step."""
    with st.container(border=True, key=f"match {where} {one.key}"):
        title(one)
        st.caption(verbatim(joined([one.kind_name, one.minutes_band, _elsewhere(one)])))
        if one.own_words:
            st.markdown(f"“{verbatim(one.own_words)}”")
        st.markdown("\n".join(f"- {verbatim(reason)}" for reason in one.reasons))
        st.markdown(f"**{_('Not checked yet')}:** " + verbatim(" ".join(one.not_checked)))
        how = st.expander(_("How was this worked out?"), key=f"how {where} {one.key}", on_change="rerun")
        if how.open:
            how.table(parts(one), hide_index=True)
        first_step(actor, one)


def title(one: Match) -> None:
    """The other side as a link to its page; of an organisation that is no asset here, its name."""
    label = f"**{verbatim(one.name)}**"
    shown = one.b_person_id or (one.a_person_id if one.wish_id else None)
    if shown:
        st.page_link(PEOPLE_PAGE, label=label, query_params={"person": str(shown)})
    elif one.b_asset_id:
        st.page_link(ASSET_PAGE, label=label, query_params={"asset": str(one.b_asset_id)})
    else:
        st.markdown(label)


def _elsewhere(one: Match) -> str:
    return _("from {place}, another patch").format(place=one.place_name) if one.crosses_patches else ""


def first_step(actor: Actor, one: Match) -> None:
    """Write the idea down; nobody is asked anything by that."""
    if one.a_person_id is None or not (one.b_person_id or one.b_asset_id):
        st.caption(_("Ring them: no introduction needs to be recorded to use this offer."))
        return
    save_button(
        f"begin introduction {one.person_wish_id or one.wish_id} {one.b_person_id or one.b_asset_id} {one.a_person_id}",
        _("Start the two-sided ask"), partial(_begin, one), actor,
        _("Written down as an idea. Nobody has been asked yet: go on under “Introductions”."),
    )  # fmt: skip


def _begin(one: Match, s: Session, by: Actor, key: str, _typed: Typed) -> str:
    return str(begin(s, idea_of(one), by=by, key=key))

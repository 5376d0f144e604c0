"""What one group or venue offers and hopes for, on its own page."""

import streamlit as st

from abcd.access import can
from abcd.assets.records import AssetRecord
from abcd.assets.taxonomy import categories
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.panels_gifts import offer_line, wish_line
from abcd.pages.words import joined, names_of, verbatim
from abcd.people.gift_wording import offer_state_names, wish_state_names
from abcd.people.skills import skills
from abcd.people.waiting import offers_of_asset, wishes_of_asset

GIVING_PAGE = "abcd/pages/giving.py"


def asset_giving_panel(actor: Actor, one: AssetRecord) -> None:
    """Its offers and wishes in its own words; nothing where there are none, and nothing for what stays private."""
    if one.line.is_sensitive or one.merged_into or not (can(actor, "view", "offer") and can(actor, "view", "wish")):
        return
    with session(actor) as s:
        offers, wishes = offers_of_asset(s, one.id), wishes_of_asset(s, one.id)
        known, nearby = skills(s), names_of(categories(s))
    if not offers and not wishes:
        return
    st.header(_("What they offer and hope for"), anchor=False)
    for offer in offers:
        said(offer.own_words, _("Offers"), offer_state_names()[offer.state], offer_line(offer, known))
    for wish in wishes:
        said(wish.own_words, _("Hopes for"), wish_state_names()[wish.state], wish_line(wish, known, nearby))
    st.page_link(GIVING_PAGE, label=_("All offers and wishes"), icon=":material/arrow_forward:")


def said(words: str, kind: str, state: str, about: str) -> None:
    """Own words, whether given or hoped for, how it stands, and what it is."""
    st.markdown(f"“{verbatim(words)}”")
    st.caption(verbatim(joined([kind, state, about])))

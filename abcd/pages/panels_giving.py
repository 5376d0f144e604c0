"""What neighbours give and hope for in one place: opened on its page before anything that is worked out."""

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.gaps.themes import theme_words
from abcd.pages.ahead import Ahead
from abcd.pages.panels_balance import balance_panel
from abcd.pages.words import joined, verbatim
from abcd.people.gift_wording import owner_names, voice_names
from abcd.people.waiting import offers_waiting, wishes_unmet
from abcd.places.records import PlaceRecord

FIRST = 5
GIVING_PAGE = "abcd/pages/giving.py"


def giving_panel(actor: Actor, place: PlaceRecord, _ahead: Ahead) -> None:
    """Folded, because the lists of a place are long and private: those who open it see what they may."""
    if not can(actor, "view", "wish"):
        return
    label = _("What neighbours give and hope for")
    fold = st.expander(label, icon=":material/volunteer_activism:", key=f"giving of {place.id}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        lists(actor, place)
        balance_panel(actor, place.id)
        st.page_link(GIVING_PAGE, label=_("All offers and wishes"), icon=":material/arrow_forward:")


def lists(actor: Actor, place: PlaceRecord) -> None:
    """The oldest offers that wait and the oldest wishes that are not met, in own words and without names."""
    with session(actor) as s:
        offers = offers_waiting(s, place.id, limit=FIRST)
        wishes = wishes_unmet(s, place.id, limit=FIRST)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{_('Offers waiting')}**")
        for offer in offers:
            said(offer.own_words, owner_names()[offer.owner_kind], offer.theme)
    with right:
        st.markdown(f"**{_('Wishes not met yet')}**")
        for wish in wishes:
            said(wish.own_words, voice_names()[wish.voiced_by], wish.theme)


def said(words: str, whose: str, theme: str) -> None:
    """Own words, of what kind of neighbour or group they are, and what about."""
    st.markdown(f"“{verbatim(words)}”")
    st.caption(joined([whose, theme_words(theme) if theme else ""]))

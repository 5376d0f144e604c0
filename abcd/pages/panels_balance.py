"""Gifts beside hopes, by theme: where there is gift to spare, and where a wish has nobody yet (product.md D.2, 5)."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.gaps.themes import theme_words
from abcd.pages.words import joined, number, percent
from abcd.people.balance import Balance, balance

#: Near enough to a half to be called even.
EVEN = (0.4, 0.6)


def balance_panel(actor: Actor, place_id: UUID | None) -> None:
    """The balance of a place, or of everywhere."""
    if not (can(actor, "view", "offer") and can(actor, "view", "wish")):
        return
    with session(actor) as s:
        found = balance(s, place_id)
    if found is None:
        st.write(_("Counts of people are told of patches and estates alone. Choose one of those."))
        return
    st.caption(_("These figures are for this team’s eyes alone.") if found.is_raw else protection())
    if not found.themes:
        st.write(_("No gifts and no wishes are written down here yet. Ask somebody what they love to do."))
        return
    st.table(rows(found), hide_index=True, border="horizontal")
    with st.container(horizontal=True):
        figure(_("Neighbours who both give and hope"), found.reciprocity)
        figure(_("Neighbours’ offers that were used within a year"), found.used_share)
    with st.expander(_("How was this worked out?")):
        st.markdown("\n".join(f"- {line}" for line in how()))


def protection() -> str:
    """What was done to the figures, in a sentence."""
    return _("Counts of people below ten are not told, all others are rounded to five, and shares are of those.")


def rows(found: Balance) -> list[dict[str, str]]:
    """One row a theme; neighbours and all others in one cell, so that four columns fit on a telephone."""
    return [
        {
            _("Theme"): theme_words(one.theme),
            _("Offers"): counted(one.offering, one.other_offers),
            _("Wishes"): counted(one.wishing, one.other_wishes),
            _("Balance"): leaning(one.share),
        }
        for one in found.themes
    ]


def counted(neighbours: int | None, others: int) -> str:
    """Neighbours as they may be told, and what groups and others say; what is none is left out where one of both is."""
    people = (
        _("fewer than 10 neighbours") if neighbours is None
        else ngettext("{n} neighbour", "{n} neighbours", neighbours).format(n=number(neighbours)) if neighbours else ""
    )  # fmt: skip
    rest = ngettext("{n} other", "{n} others", others).format(n=number(others)) if others else ""
    return joined([people, rest]) or "–"


def leaning(share: float | None) -> str:
    """Which side has more, in words with its figure."""
    if share is None:
        return "–"
    if share > EVEN[1]:
        return _("Gifts to spare ({share})").format(share=percent(share))
    if share < EVEN[0]:
        return _("Wishes that nobody meets yet ({share})").format(share=percent(share))
    return _("About even ({share})").format(share=percent(share))


def figure(title: str, share: float | None) -> None:
    """A share, or that it cannot be told."""
    st.metric(title, percent(share), border=True)


def how() -> list[str]:
    """Formula, inputs and weak points."""
    return [
        _("Balance: offers divided by offers and wishes together; above a half there is gift to spare."),
        _("A neighbour counts once a theme, however many gifts they have; a gift counts under its first theme."),
        _("Offers that wait or are taken up, and wishes that are open or planned. Resting and ended ones do not "
          "count."),
        _("Whoever was never asked is in no figure: a theme without gifts may be a theme that nobody asked about."),
    ]  # fmt: skip

"""How much there is for so many people, beside the yardsticks that somebody uses."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.gaps.yardsticks import Held, Quantities, Yardstick, quantities
from abcd.pages.words import number, verbatim
from abcd.places.records import PlaceRecord


def quantities_panel(actor: Actor, here: PlaceRecord) -> None:
    """Each yardstick with what is here, what the people of the place would make it, and who uses it."""
    with session(actor) as s:
        found = _remembered(s, here)
    st.header(_("How much there is for so many people"))
    st.write(_("Yardsticks that somebody uses, never law; one that is meant for a whole authority says little of an "
               "estate."))  # fmt: skip
    st.table([row_of(one) for one in found.held], hide_index=True, border="horizontal")
    if found.people is not None:
        st.caption(verbatim(_("People: {n}, {how}.").format(n=number(found.people), how=found.counted_as)))


def _remembered(s: Session, here: PlaceRecord) -> Quantities:
    return remembered(s, ("quantities", here.id), lambda: quantities(s, here.id))


def row_of(one: Held) -> dict[str, str]:
    """A line of the table."""
    asked = _("people are not known") if one.asked is None else amount(one.yardstick, one.asked)
    return {
        _("What"): verbatim(one.yardstick.name), _("Here"): amount(one.yardstick, one.have),
        _("By the yardstick"): asked, _("Who uses it"): verbatim(one.yardstick.source),
    }  # fmt: skip


def amount(of: Yardstick, much: float) -> str:
    """So many hectares, or things."""
    if of.unit == "hectares":
        return _("{n:,.1f} ha").format(n=much)
    return number(int(much)) if much == int(much) else f"{much:,.1f}"

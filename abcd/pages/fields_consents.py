"""What somebody agrees to, at the end of a form: the words to read out, and a tick for each purpose."""

from datetime import date

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import CONSENT_HOW
from abcd.pages.fields import Typed, field
from abcd.pages.words import verbatim
from abcd.people.consents import ConsentDraft
from abcd.people.wording import route_names
from abcd.people.wordings import wordings

#: What is asked when somebody is written down; sharing, stories and photographs are asked when there is one.
ASKED = ("introductions", "being_found")


def purpose_names() -> dict[str, str]:
    """What somebody agrees to, in a line."""
    return {
        "introductions": _("Yes to introductions: we ask each time before anybody learns of them"),
        "being_found": _("Yes to being found by our coordinators for what they can do"),
    }


def consent_fields(actor: Actor, form: str) -> None:
    """Read each of these out, and tick what they said yes to; without a yes nothing is done with what they told."""
    with session(actor) as s:
        told = wordings(s)
    st.caption(_("Read these to them. Without a yes what they told us rests here, and nobody is brought together."))
    for purpose, name in purpose_names().items():
        st.write(f"“{verbatim(told[purpose].words)}”")
        st.checkbox(name, key=field(form, f"yes {purpose}"))
    ways = how_names()
    st.selectbox(_("How did they say it?"), list(ways), format_func=ways.__getitem__, key=field(form, "how"))


def how_names() -> dict[str, str]:
    """How a yes was said."""
    names = route_names() | {"paper": _("On paper"), "online": _("Online")}
    return {how: names[how] for how in CONSENT_HOW}


def consents_in(typed: Typed, on: date) -> tuple[ConsentDraft, ...]:
    """The yeses that were ticked, said on that day."""
    how = typed.get("how") or "in_person"
    return tuple(ConsentDraft(purpose, how, on) for purpose in ASKED if typed.get(f"yes {purpose}"))

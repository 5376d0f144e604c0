"""The register of introductions in: log one in under a minute, and what came of those that wait."""

import streamlit as st

from abcd.access import can
from abcd.connections.register import InLine, introductions_in
from abcd.connections.sources import source_names, state_names
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_register import first_met_form, let_in_button, log_form, no_button, yes_form
from abcd.pages.words import joined, verbatim
from abcd.people.queries import homes

PEOPLE_PAGE = "abcd/pages/people.py"


def register_panel(actor: Actor) -> None:
    """Log somebody; those whose yes is awaited; what came of the others."""
    st.write(_("Anybody may tell us that somebody might like to talk. Until that person says yes we keep a reference, "
               "who suggested it, and the day; after 28 days nothing is asked any more."))  # fmt: skip
    with session(actor) as s:
        places = {str(key): name for key, name, _kind in homes(s)}
        waits, yes, apart = (introductions_in(s, state) for state in ("suggested", "said_yes", "apart"))
    if can(actor, "add", "introduction_in"):
        log_form(actor, places)
    st.header(_("Nobody has asked them yet"), anchor=False)
    if not waits:
        st.write(_("Nobody waits."))
    for one in waits:
        waiting(actor, one, places)
    settled(actor, yes)
    if apart:
        kept_apart(actor, apart)


def waiting(actor: Actor, one: InLine, places: dict[str, str]) -> None:
    """One whose yes is awaited."""
    with st.container(border=True):
        st.markdown(f"**{verbatim(one.reference)}** · {verbatim(source_names()[one.source_kind])}")
        days = _("suggested {day}, kept until {end}").format(
            day=f"{one.received_on:%d/%m/%Y}", end=f"{one.expires_on:%d/%m/%Y}"
        )
        st.caption(verbatim(joined([one.place_name, days, one.coordinator])))
        if can(actor, "settle", "introduction_in"):
            yes_form(actor, one, places)
            no_button(actor, one)


def settled(actor: Actor, yes: list[InLine]) -> None:
    """Those who said yes, with how they came to us."""
    st.header(_("They said yes"), anchor=False)
    if not yes:
        st.write(_("Nobody yet."))
    for one in yes:
        with st.container(border=True):
            if one.person_id:
                st.page_link(PEOPLE_PAGE, label=f"**{verbatim(one.reference)}** · {_('Open their page')}",
                             query_params={"person": str(one.person_id)})  # fmt: skip
            alongside = {"": "", "short": _("a short way alongside"), "long": _("a long way alongside")}
            met = one.first_met_on and _("first met {day}").format(day=f"{one.first_met_on:%d/%m/%Y}")
            st.caption(verbatim(joined([source_names()[one.source_kind], state_names()[one.state],
                                        alongside[one.accompaniment], one.coordinator, met or ""])))  # fmt: skip
            if not one.first_met_on and can(actor, "settle", "introduction_in"):
                first_met_form(actor, one)


def kept_apart(actor: Actor, apart: list[InLine]) -> None:
    """What only a machine would send, in case it was somebody."""
    fold = st.expander(_("Kept apart: it looks as if a machine had sent it"), key="apart in", on_change="rerun")
    if fold.open:
        with fold:
            for one in apart:
                st.write(
                    verbatim(joined([one.reference, source_names()[one.source_kind], f"{one.received_on:%d/%m/%Y}"]))
                )
                let_in_button(actor, one)

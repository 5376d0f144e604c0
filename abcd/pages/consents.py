"""Consents: whom to ask again, each with a next step; and what people are told before they say yes."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_residents_consents import again_form
from abcd.pages.saving import Typed, drafting, field, folded, save_button, say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.pages.words import joined, verbatim
from abcd.people.consent_words import purpose_name, purpose_names
from abcd.people.consents import Expiring, expiring
from abcd.people.wordings import Wording, add_wording, wordings_for_team

PEOPLE_PAGE = "abcd/pages/people.py"
ON_A_PAGE = 20


def ask_again(actor: Actor) -> None:
    """Whose yes ends within two months, or ended in the last half year."""
    shown = st.session_state.setdefault("consents shown", ON_A_PAGE)
    with session(actor) as s:
        found = expiring(s, limit=shown + 1)
    st.write(_("A yes holds for two years. These end soon or have ended: ask when you meet, and never in a hurry."))
    if not found:
        st.write(_("Nobody has to be asked again just now."))
    for due in found[:shown]:
        with st.container(border=True):
            row(actor, due)
    if len(found) > shown:
        more = {"consents shown": shown + ON_A_PAGE}
        st.button(_("Show more"), on_click=lambda: st.session_state.update(more), key="more consents")


def row(actor: Actor, due: Expiring) -> None:
    """One yes: whose, to what, until when, and what comes next."""
    st.page_link(PEOPLE_PAGE, label=verbatim(due.preferred_name), query_params={"person": str(due.person_id)})
    day = f"{due.expires_on:%d/%m/%Y}"
    when = _("ended on {day}").format(day=day) if due.is_over else _("holds until {day}").format(day=day)
    st.caption(verbatim(joined([due.place_name, purpose_name(due.purpose, due.controllers), when])))
    st.write(next_step(due))
    if can(actor, "record", "consent"):
        again_form(actor, due)


def next_step(due: Expiring) -> str:
    """What to do next, with as little trouble to them as can be."""
    if due.next_on:
        return _("You talk on {day}: ask then.").format(day=f"{due.next_on:%d/%m/%Y}")
    if due.is_over:
        return _("Nothing is done with it until they say yes again. Ask when you next meet.")
    return _("Ask when you next meet. With the link to their own page they can say so themselves.")


def told(actor: Actor) -> None:
    """The words of each purpose, and earlier versions; stewards may write new ones."""
    with session(actor) as s:
        known = wordings_for_team(s)
    st.write(_("Read these words to people before they say yes. Each yes remembers the version it was said to."))
    for purpose, name in purpose_names().items():
        versions = [one for one in known if one.purpose == purpose]
        st.subheader(name, anchor=False)
        st.write(f"“{verbatim(versions[-1].words)}”")
        st.caption(_("Version {n}, since {day}").format(n=versions[-1].version, day=f"{versions[-1].from_on:%d/%m/%Y}"))
        earlier(versions[:-1])
        if can(actor, "edit", "consent_wording"):
            wording_form(actor, versions[-1])


def earlier(versions: list[Wording]) -> None:
    """What was said before."""
    if not versions:
        return
    label = _("Earlier words ({n})").format(n=len(versions))
    with st.expander(label, key=f"earlier {versions[0].purpose}"):
        for one in reversed(versions):
            st.caption(_("Version {n}, since {day}").format(n=one.version, day=f"{one.from_on:%d/%m/%Y}"))
            st.write(f"“{verbatim(one.words)}”")


def wording_form(actor: Actor, now: Wording) -> None:
    """New words from today on, in both languages."""
    form = f"wording {now.purpose}"
    fold = folded(actor, form, _("Say it in other words"), ":material/edit_note:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        st.text_area(_("In English"), now.told, height=160, key=field(form, "told"))
        st.text_area(_("In Welsh"), now.told_cy, height=160, key=field(form, "told_cy"))
        st.caption(_("Whoever said yes before said it to the earlier words, and that stays on record."))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            add_wording(s, now.purpose, typed["told"], typed["told_cy"], by=by, key=key)

        save_button(form, _("Use these words from today"), act, actor, _("These words hold from today."))


actor = visitor()
for_those_who_may(actor, "view", "consent_wording")
st.title(_("Consents"))
say_what_was_done()
TABS = {_("Ask again"): ask_again} if can(actor, "view", "consent") else {}
TABS |= {_("What people are told"): told}
for tab, panel in zip(st.tabs(list(TABS), on_change="rerun", key="consents tab"), TABS.values(), strict=True):
    if tab.open:
        with tab, telling():
            panel(actor)

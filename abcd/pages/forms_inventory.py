"""Sit down with somebody: the capacity inventory, made for a phone. Gifts come first, consents end it."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.fields_consents import consent_fields, consents_in
from abcd.pages.fields_gifts import Known, gift_fields, hope_fields, known_gifts, offers_in, wishes_in
from abcd.pages.fields_people import (
    NEW,
    free_fields,
    grid_in,
    grounds_fields,
    grounds_in,
    home_names,
    person_values,
    reach_fields,
    ways_fields,
)
from abcd.pages.saving import Typed, drafting, field, nonce, save_button, saved, typed_in
from abcd.pages.words import joined, verbatim
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft
from abcd.people.inventory import Inventory, take_inventory
from abcd.people.queries import might_be_same
from abcd.people.records import PersonLine

PEOPLE_PAGE = "abcd/pages/people.py"
FORM = "inventory"


def inventory_panel(actor: Actor) -> None:
    """The whole form, in the order in which a talk goes."""
    new = saved(FORM)
    if new:
        st.page_link(PEOPLE_PAGE, label=_("Open their page"), icon=":material/arrow_forward:",
                     query_params={"person": new})  # fmt: skip
    places, known = home_names(actor), known_gifts(actor)
    st.write(_("Talk first, write after. Leave open whatever they did not say."))
    with drafting(actor, FORM):
        gifts_and_hopes(known)
        st.header(_("How and when"), anchor=False)
        ways_fields(FORM, NEW)
        with st.expander(_("When do they have time?"), icon=":material/schedule:"):
            free_fields(FORM)
        st.header(_("Who they are"), anchor=False)
        reach_fields(FORM, NEW, places)
        alike_fields(FORM, alike_now(actor, FORM))
        with st.expander(_("Why we keep this"), icon=":material/balance:"):
            grounds_fields(FORM)
        with st.expander(_("A worry, only if they want it written down"), icon=":material/lock:"):
            st.text_area(_("In their own words"), key=field(FORM, "worry"), height=90)
        st.header(_("What they agree to"), anchor=False)
        consent_fields(actor, FORM)
        if not st.session_state.get(field(FORM, "adult_confirmed")):
            st.caption(
                _("Nobody wrote down that they are 18 or older: until then nobody is brought together with them.")
            )
        inventory_button(actor, known)


def gifts_and_hopes(known: Known) -> None:
    """What they give, hope for and care about: the beginning of the form."""
    st.header(_("Gifts"), anchor=False)
    gift_fields(FORM, known)
    st.header(_("Hopes"), anchor=False)
    hope_fields(FORM, known)
    st.text_area(_("What and who matters to you?"), key=field(FORM, "interest"), height=90)


def alike_now(actor: Actor, form: str) -> list[PersonLine]:
    """People whom what stands in the form may mean; its grounds may not stand there yet, and tell nobody apart."""
    typed = typed_in(form, nonce(form))
    if not typed.get("place_id") or not typed.get("preferred_name", "").strip():
        return []
    with session(actor) as s:
        return might_be_same(s, draft_in(typed, Grounds("", "", today(), "")))


def alike_fields(form: str, alike: list[PersonLine]) -> None:
    """Who they might be, and a tick that they are somebody else."""
    if not alike:
        return
    st.warning(_("They may be written down already. Have a look first:"), icon=":material/group:")
    for line in alike:
        st.page_link(PEOPLE_PAGE, label=joined([verbatim(line.preferred_name), verbatim(line.place_name)]),
                     query_params={"person": str(line.id)})  # fmt: skip
    st.checkbox(_("This is somebody else"), key=field(form, "else"))


def inventory_button(actor: Actor, known: Known) -> None:
    """Save all of it, or nothing."""

    def act(s: Session, by: Actor, key: str, typed: Typed) -> UUID:
        return take_inventory(s, inventory_in(typed, known), by=by, key=key)

    done = _("They are written down, with everything they told you. Thank them.")
    save_button(FORM, _("Write it all down"), act, actor, done, type="primary")


def inventory_in(typed: Typed, known: Known) -> Inventory:
    """What stands in the form."""
    grounds, grid = grounds_in(typed), grid_in(typed)
    person = draft_in(typed, grounds)
    return Inventory(
        person,
        tuple(offers_in(typed, known, grounds, grid, person.max_walk_minutes)),
        tuple(wishes_in(typed, known, grounds, grid)),
        notes_in(typed, grounds),
        consents_in(typed, grounds.consent_on),
        is_somebody_else=bool(typed.get("else")),
    )


def draft_in(typed: Typed, grounds: Grounds) -> PersonDraft:
    """The person who stands in the form."""
    return PersonDraft(grounds=grounds, **person_values(typed, NEW))


def notes_in(typed: Typed, grounds: Grounds) -> tuple[NoteDraft, ...]:
    """What matters to them, and a worry if they told one."""
    told = ((kind, str(typed.get(kind) or "").strip()) for kind in ("interest", "worry"))
    return tuple(NoteDraft(kind, words, grounds, grounds.consent_on) for kind, words in told if words)

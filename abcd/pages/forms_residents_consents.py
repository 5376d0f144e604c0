"""Forms of what a resident agrees to: a yes, the same yes again, a no, everything back."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import CONSENT_PURPOSES
from abcd.pages.fields_consents import how_names
from abcd.pages.saving import Typed, drafting, field, folded, save_button
from abcd.pages.words import verbatim
from abcd.people.consent_words import purpose_name, purpose_names
from abcd.people.consents import ConsentDraft, ConsentRecord, Expiring, give_consent, withdraw
from abcd.people.leaving import withdraw_everything
from abcd.people.records import PersonRecord
from abcd.people.wordings import wordings


def how_and_when(form: str) -> None:
    """In which way they said it, and on which day."""
    ways = how_names()
    st.selectbox(_("How did they say it?"), list(ways), format_func=ways.__getitem__, key=field(form, "how"))
    st.date_input(_("On which day?"), today(), max_value=today(), key=field(form, "on"), format="DD/MM/YYYY")


def how_field(form: str) -> None:
    """In which way they said no."""
    ways = how_names()
    st.selectbox(_("How did they tell you?"), list(ways), format_func=ways.__getitem__, key=field(form, "how"))


def yes_form(actor: Actor, one: PersonRecord) -> None:
    """They said yes to something: the words to read out first, then how and when they said it."""
    form = f"yes person {one.id}"
    fold = folded(actor, form, _("They say yes to something"), ":material/handshake:")
    if fold is None:
        return
    with session(actor) as s:
        told = wordings(s)
    with fold, drafting(actor, form):
        names = purpose_names()
        purpose = st.selectbox(_("To what?"), CONSENT_PURPOSES, format_func=names.__getitem__,
                               key=field(form, "purpose"))  # fmt: skip
        st.caption(_("Read this to them first:"))
        st.write(f"“{verbatim(told[purpose].words)}”")
        if purpose == "sharing":
            st.text_area(_("Which organisations may be told? One a line, each by its name"), key=field(form, "named"))
        how_and_when(form)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            named = typed.get("named", "").splitlines() if typed["purpose"] == "sharing" else ()
            give_consent(s, one.id, ConsentDraft(typed["purpose"], typed["how"], typed["on"], named), by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("Their yes is written down, for two years."),
                    type="primary")  # fmt: skip


def no_form(actor: Actor, given: ConsentRecord) -> None:
    """They take a yes back: as easy as it was given."""
    form = f"no consent {given.id}"
    label = _("They take it back: {what}").format(what=purpose_name(given.purpose, given.controllers))
    fold = folded(actor, form, verbatim(label), ":material/undo:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        if given.purpose == "introductions":
            st.write(_("Introductions of theirs that are under way end, and nobody is told why."))
        if given.controllers:
            named = verbatim(", ".join(given.controllers))
            st.write(_("Then tell {names} that nothing more comes.").format(names=named))
        how_field(form)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            withdraw(s, given.id, typed["how"], by=by, key=key)

        save_button(form, _("It holds no longer"), act, actor, _("From this moment nothing is done with it."))


def again_form(actor: Actor, due: Expiring) -> None:
    """They were asked again: a yes for another two years, or a no."""
    form = f"again consent {due.consent_id}"
    fold = folded(actor, form, _("They were asked again"), ":material/handshake:")
    if fold is None:
        return
    with session(actor) as s:
        told = wordings(s)[due.purpose]
    with fold, drafting(actor, form):
        st.caption(_("Read this to them first:"))
        st.write(f"“{verbatim(told.words)}”")
        answers = {"yes": _("Yes, for another two years"), "no": _("No, not any more")}
        st.segmented_control(_("What did they say?"), list(answers), default="yes", required=True,
                             format_func=answers.__getitem__, key=field(form, "said"))  # fmt: skip
        how_and_when(form)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            if typed["said"] == "no":
                withdraw(s, due.consent_id, typed["how"], by=by, key=key)
            else:
                draft = ConsentDraft(due.purpose, typed["how"], typed["on"], due.controllers)
                give_consent(s, due.person_id, draft, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("What they said is written down."), type="primary")


def leave_form(actor: Actor, one: PersonRecord) -> None:
    """They want to be forgotten."""
    form = leaving(one.id)
    fold = folded(actor, form, _("They take everything back"), ":material/door_open:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        st.write(
            _(
                "They are gone from every page, list and count at once, and erased within the hour. Introductions that "
                "are under way end, and nobody is told why. It cannot be undone."
            )
        )
        how_field(form)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
            withdraw_everything(s, one.id, typed["how"], by=by, key=key)
            return _("They are gone from every page, and erased within the hour.")

        save_button(form, _("Forget them now"), act, actor, "")


def leaving(person_id: UUID) -> str:
    """The name of the form by which somebody leaves; what it gave back is all that their page says afterwards."""
    return f"leave person {person_id}"

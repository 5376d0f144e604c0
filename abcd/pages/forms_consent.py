"""Whether a contact is shown outside: an office's by a press, what may be one person's with a recorded consent."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.consent import Consent, is_shown, record_consent, show_office_contact, withdraw_consent, wording
from abcd.assets.records import AssetRecord
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.consent import OFFICE_KINDS
from abcd.db.session import Actor
from abcd.pages.saving import Typed, drafting, field, folded, save_button
from abcd.pages.words import verbatim


def contact_panel(actor: Actor, one: AssetRecord, consents: list[Consent]) -> None:
    """Whether the contact of a record is shown outside, since when, and how to change that."""
    if not (one.phone or one.email) or not can(actor, "view", "contact_consent"):
        return
    is_office = one.line.asset_kind in OFFICE_KINDS
    held = next((each for each in consents if each.holds), None)
    shown = is_shown(one, consents)
    st.subheader(_("Its telephone and e-mail"), anchor=False)
    st.write(how_it_stands(one, held, shown, is_office))
    if is_office:
        office_button(actor, one, shown)
    elif shown:
        withdraw_form(actor, one)
    else:
        consent_form(actor, one)


def how_it_stands(one: AssetRecord, held: Consent | None, shown: bool, is_office: bool) -> str:
    """Whether it is shown, in a sentence."""
    if shown and held and not is_office:
        days = {"given": f"{held.given_on:%d/%m/%Y}", "until": f"{held.expires_on:%d/%m/%Y}"}
        return _("Shown on maps and in files: they agreed on {given}, until {until}.").format(**days)
    if shown:
        return _("Shown on maps and in files, as the contact of an office.")
    if one.contact_public:
        return _("Marked to be shown, but nobody wrote down that they agreed: so it is not shown outside. Ask them.")
    return _("Only our own team sees it.")


def office_button(actor: Actor, one: AssetRecord, shown: bool) -> None:
    """Show or hide the contact of an institution or a building."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        show_office_contact(s, one.id, not shown, by=by, key=key)

    label, done = (
        (_("Hide it"), _("It is no longer shown.")) if shown else (_("Show it"), _("It is shown from now on."))
    )
    save_button(f"office {one.id}", label, act, actor, done)


def consent_form(actor: Actor, one: AssetRecord) -> None:
    """They agreed: when, and how they told us."""
    form = f"consent {one.id}"
    fold = folded(actor, form, _("They agreed to show it"), ":material/handshake:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        st.caption(_("Read this to them first:"))
        st.write(f"“{verbatim(wording())}”")
        how_field(form, _("How did they agree?"))
        st.date_input(_("On which day?"), today(), max_value=today(), key=field(form, "on"), format="DD/MM/YYYY")

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            record_consent(s, one.id, how=typed["how"], on=typed["on"], by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("Written down. It is shown from now on, for two years."))


def withdraw_form(actor: Actor, one: AssetRecord) -> None:
    """They want it shown no longer: as easy as it was given."""
    form = f"withdraw {one.id}"
    fold = folded(actor, form, _("They want it shown no longer"), ":material/visibility_off:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        how_field(form, _("How did they tell you?"))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            withdraw_consent(s, one.id, how=typed["how"], by=by, key=key)

        save_button(form, _("Hide it now"), act, actor, _("It is hidden from this moment."))


def how_field(form: str, label: str) -> None:
    """In which way they said it."""
    ways = {"in person": _("In person"), "telephone": _("By telephone"), "e-mail": _("By e-mail"),
            "form": _("On a form")}  # fmt: skip
    st.selectbox(label, list(ways), format_func=ways.__getitem__, key=field(form, "how"))

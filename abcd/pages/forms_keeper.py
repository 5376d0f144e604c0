"""What named roles alone do with a person's record: keep it out of sight, hand all of it over, erase it."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.saving import Job, Typed, drafting, field, folded, job_button, opened_at, save_button, typed_in
from abcd.people.actions import edit_person
from abcd.people.erasing import REASONS, erase
from abcd.people.records import PersonRecord

#: Those that a keeper gives; the others are for what runs by itself.
GIVEN = ("asked", "withdrew", "moved", "died", "mistake")


def keeping_forms(actor: Actor, one: PersonRecord) -> None:
    """Whatever of the three this role may do."""
    if can(actor, "see_safety_risk", "person"):
        protect_form(actor, one)
    if can(actor, "give_all_data", "person"):
        handing_over(one)
    if can(actor, "erase", "person"):
        erase_form(actor, one)


def protect_form(actor: Actor, one: PersonRecord) -> None:
    """Take somebody out of sight of all but owners and managers, or bring them back."""
    form = f"protect person {one.id}"
    fold = folded(actor, form, _("Keep out of sight"), ":material/shield_person:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version):
        st.write(
            _(
                "Only owners and managers see them then. They are in no list, count, suggestion, warning or message "
                "for anybody else, and no reason is kept."
            )
        )
        version = opened_at(form, one.version)

        def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
            edit_person(s, one.id, {"safety_risk": not one.safety_risk}, version=version, by=by, key=key)

        if one.safety_risk:
            save_button(form, _("Bring back into sight"), act, actor, _("Colleagues see them again."))
        else:
            save_button(form, _("Keep out of sight"), act, actor, _("Only owners and managers see them now."))


def handing_over(one: PersonRecord) -> None:
    """All that is held about them, as a page to read and as data."""
    fold = st.expander(_("Give them everything we hold about them"), icon=":material/folder_open:",
                       key=f"everything {one.id}", on_change="rerun")  # fmt: skip
    if fold.open:
        address = f"/export/person/{one.id}/everything"
        fold.write(_("Hand it to the person themselves, then remove the file. That it was made is written down."))
        fold.markdown(f"[{_('A page to read')}]({address}.html) · [{_('Data (JSON)')}]({address}.json)")


def erase_form(actor: Actor, one: PersonRecord) -> None:
    """Erase them to the last byte: for what reason, and surely."""
    form = erasing(one.id)
    fold = st.expander(_("Erase them"), icon=":material/delete_forever:", key=f"fold {form}", on_change="rerun")
    if not fold.open:
        return
    with fold:
        reasons = {reason: _(REASONS[reason]) for reason in GIVEN}
        st.selectbox(_("Why?"), GIVEN, format_func=reasons.__getitem__, key=field(form, "reason"))
        sure = st.checkbox(_("Everything about them goes, and nobody can bring it back"), key=field(form, "sure"))
        done, busy = _("They are erased."), _("Erasing every row, copy and byte; this may take a minute.")
        job_button(form, _("Erase them now"), erase_job(one.id), actor, done, busy, disabled=not sure)


def erase_job(person_id: UUID) -> Job:
    """The erasure that the button runs; it gives back what to tell whoever asked."""
    form = erasing(person_id)

    def job(by: Actor, key: str) -> str:
        return " ".join(erase(person_id, typed_in(form, key)["reason"], actor=by).sentences)

    return job


def erasing(person_id: UUID) -> str:
    """The name of the form that erases somebody."""
    return f"erase person {person_id}"

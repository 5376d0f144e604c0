"""Forms of one person: still right, what they said, and mending what is written down."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.pages.fields_people import (
    NEW,
    grounds_fields,
    grounds_in,
    home_names,
    person_values,
    reach_fields,
    ways_fields,
)
from abcd.pages.saving import (
    Typed,
    both_sides,
    changed,
    drafting,
    field,
    folded,
    opened_at,
    opened_with,
    save_button,
)
from abcd.people.actions import GROUNDS, add_note, confirm_person, edit_person
from abcd.people.drafts import Grounds, NoteDraft
from abcd.people.grounds_words import grounds_kept, grounds_said
from abcd.people.records import PersonRecord
from abcd.people.wording import (
    LANGUAGES,
    basis_names,
    language_name,
    need_names,
    note_names,
    person_titles,
    role_names,
    route_names,
)

#: What is written down on this form, worries last; gifts and hopes become offers and wishes, talks have their own form.
NOTES = ("interest", "own_words", "worry")
#: What stands in words of ours, or of whoever wrote it.
SAID_OF_GROUNDS = ("purpose", "source")


def confirm_form(actor: Actor, one: PersonRecord) -> None:
    """One press: they said today that what we keep is still right."""
    form = f"confirm person {one.id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        confirm_person(s, one.id, version=version, by=by, key=key)

    save_button(form, _("They say it is still right"), act, actor, _("Confirmed: we ask again in two years at most."))


def note_form(actor: Actor, one: PersonRecord) -> None:
    """Write down something they said, in their own words."""
    form = f"note person {one.id}"
    fold = folded(actor, form, _("Write down what they said"), ":material/format_quote:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        names = note_names()
        st.segmented_control(_("What is it?"), NOTES, default="interest", required=True, format_func=names.__getitem__,
                             key=field(form, "kind"))  # fmt: skip
        st.text_area(_("In their own words"), key=field(form, "words"))
        st.date_input(_("Said on"), today(), max_value=today(), format="DD/MM/YYYY", key=field(form, "said_on"))
        st.markdown(f"**{_('Why we keep this')}**")
        grounds_fields(form, grounds_of(one))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            draft = NoteDraft(typed["kind"], typed["words"], grounds_in(typed), said_on=typed["said_on"])
            add_note(s, one.id, draft, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("It is written down, in their own words."), type="primary")


def grounds_of(one: PersonRecord) -> Grounds:
    """Why what is kept of somebody may be kept: what a further word of theirs starts from."""
    return Grounds(one.purpose, one.lawful_basis, one.consent_on, one.source)


def edit_form(actor: Actor, one: PersonRecord) -> None:
    """Everything that can be mended, with what stands there now: what they do first, the telephone later."""
    form, now = f"edit person {one.id}", values_of(one)
    fold = folded(actor, form, _("Mend these details"), ":material/edit:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version, now):
        left, right = st.columns(2, gap="large")
        places = {str(one.place_id): one.place_name} | home_names(actor)
        with left:
            ways_fields(form, now)
        with right:
            reach_fields(form, now, places)
        st.markdown(f"**{_('Why we keep this')}**")
        grounds_fields(form, grounds_of(one))
        both_sides(form, person_titles(), said(places))
        edit_button(actor, form, one, now)


def edit_button(actor: Actor, form: str, one: PersonRecord, now: Typed) -> None:
    """Save what differs from the record as it was opened."""
    version, began = opened_at(form, one.version), opened_with(form, now)

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        told = person_values(changed(typed, began), (*NEW, *GROUNDS))
        told |= {name: grounds_kept(told[name] or "") for name in SAID_OF_GROUNDS if name in told}
        edit_person(s, one.id, told, version=version, by=by, key=key)

    save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def values_of(one: PersonRecord) -> Typed:
    """The values that the form starts from."""
    worded = {name: grounds_said(getattr(one, name)) for name in SAID_OF_GROUNDS}
    return {name: getattr(one, name) for name in (*NEW, *GROUNDS)} | {"place_id": str(one.place_id)} | worded


def said(places: dict[str, str]) -> dict[str, dict[str, str]]:
    """How the values of the lists are said."""
    languages = {code: language_name(code) for code in LANGUAGES}
    return {
        "roles": role_names(), "access_needs": need_names(), "contact_route": route_names(), "place_id": places,
        "lawful_basis": basis_names(), "language": languages, "speaks": languages,
    }  # fmt: skip

"""One person: what they give, hope for and care about first; how to reach them after; worries last, and folded."""

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.forms_keeper import keeping_forms
from abcd.pages.forms_people import confirm_form, edit_form, note_form
from abcd.pages.words import joined, verbatim
from abcd.people.grounds_words import grounds_said
from abcd.people.queries import notes_of
from abcd.people.records import NoteRecord, PersonRecord
from abcd.people.wishes import wishes_of
from abcd.people.wording import basis_names, language_name, need_names, note_names, role_names, route_names

#: What the card tells, in this order; worries are not among it.
ON_THE_CARD = ("gift", "hope", "interest", "own_words")


def heading(one: PersonRecord) -> None:
    """Their name, where they belong, and what they are to this place."""
    st.title(verbatim(one.preferred_name), anchor=False)
    roles = [role_names().get(role, role) for role in one.roles]
    st.caption(verbatim(joined([one.place_name, *roles])))
    if one.safety_risk:
        st.caption(_("Kept out of sight: only owners and managers see this page."))


def card(actor: Actor, one: PersonRecord) -> None:
    """What they said of their gifts, hopes and interests, in their own words."""
    said = notes(actor, one, ON_THE_CARD)
    if said:
        st.header(_("In their own words"), anchor=False)
    for kind in ON_THE_CARD:
        words_of_kind(note_names()[kind], [note for note in said if note.kind == kind])
    learned(actor, one)
    if can(actor, "add", "person_note"):
        note_form(actor, one)


def learned(actor: Actor, one: PersonRecord) -> None:
    """What they wished to learn, and learned since (product.md 002-8)."""
    if not can(actor, "view", "person_note"):
        return
    with session(actor) as s:
        wishes = wishes_of(s, one.id)
    words = [wish.own_words for wish in wishes if wish.wish_kind == "learn" and wish.state == "met"]
    if words:
        st.markdown(f"**{_('Learned since')}**")
        st.markdown("\n".join(f"- {verbatim(told)}" for told in words))


def worries(actor: Actor, one: PersonRecord) -> None:
    """What they worry about, if they told us: folded, last, and in no list or file."""
    said = notes(actor, one, ("worry",))
    if not said:
        return
    fold = st.expander(_("Worries they told us"), icon=":material/lock:", key=f"worries {one.id}", on_change="rerun")
    if fold.open:
        with fold:
            words_of_kind("", said)


def notes(actor: Actor, one: PersonRecord, kinds: tuple[str, ...]) -> list[NoteRecord]:
    """What they said of these kinds; nothing for a role that may not read it."""
    if not can(actor, "view", "person_note"):
        return []
    with session(actor) as s:
        return [note for note in notes_of(s, one.id) if note.kind in kinds]


def words_of_kind(title: str, said: list[NoteRecord]) -> None:
    """One kind of what they said, as quotations with their days."""
    if title and said:
        st.markdown(f"**{title}**")
    for note in said:
        st.markdown(f"> {verbatim(note.words)}")
        st.caption(f"{note.said_on:%d/%m/%Y}")


def details(actor: Actor, one: PersonRecord) -> None:
    """How to reach them, what helps them to take part, and why we keep it."""
    st.header(_("Details"), anchor=False)
    walk = one.max_walk_minutes and _("{n} minutes one way").format(n=one.max_walk_minutes)
    facts = {
        _("Likes to be reached"): route_names()[one.contact_route],
        _("Telephone"): one.phone,
        _("E-mail"): one.email,
        _("Languages"): ", ".join(language_name(code) for code in dict.fromkeys((one.language, *one.speaks))),
        _("Walks up to"): walk or "",
        _("To take part"): ", ".join(need_names().get(need, need) for need in one.access_needs),
        _("What helps them to follow"): one.comms_needs,
    }
    table(facts)
    st.subheader(_("Why we keep this"), anchor=False)
    table({
        _("Purpose"): grounds_said(one.purpose),
        _("Lawful basis"): f"{basis_names()[one.lawful_basis]} ({one.consent_on:%d/%m/%Y})",
        _("Who told us"): grounds_said(one.source),
        _("Still right on"): f"{one.confirmed_on:%d/%m/%Y}",
        _("Asked again by"): f"{one.retention_review_on:%d/%m/%Y}",
    })  # fmt: skip
    if one.status == "inactive":
        st.write(_("Nothing was heard of them for a year: ask whether this is still right when you meet."))
    if can(actor, "edit", "person"):
        confirm_form(actor, one)
        edit_form(actor, one)
    keeping_forms(actor, one)


def table(facts: dict[str, str]) -> None:
    """Facts, those alone that are known."""
    rows = [{_("What"): name, _("Known"): verbatim(value)} for name, value in facts.items() if value]
    st.table(rows, hide_index=True, hide_header=True, border="horizontal")

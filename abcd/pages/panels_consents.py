"""What one resident agreed to, how each yes came about, and the link to their own page."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.pages.fields_consents import how_names
from abcd.pages.forms_residents_consents import leave_form, no_form, yes_form
from abcd.pages.panels_ask import square
from abcd.pages.saving import Typed, save_button, saved
from abcd.pages.words import joined, verbatim
from abcd.people.consent_words import purpose_name, purpose_names, standing_words
from abcd.people.consents import ConsentRecord, consents_of, holding
from abcd.people.records import PersonRecord
from abcd.people.resident_links import HeldLink, NewLink, end_resident_link, link_held_by, make_resident_link


def consents_panel(actor: Actor, one: PersonRecord) -> None:
    """What they agreed to, a yes and a no to write down, and their own link."""
    if not can(actor, "view", "consent") or one.status == "anonymised":
        return
    with session(actor) as s:
        given, link = consents_of(s, one.id), link_held_by(s, one.id)
    st.header(_("What they agreed to"), anchor=False)
    standing(given)
    if not one.adult_confirmed:
        st.caption(_("Nobody wrote down that they are 18 or older: until then nobody is brought together with them."))
    if can(actor, "record", "consent"):
        yes_form(actor, one)
    if can(actor, "withdraw", "consent"):
        for held in [each for each in given if each.holds]:
            no_form(actor, held)
    proofs(one, given)
    own_link(actor, one, link)
    if can(actor, "withdraw", "consent"):
        leave_form(actor, one)


def standing(given: list[ConsentRecord]) -> None:
    """Each purpose with how it stands; a purpose that was never asked says so."""
    held = holding(given)
    shared = [each for each in given if each.purpose == "sharing" and each.holds]
    for purpose, name in purpose_names().items():
        yes = held.get(purpose) or next((each for each in given if each.purpose == purpose), None)
        if purpose != "sharing" or not shared:
            st.markdown(f"**{name}**: {standing_words(yes) if yes else _('No yes so far.')}")
    for each in shared:
        st.markdown(f"**{verbatim(purpose_name(each.purpose, each.controllers))}**: {standing_words(each)}")


def proofs(one: PersonRecord, given: list[ConsentRecord]) -> None:
    """Every yes and no as it was written down."""
    if not given:
        return
    label = _("How each yes and no was written down ({n})").format(n=len(given))
    fold = st.expander(label, key=f"proofs person {one.id}", on_change="rerun")
    if fold.open:
        ways = how_names()
        for each in given:
            no = _("taken back: {how}").format(how=ways[each.withdrawn_how]) if each.withdrawn_how else ""
            by = _("by themselves, on their own page") if each.by_self else ""
            words = _("words of version {n}").format(n=each.wording_version)
            what = purpose_name(each.purpose, each.controllers)
            fold.markdown(f"**{verbatim(what)}**: {standing_words(each)}")
            fold.caption(verbatim(joined([ways[each.how], words, each.recorded_by, no, by])))


def own_link(actor: Actor, one: PersonRecord, held: HeldLink | None) -> None:
    """Their own page by a link that they keep: made, shown once, ended."""
    if not can(actor, "make", "resident_link"):
        return
    st.subheader(_("Their own page"), anchor=False)
    st.write(_("With a link of their own they see what we keep, say yes or no, and take everything back, at any time."))
    form = f"link person {one.id}"
    if held:
        st.caption(verbatim(link_words(held)))
    fresh(form)

    def make(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        st.session_state[f"making {form}"] = make_resident_link(s, one.id, by=by)

    def end(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        end_resident_link(s, one.id, by=by)
        st.session_state[f"made {form}"] = None

    with st.container(horizontal=True):
        label = _("Make a new link for them") if held else _("Make a link for them")
        save_button(form, label, make, actor, _("The link is made. Hand it to them and to nobody else."))
        if held:
            save_button(f"end {form}", _("End the link"), end, actor, _("The link opens nothing any more."))


def link_words(held: HeldLink) -> str:
    """Since when they hold a link, until when, and when it was last used."""
    used = _("last used on {day}").format(day=f"{held.last_used_day:%d/%m/%Y}") if held.last_used_day else ""
    made = _("They hold a link since {day}").format(day=f"{held.made_at.astimezone(LOCAL):%d/%m/%Y}")
    until = _("it works until {day}").format(day=f"{held.expires_at.astimezone(LOCAL):%d/%m/%Y}")
    return joined([made, until, used])


def fresh(form: str) -> None:
    """The link that was just made, to copy or to print on a card without a name; shown only now."""
    if saved(form) is not None:
        st.session_state[f"made {form}"] = st.session_state.pop(f"making {form}", None)
    made: NewLink | None = st.session_state.get(f"made {form}")
    if made is None:
        return
    st.info(_("Copy or print this link now: it is shown only here. A newer one ends it."))
    code, words = st.columns([1, 4], vertical_alignment="center")
    code.image(square(made.url), width=140, alt=_("A square code that holds the link"))
    with words:
        st.code(made.url, language=None, wrap_lines=True)
        st.markdown(f"[{_('A card to print for them')}]({made.card})")

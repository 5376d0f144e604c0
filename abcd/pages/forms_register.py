"""Forms of the register of introductions in: log one, say what came of it."""

from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.connections.register import InLine, Suggested, add_introduction_in
from abcd.connections.settling import let_in, note_first_met, settle_no, settle_yes
from abcd.connections.sources import source_names
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.pages.saving import Typed, drafting, field, folded, opened_at, save_button, saved
from abcd.pages.words import joined, verbatim
from abcd.people.actions import add_person
from abcd.people.drafts import Grounds, PersonDraft
from abcd.people.queries import people


def log_form(actor: Actor, places: dict[str, str]) -> None:
    """Two choices and a button: who suggests it, and roughly where."""
    form = "log introduction"
    reference = saved(form)
    if reference:
        st.success(_("The reference is {reference}. Give it to whoever suggested it.").format(reference=reference))
    with st.container(border=True), drafting(actor, form):
        names = source_names()
        st.selectbox(_("Who suggests it?"), list(names), index=None, format_func=names.__getitem__,
                     key=field(form, "source"), placeholder=_("Choose one"))  # fmt: skip
        st.selectbox(_("Where, roughly? (if you like)"), list(places), index=None,
                     format_func=lambda key: verbatim(places.get(key, "")), key=field(form, "place"),
                     placeholder=_("Choose one"))  # fmt: skip
        st.date_input(_("On which day?"), today(), max_value=today(), key=field(form, "on"), format="DD/MM/YYYY")

        def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
            place = UUID(typed["place"]) if typed["place"] else None
            told = Suggested(typed["source"] or "", place, typed["on"], by.name)
            return add_introduction_in(s, told, by=by, key=key)

        save_button(form, _("Log it"), act, actor, _("It is in the register."), type="primary")


def yes_form(actor: Actor, one: InLine, places: dict[str, str]) -> None:
    """The person said yes: somebody we know, or somebody new."""
    form = f"said yes {one.id}"
    fold = folded(actor, form, _("They said yes"), ":material/waving_hand:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version):
        with session(actor) as s:
            known = {str(line.id): joined([line.preferred_name, line.place_name]) for line in people(s)}
        st.selectbox(_("Somebody we know"), list(known), index=None, format_func=lambda key: known.get(key, ""),
                     key=field(form, "person"), placeholder=_("Nobody: they are new to us"))  # fmt: skip
        st.text_input(_("Or new to us: how do they like to be called?"), key=field(form, "name"))
        st.selectbox(_("Their patch or estate"), list(places), index=None,
                     format_func=lambda key: verbatim(places.get(key, "")), key=field(form, "home"),
                     placeholder=_("Choose one"))  # fmt: skip
        ways = {"short": _("A short way alongside"), "long": _("A long way alongside")}
        st.segmented_control(_("How long do they wish for company?"), list(ways), format_func=ways.__getitem__,
                             key=field(form, "alongside"))  # fmt: skip
        st.caption(_("Tell them what we keep and why before you write it down. Their gifts and hopes come next, on "
                     "their own page."))  # fmt: skip
        version = opened_at(form, one.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            settle_yes(s, one.id, who(s, typed, by, key), version=version, by=by, key=key,
                       accompaniment=typed.get("alongside") or "")  # fmt: skip

        save_button(form, _("Write their yes down"), act, actor, _("Written down. Open their page and listen."),
                    type="primary")  # fmt: skip


def who(s: Session, typed: Typed, by: Actor, key: str) -> UUID:
    """The person that was chosen, or a new one of this name.

    Raises:
        BadRequest: neither, or no place to belong to.
    """
    if typed.get("person"):
        return UUID(typed["person"])
    if not (typed.get("name") or "").strip() or not typed.get("home"):
        raise BadRequest(_("Choose somebody we know, or say how they like to be called and where they belong."))
    grounds = Grounds("introductions", "consent", today(), "the person")
    return add_person(s, PersonDraft(typed["name"], UUID(typed["home"]), grounds), by=by, key=f"new {key}").id


def no_button(actor: Actor, one: InLine) -> None:
    """The person would rather not."""
    form = f"said no {one.id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        settle_no(s, one.id, version=version, by=by, key=key)

    save_button(form, _("They would rather not"), act, actor, _("Written down. Nothing about them was ever kept."))


def first_met_form(actor: Actor, one: InLine) -> None:
    """When they first met."""
    form = f"first met {one.id}"
    fold = folded(actor, form, _("We have met"), ":material/handshake:")
    if fold is None:
        return
    with fold, drafting(actor, form, one.version):
        st.date_input(_("On which day?"), today(), max_value=today(), key=field(form, "on"), format="DD/MM/YYYY")
        version = opened_at(form, one.version)

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            note_first_met(s, one.id, typed["on"], version=version, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("It is written down."))


def let_in_button(actor: Actor, one: InLine) -> None:
    """It was somebody after all."""
    form = f"let in introduction {one.id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        let_in(s, one.id, version=version, by=by, key=key)

    save_button(form, _("Put it with the others"), act, actor, _("It waits with the others now."))

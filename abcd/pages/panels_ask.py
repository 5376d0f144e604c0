"""Ask groups whether their record is still right: links to send, for one or for many, shown once."""

from urllib.parse import quote
from uuid import UUID

import segno
import streamlit as st
from sqlalchemy.orm import Session

from abcd.access import can
from abcd.assets.check_links import (
    Asked,
    NewLink,
    end_check_link,
    letter,
    make_check_link,
    make_check_links,
    worth_asking,
)
from abcd.assets.records import AssetRecord
from abcd.core.clock import LOCAL
from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.pages.document import print_button
from abcd.pages.saving import Typed, drafting, field, save_button, saved
from abcd.pages.words import how_fresh, joined, verbatim


def ask_panel(actor: Actor, place: UUID | None) -> None:
    """Whom to ask in a place: those that go stale and left a way to reach them."""
    if place is None:
        st.write(_("Choose an estate to see whom to ask there."))
        return
    form = f"ask {place}"
    fresh_links(form)
    with session(actor) as s:
        found = {str(one.id): one for one in worth_asking(s, place)}
    if not found:
        st.write(_("Everything here was checked lately, or has been asked."))
        return
    st.write(_("Each gets a link of its own, for sixty days. The app sends nothing: you do, from your own mail."))
    with drafting(actor, form):
        st.multiselect(
            _("Whom to ask"), list(found), list(found)[:10], key=field(form, "whom"),
            format_func=lambda key: joined([found[key].name, how_fresh(found[key].freshness, found[key].assured_on)]),
        )  # fmt: skip

        def act(s: Session, by: Actor, _key: str, typed: Typed) -> None:
            keep_fresh(form, make_check_links(s, [UUID(one) for one in typed["whom"]], by=by))

        save_button(form, _("Make their links"), act, actor, _("The links are made."), type="primary")


def ask_form(actor: Actor, one: AssetRecord, asked: Asked | None) -> None:
    """Ask the group of one record, and what it answered last."""
    if not can(actor, "make", "check_link"):
        return
    form = f"ask {one.id}"
    st.subheader(_("Ask the group itself"), anchor=False)
    if asked:
        st.caption(verbatim(said_of(asked)))
    fresh_links(form)

    def act(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        keep_fresh(form, [make_check_link(s, one.id, by=by)])

    def end(s: Session, by: Actor, _key: str, _typed: Typed) -> None:
        end_check_link(s, one.id, by=by)

    with st.container(horizontal=True):
        save_button(form, _("Make a link for them"), act, actor, _("The link is made."))
        if asked and asked.holds:
            save_button(f"end link {one.id}", _("End the link"), end, actor, _("The link opens nothing any more."))


def said_of(asked: Asked) -> str:
    """When a group was asked, and what it said."""
    answers = {
        "right": _("still right"), "changed": _("something changed"), "closed": _("it has closed"),
        "agree": _("show our contact"), "withdraw": _("show our contact no longer"),
    }  # fmt: skip
    until = _("the link works until {day}").format(day=f"{asked.expires_at.astimezone(LOCAL):%d/%m/%Y}")
    answer = _("answered: {answer}").format(answer=answers[asked.answer]) if asked.answer else _("no answer yet")
    day = f"{asked.made_at.astimezone(LOCAL):%d/%m/%Y}"
    return joined([_("Asked on {day}").format(day=day), answer, until if asked.holds else ""])


def keep_fresh(form: str, made: list[NewLink]) -> None:
    """Remember links that are being saved; they are shown once they are in the store."""
    st.session_state[f"links making {form}"] = made


def fresh_links(form: str) -> None:
    """The links that were just made, each with a text to send and a square code to print; shown only now."""
    if saved(form) is not None:
        st.session_state[f"links {form}"] = st.session_state.pop(f"links making {form}", [])
    made: list[NewLink] = st.session_state.get(f"links {form}", [])
    if not made:
        return
    told = ngettext("Copy this link now: it is shown only here.",
                    "Copy these {n} links now: they are shown only here.", len(made))  # fmt: skip
    st.info(told.format(n=len(made)))
    print_button(_("Print this page"))
    for one in made:
        one_link(one)


def one_link(one: NewLink) -> None:
    """A link with its text, its mail and its square code."""
    subject, text = letter(one)
    with st.container(border=True):
        st.markdown(f"**{verbatim(one.name)}**")
        code, words = st.columns([1, 4], vertical_alignment="center")
        code.image(square(one.url), width=120, alt=_("A square code that holds the link"))
        with words:
            st.code(one.url, language=None, wrap_lines=True)
            if one.email:
                mail = f"mailto:{quote(one.email)}?subject={quote(subject)}&body={quote(text)}"
                st.link_button(_("Write the mail"), mail, icon=":material/mail:")
            with st.expander(_("The text to send")):
                st.code(text, language=None, wrap_lines=True)


def square(url: str) -> str:
    """A square code as SVG."""
    return str(segno.make(url, error="m", micro=False).svg_inline(scale=4, border=4, dark="#000", light="#fff"))

"""Sheets of questions: one is made to be printed, and its answers are typed in at one go."""

from datetime import date
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _, chosen, ngettext
from abcd.db.session import Actor, session
from abcd.errors import NotFound
from abcd.gaps.answering import SAID, WAYS, Answers, Found, answer_sheet
from abcd.gaps.asking import Question
from abcd.gaps.searching import Look
from abcd.gaps.sheets import Sheet, end_sheet, make_sheet, sheet
from abcd.gaps.wording import day_words
from abcd.pages.forms_looking import MOST, method_name
from abcd.pages.saving import Typed, drafting, field, folded, opened_at, save_button, saved
from abcd.pages.words import joined, listed, verbatim
from abcd.places.records import PlaceRecord

NOT_REACHED, NOT_LOOKED, NONE, SOME = "not reached", "not looked", "none", "some"


def make_form(actor: Actor, place: PlaceRecord, number: int, questions: list[Question]) -> None:
    """A button that keeps one round as a sheet, which then waits above to be printed and typed in."""
    form = f"sheet of round {number} {place.id}"

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        make_sheet(s, place.id, questions, by=by, key=key)

    done = _("The sheet is made. Open it to print it; when you are back, type its answers in here.")
    save_button(form, _("Make a sheet of round {n}").format(n=number), act, actor, done, icon=":material/print:")


def sheet_panel(actor: Actor, sheet_id: UUID, made_by: str, made_on: date) -> None:
    """A sheet that waits: the way to print it, and the form for its answers."""
    code = sheet_id.hex[:4].upper()
    made = _("Sheet {code}, made on {day}.").format(code=code, day=day_words(made_on))
    with st.container(border=True):
        st.markdown(f"**{made}** {verbatim(made_by)}")
        printed = _("Print sheet {code}").format(code=code)
        st.markdown(f"[{printed}](/sheets/{sheet_id}?lang={chosen()})")
        label = _("Type in the answers of sheet {code}").format(code=code)
        fold = folded(actor, f"answers {sheet_id}", label, ":material/edit_note:")
        if fold is not None:
            with fold:
                answers_form(actor, sheet_id)


def answers_form(actor: Actor, sheet_id: UUID) -> None:
    """Every question of a sheet with its answers; what is left as it is was not found out."""
    try:
        with session(actor) as s:
            one = sheet(s, sheet_id)
    except NotFound as error:
        st.write(verbatim(str(error)))
        return
    form = f"answers {sheet_id}"
    version = opened_at(form, one.version)

    def act(s: Session, by: Actor, key: str, typed: Typed) -> str:
        return told(answer_sheet(s, sheet_id, answers(one, typed), version=version, by=by, key=key))

    with drafting(actor, form, one.version):
        left, right = st.columns(2, gap="medium")
        left.selectbox(_("How did you ask?"), list(WAYS), format_func=method_name, key=field(form, "method"))
        right.date_input(_("On which day?"), today(), max_value=today(), key=field(form, "walked_on"))
        for number, question in enumerate(one.stops, 1):
            stop(form, number, question)
        for question in one.looks:
            look(form, question)
        save_button(form, _("Save all answers"), act, actor, _("Thank you. Every answer is on record."), type="primary")
    throw_away(actor, one, version)


def throw_away(actor: Actor, one: Sheet, version: int) -> None:
    """Let go of a sheet that nobody walked."""

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        end_sheet(s, one.id, version=version, by=by, key=key)

    label = _("Nobody walked it: throw sheet {code} away").format(code=one.code)
    save_button(f"throw away {one.id}", label, act, actor, _("The sheet is thrown away."))


def stop(form: str, number: int, question: Question) -> None:
    """One door: what was found there, and a few words where something is different."""
    names = {
        NOT_REACHED: _("not found out"), "right": _("still right"), "changed": _("something has changed"),
        "gone": _("closed for good"),
    }  # fmt: skip
    label = f"{number}. {verbatim(question.name)}"
    key = field(form, f"said {question.asset_id}")
    said = st.radio(label, [NOT_REACHED, *SAID], format_func=names.__getitem__, horizontal=True, key=key)
    if said in ("changed", "gone"):
        words = _("{number}. In a few words (no names of residents)").format(number=number)
        st.text_input(words, key=field(form, f"words {question.asset_id}"))


def look(form: str, question: Question) -> None:
    """One thing to look for: not looked, none, or so many."""
    names = {NOT_LOOKED: _("did not look"), NONE: _("looked, found none"), SOME: _("found some")}
    key = field(form, f"look {question.category}")
    said = st.radio(verbatim(question.name), list(names), format_func=names.__getitem__, horizontal=True, key=key)
    if said == SOME:
        left, right = st.columns(2, gap="medium")
        found = _("{name}: how many did you find?").format(name=verbatim(question.name))
        left.number_input(found, 1, MOST, 1, key=field(form, f"found {question.category}"))
        known = _("{name}: how many of them were on our list?").format(name=verbatim(question.name))
        right.number_input(known, 0, MOST, None, key=field(form, f"known {question.category}"))


def answers(one: Sheet, typed: Typed) -> Answers:
    """What stands in the form, as the answers of the sheet."""
    said = {key: typed.get(f"said {key}", NOT_REACHED) for question in one.stops if (key := question.asset_id)}
    stops = {key: Found(what, typed.get(f"words {key}", "")) for key, what in said.items() if what != NOT_REACHED}
    looks = [look for question in one.looks if (look := look_of(question.category, typed))]
    return Answers(typed["walked_on"], typed["method"], stops, looks)


def look_of(slug: str, typed: Typed) -> Look | None:
    """What came of looking for one thing; None when nobody looked."""
    said = typed.get(f"look {slug}", NOT_LOOKED)
    if said == SOME:
        return Look(slug, typed.get(f"found {slug}") or 0, typed.get(f"known {slug}"))
    return Look(slug) if said == NONE else None


def say_what_came() -> None:
    """What became of the answers that were saved last: their form is gone with its sheet."""
    for key in [str(name) for name in st.session_state if str(name).startswith("saved answers ")]:
        st.info(verbatim(saved(key.removeprefix("saved "))))


def told(done: dict[str, object]) -> str:
    """What became of the answers, as sentences."""
    checked, waits, passed = int(str(done["checked"])), int(str(done["told"])), done["passed_by"]
    said = [
        ngettext("{n} record counts as checked.", "{n} records count as checked.", checked).format(n=checked),
        ngettext("{n} waits under “To check”.", "{n} wait under “To check”.", waits).format(n=waits) if waits else "",
    ]  # fmt: skip
    if isinstance(passed, list) and passed:
        names = listed([str(name) for name in passed])
        said.append(_("Changed by somebody since the sheet was made, so look again: {names}.").format(names=names))
    return joined(said)

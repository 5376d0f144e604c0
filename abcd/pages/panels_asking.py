"""What to go and ask in a place: rounds of doors and of things to look for, and how much nobody has written down."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _, ngettext
from abcd.db.remembered import remembered
from abcd.db.session import Actor
from abcd.gaps.asking import Question, go_and_ask
from abcd.gaps.sheets import open_sheets
from abcd.gaps.unseen import TwoLists, unseen, unseen_lines, unseen_words
from abcd.pages.forms_looking import looked, looked_form
from abcd.pages.forms_sheet import make_form, say_what_came, sheet_panel
from abcd.pages.panels_strengths import ASSET_PAGE
from abcd.pages.saving import is_unfinished
from abcd.pages.words import joined, verbatim
from abcd.people.voices import voiced
from abcd.places.records import PlaceRecord


@dataclass(frozen=True)
class Asking:
    """What the page of one place is drawn from."""

    questions: list[Question]
    sheets: list[tuple[UUID, str, date]]
    lists: list[TwoLists]


def asking_in(s: Session, place: PlaceRecord) -> Asking:
    """The questions of a place in rounds, the sheets that wait, and the pairs of lists."""
    lists = remembered(s, ("unseen", place.id), lambda: unseen(s, place.id))
    return Asking(questions_in(s, place.id), open_sheets(s, place.id), lists)


def questions_in(s: Session, place_id: UUID) -> list[Question]:
    """The questions of a place, worked out once for those who see the same until the register changes."""
    voices = voiced(s, place_id)
    question = ("go and ask", place_id, tuple(sorted(voices.items())))
    return remembered(s, question, lambda: go_and_ask(s, place_id, voiced=voices))


def sheets_panel(actor: Actor, found: Asking) -> None:
    """What came of the answers that were just typed in, and the sheets that still wait."""
    say_what_came()
    if found.sheets:
        st.header(_("Sheets to be typed in"), anchor=False)
    for sheet_id, made_by, made_on in found.sheets:
        sheet_panel(actor, sheet_id, made_by, made_on)


def rounds_panel(actor: Actor, place: PlaceRecord, found: Asking) -> None:
    """The first round in full; those after it folded."""
    if not found.questions:
        st.write(_("Nothing to ask: everything here was checked lately, and somebody looked for everything."))
    for number, some in groupby(found.questions, key=lambda one: one.round):
        questions = list(some)
        if number == 1:
            st.header(_("The first round"), anchor=False)
            one_round(actor, place, number, questions)
            continue
        later = st.expander(_("Round {n}").format(n=number), key=f"round {number}", on_change="rerun")
        if later.open:
            with later:
                one_round(actor, place, number, questions)


def one_round(actor: Actor, place: PlaceRecord, number: int, questions: list[Question]) -> None:
    """Doors in walking order, then what to look for, and the sheet that holds both."""
    stops = [one for one in questions if one.kind == "check"]
    looks = [one for one in questions if one.kind == "look"]
    st.caption(amount(len(stops), len(looks)))
    make_form(actor, place, number, questions)
    if stops:
        st.subheader(_("Round {n}: doors, in walking order").format(n=number), anchor=False)
    with st.container(key=f"rows-stops-{number}"):
        for one in stops:
            st.page_link(ASSET_PAGE, label=f"**{verbatim(one.name)}**", query_params={"asset": str(one.asset_id)})
            st.caption(verbatim(joined([one.about, one.address, one.phone, one.why])))
    if looks:
        st.subheader(_("Round {n}: look for, and ask everybody").format(n=number), anchor=False)
    for one in looks:
        look_for(actor, place, one)


def amount(stops: int, looks: int) -> str:
    """How much a round is."""
    doors = ngettext("{n} door", "{n} doors", stops).format(n=stops) if stops else ""
    things = ngettext("{n} thing to look for", "{n} things to look for", looks).format(n=looks) if looks else ""
    return joined([doors, things])


def look_for(actor: Actor, place: PlaceRecord, one: Question) -> None:
    """One thing to look for, why, and the form that says that one did."""
    label = f"{verbatim(one.name)} · {verbatim(one.why)}"
    opened = is_unfinished(actor, looked_form(place, one.category))
    fold = st.expander(label, opened, icon=":material/visibility:", key=f"looking {one.category}", on_change="rerun")
    if fold.open:
        with fold:
            looked(actor, place, one.category, one.name)


def unseen_panel(lists: list[TwoLists]) -> None:
    """How much of what is here nobody has written down, as far as two lists tell."""
    st.header(_("How much nobody has written down"), anchor=False)
    if not lists:
        st.write(
            _("Nobody can say yet. Look without our list, and note how many of what you found it held already: two "
              "lists tell how much is on neither.")
        )  # fmt: skip
        return
    for one in reversed(lists):
        st.write(verbatim(unseen_words(one)))
    with st.expander(_("How is this worked out, and when is it wrong?")):
        st.markdown("\n".join(f"- {verbatim(line)}" for line in unseen_lines()))

"""Forms on paper, several at once: what they share is said once above, each has a row of its own, faults by row."""

from dataclasses import replace
from datetime import date, datetime

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.pages.fields_consents import ASKED, consents_in, purpose_names
from abcd.pages.fields_gifts import Known, known_gifts, slug_of, split_lines
from abcd.pages.fields_people import grounds_fields, grounds_in, home_names, person_values
from abcd.pages.saving import Typed, drafting, field, nonce, save_button, typed_in
from abcd.pages.words import verbatim
from abcd.people.drafts import Grounds, PersonDraft
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.gifts_said import gift_said
from abcd.people.inventory import Inventory, PapersRefused, take_papers

FORM = "paper forms"
FIRST_ROWS, MORE_ROWS = 3, 3
#: What stands in a row; a row with none of these filled in is none.
OF_A_ROW = ("name", "gifts", "hopes", "phone")


def paper_panel(actor: Actor) -> None:
    """What all forms share, then a row each."""
    places, known = home_names(actor), known_gifts(actor)
    faults: dict[int, str] = st.session_state.setdefault("paper faults", {})
    st.write(_("One row for each form. All of them are saved at once, or none: what is typed stays until then."))
    with drafting(actor, FORM):
        shared_fields(places)
        for number in range(1, rows_shown() + 1):
            row_fields(number, places, faults.get(number, ""))
        more = {"paper rows": rows_shown() + MORE_ROWS}
        st.button(_("More rows"), on_click=lambda: st.session_state.update(more), key="more paper rows")
        save_all(actor, known, faults)


def shared_fields(places: dict[str, str]) -> None:
    """Where these people live, when the forms were filled in, and why they are kept: unless a row says otherwise."""
    where, when = st.columns(2)
    where.selectbox(_("Patch or estate of these forms"), ["", *places], key=field(FORM, "place_id"),
                    format_func=lambda key: places.get(key, _("Choose one")))  # fmt: skip
    when.date_input(_("Filled in on"), today(), max_value=today(), format="DD/MM/YYYY", key=field(FORM, "on"))
    with st.expander(_("Why we keep this"), icon=":material/balance:"):
        start = Grounds("introductions", "consent", today(), "the person, on a paper form")
        grounds_fields(FORM, start)


def rows_shown() -> int:
    """How many rows there are: as many as were asked for, and every one that something was typed into before."""
    asked: int = st.session_state.get("paper rows", FIRST_ROWS)
    return max(asked, *filled(typed_in(FORM, nonce(FORM))), 1)


def filled(typed: Typed) -> list[int]:
    """The numbers of the rows in which something stands."""
    told = {name.partition(" ")[0] for name, value in typed.items() if name.partition(" ")[2] in OF_A_ROW and value}
    return sorted(int(number) for number in told if number.isdigit())


def row_fields(number: int, places: dict[str, str], fault: str) -> None:
    """One form: gifts and hopes, who they are, and what they signed."""
    with st.container(border=True, key=f"paper {number}"):
        st.markdown(f"**{_('Form {n}').format(n=number)}**")
        gifts, hopes = st.columns(2)
        gifts.text_area(_("What they can give (one a line)"), key=of(number, "gifts"), height=80)
        hopes.text_area(_("What they hope for (one a line)"), key=of(number, "hopes"), height=80)
        name, phone, day = st.columns(3)
        name.text_input(_("Likes to be called"), key=of(number, "name"))
        phone.text_input(_("Telephone"), key=of(number, "phone"))
        day.text_input(_("Day, if another (31/12/2026)"), key=of(number, "day"))
        place, signed, adult = st.columns(3)
        place.selectbox(_("Patch, if another"), ["", *places], key=of(number, "place_id"),
                        format_func=lambda key: places.get(key, _("As above")))  # fmt: skip
        names = purpose_names()
        signed.multiselect(_("What they signed"), ASKED, format_func=names.__getitem__, key=of(number, "signed"),
                           placeholder=_("Nothing"))  # fmt: skip
        adult.checkbox(_("They are 18 or older, and said so"), key=of(number, "adult"))
        if fault:
            st.error(verbatim(fault), icon=":material/info:")
            st.checkbox(_("This is somebody else"), key=of(number, "else"))


def of(number: int, name: str) -> str:
    """The key of a field of a row."""
    return field(FORM, f"{number} {name}")


def save_all(actor: Actor, known: Known, faults: dict[int, str]) -> None:
    """Save every row; when one cannot be, none is, and each says why beside it."""

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        faults.clear()
        try:
            take_papers(s, papers_in(typed, known), by=by, key=key)
        except PapersRefused as refused:
            faults.update(refused.faults)
            raise

    done = _("The forms are saved. Thank whoever filled them in.")
    save_button(FORM, _("Save the forms"), act, actor, done, type="primary")


def papers_in(typed: Typed, known: Known) -> dict[int, Inventory]:
    """The rows in which something stands, by number.

    Raises:
        PapersRefused: a row says a day that is none.
    """
    papers, faults = {}, {}
    for number in filled(typed):
        try:
            papers[number] = paper_in(row_of(typed, number), grounds_in(typed), known)
        except BadRequest as error:
            faults[number] = str(error)
    if faults:
        raise PapersRefused(faults)
    return papers


def row_of(typed: Typed, number: int) -> Typed:
    """What stands in a row; what it leaves open is what all forms share."""
    start = f"{number} "
    row = {name[len(start) :]: value for name, value in typed.items() if name.startswith(start)}
    return row | {"place_id": row.get("place_id") or typed.get("place_id"), "on": day_in(row.get("day"), typed["on"])}


def day_in(words: str | None, shared: date | None) -> date:
    """The day of a form: its own where one is written, else that of all.

    Raises:
        BadRequest: it is no day.
    """
    if not (words or "").strip():
        return shared or today()
    try:
        return datetime.strptime(str(words).strip(), "%d/%m/%Y").date()
    except ValueError as error:
        raise BadRequest(_("Write the day as day/month/year, such as 31/12/2026.")) from error


def paper_in(row: Typed, grounds: Grounds, known: Known) -> Inventory:
    """One form as an inventory, each with the day on which it was signed as its grounds."""
    day: date = row["on"]
    why = replace(grounds, consent_on=day)
    who = {"preferred_name": row.get("name") or "", "phone": row.get("phone") or "", "place_id": row["place_id"] or ""}
    person = PersonDraft(grounds=why, adult_confirmed=bool(row.get("adult")),
                         contact_route="phone" if who["phone"] else "in_person", **person_values(who))  # fmt: skip
    offers = [offer_of(words, known, why) for words in split_lines(row.get("gifts"))]
    wishes = [wish_of(words, known, why) for words in split_lines(row.get("hopes"))]
    signed = consents_in({"how": "paper"} | {f"yes {purpose}": True for purpose in row.get("signed") or ()}, day)
    return Inventory(person, tuple(offers), tuple(wishes), (), signed, is_somebody_else=bool(row.get("else")))


def offer_of(words: str, known: Known, why: Grounds) -> OfferDraft:
    """A gift of a paper form: of the kind that its words name, else of the hands."""
    gift = gift_said(words, known)
    return OfferDraft(words, gift.gift_kind if gift else "hands", skill=slug_of(gift), grounds=why)


def wish_of(words: str, known: Known, why: Grounds) -> WishDraft:
    """A hope of a paper form."""
    return WishDraft(words, skill=slug_of(gift_said(words, known)), grounds=why)

"""Saying that one looked: at one press, in twenty seconds for one thing, or after a walk for many at once."""

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import once
from abcd.db.remembered import remembered
from abcd.db.session import Actor, session
from abcd.gaps.knowing import METHODS
from abcd.gaps.searching import Look, record_searches
from abcd.gaps.standards import standards
from abcd.pages.saving import Typed, drafting, field, folded, save_button
from abcd.pages.words import verbatim
from abcd.places.records import PlaceRecord

PRESSED = ("field walk", "connectors", "residents' meeting", "desk")
"""Ways of looking of which one press says that nothing was found."""

MOST = 99


def looked(actor: Actor, place: PlaceRecord, category: str, name: str) -> None:
    """What came of looking for one thing: found none at one press, or how, when and how many."""
    st.caption(_("Looked today and found none? One press is enough:"))
    with st.container(horizontal=True):
        for method in PRESSED:
            found_none(actor, place, category, name, method)
    looked_longer(actor, place, category)


def found_none(actor: Actor, place: PlaceRecord, category: str, name: str, method: str) -> None:
    """One button: looked today in this way, and found none."""
    form = f"none {method} {category} {place.id}"

    def act(s: Session, by: Actor, key: str, _typed: Typed) -> None:
        record_once(s, place, [Look(category)], {"method": method, "looked_on": today()}, by, key)

    label = _("{how}: no {name}").format(how=method_name(method), name=verbatim(name))
    save_button(form, label, act, actor, done_words())


def looked_longer(actor: Actor, place: PlaceRecord, category: str) -> None:
    """Twenty seconds: how did you look, when, how many did you find, and how many of them did we know?"""
    form = looked_form(place, category)

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        look = Look(category, typed["found_n"], typed.get("known_n"), typed["note"])
        record_once(s, place, [look], typed, by, key)

    with drafting(actor, form):
        how_and_when(form)
        st.number_input(_("How many did you find?"), 0, MOST, 0, key=field(form, "found_n"))
        st.number_input(
            _("How many of them were on our list? (empty: not compared)"), 0, MOST, None, key=field(form, "known_n")
        )
        st.text_input(_("Anything worth remembering? (no names of people)"), key=field(form, "note"))
        save_button(form, _("Save what I found"), act, actor, done_words(), type="primary")


def walked_form(actor: Actor, place: PlaceRecord, asked: list[str]) -> None:
    """After a walk: everything that was looked for in one go; what is ``asked`` for here is offered first."""
    form = f"walked {place.id}"
    fold = folded(actor, form, _("I walked round and looked for many things"), ":material/directions_walk:")
    if fold is None:
        return
    with session(actor) as s:
        names = remembered(s, "names of what is looked for", lambda: names_of_all(s))
    offered = [slug for slug in asked if slug in names] + [slug for slug in names if slug not in asked]

    def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
        some = typed["some"]
        looks = [Look(slug) for slug in typed["none"] if slug not in some]
        looks += [Look(slug, typed.get(f"found {slug}") or 0, typed.get(f"known {slug}")) for slug in some]
        record_once(s, place, looks, typed, by, key)

    with fold, drafting(actor, form):
        how_and_when(form)
        for name, label in (("none", _("Looked for, and found none")), ("some", _("Looked for, and found some"))):
            st.multiselect(
                label, offered, key=field(form, name), format_func=names.__getitem__,
                placeholder=_("Choose as many as you like"),
            )  # fmt: skip
        for slug in st.session_state[field(form, "some")]:
            how_many(form, slug, names[slug])
        save_button(form, _("Save the whole walk"), act, actor, done_words(), type="primary")


def how_many(form: str, slug: str, name: str) -> None:
    """How many of one thing were found, and how many of them our list had."""
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    found = _("{name}: how many did you find?").format(name=verbatim(name))
    left.number_input(found, 1, MOST, 1, key=field(form, f"found {slug}"))
    known = _("{name}: how many of them were on our list?").format(name=verbatim(name))
    right.number_input(known, 0, MOST, None, key=field(form, f"known {slug}"))


def how_and_when(form: str) -> None:
    """The two questions of every search."""
    st.selectbox(_("How did you look?"), ways(), format_func=method_name, key=field(form, "method"))
    st.date_input(_("When?"), today(), max_value=today(), key=field(form, "looked_on"))


def ways() -> list[str]:
    """Ways of looking, those on foot first."""
    return [*PRESSED, *(method for method in METHODS if method not in PRESSED)]


def record_once(s: Session, place: PlaceRecord, looks: list[Look], typed: Typed, by: Actor, key: str) -> None:
    """Note the looks at most once for one press."""

    def write() -> dict[str, str]:
        record_searches(s, place.id, looks, typed["method"], typed["looked_on"], by=by)
        return {"looked": str(len(looks))}

    once(s, key, by, write)


def names_of_all(s: Session) -> dict[str, str]:
    """Everyday categories by name, in the order of the taxonomy."""
    return {one.category: one.name for one in standards(s)}


def looked_form(place: PlaceRecord, category: str) -> str:
    """The name of the form of one place and category."""
    return f"looked {place.id} {category}"


def done_words() -> str:
    """What is said once a search is on record."""
    return _("Thank you. What you found is on record, and what we say about this place has changed with it.")


def method_name(method: str) -> str:
    """A way of looking, in words."""
    names = {
        "open data": _("Looked in open data"), "desk": _("Looked it up"),
        "partner list": _("Asked a partner for their list"),
        "field walk": _("Walked round"), "residents' meeting": _("Asked at a residents' meeting"),
        "connectors": _("Asked people who know everybody"),
    }  # fmt: skip
    return names.get(method, method.replace("_", " "))

"""Fields that several forms about people share: languages, access, how far and when, and why it may be kept."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import CONTACT_ROUTES, LAWFUL_BASES
from abcd.pages.fields import Typed, field
from abcd.pages.words import day_names, kind_of_place, part_names
from abcd.people.drafts import LONGEST_WALK, Grounds
from abcd.people.grounds_words import grounds_kept, grounds_said
from abcd.people.queries import homes
from abcd.people.wording import (
    LANGUAGES,
    basis_names,
    language_name,
    need_names,
    person_titles,
    role_names,
    route_names,
)

DAYS = range(7)
NEW: Typed = {
    "roles": [], "speaks": [], "language": "en", "max_walk_minutes": None, "access_needs": [], "wants_alike": False,
    "preferred_name": "", "place_id": "", "contact_route": "in_person", "phone": "", "email": "", "comms_needs": "",
    "adult_confirmed": False,
}  # fmt: skip
"""What the fields of somebody new start from."""


def home_names(actor: Actor) -> dict[str, str]:
    """The patches and estates that ``actor`` may choose, by id."""
    with session(actor) as s:
        return {str(key): f"{name} ({kind_of_place(kind)})" for key, name, kind in homes(s)}


def ways_fields(form: str, now: Typed) -> None:
    """What somebody is to this place, which languages they speak, how far they walk, what they need to take part."""
    titles = person_titles()
    several(form, "roles", role_names(), now)
    spoken = dict.fromkeys((*LANGUAGES, *now["speaks"], now["language"]))
    names = {code: language_name(code) for code in spoken}
    one_of(form, "language", names, now)
    several(form, "speaks", names, now)
    st.number_input(titles["max_walk_minutes"], 1, LONGEST_WALK, now["max_walk_minutes"], 5,
                    key=field(form, "max_walk_minutes"))  # fmt: skip
    several(form, "access_needs", need_names(), now)
    st.checkbox(titles["wants_alike"], now["wants_alike"], key=field(form, "wants_alike"))


def reach_fields(form: str, now: Typed, places: dict[str, str]) -> None:
    """How they like to be called and reached, and the patch or estate that they belong to."""
    titles = person_titles()
    st.text_input(titles["preferred_name"], now["preferred_name"], key=field(form, "preferred_name"))
    known = {**({"": _("Choose one")} if now["place_id"] not in places else {}), **places}
    one_of(form, "place_id", known, now)
    one_of(form, "contact_route", {route: route_names()[route] for route in CONTACT_ROUTES}, now)
    for name in ("phone", "email", "comms_needs"):
        st.text_input(titles[name], now[name], key=field(form, name))
    st.checkbox(titles["adult_confirmed"], now["adult_confirmed"], key=field(form, "adult_confirmed"))


def grounds_fields(form: str, now: Grounds | None = None) -> None:
    """Why it may be kept: for what, on which basis, since when, and who said it (trust.md P26)."""
    titles = person_titles()
    start = now or Grounds("introductions", "consent", today(), "the person")
    left, right = st.columns(2, gap="medium")
    left.text_input(titles["purpose"], grounds_said(start.purpose), key=field(form, "purpose"))
    names = basis_names()
    left.selectbox(titles["lawful_basis"], LAWFUL_BASES, LAWFUL_BASES.index(start.lawful_basis),
                   format_func=names.__getitem__, key=field(form, "lawful_basis"))  # fmt: skip
    right.date_input(titles["consent_on"], start.consent_on, max_value=today(), format="DD/MM/YYYY",
                     key=field(form, "consent_on"))  # fmt: skip
    right.text_input(titles["source"], grounds_said(start.source), key=field(form, "source"))


def grounds_in(typed: Typed) -> Grounds:
    """What ``grounds_fields`` say."""
    return Grounds(grounds_kept(typed["purpose"] or ""), typed["lawful_basis"], typed["consent_on"],
                   grounds_kept(typed["source"] or ""))  # fmt: skip


def free_fields(form: str, grid: int | None = None) -> None:
    """When somebody has time: for each day of the week, its morning, afternoon and evening."""
    parts = part_names()
    for day, name in enumerate(day_names()):
        chosen = [part for part in range(len(parts)) if (grid or 0) >> (day * len(parts) + part) & 1]
        st.pills(name, range(len(parts)), selection_mode="multi", default=chosen, format_func=parts.__getitem__,
                 key=field(form, f"free{day}"))  # fmt: skip


def grid_in(typed: Typed) -> int | None:
    """What ``free_fields`` say, as the 21 bits of ``free_grid``; none when nothing was chosen."""
    bits = sum(1 << (day * 3 + part) for day in DAYS for part in typed.get(f"free{day}") or ())
    return bits or None


def one_of(form: str, name: str, names: dict[str, str], now: Typed) -> None:
    """One of a list, starting from what stands there now."""
    options = list(names)
    at = options.index(now[name]) if now[name] in names else 0
    st.selectbox(person_titles()[name], options, at, format_func=names.__getitem__, key=field(form, name))


def several(form: str, name: str, names: dict[str, str], now: Typed) -> None:
    """Some of a list, starting from what stands there now."""
    st.multiselect(person_titles()[name], list(names), now[name], format_func=names.__getitem__,
                   key=field(form, name), placeholder=_("Choose"))  # fmt: skip


def person_values(typed: Typed, names: Iterable[str] = NEW) -> dict[str, Any]:
    """The fields of a person as its columns: lists as tuples, the place by its id."""
    told: dict[str, Any] = {name: typed[name] for name in names if name in typed}
    told |= {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    if "place_id" in told:
        told["place_id"] = UUID(told["place_id"]) if told["place_id"] else None
    return told


def day_of(value: date | None) -> date:
    """A day that was left empty is today."""
    return value or today()

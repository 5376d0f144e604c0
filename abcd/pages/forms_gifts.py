"""Forms for what one resident gives and hopes for, and what a role of theirs needs."""

from typing import Any
from uuid import UUID

import streamlit as st
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.session import Actor
from abcd.db.tables.offers import THEMES
from abcd.gaps.themes import theme_words
from abcd.pages.fields_gifts import Known
from abcd.pages.fields_people import free_fields, grid_in, grounds_fields, grounds_in
from abcd.pages.forms_people import grounds_of
from abcd.pages.saving import Typed, both_sides, changed, drafting, field, folded, opened_at, opened_with, save_button
from abcd.people.clearances import CheckRecord, add_check, edit_check
from abcd.people.drafts import LONGEST_WALK
from abcd.people.gift_drafts import MOST_HOURS, OfferDraft, WishDraft
from abcd.people.gift_records import OfferRecord, WishRecord
from abcd.people.gift_wording import gift_kind_names
from abcd.people.offers import add_person_offer, edit_person_offer
from abcd.people.records import PersonRecord
from abcd.people.skills import hint_words
from abcd.people.wishes import add_person_wish, edit_person_wish
from abcd.people.wording import wish_kind_names

NEW_OFFER: Typed = {
    "own_words": "", "skill": None, "gift_kind": "", "will_teach": False, "free_grid": None, "max_walk_minutes": None,
    "conditions": "", "expires_on": None,
}  # fmt: skip
NEW_WISH: Typed = {
    "own_words": "", "wish_kind": "do", "skill": None, "theme": "", "category": None, "free_grid": None, "hours": None,
    "urgent_reason": "",
}  # fmt: skip


def named(what: str, one: Any, person_id: UUID) -> str:
    """The name of a form about one row of a person: the person's id, so that it goes with them; the row's beside it."""
    return f"{what} {one.id.hex[:12]} {person_id}"


def add_offer_form(actor: Actor, one: PersonRecord, known: Known) -> None:
    """Write down another gift."""
    form = f"offer person {one.id}"
    fold = folded(actor, form, _("Write down a gift"), ":material/redeem:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        offer_fields(form, NEW_OFFER, known)
        with st.expander(_("Why we keep this")):
            grounds_fields(form, grounds_of(one))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            draft = OfferDraft(**offer_values(typed), grounds=grounds_in(typed))
            add_person_offer(s, one.id, draft, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("The gift is written down."), type="primary")


def edit_offer_form(actor: Actor, offer: OfferRecord, known: Known) -> None:
    """Mend what somebody offers."""
    form, now = named("edit offer", offer, offer.person_id or offer.id), of_record(offer, NEW_OFFER)
    fold = folded(actor, form, _("Mend this"), ":material/edit:")
    if fold is None:
        return
    with fold, drafting(actor, form, offer.version, flat(now)):
        offer_fields(form, now, known)
        both_sides(form, offer_titles(), {"skill": skill_names(known), "gift_kind": gift_kind_names()})
        version, began = opened_at(form, offer.version), opened_with(form, flat(now))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            told = only_changed(offer_values(typed), changed(typed, began))
            edit_person_offer(s, offer.id, told, version=version, by=by, key=key)

        save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def offer_fields(form: str, now: Typed, known: Known) -> None:
    """Own words first, then which gift it is, when and how far."""
    titles, kinds = offer_titles(), {"": _("As the gift is"), **gift_kind_names()}
    st.text_area(titles["own_words"], now["own_words"], key=field(form, "own_words"), height=90)
    which_skill(form, now, known)
    st.selectbox(titles["gift_kind"], list(kinds), list(kinds).index(now["gift_kind"]),
                 format_func=kinds.__getitem__, key=field(form, "gift_kind"))  # fmt: skip
    st.checkbox(titles["will_teach"], now["will_teach"], key=field(form, "will_teach"))
    with st.expander(titles["free_grid"], icon=":material/schedule:"):
        free_fields(form, now["free_grid"])
    st.number_input(titles["max_walk_minutes"], 1, LONGEST_WALK, now["max_walk_minutes"], 5,
                    key=field(form, "max_walk_minutes"))  # fmt: skip
    st.text_input(titles["conditions"], now["conditions"], key=field(form, "conditions"))
    st.date_input(titles["expires_on"], now["expires_on"], key=field(form, "expires_on"), format="DD/MM/YYYY")


def which_skill(form: str, now: Typed, known: Known) -> None:
    """Which gift of the list it is; what a role with it may need is said at once."""
    names = skill_names(known)
    at = list(names).index(now["skill"]) if now["skill"] in names else None
    chosen = st.selectbox(offer_titles()["skill"], list(names), at, format_func=names.__getitem__,
                          key=field(form, "skill"),
                          placeholder=_("Choose from the list, or leave it open"))  # fmt: skip
    hint = hint_words(known[chosen].regulated_hint) if chosen else ""
    if hint:
        st.info(hint, icon=":material/gavel:")


def skill_names(known: Known) -> dict[str, str]:
    """The gifts below their groups, by slug."""
    return {slug: gift.words() for slug, gift in known.items() if gift.parent}


def add_wish_form(actor: Actor, one: PersonRecord, known: Known, categories: dict[str, str]) -> None:
    """Write down another hope."""
    form = f"wish person {one.id}"
    fold = folded(actor, form, _("Write down a hope"), ":material/wb_twilight:")
    if fold is None:
        return
    with fold, drafting(actor, form):
        wish_fields(form, NEW_WISH, known, categories)
        with st.expander(_("Why we keep this")):
            grounds_fields(form, grounds_of(one))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            draft = WishDraft(**wish_values(typed), grounds=grounds_in(typed))
            add_person_wish(s, one.id, draft, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("The hope is written down."), type="primary")


def edit_wish_form(actor: Actor, wish: WishRecord, known: Known, categories: dict[str, str]) -> None:
    """Mend what somebody hopes for."""
    form, now = named("edit wish", wish, wish.person_id or wish.id), of_record(wish, NEW_WISH)
    fold = folded(actor, form, _("Mend this"), ":material/edit:")
    if fold is None:
        return
    with fold, drafting(actor, form, wish.version, flat(now)):
        wish_fields(form, now, known, categories)
        both_sides(form, wish_titles(), {"skill": skill_names(known), "category": categories})
        version, began = opened_at(form, wish.version), opened_with(form, flat(now))

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            told = only_changed(wish_values(typed), changed(typed, began))
            edit_person_wish(s, wish.id, told, version=version, by=by, key=key)

        save_button(form, _("Save the changes"), act, actor, _("The changes are saved."), type="primary")


def wish_fields(form: str, now: Typed, known: Known, categories: dict[str, str]) -> None:
    """Own words first, then what they mean; why it cannot wait comes last."""
    meaning_fields(form, now, known, categories)
    with st.expander(wish_titles()["free_grid"], icon=":material/schedule:"):
        free_fields(form, now["free_grid"])
    st.number_input(wish_titles()["hours"], 1, MOST_HOURS, now["hours"], 1, key=field(form, "hours"))
    st.text_input(wish_titles()["urgent_reason"], now["urgent_reason"], key=field(form, "urgent_reason"),
                  help=_("Only when statutory help must come first: it puts services before neighbours, and is on "
                         "record."))  # fmt: skip


def meaning_fields(form: str, now: Typed, known: Known, categories: dict[str, str]) -> None:
    """What somebody hopes for, in own words, and what they mean: a gift, something nearby, or a theme."""
    titles, kinds = wish_titles(), wish_kind_names()
    st.text_area(titles["own_words"], now["own_words"], key=field(form, "own_words"), height=90)
    st.selectbox(titles["wish_kind"], list(kinds), list(kinds).index(now["wish_kind"]),
                 format_func=kinds.__getitem__, key=field(form, "wish_kind"))  # fmt: skip
    which_skill(form, now, known)
    at = list(categories).index(now["category"]) if now["category"] in categories else None
    st.selectbox(titles["category"], list(categories), at, format_func=categories.__getitem__,
                 key=field(form, "category"), placeholder=_("Choose from the list, or leave it open"))  # fmt: skip
    themes = {"": _("As the rest says"), **{theme: theme_words(theme) for theme in THEMES}}
    st.selectbox(titles["theme"], list(themes), list(themes).index(now["theme"]), format_func=themes.__getitem__,
                 key=field(form, "theme"))  # fmt: skip


def check_form(actor: Actor, one: PersonRecord, check: CheckRecord | None) -> None:
    """What a role needs, and until when they are cleared: never a certificate."""
    form = named("check", check, one.id) if check else f"check person {one.id}"
    label = _("Mend this") if check else _("Write down what a role needs")
    fold = folded(actor, form, label, ":material/verified_user:")
    if fold is None:
        return
    now = {name: getattr(check, name) if check else None for name in ("role", "cleared_until")}
    with fold, drafting(actor, form, check.version if check else None, now if check else None):
        st.text_input(_("Which role?"), now["role"] or "", key=field(form, "role"))
        st.checkbox(_("This role needs a check"), check.is_required if check else True, key=field(form, "is_required"))
        st.date_input(_("Cleared until"), now["cleared_until"], key=field(form, "cleared_until"), format="DD/MM/YYYY")
        st.caption(_("Only that, and until when. Nothing of what a certificate says is kept here."))
        version = opened_at(form, check.version) if check else None

        def act(s: Session, by: Actor, key: str, typed: Typed) -> None:
            if check:
                edit_check(s, check.id, typed, version=version, by=by, key=key)
            else:
                add_check(s, one.id, typed.pop("role"), grounds_of(one), **typed, by=by, key=key)

        save_button(form, _("Write it down"), act, actor, _("Written down."), type="primary")


def offer_values(typed: Typed) -> Typed:
    """What stands in the fields of an offer, as its columns."""
    told = {name: typed[name] for name in NEW_OFFER if name in typed}
    return told | {"free_grid": grid_in(typed), "conditions": told.get("conditions") or ""}


def wish_values(typed: Typed) -> Typed:
    """What stands in the fields of a wish, as its columns."""
    return {name: typed[name] for name in NEW_WISH if name in typed} | {"free_grid": grid_in(typed)}


def of_record(one: OfferRecord | WishRecord, names: Typed) -> Typed:
    """The values that a form starts from."""
    return {name: getattr(one, name) for name in names}


def flat(now: Typed) -> Typed:
    """The same as the fields of the form hold them: the week as its days."""
    grid = now["free_grid"] or 0
    days = {f"free{day}": [part for part in range(3) if grid >> (3 * day + part) & 1] for day in range(7)}
    return {name: value for name, value in now.items() if name != "free_grid"} | days


def only_changed(values: Typed, fields: Typed) -> Typed:
    """Of the columns, those whose field was changed; a day of the week changes the week."""
    week = any(name.startswith("free") for name in fields)
    return {name: value for name, value in values.items() if name in fields or (week and name == "free_grid")}


def offer_titles() -> dict[str, str]:
    """What is asked of an offer."""
    return {
        "own_words": _("What would they give, in their own words?"), "skill": _("Which gift is it?"),
        "gift_kind": _("Of which kind?"), "will_teach": _("Would teach it to others"),
        "free_grid": _("When do they have time?"), "max_walk_minutes": _("Walks up to, minutes one way"),
        "conditions": _("On what terms? (no names of people)"), "expires_on": _("Until when, if it ends?"),
    }  # fmt: skip


def wish_titles() -> dict[str, str]:
    """What is asked of a wish."""
    return {
        "own_words": _("What do they hope for, in their own words?"), "wish_kind": _("It is a wish to"),
        "skill": _("Which gift is it?"), "category": _("Something that could be nearby?"),
        "theme": _("What is it about?"), "free_grid": _("When do they have time?"),
        "hours": _("How many hours a week?"), "urgent_reason": _("Why it cannot wait, if it cannot"),
    }  # fmt: skip

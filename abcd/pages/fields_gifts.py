"""Gifts and hopes as they are told, one a line; below each line what it is, and whether they would teach it."""

from collections.abc import Iterator, Mapping

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import WISH_KINDS
from abcd.pages.fields import Typed, field
from abcd.pages.words import verbatim
from abcd.people.drafts import Grounds
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.gifts_said import gift_said
from abcd.people.skills import SkillRecord, skills
from abcd.people.wording import wish_kind_names

Known = Mapping[str, SkillRecord]
#: The classic three; what people own, lend or fund is asked of them when they offer it.
PARTS = ("head", "heart", "hands")
NONE_OF_THESE = "-"
#: The most lines of one field that are looked at one by one.
MOST_LINES = 12


def known_gifts(actor: Actor) -> dict[str, SkillRecord]:
    """Every gift by slug."""
    with session(actor) as s:
        return skills(s)


def gift_fields(form: str, known: Known) -> None:
    """What they know, care about and do, each in own words first."""
    asked = {
        "head": _("Head: what do you know about, or could explain to somebody?"),
        "heart": _("Heart: what do you love doing with or for other people?"),
        "hands": _("Hands: what do you like to make, mend, grow, cook or play?"),
    }
    st.caption(_("One a line, in their own words."))
    for part in PARTS:
        st.text_area(asked[part], key=field(form, part), height=90)
        for at, words in lines_in(form, part):
            which_gift(form, f"{part}{at}", words, known)
            st.checkbox(
                _("Would teach it: {words}").format(words=verbatim(words)), key=field(form, f"{part}{at} teach")
            )


def hope_fields(form: str, known: Known) -> None:
    """What they would like to learn, and what else they hope for."""
    st.text_area(_("What would you like to learn?"), key=field(form, "learn"), height=90)
    for at, words in lines_in(form, "learn"):
        which_gift(form, f"learn{at}", words, known)
    st.text_area(_("What do you hope for here, for yourself or for everybody?"), key=field(form, "hope"), height=90)
    names = {kind: name for kind, name in wish_kind_names().items() if kind != "learn"}
    for at, words in lines_in(form, "hope"):
        label = _("“{words}” is a wish to").format(words=verbatim(words))
        st.selectbox(label, list(names), format_func=names.__getitem__, key=field(form, f"hope{at} kind"))


def lines_in(form: str, name: str) -> Iterator[tuple[int, str]]:
    """The lines that stand in a field now, with their numbers."""
    yield from enumerate(split_lines(str(st.session_state.get(field(form, name)) or "")))


def split_lines(words: str | None) -> list[str]:
    """Lines with something in them."""
    return [line.strip() for line in (words or "").splitlines() if line.strip()][:MOST_LINES]


def which_gift(form: str, name: str, words: str, known: Known) -> None:
    """Which gift of the list a line is; left alone it is the one that its words name, if they name one."""
    gifts = {slug: gift.words() for slug, gift in known.items() if gift.parent}
    guess = gift_said(words, known)
    held = guess.words() if guess else _("Choose from the list, or leave it open")
    st.selectbox(
        _("“{words}” is").format(words=verbatim(words)), [NONE_OF_THESE, *gifts], index=None, placeholder=held,
        format_func=lambda slug: gifts.get(slug, _("None of these")), key=field(form, f"{name} gift"),
    )  # fmt: skip


def chosen_gift(typed: Typed, name: str, words: str, known: Known) -> SkillRecord | None:
    """The gift that was chosen for a line, else the one that its words name."""
    told = typed.get(f"{name} gift")
    return known.get(told) if told else gift_said(words, known)


def offers_in(typed: Typed, known: Known, grounds: Grounds, grid: int | None, walk: int | None) -> list[OfferDraft]:
    """The gifts that were told, as offers."""
    return [
        OfferDraft(
            words, part, skill=slug_of(chosen_gift(typed, f"{part}{at}", words, known)), free_grid=grid,
            will_teach=bool(typed.get(f"{part}{at} teach")), max_walk_minutes=walk, grounds=grounds,
        )
        for part in PARTS
        for at, words in enumerate(split_lines(typed.get(part)))
    ]  # fmt: skip


def wishes_in(typed: Typed, known: Known, grounds: Grounds, grid: int | None) -> list[WishDraft]:
    """What they would like to learn and hope for, as wishes."""
    learning = [
        WishDraft(words, "learn", skill=slug_of(chosen_gift(typed, f"learn{at}", words, known)), free_grid=grid,
                  grounds=grounds)
        for at, words in enumerate(split_lines(typed.get("learn")))
    ]  # fmt: skip
    hoping = [
        WishDraft(words, typed.get(f"hope{at} kind") or WISH_KINDS[0], skill=slug_of(gift_said(words, known)),
                  free_grid=grid, grounds=grounds)
        for at, words in enumerate(split_lines(typed.get("hope")))
    ]  # fmt: skip
    return learning + hoping


def slug_of(gift: SkillRecord | None) -> str | None:
    """The slug of a gift, if there is one."""
    return gift.slug if gift else None

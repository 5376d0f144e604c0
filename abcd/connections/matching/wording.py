"""Why two sides go together, and what nobody has checked, in plain words; nobody's words are in them."""

from collections.abc import Mapping
from typing import Any

from abcd.connections.matching.records import UNKNOWN_GRID, Sought
from abcd.connections.matching.terms import PARENT, SAME, Terms
from abcd.connections.matching.ways import band
from abcd.connections.weights import Weights
from abcd.connections.wording import bridge, quality
from abcd.connections.wording import times as parts_of_the_week
from abcd.core.language import _, ngettext
from abcd.gaps.themes import theme_words
from abcd.people.skills import SkillRecord, hint_words

SHOWN_TIMES = 3


def kind_name(kind: str) -> str:
    """What sort of connection it would be."""
    return {
        "group": _("Somebody and a group"),
        "shared_interest": _("Two with the same interest"),
        "lived_experience": _("Somebody who has been through it"),
        "teach_learn": _("One who teaches and one who learns"),
        "volunteer": _("Somebody with time to help"),
        "space": _("A space to use"),
    }[kind]


def reasons(
    wish: Sought, row: Any, gift: str, values: Mapping[str, float], minutes: float, known: Terms, used: Weights
) -> dict[str, str]:
    """Why two sides go together, by the letter of each part."""
    said_on = getattr(row, "assured_on", None) or getattr(row, "said_on", None)
    return {
        "T": theme(wish, row, gift, values.get("T", 0.0), known),
        "D": _("It is {walk}.").format(walk=band(minutes)),
        "A": same_times(wish.grid, row.free_grid),
        "F": fair(values.get("F", 0.0), used.fair_days),
        "B": bridge(values.get("B", 0.0)),
        "Q": quality(said_on),
    }


def theme(wish: Sought, row: Any, gift: str, level: float, known: Terms) -> str:
    """What the two sides have in common."""
    ours, name = wish.skill or wish.category, known.name(gift or about(row))
    if getattr(row, "shared", ""):
        return _("Both hope for the same: {what}.").format(what=name)
    if level == SAME:
        return _("It is just what is wished for: {what}.").format(what=name)
    if not ours and not wish.theme:
        return _("The words of the wish speak of it: {what}.").format(what=name)
    if not ours:
        return _("{what} speaks to what is wished for: {theme}.").format(what=name, theme=theme_words(wish.theme))
    if level == PARENT:
        return _("{what} is close to what is wished for: {wish}.").format(what=name, wish=known.name(ours))
    return _("{what} has something in common with what is wished for: {wish}.").format(what=name, wish=known.name(ours))


def about(row: Any) -> str:
    """The gift or category that the other side is about; the theme of an offer that names neither."""
    named = getattr(row, "about", "") or getattr(row, "category", None)
    return str(named or theme_words(getattr(row, "theme", "") or ""))


def same_times(ours: int, theirs: int | None) -> str:
    """When both can."""
    cells = parts_of_the_week(ours & (theirs or 0)) if ours != UNKNOWN_GRID else []
    shown = ", ".join(cells[:SHOWN_TIMES]) + (" …" if len(cells) > SHOWN_TIMES else "")
    return _("Both can: {times}.").format(times=shown) if cells else ""


def fair(value: float, days: int) -> str:
    """How often the one who was asked less was asked of late."""
    times = round(1 / value) - 1 if value else 0
    if not times:
        return _("One of them was not introduced to anybody in {days} days.").format(days=days)
    return ngettext(
        "Each was introduced at least {n} time in {days} days.", "Each was introduced at least {n} times in {days} "
        "days.", times,
    ).format(n=times, days=days)  # fmt: skip


def not_checked(wish: Sought, row: Any, gift: str, values: Mapping[str, float], known: Terms) -> tuple[str, ...]:
    """What nobody has checked about the two."""
    asked = _("Whether either side wants this: nobody has asked them.")
    of_them = _of_a_resident(wish, row, known.gifts.get(gift)) if getattr(row, "person_id", None) else _of_an_asset(row)
    is_ticked = bool((wish.skill or wish.category or wish.theme) and (getattr(row, "skill", None) or not gift))
    shared = [
        (is_ticked, _("Whether the words mean this: nobody ticked a gift.")),
        (values.get("A"), _("Which times suit both.")),
        (values.get("D"), _("How far it is.")),
        (not getattr(row, "has_conditions", False), _("The conditions that come with the offer: read them.")),
    ]
    return (asked, *(words for is_known, words in (*shared, *of_them) if is_known is None or is_known is False))


def _of_a_resident(wish: Sought, row: Any, gift: SkillRecord | None) -> list[tuple[bool | None, str]]:
    hint = hint_words(gift.regulated_hint) if gift and not row.shared else ""
    teaches = wish.wish_kind != "learn" or row.will_teach or bool(row.shared)
    return [
        (row.max_walk is not None or None, _("How far they like to walk.")),
        (not wish.needs, _("Where they would meet, and whether it has what is needed there.")),
        (teaches, _("Whether they would teach it.")),
        (not hint, hint),
    ]


def _of_an_asset(row: Any) -> list[tuple[bool | None, str]]:
    if row.asset_id is None:
        return [(None, _("Where and how it is given."))]
    return [
        (row.open_to_new == "yes" or None, _("Whether it is open to new people.")),
        (bool(row.cost) or None, _("What it costs.")),
        (bool(row.languages) or None, _("Which languages are spoken there.")),
        (row.referral_needed in ("", "no") or None, _("Whether somebody must send you there.")),
        (row.minimum_age is None or None, _("Whether the age suits: it has a youngest age.")),
        (row.assured_on is not None or None, _("Whether it is still there: the record was never checked.")),
    ]

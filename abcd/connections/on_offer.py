"""Offers by the gifts that a line speaks of, whoever makes them: which are read, and what both have in common."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from abcd.connections.lexicon import Lexicon
from abcd.connections.matching.terms import in_tree, terms
from abcd.connections.words_match import Reading
from abcd.core.language import _

LEAST = 0.15
"""Below this likeness nothing is shown: of the tuning half of the labelled set 87 % of what fits lies above, and 3 % of
what does not."""

SURE = 0.3
"""A gift that the line speaks of as surely as this is looked for, with its neighbours."""

CLOSE_LOOK = 500
"""So many offers are read word by word."""


def gifts_near(s: Session, said: Reading) -> list[str]:
    """The gifts that a line speaks of and those near them, the nearest first."""
    known = terms(s)
    asked = {slug: sure for slug, sure in said.gifts.items() if sure >= SURE}
    levels = {
        slug: max((sure * in_tree(known.line(one), known.line(slug)) for one, sure in asked.items()), default=0.0)
        for slug in known.gifts
    }
    return sorted((slug for slug, level in levels.items() if level), key=lambda slug: (-levels[slug], slug))


def on_offer(own: Any, gifts: list[str], on: date) -> Iterable[ColumnElement[bool]]:
    """Offers of these gifts, or of which nobody has said what they are, that may be taken up on a day."""
    yield own.state == "waiting"
    yield or_(own.skill.in_(gifts), own.skill.is_(None))
    yield or_(own.starts_on.is_(None), own.starts_on <= on)
    yield or_(own.expires_on.is_(None), own.expires_on >= on)


def why(said: Reading, theirs: Reading, known: Lexicon) -> str:
    """What a line and an offer have in common: a gift, two gifts near each other, or words."""
    both = {slug: min(said.gifts[slug], theirs.gifts[slug]) for slug in said.gifts.keys() & theirs.gifts.keys()}
    best = max(both, key=lambda slug: (both[slug], slug), default="")
    if both.get(best, 0.0) >= SURE:
        return _("It is about what you ask for: {what}.").format(what=name_of(known, best))
    shared = sorted(said.stems & theirs.stems)
    if shared:
        return _("It has words of yours in it.")
    return _("It is close to what you ask for.")


def name_of(known: Lexicon, slug: str | None) -> str:
    """A gift in words, "" for none."""
    return known.gifts[slug].words() if slug and slug in known.gifts else ""

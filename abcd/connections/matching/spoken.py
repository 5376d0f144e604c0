"""Wishes and offers for which nobody ticked a gift: what their own words speak of, by ``words_match``."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.connections.lexicon import Lexicon, lexicon
from abcd.connections.matching.records import Sought
from abcd.connections.matching.terms import Levels
from abcd.connections.words_match import Stack, likeness, read, stacked

SURE = 0.5
"""Below this (0-1) an offer's words hint at too many gifts to stand for one."""

ALIKE = 0.2
"""Below this a wish's words and a gift have nothing in common worth a suggestion."""


def spoken_gifts(s: Session, said: list[str]) -> list[str]:
    """For each text the slug of the gift that it names most surely, the first of the list among equals; "" for none."""
    known = lexicon(s) if said else None
    return [_surest(known, words) for words in said if known]


def _surest(known: Lexicon, said: str) -> str:
    gifts = read(known, said).gifts
    best = max(gifts, key=lambda slug: gifts[slug], default="")
    return best if best and gifts[best] >= SURE else ""


def spoken_levels(s: Session, wish: Sought) -> Levels:
    """How alike a wish's own words and each gift are: T for a wish for which nobody ticked a gift or a category."""
    if wish.skill or wish.category or not wish.own_words:
        return {}
    known = lexicon(s)
    slugs, gifts = _gifts(_Kept(known))
    found: NDArray[np.float64] = likeness(read(known, wish.own_words), gifts)
    return {slug: min(1.0, float(level)) for slug, level in zip(slugs, found, strict=True) if level >= ALIKE}


class _Kept:
    """A lexicon by which one it is, so that its readings are kept as long as it is in use."""

    def __init__(self, known: Lexicon) -> None:
        self.known = known

    def __hash__(self) -> int:
        return id(self.known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.known is self.known


@lru_cache(maxsize=4)
def _gifts(kept: _Kept) -> tuple[tuple[str, ...], Stack]:
    slugs = tuple(kept.known.gifts)
    return slugs, stacked([read(kept.known, "", slug) for slug in slugs])

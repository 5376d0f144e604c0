"""How near two terms are: 1 for the same, 0.7 for the same parent, 0.3 for the same top, else 0 (product.md E.2).

Gifts stand in a tree: "piano" below "making music" below a group, which is its top. Directly below a group two gifts
have the same top and no parent of their own. A category's parent is its theme and its top the group of categories.
Between the two trees: a category where a gift is at home counts as its parent, a theme that both speak to as the top.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.connections.matching.records import Sought
from abcd.connections.score import SAME_CATEGORY, SAME_GROUP, SAME_THEME
from abcd.core.language import chosen
from abcd.people.skills import SkillRecord, skills

SAME, PARENT, TOP = SAME_CATEGORY, SAME_THEME, SAME_GROUP
Levels = dict[str, float]


@dataclass(frozen=True)
class Terms:
    """Gifts and categories by slug."""

    gifts: dict[str, SkillRecord]
    categories: dict[str, dict[str, Any]]

    def name(self, slug: str) -> str:
        """A gift or a category in words."""
        if slug in self.gifts:
            return self.gifts[slug].words()
        term = self.categories.get(slug)
        if term is None:
            return slug
        return str(term["name_cy"] if chosen() == "cy" and term["name_cy"] else term["name"])

    def themes(self, slug: str) -> frozenset[str]:
        """The themes that a gift or a category speaks to."""
        if slug in self.gifts:
            return frozenset(self.gifts[slug].themes)
        theme = self.categories.get(slug, {}).get("theme")
        return frozenset([theme] if theme else [])

    def line(self, slug: str) -> list[str]:
        """A gift and all that it stands below, its top last."""
        found: list[str] = []
        while slug in self.gifts and slug not in found:
            found.append(slug)
            slug = self.gifts[slug].parent or ""
        return found


def terms(s: Session) -> Terms:
    """The gifts and the categories in use."""
    return Terms(skills(s), term_values(s))


def gift_levels(known: Terms, wish: Sought) -> Levels:
    """How near each gift is to what a wish names; gifts that have nothing to do with it are left out."""
    found = {slug: _gift_level(known, wish, slug) for slug in known.gifts}
    return {slug: level for slug, level in found.items() if level}


def _gift_level(known: Terms, wish: Sought, slug: str) -> float:
    asked = known.line(wish.skill)
    if asked:
        return in_tree(asked, known.line(slug))
    gift = known.gifts[slug]
    if wish.category and wish.category in gift.categories:
        return PARENT
    return _above(known, wish, frozenset(gift.themes))


def in_tree(one: list[str], other: list[str]) -> float:
    """How near two lines of a tree are, each from the term up to its top."""
    if one[0] == other[0]:
        return SAME
    if one[0] in other[1:2] or other[0] in one[1:2] or (len(one) > 2 and one[1:2] == other[1:2]):
        return PARENT
    return TOP if one[-1] == other[-1] else 0.0


def category_levels(known: Terms, wish: Sought) -> Levels:
    """How near each category is to what a wish names."""
    found = {
        slug: _category_level(known, wish, slug, term) for slug, term in known.categories.items() if term["parent"]
    }
    return {slug: level for slug, level in found.items() if level}


def _category_level(known: Terms, wish: Sought, slug: str, term: dict[str, Any]) -> float:
    asked, gift = known.categories.get(wish.category), known.gifts.get(wish.skill)
    if wish.category == slug:
        return SAME
    if gift and slug in gift.categories:
        return PARENT
    if asked and not gift and asked["theme"] and asked["theme"] == term["theme"]:
        return PARENT
    if asked and asked["parent"] == term["parent"]:
        return TOP
    return _above(known, wish, known.themes(slug))


def theme_level(known: Terms, wish: Sought, theme: str) -> float:
    """How near something is of which only the theme is known."""
    return _above(known, wish, frozenset([theme])) if theme else 0.0


def _above(known: Terms, wish: Sought, themes: frozenset[str]) -> float:
    """A shared theme: all there is to share for a wish that names nothing finer, the last thing else."""
    if wish.theme in themes:
        return TOP if wish.skill or wish.category else PARENT
    return TOP if (known.themes(wish.skill) | known.themes(wish.category)) & themes else 0.0

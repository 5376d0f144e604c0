"""What somebody offers or hopes for, as it is told, checked before it is kept: own words first, then what they mean."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.tables import GIFT_KINDS, OFFER_OWNERS, VISIBILITIES, WISH_KINDS, WISH_VOICES, Skill, Term
from abcd.db.tables.offers import GRID_CELLS, THEMES
from abcd.errors import BadRequest
from abcd.people.drafts import LONGEST_WALK, Grounds

#: Owners of offers that stand in the register; the others are organisations.
OF_ASSETS = ("group", "venue")
MOST_HOURS = 168
MOST_VOICES = 100_000


@dataclass(frozen=True, repr=False)
class OfferDraft:
    """Something to give. A resident's has ``grounds``; others' have an ``owner_kind`` with its asset or organisation.

    ``free_grid`` are 21 bits, a week by morning, afternoon and evening; none means that nobody asked. Without a
    ``gift_kind`` it is that of the gift, else time. ``how_much`` is of what is no time: places, hours, pounds, pieces.
    """

    own_words: str
    gift_kind: str = ""
    skill: str | None = None
    will_teach: bool = False
    free_grid: int | None = None
    max_walk_minutes: int | None = None
    conditions: str = ""
    starts_on: date | None = None
    expires_on: date | None = None
    said_on: date | None = None
    grounds: Grounds | None = None
    owner_kind: str = ""
    asset_id: UUID | None = None
    owner_id: UUID | None = None
    place_id: UUID | None = None
    theme: str = ""
    how_much: str = ""
    visibility: str = "partner"

    def checked(self, s: Session) -> "OfferDraft":
        """The same, tidied, its kind, theme and day filled in.

        Raises:
            BadRequest: something is missing or cannot be; what was said is never quoted.
        """
        gift = gift_named(s, self.skill)
        told = replace(
            self,
            own_words=_words(self.own_words, _("Write down what they offer, in their own words.")),
            gift_kind=self.gift_kind or (gift.gift_kind if gift else "time"),
            conditions=tidy(self.conditions),
            how_much=tidy(self.how_much),
            theme=self.theme or (gift.themes[0] if gift and gift.themes else ""),
            said_on=said_day(self.said_on),
            grounds=self.grounds.checked() if self.grounds else None,
        )
        _one_of(told.gift_kind, GIFT_KINDS)
        _one_of(told.theme, ("", *THEMES))
        _one_of(told.visibility, VISIBILITIES)
        _in_range(told.free_grid, 0, (1 << GRID_CELLS) - 1)
        _in_range(told.max_walk_minutes, 1, LONGEST_WALK)
        if told.starts_on and told.expires_on and told.expires_on < told.starts_on:
            raise BadRequest(_("An offer cannot end before it begins. Check both days."))
        return told._owned()

    def _owned(self) -> "OfferDraft":
        if not self.owner_kind:
            return self
        _one_of(self.owner_kind, OFFER_OWNERS)
        if self.owner_kind in OF_ASSETS and self.asset_id is None:
            raise BadRequest(_("Say which group or venue offers this: choose it from the register."))
        if self.asset_id is None and self.owner_id is None:
            raise BadRequest(_("Say which organisation offers this."))
        return self


@dataclass(frozen=True, repr=False)
class WishDraft:
    """A hope. A resident's has ``grounds``; everybody else's a ``voiced_by``, a place, and how many voices it had.

    ``urgent_reason`` is why statutory routes come first, for a resident alone. ``hours`` are wanted a week.
    """

    own_words: str
    wish_kind: str = "do"
    theme: str = ""
    skill: str | None = None
    category: str | None = None
    free_grid: int | None = None
    hours: int | None = None
    urgent_reason: str = ""
    said_on: date | None = None
    grounds: Grounds | None = None
    voiced_by: str = ""
    asset_id: UUID | None = None
    place_id: UUID | None = None
    voices: int = 1

    def checked(self, s: Session) -> "WishDraft":
        """The same, tidied, its theme and day filled in.

        Raises:
            BadRequest: something is missing or cannot be; what was said is never quoted.
        """
        told = replace(
            self,
            own_words=_words(self.own_words, _("Write down what they hope for, in their own words.")),
            theme=self.theme or _theme_of(s, self.skill, self.category),
            category=self.category or None,
            urgent_reason=tidy(self.urgent_reason),
            said_on=said_day(self.said_on),
            grounds=self.grounds.checked() if self.grounds else None,
        )
        _one_of(told.wish_kind, WISH_KINDS)
        _one_of(told.theme, ("", *THEMES))
        _in_range(told.free_grid, 0, (1 << GRID_CELLS) - 1)
        _in_range(told.hours, 1, MOST_HOURS)
        _in_range(told.voices, 1, MOST_VOICES)
        return told._voiced()

    def _voiced(self) -> "WishDraft":
        if not self.voiced_by:
            return self
        _one_of(self.voiced_by, WISH_VOICES)
        if self.place_id is None:
            raise BadRequest(_("Say of which place this wish is."))
        if (self.voiced_by == "group") != (self.asset_id is not None):
            raise BadRequest(_("A group's wish names the group, and no other wish does."))
        return self


def gift_named(s: Session, slug: str | None) -> Skill | None:
    """A gift by its slug; None for none.

    Raises:
        BadRequest: there is no such gift.
    """
    found = s.get(Skill, slug) if slug else None
    if slug and found is None:
        raise BadRequest(_("Choose a gift from the list."))
    return found


def _theme_of(s: Session, skill: str | None, category: str | None) -> str:
    gift = gift_named(s, skill)
    if category:
        found = s.scalar(select(Term.theme).where(Term.slug == category, Term.parent.is_not(None)))
        if found is None:
            raise BadRequest(_("Choose a category from the list."))
        return found
    return gift.themes[0] if gift and gift.themes else ""


def said_day(day: date | None) -> date:
    """The day on which it was said, today when nobody says.

    Raises:
        BadRequest: it lies ahead.
    """
    if day and day > today():
        raise BadRequest(_("The day it was said cannot lie ahead."))
    return day or today()


def _words(words: str, trouble: str) -> str:
    told = tidy(words)
    if not told:
        raise BadRequest(trouble)
    return told


def _one_of(value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise BadRequest(_("Choose these from the list: {words}.").format(words=", ".join(filter(None, known))))


def _in_range(value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise BadRequest(_("This number is from {least} to {most}.").format(least=least, most=most))

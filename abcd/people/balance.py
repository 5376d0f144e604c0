"""Gifts and hopes side by side, by theme and place (product.md D.2, 5; 001-5): where there is gift to spare.

Residents are counted as people, once a theme. The casework roles see the figures as they are, for the team's eyes
alone; the rest of the team rounded ones, and whatever is worked out of those.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import months_after, today
from abcd.core.disclosure.arithmetic import rounded
from abcd.db.session import actor_of
from abcd.db.tables import (
    HOME_KINDS,
    Offer,
    Person,
    PersonOffer,
    PersonWish,
    Place,
    PlaceAsset,
    Skill,
    Wish,
)
from abcd.db.tables.offers import THEMES
from abcd.people.keeping import sees_residents
from abcd.people.queries import in_scope
from abcd.people.voices import countable
from abcd.people.waiting import UNMET, inside

GIVING = ("waiting", "taken_up")
USED_MONTHS = 12


@dataclass(frozen=True)
class ThemeBalance:
    """One theme in a place: people who offer and who hope, None where there are too few to tell; and all others'."""

    theme: str
    offering: int | None
    wishing: int | None
    other_offers: int
    other_wishes: int

    @property
    def share(self) -> float | None:
        """``offers / (offers + wishes)``: above a half there is gift to spare; None where it cannot be told."""
        if self.offering is None or self.wishing is None:
            return None
        offers, hopes = self.offering + self.other_offers, self.wishing + self.other_wishes
        return offers / (offers + hopes) if offers + hopes else None


@dataclass(frozen=True)
class Balance:
    """Giving and hoping in a place; ``is_raw`` when the figures are as they are, and so for the team's eyes alone.

    ``giving`` and ``hoping`` are people, ``both`` those who do both and ``either`` who does at least one; of their
    ``offers``, ``used`` were taken up within twelve months. None: too few to tell.
    """

    is_raw: bool
    themes: tuple[ThemeBalance, ...]
    giving: int | None
    hoping: int | None
    both: int | None
    either: int | None
    offers: int | None
    used: int | None

    @property
    def reciprocity(self) -> float | None:
        """The share of people who both give and hope, from the figures that are shown."""
        return self.both / self.either if self.both is not None and self.either else None

    @property
    def used_share(self) -> float | None:
        """The share of residents' offers that were taken up within twelve months, from the figures that are shown."""
        return self.used / self.offers if self.used is not None and self.offers else None


def balance(s: Session, place_id: UUID | None = None) -> Balance | None:
    """Gifts and hopes of a place, or of the whole association; themes with neither are left out.

    None for a place of which counts of people may not be told to whoever asks: only patches and estates carry them
    beyond the casework roles (trust.md P7).

    Raises:
        NotAllowed: whoever asks may look at neither offers nor wishes.
    """
    require(actor_of(s), "view", "offer")
    require(actor_of(s), "view", "wish")
    is_raw = sees_residents(actor_of(s))
    kind = s.scalar(select(Place.kind).where(Place.id == place_id)) if place_id else HOME_KINDS[0]
    if not is_raw and kind not in HOME_KINDS:
        return None
    found = Balance(True, tuple(_themes(s, place_id)), **_people(s, place_id))
    return found if is_raw else protected(found)


def protected(found: Balance) -> Balance:
    """The same with every count of people as it may leave (``abcd.core.disclosure``), each rounded on its own."""
    counts = ("giving", "hoping", "both", "either", "offers", "used")
    themes = [
        replace(one, offering=rounded(one.offering or 0), wishing=rounded(one.wishing or 0)) for one in found.themes
    ]
    told = [one for one in themes if one.offering or one.wishing or one.other_offers or one.other_wishes]
    return replace(found, is_raw=False, themes=tuple(told), **{n: rounded(getattr(found, n) or 0) for n in counts})


def _themes(s: Session, place_id: UUID | None) -> Iterable[ThemeBalance]:
    here = inside(Person.place_id, place_id) if place_id else true()
    who = (in_scope(s), countable(), here)
    offering = select(Skill.themes[1], func.count(PersonOffer.person_id.distinct())).join(
        Skill, Skill.slug == PersonOffer.skill
    )
    offering = offering.join(Person, Person.id == PersonOffer.person_id).where(PersonOffer.state.in_(GIVING), *who)
    wishing = select(PersonWish.theme, func.count(PersonWish.person_id.distinct())).join(
        Person, Person.id == PersonWish.person_id
    )
    wishing = wishing.where(PersonWish.state.in_(UNMET), *who)
    others = select(Offer.theme, func.count()).where(Offer.state.in_(GIVING), _there(place_id))
    theirs = select(Wish.theme, func.count()).where(
        Wish.state.in_(UNMET), inside(Wish.place_id, place_id) if place_id else true()
    )
    by = [_by_theme(s, asked) for asked in (offering, wishing, others, theirs)]
    return [ThemeBalance(theme, *counts) for theme in THEMES if any(counts := [one.get(theme, 0) for one in by])]


def _by_theme(s: Session, asked: Select[*tuple[Any, ...]]) -> dict[str, int]:
    theme = asked.selected_columns[0]
    return {row[0]: int(row[1]) for row in s.execute(asked.group_by(theme))}


def _there(place_id: UUID | None) -> ColumnElement[bool]:
    if place_id is None:
        return true()
    held = select(PlaceAsset.asset_id).where(PlaceAsset.place_id == place_id)
    return or_(inside(Offer.place_id, place_id), Offer.asset_id.in_(held))


def _people(s: Session, place_id: UUID | None) -> dict[str, int]:
    """People who give, hope, both and either, their offers, and those taken up within twelve months."""
    here = inside(Person.place_id, place_id) if place_id else true()
    does = exists().where(PersonOffer.person_id == Person.id, PersonOffer.state.in_(GIVING))
    wants = exists().where(PersonWish.person_id == Person.id, PersonWish.state.in_(UNMET))
    each = select(does.label("does"), wants.label("wants")).where(in_scope(s), countable(), here).subquery()
    gives, hopes = each.c.does, each.c.wants
    asked = select(*(func.count().filter(one) for one in (gives, hopes, gives & hopes, gives | hopes)))
    people = s.execute(asked.select_from(each)).one()
    lately = PersonOffer.taken_up_on >= months_after(today(), -USED_MONTHS)
    made = select(func.count(), func.count().filter(lately)).select_from(PersonOffer)
    made = made.join(Person, Person.id == PersonOffer.person_id).where(in_scope(s), countable(), here)
    offers, used = s.execute(made.where((PersonOffer.state != "ended") | lately)).one()
    counts = dict(zip(("giving", "hoping", "both", "either"), map(int, people), strict=True))
    return counts | {"offers": offers, "used": used}

"""Residents who agreed to be found, by what they offer that answers a line.

Read through ``core.findable`` alone, by the gifts that the line speaks of, and then by the own words of the offer.
Where the places to look in are few, their people come first; else the offers of the nearest gifts, and of others as
long as few were found: so the work grows with the answer, not with the association.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from abcd.access.scope import in_own_places
from abcd.connections.asking import Asked
from abcd.connections.facts import Facts, judge_somebody
from abcd.connections.findings import Finding
from abcd.connections.lexicon import Lexicon
from abcd.connections.matching.ways import band
from abcd.connections.on_offer import CLOSE_LOOK, LEAST, gifts_near, name_of, on_offer, why
from abcd.connections.outset import Outset
from abcd.connections.words_match import Reading, alike, read
from abcd.core.language import _
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import PersonOffer, Place, findable

NEAREST = 4
"""Gifts that are looked for first: the one that is asked for and its next of kin."""

ENOUGH = 60
"""With so many offers read, gifts further off are left alone."""

OFFERS_READ = 2_000
"""Offers of some gifts of which it is asked whether they may be found."""

SAID = ("id", "person_id", "own_words", "skill", "free_grid", "conditions", "max_walk_minutes", "said_on")


def residents(s: Session, asked: Asked, said: Reading, known: Lexicon, start: Outset | None, on: date) -> list[Finding]:
    """Residents whose yes to being found holds, and what they offer that answers the line."""
    rows = _rows(s, asked, gifts_near(s, said), start, on)
    walks = start.to_homes({row.place_id for row in rows}) if start else {}
    return [one for row in rows if (one := _resident(row, asked, said, known, walks.get(row.place_id))) is not None]


def _rows(s: Session, asked: Asked, gifts: list[str], start: Outset | None, on: date) -> Sequence[Any]:
    if actor_of(s).places or (start is not None and asked.minutes is not None):
        near = _who(PersonOffer, gifts).where(*on_offer(PersonOffer, gifts, on), _in_reach(s, asked, start))
        return s.execute(near.limit(CLOSE_LOOK)).all()
    found = list(s.execute(_everywhere(gifts[:NEAREST], on)))
    if len(found) < ENOUGH and gifts[NEAREST:]:
        found += [row for row in s.execute(_everywhere(gifts[NEAREST:], on)) if row.skill]
    return found


def _everywhere(gifts: list[str], on: date) -> Select[Any]:
    """The oldest offers of some gifts first, and only then whose they are."""
    columns = (getattr(PersonOffer, name) for name in SAID)
    oldest = select(*columns).where(*on_offer(PersonOffer, gifts, on)).order_by(*_order(PersonOffer, gifts))
    own = oldest.limit(OFFERS_READ).cte("own").prefix_with("materialized", dialect="postgresql")
    return _who(own.c, gifts).limit(CLOSE_LOOK)


def _who(own: Any, gifts: list[str]) -> Select[Any]:
    """Offers with those who make them and may be found."""
    who = findable.c
    return (
        select(
            own.id, own.own_words, own.skill, own.free_grid, own.conditions, who.id.label("person_id"), who.place_id,
            who.preferred_name, who.language, who.speaks, called(Place).label("place_name"),
            func.least(own.max_walk_minutes, who.max_walk_minutes).label("max_walk"),
        )
        .join(findable, who.id == own.person_id)
        .join(Place, Place.id == who.place_id)
        .order_by(*_order(own, gifts))
    )  # fmt: skip


def _order(own: Any, gifts: list[str]) -> tuple[ColumnElement[Any], ...]:
    return func.array_position(gifts, own.skill).nulls_last(), own.said_on, own.id


def _in_reach(s: Session, asked: Asked, start: Outset | None) -> ColumnElement[bool]:
    """Of the places that whoever asks works in, and within the walk that is asked for."""
    theirs = in_own_places(actor_of(s), findable.c.place_id)
    if start is None or asked.minutes is None:
        return theirs
    return and_(theirs, findable.c.place_id.in_(start.homes_within(asked.minutes)))


def _resident(row: Any, asked: Asked, said: Reading, known: Lexicon, minutes: float | None) -> Finding | None:
    theirs = read(known, row.own_words, row.skill)
    likeness = alike(said, theirs)
    facts = Facts(row.free_grid, languages=(row.language, *row.speaks), minutes=minutes)
    verdict = judge_somebody(asked, facts)
    too_far = row.max_walk is not None and minutes is not None and minutes > row.max_walk
    if likeness < LEAST or not verdict.fits or too_far:
        return None
    unasked = [_("Whether they want this: nobody has asked them.")]
    if row.conditions:
        unasked.append(_("What they said about how it should be: it is on their page."))
    return Finding(
        row.preferred_name, name_of(known, row.skill), row.place_name, "" if minutes is None else band(minutes),
        (why(said, theirs, known), *filter(None, verdict.reasons)), (*unasked, *verdict.not_checked), likeness, minutes,
        row.own_words, person_id=row.person_id,
    )  # fmt: skip

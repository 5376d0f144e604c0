"""What is offered that answers a line: by groups, venues, partners, suppliers, and residents who agreed to be found.

Both are read by the gifts that the line speaks of, so that the work grows with what is offered of these, and then by
the own words of the offer. Residents are read through ``core.findable`` alone.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from abcd.connections.asking import Asked
from abcd.connections.facts import Facts, Verdict, judge, needs_of
from abcd.connections.findings import Finding
from abcd.connections.lexicon import Lexicon
from abcd.connections.matching.terms import in_tree, terms
from abcd.connections.matching.ways import band
from abcd.connections.stand import Stand, homes_within, walks_to
from abcd.connections.words_match import Reading, alike, read
from abcd.core.language import _
from abcd.db.session import actor_of
from abcd.db.spatial import grid_point, metres_between
from abcd.db.tables import Asset, Offer, Organisation, PersonOffer, Place, PlaceParent, findable
from abcd.gaps.walk import walk_model

LEAST = 0.15
"""Below this likeness nothing is shown: of the tuning half of the labelled set nine fits in ten lie above, and one in
twenty of the rest."""

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


def residents(s: Session, asked: Asked, said: Reading, known: Lexicon, stand: Stand | None, on: date) -> list[Finding]:
    """Residents whose yes to being found holds, and what they offer that answers the line."""
    wanted = _of_residents(gifts_near(s, said), on).where(_in_reach(s, asked, stand))
    rows = s.execute(wanted.limit(CLOSE_LOOK)).all()
    walks = walks_to(s, stand, {row.place_id for row in rows}) if stand else {}
    return [one for row in rows if (one := _resident(row, asked, said, known, walks.get(row.place_id))) is not None]


def _of_residents(gifts: list[str], on: date) -> Select[Any]:
    who = findable.c
    own = PersonOffer
    return (
        select(
            own.id, own.own_words, own.skill, own.free_grid, own.conditions, who.id.label("person_id"), who.place_id,
            who.preferred_name, who.language, who.speaks, Place.name.label("place_name"),
            func.least(own.max_walk_minutes, who.max_walk_minutes).label("max_walk"),
        )
        .join(findable, who.id == own.person_id)
        .join(Place, Place.id == who.place_id)
        .where(*_on_offer(own, gifts, on))
        .order_by(func.array_position(gifts, own.skill).nulls_last(), own.said_on, own.id)
    )  # fmt: skip


def _on_offer(own: Any, gifts: list[str], on: date) -> Iterable[ColumnElement[bool]]:
    """Offers of these gifts, or of which nobody has said what they are, that may be taken up on a day."""
    yield own.state == "waiting"
    yield or_(own.skill.in_(gifts), own.skill.is_(None))
    yield or_(own.starts_on.is_(None), own.starts_on <= on)
    yield or_(own.expires_on.is_(None), own.expires_on >= on)


def _in_reach(s: Session, asked: Asked, stand: Stand | None) -> ColumnElement[bool]:
    """Of the places that whoever asks works in, and within the walk that is asked for."""
    own = [UUID(one) for one in actor_of(s).places]
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id.in_(own))
    theirs = or_(findable.c.place_id.in_(own), findable.c.place_id.in_(smaller)) if own else true()
    if stand is None or asked.minutes is None:
        return theirs
    return and_(theirs, findable.c.place_id.in_(homes_within(s, stand, asked.minutes)))


def _resident(row: Any, asked: Asked, said: Reading, known: Lexicon, minutes: float | None) -> Finding | None:
    theirs = read(known, row.own_words, row.skill)
    likeness = alike(said, theirs)
    facts = Facts(row.free_grid, {}, (row.language, *row.speaks), "free", minutes)
    verdict = judge(asked, facts)
    too_far = row.max_walk is not None and minutes is not None and minutes > row.max_walk
    if likeness < LEAST or not verdict.fits or too_far:
        return None
    unasked = [_("Whether they want this: nobody has asked them.")]
    if row.conditions:
        unasked.append(_("What they said about how it should be: it is on their page."))
    return Finding(
        row.preferred_name, _name(known, row.skill), row.place_name, "" if minutes is None else band(minutes),
        (why(said, theirs, known), *filter(None, verdict.reasons)), (*unasked, *verdict.not_checked), likeness, minutes,
        row.own_words, person_id=row.person_id,
    )  # fmt: skip


def of_others(
    s: Session, asked: Asked, said: Reading, known: Lexicon, stand: Stand | None, seen: Collection[str], on: date
) -> list[Finding]:
    """What groups, venues, partners, suppliers and the landlord offer, as far as it is for those who look."""
    gifts = gifts_near(s, said)
    rows = s.execute(_offers(gifts, stand, on).where(Offer.visibility.in_(seen)).limit(CLOSE_LOOK)).all()
    return [one for row in rows if (one := _other(row, asked, said, known)) is not None]


def _offers(gifts: list[str], stand: Stand | None, on: date) -> Select[Any]:
    here = None if stand is None else grid_point(stand.easting, stand.northing)
    # Something that a venue offers is where the venue is; else where the offer says.
    where = func.coalesce(Asset.point, Place.point)
    metres = func.nullif(-1, -1) if here is None else metres_between(where, here)
    return (
        select(
            Offer.id, Offer.own_words, Offer.skill, Offer.free_grid, Offer.how_much, Offer.conditions,
            Offer.max_walk_minutes, Offer.asset_id, Asset.step_free, Asset.facilities, Asset.languages,
            func.coalesce(Asset.name, Organisation.name, "").label("owner"),
            func.coalesce(Place.name, Asset.address, "").label("place_name"), metres.label("metres"),
        )
        .outerjoin(Asset, Asset.id == Offer.asset_id)
        .outerjoin(Organisation, Organisation.id == Offer.owner_id)
        .outerjoin(Place, Place.id == Offer.place_id)
        .where(*_on_offer(Offer, gifts, on))
        .order_by(func.array_position(gifts, Offer.skill).nulls_last(), Offer.said_on, Offer.id)
    )  # fmt: skip


def _other(row: Any, asked: Asked, said: Reading, known: Lexicon) -> Finding | None:
    theirs = read(known, row.own_words, row.skill)
    likeness = alike(said, theirs)
    minutes = None if row.metres is None else row.metres / walk_model().reach_metres(1)
    verdict = _of_a_thing(row, asked, minutes)
    if likeness < LEAST or not verdict.fits:
        return None
    unasked = _("Whether it is still to be had: nobody has asked them.")
    return Finding(
        row.owner, _name(known, row.skill), row.place_name, "" if minutes is None else band(minutes),
        (why(said, theirs, known), *filter(None, verdict.reasons)), (unasked, *verdict.not_checked), likeness, minutes,
        row.own_words, row.asset_id, row.id,
    )  # fmt: skip


def _of_a_thing(row: Any, asked: Asked, minutes: float | None) -> Verdict:
    languages = row.languages or None
    cost = f"{row.how_much} {row.conditions}"
    return judge(asked, Facts(row.free_grid, needs_of(row.step_free, row.facilities), languages, cost, minutes))


def why(said: Reading, theirs: Reading, known: Lexicon) -> str:
    """What a line and an offer have in common: a gift, two gifts near each other, or words."""
    both = {slug: min(said.gifts[slug], theirs.gifts[slug]) for slug in said.gifts.keys() & theirs.gifts.keys()}
    best = max(both, key=lambda slug: (both[slug], slug), default="")
    if both.get(best, 0.0) >= SURE:
        return _("It is about what you ask for: {what}.").format(what=_name(known, best))
    shared = sorted(said.stems & theirs.stems)
    if shared:
        return _("It has words of yours in it.")
    return _("It is close to what you ask for.")


def _name(known: Lexicon, slug: str | None) -> str:
    return known.gifts[slug].words() if slug and slug in known.gifts else ""

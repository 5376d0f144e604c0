"""What groups, venues, partners, suppliers and the landlord offer that answers a line.

Read by the gifts that the line speaks of, so that the work grows with what is offered of these, and then by the own
words of the offer.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from abcd.connections.asking import Asked
from abcd.connections.facts import Facts, Verdict, judge, needs_of
from abcd.connections.findings import Finding
from abcd.connections.lexicon import Lexicon
from abcd.connections.matching.ways import band
from abcd.connections.on_offer import CLOSE_LOOK, LEAST, gifts_near, name_of, on_offer, why
from abcd.connections.outset import Outset
from abcd.connections.words_match import Reading, alike, read
from abcd.core.language import _
from abcd.db.naming import called
from abcd.db.tables import Asset, Offer, Organisation, Place


def of_others(
    s: Session, asked: Asked, said: Reading, known: Lexicon, start: Outset | None, seen: Collection[str], on: date
) -> list[Finding]:
    """What groups, venues, partners, suppliers and the landlord offer, as far as it is for those who look."""
    gifts = gifts_near(s, said)
    rows = s.execute(_offers(gifts, on).where(Offer.visibility.in_(seen)).limit(CLOSE_LOOK)).all()
    walks = start.minutes([(row.easting, row.northing) for row in rows]) if start else [None] * len(rows)
    found = (_other(row, asked, said, known, far) for row, far in zip(rows, walks, strict=True))
    return [one for one in found if one is not None]


def _offers(gifts: list[str], on: date) -> Select[Any]:
    # Something that a venue offers is where the venue is; else where the offer says.
    where = func.coalesce(Asset.point, Place.point)
    at = func.ST_X(where).label("easting"), func.ST_Y(where).label("northing")
    return (
        select(
            Offer.id, Offer.own_words, Offer.skill, Offer.free_grid, Offer.how_much, Offer.conditions,
            Offer.max_walk_minutes, Offer.asset_id, Asset.step_free, Asset.facilities, Asset.languages,
            func.coalesce(called(Asset), called(Organisation), "").label("owner"),
            func.coalesce(called(Place), Asset.address, "").label("place_name"), *at,
        )
        .outerjoin(Asset, Asset.id == Offer.asset_id)
        .outerjoin(Organisation, Organisation.id == Offer.owner_id)
        .outerjoin(Place, Place.id == Offer.place_id)
        .where(*on_offer(Offer, gifts, on))
        .order_by(func.array_position(gifts, Offer.skill).nulls_last(), Offer.said_on, Offer.id)
    )  # fmt: skip


def _other(row: Any, asked: Asked, said: Reading, known: Lexicon, minutes: float | None) -> Finding | None:
    theirs = read(known, row.own_words, row.skill)
    likeness = alike(said, theirs)
    verdict = _of_a_thing(row, asked, minutes)
    if likeness < LEAST or not verdict.fits:
        return None
    unasked = _("Whether it is still to be had: nobody has asked them.")
    return Finding(
        row.owner, name_of(known, row.skill), row.place_name, "" if minutes is None else band(minutes),
        (why(said, theirs, known), *filter(None, verdict.reasons)), (unasked, *verdict.not_checked), likeness, minutes,
        row.own_words, row.asset_id, row.id,
    )  # fmt: skip


def _of_a_thing(row: Any, asked: Asked, minutes: float | None) -> Verdict:
    languages = row.languages or None
    cost = f"{row.how_much} {row.conditions}"
    return judge(asked, Facts(row.free_grid, needs_of(row.step_free, row.facilities), languages, cost, minutes))

"""What the filters of a shared map offer, and whose data it shows."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from abcd.core.text import postcode_in, postcode_key
from abcd.db.naming import called
from abcd.db.tables import Asset, Place, Postcode, Source, Term
from abcd.maps.asked import Asked, Spot
from abcd.maps.listing import fitting, in_degrees
from abcd.maps.reader import Reader
from abcd.maps.view import Bbox

#: Metres to which a spot is rounded, so that no address of a page holds a home's own.
COARSE = 100


@dataclass(frozen=True)
class Choices:
    """What the filters of a map offer: only what is there.

    ``languages`` are BCP 47 codes; ``places`` ids with names; ``credits`` say whose data it is, with licences; ``box``
    goes round the places of the map, in degrees, ``None`` when it has none. ``is_over`` says that the map shows
    places of which none stands any more: they ended, or were drawn anew.
    """

    kinds: frozenset[str]
    themes: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[tuple[UUID, str], ...]
    credits: tuple[str, ...]
    box: Bbox | None = None
    is_over: bool = False


def choices(s: Session, reader: Reader, hides_old: bool = False) -> Choices:
    """What the filters offer of what the reader may see."""
    fits = fitting(reader, Asked(within=reader.places, hides_old=hides_old))
    pairs = s.execute(select(Asset.asset_kind, Asset.category).where(*fits).distinct()).all()
    slugs = {category for _kind, category in pairs}
    themes = s.scalars(select(Term.theme).where(Term.slug.in_(slugs), Term.theme != "").distinct())
    spoken = s.scalars(select(func.unnest(Asset.languages)).where(*fits, Asset.languages != []).distinct())
    return Choices(
        frozenset(kind for kind, _category in pairs), tuple(sorted(themes)), tuple(sorted(spoken)),
        places_of(s, reader), credits_of(s, fits), box_of(s, reader), are_over(s, reader),
    )  # fmt: skip


def are_over(s: Session, reader: Reader) -> bool:
    """Whether the reader is confined to places of which none stands any more."""
    standing = select(Place.id).where(Place.id.in_(reader.places), Place.end_date.is_(None)).limit(1)
    return bool(reader.places) and s.scalar(standing) is None


def places_of(s: Session, reader: Reader) -> tuple[tuple[UUID, str], ...]:
    """The places that the reader is confined to, by name."""
    if not reader.places:
        return ()
    named = called(Place)
    rows = s.execute(select(Place.id, named).where(Place.id.in_(reader.places)).order_by(func.lower(named)))
    return tuple((row[0], row[1]) for row in rows)


def credits_of(s: Session, fits: list[ColumnElement[bool]]) -> tuple[str, ...]:
    """Whose data it is: the attribution and licence of every source that is shown."""
    used = select(Asset.source_id).where(*fits).distinct()
    facts = select(Source.attribution, Source.name, Source.publisher, Source.licence).where(Source.id.in_(used))
    said = [(row.attribution or f"{row.publisher}: {row.name}", row.licence) for row in s.execute(facts)]
    return tuple(sorted({f"{words.rstrip('.')} ({licence})." if licence else words for words, licence in said}))


def box_of(s: Session, reader: Reader) -> Bbox | None:
    """The box round the places of the reader, in degrees."""
    if not reader.places:
        return None
    round_all = func.ST_Extent(Place.geom)
    edges = (f(round_all) for f in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax))
    west, south, east, north = s.execute(select(*edges).where(Place.id.in_(reader.places))).one()
    return None if west is None else in_degrees((west, south, east, north))


def spot_of(s: Session, typed: str) -> tuple[Spot, str] | None:
    """Where a postcode or the name of a place is, to 100 metres, and what to call it; ``None`` when neither is known.

    Of a postcode only the first half is told again: the whole of one may be somebody's address (trust.md P29).
    """
    postcode = postcode_in(typed)
    point, told = (Postcode.point, func.split_part(postcode, " ", 1)) if postcode else (Place.point, called(Place))
    said = typed.strip().lower()
    named = or_(func.lower(Place.name) == said, func.lower(Place.name_cy) == said)
    which = Postcode.postcode == postcode_key(postcode) if postcode else named & Place.end_date.is_(None)
    found = select(func.ST_X(point), func.ST_Y(point), told).where(which, point.is_not(None))
    order = [] if postcode else [Place.vintage.desc(), Place.id]
    row = s.execute(found.order_by(*order).limit(1)).first()
    return None if row is None else (coarse(row[0], row[1]), row[2])


def coarse(east: float, north: float) -> Spot:
    """A position rounded to ``COARSE`` metres."""
    return round(east / COARSE) * float(COARSE), round(north / COARSE) * float(COARSE)

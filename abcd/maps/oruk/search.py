"""The filters of the directory's lists: what somebody asks for, and the conditions that answer it."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, any_, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from abcd.core.clock import today
from abcd.core.text import postcode_in, postcode_key
from abcd.db.remembered import remembered
from abcd.db.spatial import within_metres
from abcd.db.tables import Activity, Asset, Postcode
from abcd.errors import BadRequest
from abcd.maps.oruk.ids import derived
from abcd.maps.oruk.services import HAS_PLACE, Where, joined, may_see
from abcd.maps.oruk.terms import TAXONOMIES, slugs_of
from abcd.maps.oruk.times import fits
from abcd.maps.reader import Reader

NEAR_M = 2_000.0
"""Metres round a postcode when nobody says how far: a walk of half an hour."""

FARTHEST_M = 100_000.0


@dataclass(frozen=True)
class Asked:
    """What a list is asked for; an empty one is everything.

    Attributes:
        day: ``MO`` to ``SU``.
        start_time, end_time: no session begins before, none ends after.
        minimum_age: only what has a lowest age, and that at least this one.
        maximum_age: only what has a highest age, and that at most this one.
        postcode, proximity: at most so many metres from there.
        located: only what happens at a known place.
    """

    search: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    start_time: time | None = None
    end_time: time | None = None
    day: str = ""
    postcode: str = ""
    proximity: float | None = None
    located: bool = False

    @property
    def asks_when(self) -> bool:
        """Whether the times matter."""
        return bool(self.day or self.start_time or self.end_time)

    @property
    def asks_where(self) -> bool:
        """Whether the place matters."""
        return self.located or bool(self.postcode)


def conditions(s: Session, asked: Asked, reader: Reader) -> list[ColumnElement[bool]]:
    """What a service must meet, ``reader``'s own line included; the query must be ``joined``, as ``asks_where`` says.

    Raises:
        BadRequest: the postcode is none, or not in the list that was loaded.
        NotFound: there is no such term, or nothing is open to this reader.
    """
    found = [*may_see(reader), *_of_age(asked)]
    if asked.search.strip():
        query = func.websearch_to_tsquery(literal_column("'pub.plain'"), asked.search)
        found.append(Asset.search.op("@@")(query))
    if asked.taxonomy_id and asked.taxonomy_id not in {derived("taxonomy", slug) for slug in TAXONOMIES}:
        found.append(Asset.id.is_(None))
    if asked.taxonomy_term_id:
        taxonomy, slugs = slugs_of(s, asked.taxonomy_term_id)
        found.append((Asset.asset_kind if taxonomy == "kinds" else Asset.category).in_(slugs))
    if asked.postcode:
        found.append(_near(s, asked))
    if asked.located:
        found.append(HAS_PLACE)
    return [*found, *_open_then(s, asked, reader, found)]


def _of_age(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.minimum_age is not None:
        found.append(Activity.minimum_age >= asked.minimum_age)
    if asked.maximum_age is not None:
        found.append(Activity.maximum_age <= asked.maximum_age)
    return found


def _near(s: Session, asked: Asked) -> ColumnElement[bool]:
    """What happens within so many metres of a postcode."""
    known = postcode_in(asked.postcode)
    point = known and s.scalar(select(func.ST_AsEWKB(Postcode.point)).where(Postcode.postcode == postcode_key(known)))
    if not point:
        raise BadRequest("This postcode is none that we know. Give a full one, such as M16 7AA.")
    around: Any = aliased(Asset)
    middle, metres = func.ST_GeomFromEWKB(bytes(point)), asked.proximity if asked.proximity is not None else NEAR_M
    near = select(around.id).where(within_metres(around.point, middle, min(metres, FARTHEST_M)))
    return or_(Where.id.in_(near), and_(Where.id.is_(None), Asset.id.in_(near)))


def _open_then(
    s: Session, asked: Asked, reader: Reader, so_far: list[ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    """Those open at the times asked for, by the texts that say so: far fewer than assets, and each is read once."""
    if not asked.asks_when:
        return []
    rows = joined(select(Asset.opening_hours).distinct(), reader, where=asked.asks_where)
    texts = rows.where(*so_far, Asset.opening_hours != "")
    year, wanted = today().year, (asked.day, asked.start_time, asked.end_time)

    def fitting() -> list[str]:
        return sorted(text for text in s.scalars(texts) if fits(text, year, *wanted))

    found = remembered(s, ("oruk times", reader, asked), fitting)
    return [Asset.opening_hours == any_(literal(found, ARRAY(Text)))]

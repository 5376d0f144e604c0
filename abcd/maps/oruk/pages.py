"""Pages of the directory's lists, and one entry by its id.

Pages are numbered, as the profile wants it. How many there are and where each begins is remembered until the register
changes, so that whoever reads all pages in turn pays for each the same.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.db.remembered import kept, remembered
from abcd.db.tables import Asset
from abcd.errors import NotFound
from abcd.maps.oruk import shape
from abcd.maps.oruk.ids import at_location
from abcd.maps.oruk.search import Asked, conditions
from abcd.maps.oruk.services import HAS_PLACE, joined, told, told_of
from abcd.maps.reader import Reader

PER_PAGE, MOST_PER_PAGE = 50, 500

Json = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page of a list: its number from 1, and how many entries there are in all."""

    number: int
    per_page: int
    total: int
    contents: list[Json]

    def as_json(self) -> Json:
        """The page in the profile's wrapper."""
        pages = -(-self.total // self.per_page)
        return {
            "total_items": self.total,
            "total_pages": pages,
            "page_number": self.number,
            "size": len(self.contents),
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": not self.contents,
            "contents": self.contents,
        }


def of_list(entries: list[Json], number: int, per_page: int) -> Page:
    """A page of a short list."""
    return Page(number, per_page, len(entries), entries[(number - 1) * per_page : number * per_page])


def page(s: Session, reader: Reader, asked: Asked, number: int = 1, per_page: int = PER_PAGE) -> Page:
    """A page of services, or of services at their locations when ``asked.located``.

    Raises:
        BadRequest, NotFound: as ``abcd.maps.oruk.search.conditions``.
    """
    per_page = min(per_page, MOST_PER_PAGE)
    fits = conditions(s, asked, reader)
    counted = joined(select(func.count()), reader, where=asked.asks_where).where(*fits)
    total = remembered(s, ("oruk count", reader, asked), lambda: int(s.scalar(counted) or 0))
    ids = _ids(s, reader, asked, fits, number, per_page) if (number - 1) * per_page < total else []
    rows = s.execute(told_of(reader, ids)).all() if ids else []
    make = (lambda row: shape.service_at_location(row, in_full=False)) if asked.located else shape.listed
    return Page(number, per_page, total, [make(row) for row in rows])


def _ids(s: Session, reader: Reader, asked: Asked, fits: list[Any], number: int, per_page: int) -> list[UUID]:
    """The ids on a page: from where it begins, when somebody read it or the page before; else by counting."""

    def begins(page_number: int) -> tuple[Any, ...]:
        return "oruk page", reader, asked, per_page, page_number

    rows = joined(select(Asset.id), reader, where=asked.asks_where).where(*fits).order_by(Asset.id).limit(per_page)
    is_known, beginning = kept(s, begins(number))
    if is_known:
        edge, is_itself = beginning
        rows = rows.where(Asset.id >= edge if is_itself else Asset.id > edge)
    else:
        rows = rows.offset((number - 1) * per_page)
    ids = list(s.scalars(rows))
    if ids:
        remembered(s, begins(number), lambda: (ids[0], True))
        remembered(s, begins(number + 1), lambda: (ids[-1], False))
    return ids


def service(s: Session, reader: Reader, service_id: UUID) -> Json:
    """One service, in full.

    Raises:
        NotFound: there is none for this reader.
    """
    row = s.execute(told(reader).where(Asset.id == service_id)).first()
    if row is None:
        raise NotFound("There is nothing at this address.")
    return shape.service(row)


def service_at_location(s: Session, reader: Reader, link_id: UUID) -> Json:
    """One service at its location, in full.

    Raises:
        NotFound: there is none for this reader.
    """
    row = s.execute(told(reader).where(Asset.id == at_location(link_id), HAS_PLACE)).first()
    if row is None:
        raise NotFound("There is nothing at this address.")
    return shape.service_at_location(row, in_full=True)

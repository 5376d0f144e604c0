"""Find: words, category, kind, "open on" and distance, in one answer that touches only what it needs.

Whatever the size of the store, at most ``CLOSE_LOOK`` assets are read and ranked; beyond them the answer says
"more than". Near a point the search looks in growing circles and stops at the first that fills the page.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ColumnElement,
    Float,
    Row,
    Select,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from abcd.assets.freshness import confidence, state
from abcd.assets.lines import METRES_PER_MINUTE, asset_rows, line_of, standing
from abcd.assets.records import AssetLine
from abcd.assets.taxonomy import WORD
from abcd.assets.words import Understood, learn_words, understand
from abcd.core.text import POSTCODE, postcode_in, postcode_key
from abcd.db.spatial import grid_point, metres_between, within_metres
from abcd.db.tables import Asset, Place, Postcode, Term
from abcd.errors import BadRequest, NotFound

__all__ = ["Found", "Search", "find", "learn_words", "stands_at"]

CLOSE_LOOK = 500
"""So many assets are ranked; more would only be counted."""

CIRCLES = (2_000.0, 10_000.0)
"""Metres of the circles tried before the whole store."""

POSTCODE_TYPED = re.compile(POSTCODE)

ORDERS = ("best", "near", "name", "newest")


@dataclass(frozen=True)
class Search:
    """What somebody looks for.

    ``open_on`` is (weekday, part of day): Monday 0; morning 0, afternoon 1, evening 2; a part of None is any.
    ``near`` is (easting, northing), a postcode, or the id, reference or name of a place; ``within_minutes`` a walk
    from there. ``order`` is one of ``ORDERS``; ``public`` leaves out what is not for everybody; ``also`` is whatever
    else must hold, in SQL.
    """

    words: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    open_on: tuple[int, int | None] | None = None
    near: tuple[float, float] | UUID | str | None = None
    within_minutes: float | None = None
    status: tuple[str, ...] = ()
    order: str = "best"
    limit: int = 50
    offset: int = 0
    public: bool = False
    also: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True)
class Found:
    """A page of the answer. ``more`` says that there are more than ``total``; ``mended`` maps typed to taken words;
    ``walks`` says how the walks were worked out, where they are more than straight lines."""

    lines: list[AssetLine]
    total: int
    more: bool = False
    mended: dict[str, str] = field(default_factory=dict)
    walks: str = ""


def find(s: Session, search: Search) -> Found:
    """The assets that fit, best first: how well the name fits, how near, how sure.

    Raises:
        BadRequest: a walk without a point to start from, or an order we do not know.
        NotFound: the postcode or place to be near is not in the store.
    """
    asked, near = _where_and_what(search)
    stand = None if near is None else _stand(s, near)
    rows: list[Row[Any]] = []
    circles = _circles(search, stand)
    with _by_index(s):
        words = understand(s, asked)
        for metres in circles:
            rows = list(s.execute(_page(search, words, stand, metres)))
            enough = bool(rows) and rows[0].total >= search.offset + search.limit
            if enough:
                break
    total = rows[0].total if rows else 0
    more = total > CLOSE_LOOK or (enough and metres != circles[-1])
    return Found([line_of(row) for row in rows], min(total, CLOSE_LOOK), more, words.mended)


def stands_at(s: Session, search: Search) -> BaseGeometry | None:
    """Where a search stands: a shapely point or area in metres, None when it stands nowhere.

    Raises:
        BadRequest, NotFound: as ``find``.
    """
    near = _where_and_what(search)[1]
    if near is None:
        return None
    if isinstance(near, tuple):
        return shapely.Point(near)
    return shapely.from_wkb(bytes(s.scalars(select(func.ST_AsBinary(_stand(s, near)))).one()))


def place_stood_in(s: Session, search: Search) -> UUID | None:
    """The place that a search is near; None for a postcode, a point, or nowhere.

    Raises:
        BadRequest: as ``find``.
    """
    near = _where_and_what(search)[1]
    if near is None or isinstance(near, tuple) or (isinstance(near, str) and postcode_in(near)):
        return None
    found: UUID | None = s.scalar(_place(near, Place.id))
    return found


def _where_and_what(search: Search) -> tuple[str, tuple[float, float] | UUID | str | None]:
    """The words without a postcode that was typed among them, and the point to be near."""
    if search.order not in ORDERS:
        raise BadRequest(f"Results can be ordered by: {', '.join(ORDERS)}.")
    typed = "" if search.near else postcode_in(search.words)
    near = search.near or typed or None
    if search.within_minutes is not None and near is None:
        raise BadRequest("Say from where: a postcode, a place or a point on the map.")
    return (POSTCODE_TYPED.sub(" ", search.words) if typed else search.words), near


def _circles(search: Search, stand: ColumnElement[Any] | None) -> tuple[float | None, ...]:
    if stand is None:
        return (None,)
    if search.within_minutes is not None:
        return (search.within_minutes * METRES_PER_MINUTE,)
    return (*CIRCLES, None)


def _stand(s: Session, near: tuple[float, float] | UUID | str) -> ColumnElement[Any]:
    """The point or boundary that distances are measured from."""
    if isinstance(near, tuple):
        return grid_point(*near)
    geometry = s.scalar(_postcode(near) if isinstance(near, str) and postcode_in(near) else _place(near))
    if geometry is None:
        raise NotFound(f"“{near}” is neither a postcode nor a place that we know. Check it, or import its list.")
    return func.ST_GeomFromEWKB(literal(bytes(geometry)))


def _postcode(near: str) -> Select[Any]:
    return select(func.ST_AsEWKB(Postcode.point)).where(Postcode.postcode == postcode_key(postcode_in(near)))


def _place(near: UUID | str, wanted: Any = None) -> Select[Any]:
    """The boundary of a place, or what else is ``wanted`` of it."""
    named = func.lower(Place.name) == str(near).strip().lower()
    which = Place.id == near if isinstance(near, UUID) else or_(Place.reference == near.strip(), named)
    newest = (Place.reference == str(near).strip()).desc(), Place.vintage.desc()
    wanted = func.ST_AsEWKB(Place.geom) if wanted is None else wanted
    return select(wanted).where(which, Place.end_date.is_(None)).order_by(*newest).limit(1)


@contextmanager
def _by_index(s: Session) -> Iterator[None]:
    """Keep the planner off whole-table scans: it cannot know that two common words never meet in one name."""
    switch = text("select set_config('enable_seqscan', :value, true)")
    s.execute(switch, {"value": "off"})
    yield
    s.execute(switch, {"value": "on"})


def _page(search: Search, words: Understood, stand: ColumnElement[Any] | None, metres: float | None) -> Select[Any]:
    """One page of what fits: at most ``CLOSE_LOOK`` + 1 rows are looked at and counted in ``total``."""
    looked = _looked_at(search, words, stand, metres).cte("looked").prefix_with("materialized", dialect="postgresql")
    order = _order(search.order, looked.c, words.plain)
    page = select(looked, func.count().over().label("total"), func.row_number().over(order_by=order).label("position"))
    ranked = page.order_by(literal_column("position")).limit(search.limit).offset(search.offset).cte("ranked")
    found = asset_rows(ranked.c.metres, ranked.c.total).join(ranked, ranked.c.id == Asset.id)
    return found.order_by(ranked.c.position)


def _looked_at(
    search: Search, words: Understood, stand: ColumnElement[Any] | None, metres: float | None
) -> Select[Any]:
    distance = null() if stand is None else metres_between(Asset.point, stand)
    rows = select(
        Asset.id, func.lower(Asset.name).label("name"), Asset.assured_on, confidence().label("confidence"),
        cast(distance, Float).label("metres"),
    ).where(*_fits(search, words))  # fmt: skip
    if search.public:
        rows = rows.join(Term, Term.slug == Asset.category).where(Asset.visibility == "public", state() != "hidden")
    if stand is not None and metres is not None:
        rows = rows.where(within_metres(Asset.point, stand, metres))
    if stand is not None and (metres is not None or not (words.tsquery or search.categories)):
        rows = rows.order_by(Asset.point.op("<->")(stand))
    return rows.limit(CLOSE_LOOK + 1)


def _fits(search: Search, words: Understood) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = [Asset.status.in_(search.status), Asset.merged_into.is_(None)]
    if not search.status:
        fits = [standing()]
    fits += search.also
    queries = [words.tsquery] if words.tsquery else []
    if search.categories:
        fits.append(Asset.category.in_(search.categories))
        # The text index holds the words of an asset's category too, located or not, so it finds all of a category.
        spelt = (WORD.findall(slug) for slug in search.categories)
        queries.append(" | ".join(f"({' & '.join(words)})" for words in spelt if words))
    fits += [Asset.search.op("@@")(func.to_tsquery(literal_column("'pub.plain'"), query)) for query in queries]
    if search.kinds:
        fits.append(Asset.asset_kind.in_(search.kinds))
    if search.open_on:
        fits.append(Asset.open_grid.op("&")(_bits(*search.open_on)) != 0)
    return fits


def _bits(weekday: int, part: int | None) -> int:
    return 0b111 << 3 * weekday if part is None else 1 << 3 * weekday + part


def _order(order: str, looked: Any, words: str) -> list[ColumnElement[Any]]:
    nearness = 1 / (1 + func.coalesce(looked.metres, 0) / (15 * METRES_PER_MINUTE))
    likeness = func.word_similarity(words, looked.name) if words else literal(0.0)
    first: dict[str, Any] = {
        "best": (likeness + nearness + looked.confidence / 2).desc(),
        "near": looked.metres.asc().nulls_last(),
        "name": looked.name,
        "newest": looked.assured_on.desc().nulls_last(),
    }
    return [first[order], looked.name, looked.id]

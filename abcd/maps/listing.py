"""The list of a shared map: what a reader may see under the filters, in pages.

Everything comes from the columns of the layers that are open to the reader (``abcd.maps.layers``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, cast, func, or_, select
from sqlalchemy.orm import Session

from abcd.assets.lines import METRES_PER_MINUTE
from abcd.core.geo import to_degrees
from abcd.core.language import chosen
from abcd.db.tables import Asset, Term
from abcd.errors import NotFound
from abcd.maps.asked import Asked
from abcd.maps.asset_layer import ASSETS
from abcd.maps.layer import Column, Layer, reaches
from abcd.maps.layers import BACKGROUND
from abcd.maps.reader import Reader
from abcd.maps.view import Bbox

PAGE = 25
#: Further pages than this are not turned to: whoever is there should ask for less.
MOST_PAGES = 400
#: What a line of the list says, from the columns of the layer.
LINE = (
    "name", "name_cy", "asset_kind", "category", "category_name", "status", "step_free", "schedule_text", "cost",
    "assured_date", "fresh", "venue_address", "venue_postcode", "description",
)  # fmt: skip
#: What a printed line says besides.
IN_FULL = ("access_facilities", "languages", "website", "phone", "email", "eligibility", "organisation")
NOT_HERE = "inactive", "defunct"

Row = dict[str, Any]
"""One asset: its columns by name, with ``id``, ``lon``, ``lat`` and ``minutes`` of walk, ``None`` where not known."""


@dataclass(frozen=True)
class Listed:
    """One page of the answer: ``total`` fit, ``placed`` of them are on the map, within ``box`` (degrees).

    ``walks`` says how its walks were measured.
    """

    rows: list[Row]
    total: int
    placed: int
    box: Bbox | None
    page: int = 1
    size: int = PAGE
    walks: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, min(MOST_PAGES, -(-self.total // self.size)))


def is_listed(layer: Layer) -> bool:
    """Whether a layer shows assets one by one."""
    return layer.table is Asset.__table__ and layer.name not in BACKGROUND


def listed_layers(reader: Reader) -> list[Layer]:
    """The layers of assets that the reader may see."""
    return [one for one in reader.published() if is_listed(one)]


def in_own_words(column: Column) -> Column:
    """A column of names, in the language in use."""
    spoken = {"name": own_name, "category_name": lambda: own(Term.name, Term.name_cy)}.get(column.name)
    return replace(column, sql=spoken) if spoken else column


def on_the_map(reader: Reader) -> Layer:
    """The layers of assets that the reader may see as one, with no more on the map than its marks say.

    Raises:
        NotFound: the reader may see no assets at all.
    """
    open_to = listed_layers(reader)
    if not open_to:
        raise NotFound("There is nothing at this address.")
    if open_to[0].name == "assets":
        open_to = open_to[:1]
    marks = ("name", "asset_kind", "category_name", "fresh")
    columns = tuple(replace(in_own_words(one), on_map=one.name in marks) for one in ASSETS.columns)
    name = "assets" if len(open_to) == 1 else "+".join(one.name for one in open_to)
    shown = open_to[0].shown if len(open_to) == 1 else or_(*(one.shown for one in open_to))
    return replace(ASSETS, name=name if open_to[0].name == "assets" else f"{name} only", shown=shown, columns=columns)


def fitting(reader: Reader, asked: Asked) -> list[ColumnElement[bool]]:
    """The conditions of the list: on the map or not, but still here."""
    layer = on_the_map(reader)
    return [*layer.seen_by(reader.audience), Asset.status.not_in(NOT_HERE), *asked.of_assets()]


Extent = tuple[int, int, Bbox | None]
"""How many fit, how many of them stand somewhere, and the box round those in degrees."""


def page_of(
    s: Session, reader: Reader, asked: Asked, page: int = 1, size: int = PAGE, *, full: bool = False,
    known: Extent | None = None,
) -> Listed:  # fmt: skip
    """One page of what fits: nearest first from a spot, else the name that fits best, else by name.

    ``known`` is the extent, where somebody counted it before.
    """
    fits = fitting(reader, asked)
    total, placed, box = known or extent(s, fits)
    page = max(1, min(page, MOST_PAGES, -(-total // size) or 1))
    names = (*LINE, *IN_FULL) if full else LINE
    found = lines(reader, names, places_in(asked, fits, page, size))
    rows = [row_of(row) for row in s.execute(found)] if total else []
    return Listed(rows, total, placed, box, page, size)


def extent(s: Session, fits: list[ColumnElement[bool]]) -> Extent:
    """The extent of what fits."""
    whole = func.ST_Extent(Asset.point)
    edges = (edge(whole) for edge in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax))
    total, placed, *box = s.execute(select(func.count(), func.count(Asset.point), *edges).where(*fits)).one()
    return total, placed, None if not placed else in_degrees((box[0], box[1], box[2], box[3]))


def in_degrees(box: tuple[float, float, float, float]) -> Bbox:
    """A box in metres as west, south, east, north in degrees."""
    west, south, east, north = box
    lon, lat = to_degrees([west, west, east, east], [south, north, south, north])
    return float(min(lon)), float(min(lat)), float(max(lon)), float(max(lat))


def places_in(asked: Asked, fits: list[ColumnElement[bool]], page: int, size: int) -> Select[Any]:
    """The ids of a page, with their position and metres.

    Numbered only when the page is cut out: to number all that fits would be to sort it all.
    """
    keys: list[Any] = [asked.metres().asc().nulls_last()] if asked.spot else []
    if asked.words:
        keys.append(func.word_similarity(asked.words, func.lower(Asset.name)).desc())
    keys += [func.lower(own_name()), Asset.id]
    found = select(Asset.id, cast(asked.metres(), Float).label("metres")).where(*fits).order_by(*keys)
    one = found.limit(size).offset((page - 1) * size).subquery("one")
    return select(one, func.row_number().over().label("position"))


def own_name() -> ColumnElement[str]:
    """The name in the language in use, where it has one."""
    return own(Asset.name, Asset.name_cy)


def own(english: Any, welsh: Any) -> ColumnElement[str]:
    """The Welsh words where Welsh is in use and there are some, else the English ones."""
    return func.coalesce(func.nullif(welsh, ""), english) if chosen() == "cy" else english


def lines(reader: Reader, names: Iterable[str], ids: Select[Any]) -> Select[Any]:
    """The rows of a page in its order."""
    wanted = tuple(one for one in on_the_map(reader).columns if one.name in names and is_open(one, reader))
    page = ids.cte("page").prefix_with("materialized", dialect="postgresql")
    only = replace(ASSETS, table=page.join(Asset.__table__, Asset.id == page.c.id))
    found = select(*where(page.c.metres), *(one.labelled() for one in wanted)).select_from(only.joined(wanted))
    return found.order_by(page.c.position)


def where(metres: Any) -> tuple[ColumnElement[Any], ...]:
    """What ``row_of`` needs beside the columns of a layer: the key, the point, and the ``metres`` from a spot."""
    easting, northing = cast(func.ST_X(Asset.point), Float), cast(func.ST_Y(Asset.point), Float)
    return Asset.id.label("id"), easting.label("easting"), northing.label("northing"), metres.label("metres")


def is_open(column: Column, reader: Reader) -> bool:
    """Whether the reader may see a column."""
    return reaches(column.audience, reader.audience)


def row_of(row: Any) -> Row:
    """A row with its position in degrees and its walk in minutes."""
    told: Row = dict(row._mapping)
    east, north, metres = told.pop("easting"), told.pop("northing"), told.pop("metres", None)
    lon, lat = (None, None) if east is None else (float(each[0]) for each in to_degrees([east], [north]))
    walk = None if metres is None else metres / METRES_PER_MINUTE
    return told | {"lon": lon, "lat": lat, "spot": None if east is None else (east, north), "minutes": walk}

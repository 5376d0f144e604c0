"""A layer of areas as a table, row by row: the equal of its shapes on a shared map, and all there is of figures."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from abcd.maps.layer import Column, Layer
from abcd.maps.listing import is_open
from abcd.maps.reader import Reader
from abcd.maps.within import of_places

PAGE = 100
#: What is for machines, or stands in another column in words.
LEFT_OUT = ("reference", "place_reference", "state", "category", "order", "vintage")


@dataclass(frozen=True)
class Table:
    """A page of a layer: the names of its columns, the rows in their order, and whether there are more."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


def table_of(s: Session, reader: Reader, layer: Layer, place: str = "", category: str = "", page: int = 1) -> Table:
    """A page of a layer of areas, by its first column; ``place`` is the id of one place, and those inside it."""
    columns = columns_of(layer, reader)
    begin = (page - 1) * PAGE
    found = chosen_rows(layer, reader, columns, place, category).limit(PAGE + 1).offset(begin)
    rows = [tuple(row) for row in s.execute(found)]
    return Table(tuple(one.name for one in columns), tuple(rows[:PAGE]), len(rows) > PAGE)


def columns_of(layer: Layer, reader: Reader) -> tuple[Column, ...]:
    """The columns that people read."""
    return tuple(one for one in layer.columns if one.on_map and one.name not in LEFT_OUT and is_open(one, reader))


def chosen_rows(layer: Layer, reader: Reader, columns: tuple[Column, ...], place: str, category: str) -> Select[Any]:
    """The rows of a layer that the reader may see and that are asked for."""
    asked = [of_places(layer, *reader.places)] if reader.places else []
    asked += [of_places(layer, place)] if place else []
    asked += [layer.category == category] if category and layer.category is not None else []
    found = select(*(one.labelled() for one in columns)).select_from(layer.joined(columns))
    first, *others = (one.plain() for one in columns[:2])
    return found.where(*layer.seen_by(reader.audience), layer.on_screen, *asked).order_by(
        func.lower(first), *others, layer.id
    )  # fmt: skip


def categories_of(s: Session, reader: Reader, layer: Layer) -> tuple[str, ...]:
    """The categories that a layer has rows of, for this reader."""
    if layer.category is None:
        return ()
    within = [of_places(layer, *reader.places)] if reader.places else []
    return tuple(s.scalars(select(layer.category).select_from(layer.table).where(layer.shown, *within).distinct()))

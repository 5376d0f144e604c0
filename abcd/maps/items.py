"""Pages of a layer's features, as JSON text that the database writes: each begins after a key, never after a number.

A page first finds its ids, by the index of the key or of the shapes, and then reads the columns of those rows alone, so
that its work grows with the page and not with the layer.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from abcd.db.tables import Asset
from abcd.errors import BadRequest, NotFound
from abcd.maps.layer import Column, Layer
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection
from abcd.maps.spoken import ANEW, ONCE, Asked, anew, spoken, spoken_together
from abcd.maps.systems import CRS84, System, meets, on_grid

MOST = 10_000
#: A setting of the transaction: the ids that one statement found for the next, which so need not come to us between.
IDS = "abcd.ids"
NOTED = func.current_setting(IDS)


@dataclass(frozen=True)
class Question:
    """Which features of a layer, how many, and how they are written.

    ``conditions`` are what was asked for, over the columns ``asked``; ``after`` is the key after which the page begins.
    ``box`` are outlines of which a feature touches one (EWKT); ``None`` where no box was asked for.
    """

    reader: Reader
    layer: Layer
    conditions: tuple[ColumnElement[bool], ...] = ()
    asked: tuple[Column, ...] = ()
    system: System = CRS84
    limit: int = 10
    after: str = ""
    box: tuple[str, ...] | None = None

    @property
    def in_box(self) -> list[ColumnElement[bool]]:
        """The condition of the box, where there is one."""
        areas = (on_grid(bindparam(name, outline, Text)) for name, outline in self.outlines.items())
        return [] if self.box is None else [or_(false(), *(shape_meets(self.layer, area) for area in areas))]

    @property
    def outlines(self) -> dict[str, str]:
        """The outlines of the box, by the names of their values in a statement."""
        return {f"outline_{i}": outline for i, outline in enumerate(self.box or ())}

    @property
    def rows(self) -> Select[Any]:
        """The ids of all features that were asked for."""
        selection = Selection(self.layer, self.reader.audience, within=self.reader.places)
        wanted: Select[Any] = select(self.layer.id.label("id")).select_from(self.layer.joined(self.asked))
        return wanted.where(*selection.conditions, *self.conditions, *self.in_box)


@dataclass(frozen=True)
class Page:
    """Features as JSON text between commas, how many, the last of their keys and changes, and whether more follow."""

    text: str
    rows: int
    last: str
    changed: datetime | None
    has_more: bool


NOTHING = Page("", 0, "", None, False)


def page(s: Session, question: Question) -> Page:
    """One page: its ids first, then their features; in one statement where nothing is asked for but the next ones."""
    if question.conditions or question.reader.places:
        with anew(s):
            found = s.execute(ids_query(question)).one()
        return of_ids(s, question, found)
    values: dict[str, Any] = {"most": question.limit, "beyond": question.limit + 1} | question.outlines
    values |= {"after": key_of(question.layer, question.after)} if question.after else {}
    if question.box is not None:
        return page_of_box(s, question, values)
    name = "page", question.layer.name, question.reader.audience, question.system.uri
    words, rows, changed, last, n = spoken(s, name, lambda: page_query(question), values, plan=ONCE)
    return Page(words or "", rows, last or "", changed, n > question.limit)


def page_of_box(s: Session, question: Question, values: dict[str, Any]) -> Page:
    """One page of a box: its ids by a plan for this box, then their features by the one plan for all keys."""
    layer, audience = question.layer.name, question.reader.audience
    (_, n), (words, rows, changed, last) = spoken_together(
        s,
        Asked(("box", layer, audience), lambda: noted_ids(question), values, ANEW),
        Asked(("noted", layer, audience, question.system.uri), lambda: features_query(question, NOTED), {}, ONCE),
    )
    return Page(words or "", rows, last or "", changed, n > question.limit)


def noted_ids(question: Question) -> Select[Any]:
    """``ids_query``, whose ids the rest of the transaction can read as ``NOTED``."""
    found = ids_query(question).subquery("found").c
    row: tuple[Any, ...] = func.set_config(IDS, func.coalesce(found[0], "{}"), true()), found[1]
    return select(*row)


def of_ids(s: Session, question: Question, found: Any) -> Page:
    """The features whose ids were found, with the one beyond."""
    return features_of(s, question, found[0], found[1] > question.limit) if found[0] else NOTHING


def page_query(question: Question) -> Select[Any]:
    """One row: what ``features_query`` tells of the next page, and how many ids there were with the one beyond."""
    found = ids_query(question).cte("found").prefix_with("materialized", dialect="postgresql").c
    n = select(found[1]).scalar_subquery()
    return features_query(question, select(found[0]).scalar_subquery()).add_columns(n)


def ids_query(question: Question) -> Select[Any]:
    """One row: the ids of a page as an array in text, and how many there are with the one beyond."""
    layer, wanted = question.layer, question.rows
    if question.after:
        wanted = wanted.where(layer.id > bindparam("after", key_of(layer, question.after)))
    found = wanted.order_by(layer.id).limit(bindparam("beyond", question.limit + 1, Integer)).subquery("found")
    whole: Any = func.array_agg(aggregate_order_by(found.c.id, found.c.id), type_=ARRAY(String))
    kept = func.trim_array(
        whole, cast(func.greatest(func.count() - bindparam("most", question.limit, Integer), 0), Integer)
    )
    row: tuple[Any, ...] = cast(kept, Text), func.count()
    return select(*row)


def features_of(s: Session, question: Question, ids: str, has_more: bool) -> Page:
    """The features of these ids, by a statement that is worked out once for each layer, audience and system."""
    layer = question.layer
    plain = "features", layer.name, question.reader.audience, question.system.uri
    words, rows, changed, last = spoken(s, plain, lambda: features_query(question), {"ids": ids}, plan=ONCE)
    return Page(words or "", rows, last, changed, has_more)


def features_query(question: Question, ids: Any = None) -> Select[Any]:
    """One row: the features of ``ids`` between commas, how many, their last change, the last of their keys."""
    key: Any = question.layer.id
    asked = cast(bindparam("ids", "{}", Text) if ids is None else ids, ARRAY(key.type))
    f = features(question).where(key == func.any(asked)).subquery("f").c
    text = func.string_agg(f.feature, literal_column("E',\\n' order by f.id"), type_=Text)
    row: tuple[Any, ...] = text, func.count(), func.max(f.changed), func.max(cast(f.id, String))
    return select(*row)


def features(question: Question) -> Select[Any]:
    """Rows of ``id``, ``changed`` and ``feature``, its GeoJSON in the system of the question."""
    layer, columns = question.layer, question.layer.columns_for(question.reader.audience)
    key: Any = layer.id
    tables = layer.table, *(join.target for join in layer.joins.values())
    properties = select(*[column.labelled() for column in columns]).correlate(*tables).lateral("p")
    words: ColumnElement[Any] = literal_column("""'{"type":"Feature","id":"'""", String)
    feature = (
        words.concat(cast(layer.id, String))
        .concat(literal_column("""'","geometry":'"""))
        .concat(func.coalesce(question.system.geojson(layer.geom), "null"))
        .concat(literal_column("""',"properties":'"""))
        .concat(cast(func.row_to_json(literal_column("p")), String))
        .concat(literal_column("'}'"))
    )
    return select(key.label("id"), layer.changed.label("changed"), feature.label("feature")).select_from(
        layer.joined(columns).join(properties, true())
    )


def one(s: Session, question: Question, key: str) -> Page:
    """One feature by its id.

    Raises:
        NotFound: there is none, or none that this reader may see; which of the two is not told.
    """
    layer = question.layer
    try:
        wanted = question.rows.where(layer.id == key_value(layer, key)).subquery("found")
    except ValueError:
        raise nothing_there() from None
    ids = s.scalar(select(cast(func.array_agg(wanted.c.id, type_=ARRAY(String)), Text)))
    found = features_of(s, question, ids, False) if ids else NOTHING
    if not found.rows:
        raise nothing_there()
    return found


def nothing_there() -> NotFound:
    """What is said of a feature that there is not, and of one that is not for this reader."""
    return NotFound("There is no such feature here.")


def counted(s: Session, question: Question) -> int:
    """How many features there are of those that were asked for; for whoever asks for the number itself."""
    return int(s.scalar(select(func.count()).select_from(question.rows.subquery())) or 0)


def cursor(key: str) -> str:
    """A key as it stands in the link to the next page."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(layer: Layer, cursor: str) -> Any:
    """The key in the link to a page.

    Raises:
        BadRequest: it is from no link of ours.
    """
    try:
        return key_value(layer, urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError as error:
        raise BadRequest("This link to a next page is not one of ours. Begin again at the first page.") from error


def key_value(layer: Layer, words: str) -> Any:
    """A key of a layer as the store takes it.

    Raises:
        ValueError: it is none.
    """
    if "\0" in words:
        raise ValueError(words)
    key: Any = layer.id
    return UUID(words) if isinstance(key.type, Uuid) else words


def shape_meets(layer: Layer, area: Any) -> ColumnElement[bool]:
    """A feature touches an area (a geometry in metres).

    Assets are found by their point, and areas among them by their shape, because those are what is indexed.
    """
    if layer.table is not Asset.__table__:
        return meets(layer.geom, area)
    return or_(meets(layer.point, area), (func.ST_Dimension(Asset.geom) == 2) & meets(Asset.geom, area))

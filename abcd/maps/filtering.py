"""A CQL2 tree turned into conditions over the listed properties of a layer.

Never a word of a filter reaches the SQL: names are looked up among the properties, values are parameters.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape as shape_of
from sqlalchemy import ColumnElement, and_, false, func, literal, not_, or_, true

from abcd.core import geo
from abcd.db.tables import GRID
from abcd.errors import BadRequest
from abcd.maps.cql2 import DEEPEST, Tree, names, only, parts
from abcd.maps.queryables import Queryable
from abcd.maps.systems import System, box_in, in_box

MOST_CORNERS = 5_000

COMPARED: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip
SPATIAL = {
    "s_intersects": "ST_Intersects", "s_within": "ST_Within", "s_contains": "ST_Contains", "s_equals": "ST_Equals",
    "s_touches": "ST_Touches", "s_crosses": "ST_Crosses", "s_overlaps": "ST_Overlaps", "s_disjoint": "ST_Disjoint",
}  # fmt: skip
GEOMETRY = "geometry"


@dataclass(frozen=True)
class Filter:
    """Turns a tree into conditions on a layer.

    ``known`` are the properties by name; ``meets`` compares the layer's shapes with an area (a geometry in metres), by
    the spatial index; ``system`` is that of the filter's coordinates; ``used`` are the properties named so far.
    """

    known: dict[str, Queryable]
    geom: Any
    meets: Callable[[Any], ColumnElement[bool]]
    system: System
    used: dict[str, Queryable] = field(default_factory=dict)

    def condition(self, tree: Tree, depth: int = 0) -> ColumnElement[bool]:
        """The condition that ``tree`` stands for.

        Raises:
            BadRequest: it names a property that there is not, or does what we do not offer.
        """
        if depth > 2 * DEEPEST:
            raise BadRequest("The filter is too deep.")
        if isinstance(tree, bool):
            return true() if tree else false()
        if isinstance(tree, dict) and "property" in tree:
            return self.is_true(tree)
        operation, given = parts(tree)
        if operation in ("and", "or") and given:
            joined = [self.condition(each, depth + 1) for each in given]
            return and_(*joined) if operation == "and" else or_(*joined)
        if operation == "not":
            return not_(self.condition(only(given, 1)[0], depth + 1))
        return self.simple(operation, given)

    def simple(self, operation: str, given: list[Tree]) -> ColumnElement[bool]:
        """One comparison."""
        if operation in COMPARED:
            return self.compared(operation, *only(given, 2))
        if operation in SPATIAL:
            return self.spatial(operation, *only(given, 2))
        if operation == "isNull":
            known = self.named(only(given, 1)[0])
            return known.sql.is_(None)
        if operation in ("like", "between", "in"):
            return getattr(self, f"is_{operation}")(given)  # type: ignore[no-any-return]
        raise BadRequest(f"Filters with “{operation}” are not offered here.")

    def is_true(self, tree: Tree) -> ColumnElement[bool]:
        """A property that is true or false, by itself."""
        known = self.named(tree)
        if known.type != "boolean":
            raise BadRequest(f"“{known.column.name}” is not true or false.")
        return known.sql.is_(True)

    def named(self, tree: Tree) -> Queryable:
        """The property that a part of the tree names."""
        name = tree.get("property") if isinstance(tree, dict) else None
        if not isinstance(name, str) or name not in self.known:
            raise BadRequest(f"There is no property “{name or tree}” to filter by. There are: {', '.join(self.known)}.")
        self.used[name] = self.known[name]
        return self.known[name]

    def side(self, tree: Tree) -> tuple[Queryable, Callable[[Any], Any]]:
        """The property on the left, and what is done to both sides: nothing, or ``casei``."""
        if isinstance(tree, dict) and tree.get("op") == "casei":
            known = self.named(only(tree.get("args", []), 1)[0])
            if known.type != "string":
                raise BadRequest("casei is for text.")
            return known, func.lower
        return self.named(tree), lambda sql: sql

    def value(self, known: Queryable, tree: Tree) -> Any:
        """A value on the right, as SQL."""
        if isinstance(tree, dict) and tree.get("op") == "casei":
            return func.lower(self.value(known, only(tree.get("args", []), 1)[0]))
        if isinstance(tree, dict) and len(tree) == 1 and set(tree) <= {"date", "timestamp"}:
            tree = next(iter(tree.values()))
        return literal(known.value(tree))

    def compared(self, operation: str, left: Tree, right: Tree) -> ColumnElement[bool]:
        """Property against value, or value against property."""
        if not names(left) and names(right):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            return self.compared(mirrored.get(operation, operation), right, left)
        known, same_case = self.side(left)
        if known.type == "list" and operation not in ("=", "<>"):
            raise BadRequest(f"“{known.column.name}” is a list: it holds a value (=) or not (<>).")
        if operation == "=" and not isinstance(left.get("args"), list) and not isinstance(right, dict):
            return known.equals(right)
        if known.type == "list":
            return not_(known.equals(right))
        return COMPARED[operation](same_case(known.sql), self.value(known, right))

    def is_like(self, given: list[Tree]) -> ColumnElement[bool]:
        """Text that fits a pattern of ``%`` and ``_``."""
        left, right = only(given, 2)
        known, same_case = self.side(left)
        if known.type != "string":
            raise BadRequest(f"“{known.column.name}” is no text, so it is not like anything.")
        return same_case(known.sql).like(self.value(known, right), escape="\\")  # type: ignore[no-any-return]

    def is_between(self, given: list[Tree]) -> ColumnElement[bool]:
        """From one value to another, both included."""
        left, low, high = only(given, 3)
        known = self.named(left)
        return known.sql.between(self.value(known, low), self.value(known, high))

    def is_in(self, given: list[Tree]) -> ColumnElement[bool]:
        """One of several values."""
        left, values = only(given, 2)
        known, same_case = self.side(left)
        if not isinstance(values, list):
            raise BadRequest("in takes a list of values.")
        return same_case(known.sql).in_([self.value(known, each) for each in values])  # type: ignore[no-any-return]

    def spatial(self, operation: str, left: Tree, right: Tree) -> ColumnElement[bool]:
        """The layer's shape against one that is given."""
        if left != {"property": GEOMETRY}:
            raise BadRequest(f"{operation} compares “{GEOMETRY}” with a shape, in this order.")
        if isinstance(right, dict) and isinstance(right.get("bbox"), list):
            return self.boxed(operation, right["bbox"])
        area = func.ST_GeomFromText(self.metres(right), GRID)
        related: ColumnElement[bool] = getattr(func, SPATIAL[operation])(self.geom, area)
        return related if operation == "s_disjoint" else and_(self.meets(area), related)

    def boxed(self, operation: str, box: list[Any]) -> ColumnElement[bool]:
        """The layer's shape against a box."""
        if operation != "s_intersects":
            raise BadRequest("A BBOX is compared by S_INTERSECTS; write a POLYGON for anything else.")
        return in_box(self.meets, box_in(",".join(map(str, box)), self.system), self.system)

    def metres(self, tree: Tree) -> str:
        """A GeoJSON shape in the filter's system, as WKT in metres."""
        try:
            given = shapely.force_2d(shape_of(tree))
            if given.is_empty or shapely.get_num_coordinates(given) > MOST_CORNERS:
                raise ValueError
            turned = shapely.transform(given, lambda xy: xy[:, ::-1]) if self.system.is_flipped else given
            moved = geo.shapes_to_grid(np.array([turned], dtype=object), self.system.epsg)[0]
            if not shapely.is_valid(moved):
                raise ValueError
        # Whatever is wrong with a shape, shapely says it with one of many.
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError) as error:
            raise BadRequest("The filter holds a shape that cannot be read, or that lies far from Britain.") from error
        return str(moved.wkt)

"""What lines and points of a file are called, and by which key they are told again within their source."""

from collections import Counter
from typing import Any

import shapely
from pygeodesy import OSGRError
from pygeodesy.osgr import Osgr

SQUARE = 100_000
"""Metres that the two letters of a grid reference stand for."""


def called(what: str, shape: Any) -> str:
    """A name for what nobody named: what it is, and the square of 100 metres its middle lies in (as SJ 792 974).

    ``shape`` is a line or a point in metres of the British National Grid.
    """
    middle = middle_of(shape)
    east, north = round(middle.x), round(middle.y)
    try:
        letters = Osgr(east, north).toStr()[:2]
    except OSGRError:
        return f"{what} at {east} {north}"
    return f"{what} at {letters} {east % SQUARE // 100:03d} {north % SQUARE // 100:03d}"


def spot(shape: Any) -> str:
    """A key for what nobody named: its middle and its length, to a metre."""
    middle = middle_of(shape)
    return f"{middle.x:.0f} {middle.y:.0f} {shape.length:.0f}"


def middle_of(shape: Any) -> Any:
    """The middle of a line, the point itself."""
    return shape if shape.geom_type == "Point" else shapely.line_interpolate_point(shape, 0.5, normalized=True)


def key_among(seen: Counter[str], named: str, sort: str) -> str:
    """What names a line or point among those of its file: the second of one name is ``name/2``, if no other is."""
    seen[f"{sort} {named}"] += 1
    times = seen[f"{sort} {named}"]
    return named if times == 1 else key_among(seen, f"{named}/{times}", sort)

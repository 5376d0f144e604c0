"""The features of a GeoJSON document, whatever its wrapping: a collection, one feature, a geometry, or one per line."""

from collections.abc import Iterator
from typing import Any

from abcd.errors import BadFile
from abcd.intake.read.tape import Tape

GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
RECORD_SEPARATOR = "\x1e"


class Document:
    """A GeoJSON document on a tape.

    Attributes:
        members: members of the collection other than its features; complete once all features have been read.
        is_sequence: one feature per line.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self.members: dict[str, Any] = {}
        self.is_sequence = False

    def __iter__(self) -> Iterator[Any]:
        """Each feature as decoded.

        Raises:
            BadFile: not sound JSON, or not GeoJSON.
        """
        if self._tape.is_next("["):
            raise BadFile("This JSON is a bare list, not GeoJSON. Save it as a GeoJSON FeatureCollection, or as CSV.")
        self._tape.is_next(RECORD_SEPARATOR)
        yield from self._first()
        while self._tape.peek():
            yield self._following()

    def position(self) -> int:
        """Characters read so far."""
        return self._tape.position()

    def _first(self) -> Iterator[Any]:
        """The members of the first object; its features as they come."""
        found = False
        self._tape.take("{")
        while not self._tape.is_next("}"):
            name = self._name()
            if name == "features" and self._tape.is_next("["):
                found = True
                yield from self._elements()
            else:
                self.members[name] = self._tape.value()
            if self._tape.peek() != "}":
                self._tape.take(",")
        if not found:
            yield self._alone()

    def _name(self) -> str:
        name = self._tape.value()
        if type(name) is not str:
            raise self._tape.fault("a name in quotation marks was expected")
        self._tape.take(":")
        return name

    def _elements(self) -> Iterator[Any]:
        while not self._tape.is_next("]"):
            yield self._tape.value()
            if self._tape.peek() != "]":
                self._tape.take(",")
                if self._tape.peek() == "]":
                    raise self._tape.fault("there is a comma after the last feature")

    def _alone(self) -> dict[str, Any]:
        """An object without features: a feature or a geometry by itself."""
        kind = self.members.get("type")
        if kind == "Feature":
            return self.members
        if kind in GEOMETRIES:
            return {"type": "Feature", "geometry": self.members, "properties": {}}
        raise BadFile(
            f"This JSON is not GeoJSON (its type is “{str(kind)[:40]}”). Save the layer as GeoJSON and try again."
        )

    def _following(self) -> Any:
        """What comes after the first object: another feature, when there is one per line."""
        self._tape.is_next(RECORD_SEPARATOR)
        if self.members.get("type") != "Feature":
            raise self._tape.fault("a second document begins; a file holds one")
        self.is_sequence = True
        return self._tape.value()

"""What is known about a file, what a person chose, and what was wrong with a row."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Layer:
    """One sheet or layer of a file.

    Attributes:
        name: its name in the file.
        rows: how many rows it holds, ``None`` when that is not known without reading it all.
        geometry_type: ``""`` for a plain table.
        hidden: a sheet that its author hid.
    """

    name: str
    rows: int | None = None
    geometry_type: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class GeometryText:
    """A column whose text is a geometry: ``kind`` is ``wkt``, ``geojson`` or ``wkb`` (hexadecimal)."""

    column: str
    kind: str


@dataclass(frozen=True)
class ReadChoice:
    """What a person chose about reading a file; ``None`` means: as recognised.

    Attributes:
        layer: sheet or layer name.
        header_row: 1-based row of the headings, 0 when there are none.
        encoding: a Python codec name.
        delimiter: one character.
        geometry_column: the column whose text is the geometry, ``""`` for none.
        streets: the file is brought in as ways to walk.
    """

    layer: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    geometry_column: str | None = None
    streets: bool = False


@dataclass(frozen=True)
class ReadIssue:
    """A fault of one row (``row`` is 1-based below the headings) or, with ``row`` None, of the file."""

    kind: str
    row: int | None
    column: str
    value: str
    message: str
    what_to_do: str


@dataclass(frozen=True)
class FileLook:
    """What a file is, before it is read.

    Attributes:
        format: ``csv``, ``xlsx``, ``xls``, ``xlsb``, ``ods``, ``geojson``, ``geojsonseq``, ``gpkg``, ``shapefile``,
            ``kml``, ``kmz`` or ``gpx``.
        encoding: codec of its text, ``""`` where the format says it itself.
        delimiter: of a text table, else ``""``.
        layers: its sheets or layers; ``layer`` is the chosen one.
        header_row: 1-based row of the headings, 0 when there are none.
        crs: ``EPSG:n``, or WKT, or ``None`` when the file does not say.
        geometry_type: such as ``Point`` or ``MultiPolygon/Polygon``, ``""`` without geometry.
        geometry_columns: text columns that hold geometries; ``geometry_column`` is the one that was used.
        columns: names of the text columns in order.
        sample: the first rows, column -> text or ``None``.
        sample_rows: the ``__row__`` number of each sample row.
        bounds: (min x, min y, max x, max y) of the sample's geometries in the file's CRS.
        row_count: data rows, ``None`` when not known without reading it all.
        bytes: size of the file.
        sha256: of the file, hexadecimal.
        warnings: sentences for a person.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    layers: tuple[Layer, ...] = ()
    layer: str = ""
    header_row: int = 0
    crs: str | None = None
    geometry_type: str = ""
    geometry_columns: tuple[GeometryText, ...] = ()
    geometry_column: str = ""
    columns: tuple[str, ...] = ()
    sample: tuple[dict[str, str | None], ...] = ()
    sample_rows: tuple[int, ...] = ()
    bounds: tuple[float, float, float, float] | None = None
    row_count: int | None = None
    bytes: int = 0
    sha256: str = ""
    warnings: tuple[str, ...] = field(default=())


def as_json(facts: FileLook | ReadChoice) -> dict[str, Any]:
    """``facts`` as plain values for a JSON document."""
    return asdict(facts)


def look_from_json(told: Mapping[str, Any]) -> FileLook:
    """The ``FileLook`` of a JSON document made by ``as_json``."""
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    made["layers"] = tuple(Layer(**layer) for layer in told["layers"])
    made["geometry_columns"] = tuple(GeometryText(**column) for column in told["geometry_columns"])
    return FileLook(**made)

"""A map file laid out in the private folder under our own names, ready for GDAL."""

from dataclasses import dataclass
from pathlib import Path

from abcd.intake.read.facts import Layer


@dataclass(frozen=True)
class Unpacked:
    """What GDAL needs to know.

    Attributes:
        path: the file to open.
        crs: ``EPSG:n``, WKT or ``None``.
        encoding: of its text, ``""`` where the format says it itself.
        layers: when GDAL cannot list them itself.
        together: whether its layers are one table.
        dropped: columns that the format adds and that say nothing about a place.
        warnings: sentences for a person.
    """

    path: Path
    crs: str | None
    encoding: str = ""
    layers: tuple[Layer, ...] = ()
    together: bool = False
    dropped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    geometry: str = "__geom__"

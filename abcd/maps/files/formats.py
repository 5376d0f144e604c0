"""The formats that a layer leaves in: one writer each, all of the same form."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath

from abcd.errors import BadRequest
from abcd.maps.files.fields import Field
from abcd.maps.files.part import Part

Write = Callable[[Path, list[Part]], dict[str, tuple[Field, ...]]]
"""Writes parts to a path that is not there yet, and gives back the columns of each table."""


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes:
        suffixes: how names of such files end, the usual one first.
        module: where its writer is, imported when it writes.
        is_book: whether one file holds many layers.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    media_type: str
    module: str
    is_book: bool = False

    @property
    def suffix(self) -> str:
        """The usual end of a file's name."""
        return self.suffixes[0]

    @property
    def write(self) -> Write:
        """The writer."""
        found: Write = import_module(f"abcd.maps.files.{self.module}").write
        return found


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("geojson", "GeoJSON", (".geojson", ".json"), "application/geo+json", "features"),
        Format("gpkg", "GeoPackage", (".gpkg",), "application/geopackage+sqlite3", "geopackage", is_book=True),
        Format("csv", "CSV", (".csv",), "text/csv; charset=utf-8", "text"),
        Format(
            "xlsx", "Excel", (".xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "workbook", is_book=True,
        ),
        Format("fgb", "FlatGeobuf", (".fgb",), "application/flatgeobuf", "flatgeobuf"),
        Format("parquet", "GeoParquet", (".parquet", ".geoparquet"), "application/vnd.apache.parquet", "parquet"),
        Format("oruk", "Open Referral UK", (".oruk.json",), "application/json", "directory"),
    )
}  # fmt: skip


def format_called(name: str) -> Format:
    """The format called ``name``.

    Raises:
        BadRequest: there is none.
    """
    if name not in FORMATS:
        raise BadRequest(f"There is no format “{name}”. The formats are: {', '.join(FORMATS)}.")
    return FORMATS[name]


def format_of(path: str | PurePath, named: str | None = None) -> Format:
    """The format that was named, else the one that the file's name tells.

    Raises:
        BadRequest: there is none of that name, or the file's name does not tell.
    """
    if named:
        return format_called(named)
    name = PurePath(path).name.lower()
    endings = {suffix: one for one in FORMATS.values() for suffix in one.suffixes}
    found = next((endings[suffix] for suffix in sorted(endings, key=len, reverse=True) if name.endswith(suffix)), None)
    if found is None:
        raise BadRequest(f"“{path}” does not tell its format. Name it: --format {'|'.join(FORMATS)}.")
    return found

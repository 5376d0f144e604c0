"""Geometries written as text in a cell: WKT (also with an SRID), GeoJSON, hexadecimal WKB."""

import re

import numpy as np
import pyarrow as pa
import shapely

from abcd.intake.read.facts import GeometryText
from abcd.intake.read.faults import Faults
from abcd.intake.read.outlines import sound_wkb

WKT = re.compile(
    r"\s*(?:SRID=(\d{1,6});)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)", re.IGNORECASE
)
GEOJSON = re.compile(r'\s*\{.*"coordinates"\s*:', re.DOTALL)
WKB = re.compile(r"0[01][0-9A-Fa-f]{16,}\Z")
KINDS = {"wkt": WKT, "geojson": GEOJSON, "wkb": WKB}


def geometry_columns(sample: list[dict[str, str | None]], columns: tuple[str, ...]) -> tuple[GeometryText, ...]:
    """The columns of which at least nine filled cells in ten are a geometry."""
    found = ((name, _kind([row[name] for row in sample])) for name in columns)
    return tuple(GeometryText(name, kind) for name, kind in found if kind)


def _kind(cells: list[str | None]) -> str | None:
    given = [cell for cell in cells if cell and cell.strip()]
    fits = (
        kind for kind, pattern in KINDS.items() if sum(bool(pattern.match(cell)) for cell in given) >= 0.9 * len(given)
    )
    return next(fits, None) if given else None


def crs_of(sample: list[dict[str, str | None]], column: GeometryText) -> str | None:
    """``EPSG:n`` when the texts say it (``SRID=27700;POINT(…)``)."""
    said = (WKT.match(row[column.column] or "") for row in sample)
    return next((f"EPSG:{match.group(1)}" for match in said if match and match.group(1)), None)


def parsed(texts: pa.Array, column: GeometryText, rows: np.ndarray, faults: Faults) -> pa.Array:
    """WKB of a column of texts; one that cannot be read becomes null and is noted."""
    given = np.array([text.strip() if text and text.strip() else None for text in texts.to_pylist()], dtype=object)
    geoms = _read(given, column.kind)
    for at in np.flatnonzero(shapely.is_missing(geoms) & (given != np.array(None))):
        faults.add("bad_geometry", int(rows[at]), column.column, given[at])
    return sound_wkb(geoms, rows, faults)


def _read(texts: np.ndarray, kind: str) -> np.ndarray:
    if kind == "geojson":
        return shapely.from_geojson(texts, on_invalid="ignore")
    if kind == "wkb":
        return shapely.from_wkb(texts, on_invalid="ignore")
    bare = [re.sub(r"\A\s*SRID=\d+;", "", text, flags=re.IGNORECASE) if text else None for text in texts]
    return shapely.from_wkt(np.array(bare, dtype=object), on_invalid="ignore")

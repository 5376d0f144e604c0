"""Geometries that a map can show: finite, flat, valid, not too heavy; as WKB, faults noted by row."""

import numpy as np
import pyarrow as pa
import shapely

from abcd.intake.read.faults import Faults
from abcd.intake.read.limits import VERTICES

POINT = 0


def sound_wkb(geoms: np.ndarray, rows: np.ndarray, faults: Faults) -> pa.Array:
    """WKB of ``geoms`` (objects, ``None`` allowed) in their own CRS; those past mending become null."""
    sound = shapely.force_2d(geoms)
    _drop(sound, _too_heavy(sound), "too_many_vertices", rows, faults)
    _drop(sound, _not_finite(sound), "bad_coordinates", rows, faults)
    _drop(sound, ~shapely.is_missing(sound) & shapely.is_empty(sound), "bad_geometry", rows, faults)
    _repair(sound, rows, faults)
    return pa.array(shapely.to_wkb(sound), pa.binary())


def from_wkb(wkb: list[bytes | None], rows: np.ndarray, faults: Faults) -> np.ndarray:
    """Geometries of ``wkb``; what cannot be read, and what is not there, is noted."""
    try:
        geoms = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
        curved = np.zeros(len(wkb), bool)
    except NotImplementedError:  # one curve among many
        curved = np.array([_is_curved(shape) for shape in wkb])
        straight = [None if is_curved else shape for shape, is_curved in zip(wkb, curved, strict=True)]
        geoms = shapely.from_wkb(np.array(straight, dtype=object), on_invalid="ignore")
    for at in np.flatnonzero(shapely.is_missing(geoms)):
        faults.add("curved_geometry" if curved[at] else "bad_geometry" if wkb[at] else "no_geometry", int(rows[at]))
    return geoms


def _is_curved(wkb: bytes | None) -> bool:
    try:
        shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return True
    return False


def _too_heavy(geoms: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.get_num_coordinates(geoms) > VERTICES)


def _not_finite(geoms: np.ndarray) -> np.ndarray:
    """A sum is finite only when every coordinate is."""
    coords, owner = shapely.get_coordinates(geoms, return_index=True)
    broken = np.zeros(len(geoms), bool)
    broken[owner[~np.isfinite(coords).all(axis=1)]] = True
    return broken


def _drop(geoms: np.ndarray, which: np.ndarray, kind: str, rows: np.ndarray, faults: Faults) -> None:
    for at in np.flatnonzero(which):
        faults.add(kind, int(rows[at]))
    geoms[which] = None


def _repair(geoms: np.ndarray, rows: np.ndarray, faults: Faults) -> None:
    """Make outlines valid, keeping their dimension: a polygon never becomes a line."""
    shapes = np.flatnonzero(shapely.get_type_id(geoms) > POINT)
    broken = shapes[~shapely.is_valid(geoms[shapes])]
    if not len(broken):
        return
    mended = shapely.make_valid(geoms[broken], method="structure", keep_collapsed=False)
    lost = shapely.is_empty(mended)
    for at, is_lost in zip(broken, lost, strict=True):
        faults.add("bad_geometry" if is_lost else "repaired_geometry", int(rows[at]))
    mended[lost] = None
    geoms[broken] = mended


def types_of(geoms: np.ndarray) -> str:
    """The geometry types met, as ``Point`` or ``MultiPolygon/Polygon``."""
    return "/".join(sorted({geom.geom_type for geom in geoms if geom is not None}))


def types_of_wkb(wkb: pa.Array) -> str:
    """The geometry types of a column of WKB, as ``types_of``."""
    return types_of(shapely.from_wkb(np.array(wkb.to_pylist(), dtype=object)))


def bounds_of(wkb: pa.Array) -> tuple[float, float, float, float] | None:
    """(min x, min y, max x, max y) of a column of WKB, ``None`` when it is all null."""
    box = shapely.total_bounds(shapely.from_wkb(np.array(wkb.to_pylist(), dtype=object)))
    return None if np.isnan(box).any() else (float(box[0]), float(box[1]), float(box[2]), float(box[3]))

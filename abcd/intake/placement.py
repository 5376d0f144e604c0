"""Where a file writes the places of its rows: geometry, pairs of columns, or texts."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyproj

from abcd.core.crs import BRITISH_GRID, DEGREES, NAMES, recognise_crs
from abcd.intake import coordinates as written
from abcd.intake.headers import heading, says
from abcd.intake.mapping import Coordinates
from abcd.intake.read.facts import FileLook
from abcd.intake.values import Profile

PAIRS = (
    ("longitude", "latitude"), ("lon", "lat"), ("long", "lat"), ("lng", "lat"), ("easting", "northing"),
    ("eastings", "northings"), ("x", "y"), ("x coordinate", "y coordinate"), ("x coord", "y coord"),
    ("coordinate x", "coordinate y"), ("coord x", "coord y"), ("xcoord", "ycoord"), ("east", "north"), ("e", "n"),
    ("hydred", "lledred"), ("dwyreiniad", "gogleddiad"),
)  # fmt: skip
"""Headings of two columns that are a place together, east first."""

SYSTEMS = {"lon": DEGREES, "lng": DEGREES, "hydred": DEGREES, "eas": BRITISH_GRID, "dwyreiniad": BRITISH_GRID}
"""What a heading says about the system, by how its word begins, when there are no numbers to tell."""

MOST = 0.6
"""The part of a text column's values that must look like places."""

Floats = npt.NDArray[np.float64]


def ways(look: FileLook, profiles: dict[str, Profile]) -> list[Coordinates]:
    """Every way to place a row, the best first; at least one, which may be ``none``."""
    found = [*_geometry(look), *_pairs(profiles), *_texts(profiles)]
    return sorted(found, key=lambda way: -way.confidence) or [Coordinates()]


def used(found: list[Coordinates]) -> set[str]:
    """The columns that hold coordinates."""
    return {column for way in found for column in (way.x, way.y) if column}


def spent(look: FileLook) -> set[str]:
    """The text columns whose geometry was already read."""
    return {one.column for one in look.geometry_columns}


def _geometry(look: FileLook) -> list[Coordinates]:
    """The file's own geometry, in the declared system unless its numbers deny it."""
    if not look.geometry_type:
        return []
    declared = epsg_of(look.crs)
    if look.bounds is None:
        return [Coordinates("geometry", epsg=declared or DEGREES, confidence=0.9, why="geometry of the file")]
    west, south, east, north = look.bounds
    guesses = recognise_crs([west, east], [south, north], least=1.0)
    fitting = {guess.epsg for guess in guesses}
    epsg = declared if declared and (declared in fitting or not guesses) else guesses[0].epsg if guesses else DEGREES
    how = "declared" if epsg == declared else "recognised by its numbers"
    return [
        Coordinates("geometry", epsg=epsg, confidence=1.0, why=f"geometry, {NAMES.get(epsg, f'EPSG:{epsg}')}, {how}")
    ]


def epsg_of(crs: str | None) -> int:
    """The EPSG number of ``EPSG:n`` or WKT, 0 when it has none."""
    if not crs:
        return 0
    if "CRS84" in crs:
        return DEGREES
    if crs.upper().startswith("EPSG:"):
        return int(crs[5:]) if crs[5:].isdigit() else 0
    try:
        return pyproj.CRS.from_wkt(crs).to_epsg(min_confidence=20) or 0
    except pyproj.exceptions.CRSError:
        return 0


def _pairs(profiles: dict[str, Profile]) -> list[Coordinates]:
    named = {heading(column): column for column in reversed(profiles)}
    found: dict[str, Coordinates] = {}
    for east, north in PAIRS:
        for told, column in named.items():
            before = told.removesuffix(east)
            if (told == east or told.endswith(f" {east}")) and before + north in named and column not in found:
                found[column] = _pair(profiles[column], profiles[named[before + north]], east)
    return [way for way in found.values() if way.confidence]


def _pair(x: Profile, y: Profile, word: str) -> Coordinates:
    """Two columns as a place; their numbers say which system, and whether the headings have changed places."""
    by_word = next((epsg for start, epsg in SYSTEMS.items() if word.startswith(start)), 0)
    xs, ys = _columns_of_numbers(x, y)
    guesses = recognise_crs(xs, ys)
    if not guesses:
        has_numbers = bool(np.isfinite(xs).any())
        return (
            Coordinates("pair", x.column, y.column, by_word, confidence=0.3, why="headings")
            if by_word or has_numbers
            else Coordinates()
        )
    best = guesses[0]
    first, second = (y.column, x.column) if best.swapped else (x.column, y.column)
    turned = ", columns changed places" if best.swapped else ""
    confidence = 0.75 + 0.2 * best.share
    return Coordinates(
        "pair", first, second, best.epsg, confidence=round(confidence, 2), why=f"{NAMES[best.epsg]}{turned}"
    )


def _columns_of_numbers(x: Profile, y: Profile) -> tuple[Floats, Floats]:
    """The numbers of two columns side by side, cut to the shorter: the sample's gaps are in the same rows."""
    xs, ys = (written.axis(pa.array(one.values, pa.string())) for one in (x, y))
    size = min(len(xs), len(ys))
    return xs[:size], ys[:size]


def _texts(profiles: dict[str, Profile]) -> list[Coordinates]:
    return [
        way
        for profile in profiles.values()
        if profile.values and not says("phone", profile.column) and (way := _text(profile)).confidence
    ]


def _text(profile: Profile) -> Coordinates:
    may_be_squares, may_be_pairs = (profile.holds(one) >= MOST for one in (written.GRID_REFERENCE, written.PAIR_TEXT))
    if not (may_be_squares or may_be_pairs):
        return Coordinates()
    texts = pa.array(profile.values, pa.string())
    if may_be_squares and np.isfinite(written.grid_reference(texts)[0]).mean() >= MOST:
        return Coordinates("text", profile.column, epsg=BRITISH_GRID, confidence=0.5, why="grid references")
    x, y = written.pair(texts)
    guesses = recognise_crs(x, y) if np.isfinite(x).mean() >= MOST else []
    if not guesses:
        return Coordinates()
    best = guesses[0]
    return Coordinates(
        "text", profile.column, "", best.epsg, best.swapped, 0.7, f"pairs in one column, {NAMES[best.epsg]}"
    )

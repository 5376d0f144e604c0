"""The coordinate reference systems we meet, by name, and recognising one by its numbers alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

DEGREES = 4326
"""Longitude and latitude, WGS 84."""
BRITISH_GRID = 27700
IRISH_GRID = 29903
IRISH_TRANSVERSE_MERCATOR = 2157
WEB_MERCATOR = 3857

NAMES = {
    DEGREES: "longitude and latitude",
    BRITISH_GRID: "British National Grid",
    IRISH_GRID: "Irish Grid",
    IRISH_TRANSVERSE_MERCATOR: "Irish Transverse Mercator",
    WEB_MERCATOR: "Web Mercator",
}


@dataclass(frozen=True)
class Guess:
    """A system that the numbers fit.

    Attributes:
        epsg: the system's EPSG number.
        swapped: true when x and y have changed places (latitude first).
        share: the part of the rows that fit, 0-1; rows without numbers and at (0, 0) do not count.
    """

    epsg: int
    swapped: bool
    share: float


def recognise_crs(x: ArrayLike, y: ArrayLike, least: float = 0.5) -> list[Guess]:
    """Systems that at least ``least`` of the pairs fit, best first; among equals the likelier for Britain first.

    Degrees elsewhere on earth are named only when nothing else fits and every pair does.
    Irish Grid numbers are also British ones, so both are named: a postcode or a working area must decide.
    """
    xs, ys = np.asarray(x, dtype=float).ravel(), np.asarray(y, dtype=float).ravel()
    real = np.isfinite(xs) & np.isfinite(ys) & ~((xs == 0) & (ys == 0))
    if not real.any():
        return []
    guesses = [Guess(epsg, swapped, float(fits(xs[real], ys[real]).mean())) for epsg, swapped, fits in SYSTEMS]
    fitting = sorted((guess for guess in guesses if guess.share >= least), key=lambda guess: -guess.share)
    return fitting or [Guess(DEGREES, swapped=False, share=1.0)] * bool(is_degrees(xs[real], ys[real]).all())


def is_degrees(x: Floats, y: Floats) -> Flags:
    """Longitude and latitude anywhere on earth."""
    return _within(x, -180, 180) & _within(y, -90, 90)


def is_british_degrees(x: Floats, y: Floats) -> Flags:
    """Longitude and latitude in or near the British Isles."""
    return _within(x, -11, 2.5) & _within(y, 49, 61.5)


def is_swapped_degrees(x: Floats, y: Floats) -> Flags:
    """Latitude and longitude, in that order, in or near the British Isles."""
    return is_british_degrees(y, x)


def is_british_grid(x: Floats, y: Floats) -> Flags:
    """Eastings and northings in the rectangle of the British National Grid, degrees left out."""
    return _within(x, 1_000, 700_000) & _within(y, 1_000, 1_300_000)


def is_irish_grid(x: Floats, y: Floats) -> Flags:
    """Eastings and northings in the rectangle of the Irish Grid."""
    return _within(x, 10_000, 400_000) & _within(y, 10_000, 500_000)


def is_irish_transverse_mercator(x: Floats, y: Floats) -> Flags:
    """Eastings and northings of Irish Transverse Mercator."""
    return _within(x, 400_000, 800_000) & _within(y, 500_000, 1_000_000)


def is_web_mercator(x: Floats, y: Floats) -> Flags:
    """Web Mercator metres of the British Isles."""
    return _within(x, -1_230_000, 280_000) & _within(y, 6_250_000, 8_800_000)


def _within(values: Floats, low: float, high: float) -> Flags:
    return (values >= low) & (values <= high)


SYSTEMS = (
    (DEGREES, False, is_british_degrees),
    (DEGREES, True, is_swapped_degrees),
    (BRITISH_GRID, False, is_british_grid),
    (IRISH_GRID, False, is_irish_grid),
    (IRISH_TRANSVERSE_MERCATOR, False, is_irish_transverse_mercator),
    (WEB_MERCATOR, False, is_web_mercator),
)

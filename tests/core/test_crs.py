"""Recognising a coordinate system by its numbers."""

import pytest

from abcd.core.crs import (
    BRITISH_GRID,
    DEGREES,
    IRISH_GRID,
    IRISH_TRANSVERSE_MERCATOR,
    NAMES,
    WEB_MERCATOR,
    Guess,
    recognise_crs,
)


@pytest.mark.parametrize(
    ("x", "y", "epsg", "swapped"),
    [
        ([-2.29, -2.31], [53.45, 53.46], DEGREES, False),
        ([53.45, 53.46], [-2.29, -2.31], DEGREES, True),
        ([380_100, 379_900], [395_000, 396_000], BRITISH_GRID, False),
        ([-255_000, -256_000], [7_072_000, 7_073_000], WEB_MERCATOR, False),
        ([715_000, 733_000], [734_000, 874_000], IRISH_TRANSVERSE_MERCATOR, False),
        ([174.7], [-41.3], DEGREES, False),
    ],
)
def test_the_likeliest_system_comes_first(x: list[float], y: list[float], epsg: int, swapped: bool) -> None:
    first = recognise_crs(x, y)[0]
    assert (first.epsg, first.swapped, first.share) == (epsg, swapped, 1.0)


def test_irish_numbers_are_british_ones_too() -> None:
    assert [guess.epsg for guess in recognise_crs([333_000], [374_000])] == [BRITISH_GRID, IRISH_GRID]


def test_what_more_rows_fit_comes_first() -> None:
    guesses = recognise_crs([-2.3, 53.4, 53.5, 53.6], [53.4, -2.3, -2.2, -2.1])
    assert guesses[0] == Guess(DEGREES, swapped=True, share=0.75)


def test_empty_and_zero_rows_do_not_count() -> None:
    assert recognise_crs([0, float("nan"), -2.3], [0, 53, 53.4])[0] == Guess(DEGREES, swapped=False, share=1.0)


def test_nothing_is_recognised_in_nothing() -> None:
    assert recognise_crs([0, float("nan")], [0, 53]) == []


def test_numbers_of_no_system_are_not_forced_into_one() -> None:
    assert recognise_crs([5e9], [5e9]) == []


def test_every_system_has_a_name() -> None:
    assert NAMES[BRITISH_GRID] == "British National Grid"

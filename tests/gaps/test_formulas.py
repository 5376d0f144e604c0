"""The worked figures of product.md D.2, exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.gaps.formulas import (
    access_per_1000,
    byar_limits,
    coverage,
    gaussian,
    plain,
    priority,
    shortfall,
    stepped,
    weighted_median,
    wilson_limits,
)

HOUSEHOLDS = np.array([100.0, 50.0, 150.0])
SUPPLY = np.array([2.0, 1.0])
MINUTES = np.array([[4.0, 12.0], [8.0, 8.0], [20.0, 3.0]])


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(10, 4.787, 18.391), (25, 16.174, 36.906), (0, 0.0, 3.689), (3, 0.619, 8.767), (9, 4.115, 17.085)],
)
def test_byar_limits_exact_below_ten(count: int, low: float, high: float) -> None:
    assert byar_limits(count) == pytest.approx((low, high), abs=5e-4)


def test_wilson_limits() -> None:
    assert wilson_limits(12, 40) == pytest.approx((0.1807, 0.4543), abs=5e-5)


@pytest.mark.parametrize(
    ("decay", "expected"),
    [
        (plain, [16.6667, 16.6667, 3.3333]),
        (stepped, [15.9933, 13.4502, 4.8544]),
        (gaussian, [16.5080, 12.7515, 4.7442]),
    ],
)
def test_two_step_catchment(decay: object, expected: list[float]) -> None:
    access = access_per_1000(MINUTES, HOUSEHOLDS, SUPPLY, 15, decay)  # type: ignore[arg-type]
    assert access == pytest.approx(expected, abs=5e-5)
    assert HOUSEHOLDS @ access / 1000 == pytest.approx(3)


def test_a_supply_that_reaches_nobody_adds_nothing() -> None:
    access = access_per_1000(np.array([[5.0, 60.0]]), np.array([10.0]), np.array([1.0, 7.0]), 15)
    assert access == pytest.approx([100.0])


@given(st.lists(st.floats(0, 14), min_size=2, max_size=8), st.lists(st.integers(1, 400), min_size=8, max_size=8))
def test_what_is_given_out_is_what_there_is(minutes: list[float], households: list[int]) -> None:
    times, people = np.array(minutes)[:, None], np.array(households[: len(minutes)], dtype=float)
    assert people @ access_per_1000(times, people, np.array([4.0]), 15) / 1000 == pytest.approx(4)


def test_coverage_counts_the_limit_itself() -> None:
    assert coverage(np.array([5.0, 10.0, 10.1]), np.array([1.0, 2.0, 7.0]), 10) == pytest.approx(0.3)
    assert coverage(np.array([5.0]), np.array([0.0]), 10) is None


def test_the_median_walk_is_weighted_by_households() -> None:
    assert weighted_median(np.array([9.0, 1.0, 5.0]), np.array([10.0, 1.0, 2.0])) == 9
    assert weighted_median(np.array([9.0]), np.array([0.0])) is None


def test_shortfall_and_priority() -> None:
    assert [shortfall(share) for share in (0.0, 0.4, 0.8, 1.0, None)] == pytest.approx([1, 0.5, 0, 0, 1])
    assert priority(0.5, 1.0, 0.5) == pytest.approx(0.375)

"""How a count is shown: every count up to some thousands, and the few that must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.core.disclosure.arithmetic import (
    BASE,
    LEAST_CHOICE,
    THRESHOLD,
    Interval,
    mean,
    percentage,
    possible,
    rounded,
)


def test_the_rule_is_that_of_the_decision() -> None:
    assert (THRESHOLD, BASE, LEAST_CHOICE) == (10, 5, 3)


@pytest.mark.parametrize("count", range(10))
def test_fewer_than_ten_are_masked_and_nobody_is_too(count: int) -> None:
    assert rounded(count) is None


@pytest.mark.parametrize(
    ("count", "shown"),
    [(10, 10), (11, 10), (12, 10), (13, 15), (14, 15), (15, 15), (16, 15), (17, 15), (18, 20), (22, 20), (23, 25)],
)
def test_others_are_rounded_to_the_nearest_five(count: int, shown: int) -> None:
    assert rounded(count) == shown


@given(st.integers(0, 100_000))
def test_what_is_shown_stands_for_the_count_and_for_others(count: int) -> None:
    shown = rounded(count)
    assert shown is None or (shown >= 10 and shown % 5 == 0)
    low, high = possible(shown)
    assert low <= count <= high
    assert possible(shown).choice >= LEAST_CHOICE
    assert {rounded(other) for other in range(low, high + 1)} == {shown}
    assert rounded(high + 1) != shown
    assert low == 0 or rounded(low - 1) != shown


def test_a_masked_figure_stands_for_nobody_to_nine() -> None:
    assert possible(None) == (0, 9)
    assert possible(10) == (10, 12)
    assert possible(15) == (13, 17)


@pytest.mark.parametrize("shown", [0, 5, 9, 11, 12, 14, 101, -10])
def test_no_count_is_ever_shown_so(shown: int) -> None:
    with pytest.raises(ValueError, match=r"^no count of people is shown so$"):
        possible(shown)


def test_a_count_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^a count of people is not negative$"):
        rounded(-1)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 9, None), (9, 9, None), (0, 10, 0), (10, 10, 100), (1, 200, 1), (1, 201, 0), (1, 3_000, 0), (5, 40, 13),
     (37, 100, 37), (2, 11, 18), (124, 1_000, 12), (125, 1_000, 13), (0, 0, None), (0, 12, 0)],
)  # fmt: skip
def test_a_percentage_is_of_unrounded_counts_and_whole(part: int, whole: int, percent: int | None) -> None:
    assert percentage(part, whole) == percent


@pytest.mark.parametrize(("part", "whole"), [(-1, 20), (21, 20), (1, 0), (-1, -1)])
def test_a_part_is_part_of_its_whole(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match=r"^the part is no part of the whole$"):
        percentage(part, whole)


@given(st.integers(10, 5_000), st.data())
def test_a_percentage_is_the_nearest(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    percent = percentage(part, whole)
    assert percent is not None
    assert (2 * percent - 1) * whole <= 200 * part < (2 * percent + 1) * whole


@pytest.mark.parametrize(
    ("total", "number", "value"),
    [(100, 9, None), (0, 0, None), (100, 10, 10), (104, 10, 10), (105, 10, 11), (0, 10, 0), (-25, 10, -2), (9, 18, 1)],
)
def test_a_mean_needs_ten_people_and_is_whole(total: int, number: int, value: int | None) -> None:
    assert mean(total, number) == value


def test_a_mean_is_of_people() -> None:
    with pytest.raises(ValueError, match=r"^a count of people is not negative$"):
        mean(0, -1)


def test_intervals_meet() -> None:
    assert Interval(0, 9).within(Interval(5, 20)) == (5, 9)
    assert Interval(5, 20).within(Interval(0, 9)) == (5, 9)
    assert Interval(0, 9).choice == 10
    assert Interval(3, 3).choice == 1
    assert Interval(4, 3).choice == 0
    assert Interval(9, 3).choice == 0

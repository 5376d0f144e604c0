"""Months later and earlier, by the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from abcd.core.clock import back, days_ago, months_after, now, today


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 6, 15), 12, date(2027, 6, 15)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -24, date(2024, 1, 1)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_later_by_the_calendar(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_a_story_is_told_on_its_day_whichever_side_of_a_change_of_the_clocks() -> None:
    real = today()
    for days in (1, 30, 200):
        with days_ago(days):
            assert today() == real - timedelta(days)
            assert abs(now() + back() - datetime.now(UTC)) < timedelta(seconds=5)
    assert (today(), back()) == (real, timedelta())

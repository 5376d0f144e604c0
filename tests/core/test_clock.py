"""Months later and earlier, by the calendar."""

from datetime import date

import pytest

from abcd.core.clock import months_after


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

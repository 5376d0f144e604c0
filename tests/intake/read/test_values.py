"""Typed cells as their author sees them."""

import datetime as dt
from typing import Any

import pytest

from abcd.intake.read.geojson import text_of as json_text
from abcd.intake.read.tape import Number
from abcd.intake.read.values import text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", None),
        ("NA", "NA"),
        (5.0, "5"),
        (7700900123.0, "7700900123"),
        (0.1 + 0.2, "0.3"),
        (-2.36572, "-2.36572"),
        (1e300, "1e+300"),
        (True, "TRUE"),
        (12, "12"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29, 9, 30), "2024-02-29 09:30:00"),
        (dt.time(9, 30), "09:30"),
        (dt.time(9, 30, 5), "09:30:05"),
    ],
)
def test_a_cell_as_text(value: Any, text: str | None) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("x", "x"),
        (Number("53.10"), "53.10"),
        (False, "false"),
        ([Number("1"), Number("2.5"), "a", {"b": None}], '[1, 2.5, "a", {"b": null}]'),
    ],
)
def test_a_json_value_as_text(value: Any, text: str | None) -> None:
    assert json_text(value) == text

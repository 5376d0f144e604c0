import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.intake import coordinates


def texts(*values: str) -> pa.Array:
    return pa.array(values, pa.string())


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("53.4", 53.4),
        (" +53.4 ", 53.4),
        ("-2", -2.0),
        ("1e3", 1000.0),
        ("53,4712", 53.4712),
        ("53°29′N", 53.483333),
        ("53°29'30\"N", 53.491667),
        ("2°14′W", -2.233333),
        ("2.25W", -2.25),
        ("53 29 30", 53.491667),
    ],
)
def test_one_axis(written: str, number: float) -> None:
    assert coordinates.axis(texts(written))[0] == pytest.approx(number, abs=1e-5)


@pytest.mark.parametrize("written", ["", "NaN", "inf", "north", "1,234", "12-13", "53.4, -2.3", "376909.9, 376909.9"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert np.isnan(coordinates.axis(texts(written))[0])


@pytest.mark.parametrize("written", ["(53.4, -2.3)", "53.4,-2.3", "[53.4 ; -2.3]", "53.4 -2.3"])
def test_a_pair_in_one_cell(written: str) -> None:
    first, second = coordinates.pair(texts(written))
    assert (first[0], second[0]) == (53.4, -2.3)


@pytest.mark.parametrize("written", ["53.4, -2.3, 12", "01286 679463", "0161 9123189", "12/13", "10 20", ""])
def test_what_is_no_pair(written: str) -> None:
    assert np.isnan(coordinates.pair(texts(written))[0][0])


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("SJ 792 974", (379250, 397450, 100)),
        ("sj792974", (379250, 397450, 100)),
        ("SJ8023085291", (380230, 385291, 1)),
        ("SJ 7923 9741", (379235, 397415, 10)),
        ("TQ 1234", (512500, 134500, 1000)),
    ],
)
def test_a_grid_reference_is_the_middle_of_its_square(written: str, place: tuple[int, int, int]) -> None:
    assert [float(one[0]) for one in coordinates.grid_reference(texts(written))] == list(place)


@pytest.mark.parametrize("written", ["", "SJ", "SJ 123", "II 1234", "M33 7ZF", "SJ 76913 89827, SJ 76920 89835"])
def test_what_is_no_grid_reference(written: str) -> None:
    assert np.isnan(coordinates.grid_reference(texts(written))[0][0])


def test_decimals_say_how_sure_a_place_is() -> None:
    doubt = coordinates.doubt_in_degrees(texts("53.123456", "53.12", "53"))
    assert doubt == pytest.approx([1.0, 1113.2, 111_320.0])


@given(st.lists(st.text(max_size=30), max_size=20))
def test_any_text_is_read_or_left(values: list[str]) -> None:
    column = texts(*values)
    for numbers in (coordinates.axis(column), *coordinates.pair(column), *coordinates.grid_reference(column)):
        assert numbers.shape == (len(values),)


@given(st.floats(-90, 90).map(lambda value: round(value, 6)))
def test_a_number_written_is_the_number_read(value: float) -> None:
    assert coordinates.axis(texts(f"{value:.6f}"))[0] == pytest.approx(value, abs=1e-9)

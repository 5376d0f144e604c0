import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.core.text import tidy
from abcd.intake import strings
from abcd.intake.fields import iso_day


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("1/2/2025", "2025-02-01"),
        ("2017-01", "2017-01-01"),
        ("2022-05-03T18:09:56Z", "2022-05-03"),
        ("3 March 2024", "2024-03-03"),
        ("31/02/2025", ""),
        ("2024-13-01", ""),
        ("soon", ""),
        ("", ""),
        ("2023", "2023-01-01"),
        ("02.03.24", "2024-03-02"),
    ],
)
def test_dates_have_the_day_first(told: str, day: str) -> None:
    assert iso_day(told) == day


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_none(told: str) -> None:
    assert len(iso_day(told)) in (0, 10)


def test_markup_and_untidiness_go_from_a_column() -> None:
    column = pa.array(
        [
            "  St\u200b Mary's  ",
            "<b>Bread</b><br>&amp; butter",
            None,
            "<a href='mailto:a@b.org'>a@b.org</a>",
            "5 < 6 & 7",
        ]
    )
    assert strings.cleaned(column).to_pylist() == ["St Mary's", "Bread & butter", "", "a@b.org", "5 < 6 & 7"]
    assert strings.cleaned(column, lines=True)[1].as_py() == "Bread\n& butter"


def test_words_for_nothing_are_nothing() -> None:
    told = ["NA", "Not known", "-", "[removed]", "Nanny", "0"]
    assert strings.without_nothing(pa.array(told)).to_pylist() == ["", "", "", "", "Nanny", "0"]


def test_columns_are_joined_without_holes() -> None:
    parts = [pa.array(["1", "", ""]), pa.array(["Moss Lane", "Sale", ""]), pa.array(["", "M33", ""])]
    assert strings.joined(parts).to_pylist() == ["1, Moss Lane", "Sale, M33", ""]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_a_column_is_tidied_as_each_of_its_values(told: list[str]) -> None:
    plain = [value.replace("<", "").replace("&", "") for value in told]
    assert strings.cleaned(pa.array(plain, pa.string())).to_pylist() == [tidy(value) for value in plain]

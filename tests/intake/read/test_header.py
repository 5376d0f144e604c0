"""Where the headings are, and names for the columns."""

import pytest

from abcd.errors import BadFile
from abcd.intake.read.header import header_of, names_of, plain


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["name", "town"], ["Hall", "Sale"]], 1),
        ([["Libraries", ""], ["", ""], ["name", "town"], ["Hall", "Sale"], ["Club", "Hale"]], 3),
        ([["area", "", "0", "1", "2"], ["E1", "", "5", "6", "7"], ["E2", "", "5", "6", "7"]], 1),
        ([["area", "2019", "2020"], ["E1", "5", "6"], ["E2", "7", "8"]], 1),
        ([["M1 1AA", "384603", "398231"], ["M1 1AB", "384604", "398232"]], 0),
        ([["Hall", "-2.3", "53.4"], ["Club", "-2.4", "53.5"]], 0),
        (
            [
                ["Place", "", "", "Contact", "", ""],
                list("nctpwm"),
                ["A", "B", "C", "D", "", ""],
                ["E", "F", "", "", "", ""],
            ],
            2,
        ),
        ([["name", "town"], ["A", "Sale", "x"], ["B", "Hale", "y"], ["C", "Sale", "z"]], 1),
        ([["name"], ["Hall"], ["Club"]], 1),
        ([], 0),
    ],
)
def test_the_row_of_the_headings(rows: list[list[str]], header: int) -> None:
    assert header_of(rows) == header


def test_names_are_distinct_and_said() -> None:
    names, said = names_of(["Name", "name", None, "column_3", "__geom__"], 6)
    assert names == ["Name", "name_2", "column_3", "column_3_2", "__geom___2", "column_6"]
    assert said[0] == "Column 2 is called “name_2” here, because its heading is used twice."
    assert said[1] == "Column 3 is called “column_3” here, because its heading is blank."


def test_names_without_headings_need_no_excuse() -> None:
    assert names_of((), 2) == (["column_1", "column_2"], [])


def test_headings_are_plain() -> None:
    assert plain("  Opening\n hours\t(e\u0301te\u0301) \u202e") == "Opening hours (été)"
    assert len(plain("x" * 1_000_000)) == 200


def test_too_wide() -> None:
    with pytest.raises(BadFile, match="201 columns; at most 200"):
        names_of((), 201)

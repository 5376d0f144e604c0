"""No cell of a table can start a formula, and everything else comes back as it was: read by two other readers."""

import datetime as dt
import io

import pandas as pd
import pyarrow.csv as arrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.core.spreadsheet import FORMULA, as_csv, harmless

SIGNS = "=+-@\t\r\n\0＝＋－＠"


@pytest.mark.parametrize(
    "cell",
    ["=1+1", '=HYPERLINK("http://x","y")', "+44 161 000 0000", "-2.3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"]
    + ["=cmd|' /C calc'!A0", "  =1+1", "\u00a0=1+1", "＝1+1", "＋1", "－1", "＠x", "-"],
)
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Mill Hall", "1+1=2", "a@b.org", "'=1", 0, -2.3, None, True, dt.date(2026, 5, 1)])
def test_everything_else_stays(cell: object) -> None:
    assert harmless(cell) is cell


def test_titles_are_cells_too() -> None:
    assert as_csv(["=1+1", "name"], [["x", "=2"]]) == "'=1+1,name\r\nx,'=2\r\n"


def test_numbers_stay_numbers() -> None:
    read = pd.read_csv(io.StringIO(as_csv(["lon"], [[-2.3], [53.4]])))
    assert read["lon"].tolist() == [-2.3, 53.4]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=8))
def test_any_text_is_read_back_and_none_starts_a_formula(rows: list[tuple[str, str]]) -> None:
    """By pyarrow's own parser, which shares no code with the writer."""
    document = as_csv(["a", "b"], rows)
    options = arrow.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
    as_text = arrow.ConvertOptions(column_types={"a": "string", "b": "string"})
    table = arrow.read_csv(io.BytesIO(document.encode()), parse_options=options, convert_options=as_text)
    read = [(row["a"] or "", row["b"] or "") for row in table.to_pylist()]
    assert read == [(harmless(a), harmless(b)) for a, b in rows]
    assert not any(cell.lstrip().startswith(FORMULA) for row in read for cell in row)

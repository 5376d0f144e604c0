"""The rows of a list of homes, cleaned: one for each reference, what cannot be is told and left out."""

import re

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from abcd.core.text import tidy
from abcd.intake.dwelling_columns import DwellingColumns
from abcd.intake.lists import WholeFile
from abcd.intake.postcode_columns import PostcodeColumns, positions
from abcd.intake.strings import numbers

UPRN = r"^0*[1-9][0-9]{0,11}$"
POSTCODE = r"^(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}$"
MOST_HOUSEHOLDS, MOST_WORKLOAD = 5_000, 20.0
BEFORE_A_STREET = re.compile(
    r"^(?:(?:flat|apartment|apt|unit|room|fflat)\s+\S+\s*,?\s*)?(?:\d+[a-z]?(?:\s*[-–/]\s*\d+[a-z]?)?\s*,?\s+)?", re.I
)

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def dwelling_rows(file: WholeFile, columns: DwellingColumns) -> tuple[pd.DataFrame, int]:
    """The homes of a file and how many of its rows were repeats of another.

    Columns ``row, reference, uprn, postcode, street, households, workload, easting, northing``; the last two empty
    where only a UPRN or a postcode says where it is. Rows of a postcode without a number of households are counted.
    """
    frame = _plain(file, columns)
    good = _told(file, columns, frame)
    frame = frame[good].astype({"households": int})
    if columns.kind == "postcode" and not columns.households:
        return _counted(frame), 0
    again = frame["reference"].duplicated()
    return frame[~again], int(again.sum())


def _plain(file: WholeFile, columns: DwellingColumns) -> pd.DataFrame:
    """Every row as it stands, tidied; what is no number is NaN, where the file has no such column its default."""
    postcode = _text(file, columns.postcode).str.upper().str.replace(r"\s+", "", regex=True)
    uprn = _text(file, columns.uprn)
    own = _text(file, columns.reference)
    easting, northing = _positions(file, columns)
    is_uprn = uprn.str.fullmatch(UPRN)
    return pd.DataFrame({
        "row": file.rows["__row__"].to_numpy(),
        "reference": own.where(own != "", uprn.str.lstrip("0")) if columns.kind == "dwelling" else postcode,
        "uprn": uprn.where(is_uprn).astype("Float64").astype("Int64"),
        "postcode": postcode.where(postcode.str.fullmatch(POSTCODE), ""),
        "street": _streets(file, columns),
        "households": _numbers(file, columns.households, 1),
        "workload": _numbers(file, columns.workload, 1),
        "easting": easting, "northing": northing,
    })  # fmt: skip


def _told(file: WholeFile, columns: DwellingColumns, frame: pd.DataFrame) -> Mask:
    """Which rows can be, with an issue for each that cannot."""
    is_postcode = frame["postcode"] != ""
    named = frame["reference"] != "" if columns.kind == "dwelling" else is_postcode
    whole = frame["households"].between(0, MOST_HOUSEHOLDS) & (frame["households"] % 1 == 0)
    weighed = frame["workload"].gt(0) & frame["workload"].le(MOST_WORKLOAD)
    told = (
        ("no_reference", "This row does not say which home or postcode it is.", columns.reference or columns.postcode,
         named),
        ("not_a_number", f"Households are a whole number up to {MOST_HOUSEHOLDS:,}.", columns.households, whole),
        ("not_a_number", f"A workload is above 0 and at most {MOST_WORKLOAD:g}.", columns.workload, weighed),
    )  # fmt: skip
    for kind, message, column, is_good in told:
        wrong = (~is_good).to_numpy(bool)
        if wrong.any():
            values = _text(file, column)[wrong].tolist()
            rows = frame["row"][wrong].tolist()
            file.issues.add_many(kind, message, "Correct the row.", row=rows, column=column, value=values)
    return (named & whole & weighed).to_numpy(bool)


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    """One row for each postcode of a list of addresses, with as many households as it has rows."""
    first = frame.drop_duplicates("reference")
    return first.assign(households=first["reference"].map(frame["reference"].value_counts()))


def _text(file: WholeFile, column: str) -> pd.Series:
    """A column as tidy text, empty where the file has none."""
    if not column:
        return pd.Series([""] * file.rows.num_rows, dtype=object)
    told = pc.utf8_trim_whitespace(pc.fill_null(file.rows[column], "").combine_chunks())
    return pd.Series(told.to_pylist(), dtype=object)


def _numbers(file: WholeFile, column: str, default: float) -> Floats:
    """A column as numbers, ``default`` where it is empty or not there, NaN where it is no number."""
    told = _text(file, column)
    values = numbers(pa.array(told.tolist(), pa.string()))
    return np.where((told == "").to_numpy(bool), default, values)


def _positions(file: WholeFile, columns: DwellingColumns) -> tuple[Floats, Floats]:
    if not columns.x:
        nowhere = np.full(file.rows.num_rows, np.nan)
        return nowhere, nowhere
    as_listed = PostcodeColumns("", columns.x, columns.y, columns.epsg)
    easting, northing = positions(file, as_listed, np.zeros(file.rows.num_rows, dtype=bool))
    placed = np.isfinite(easting) & np.isfinite(northing)
    return np.where(placed, easting, np.nan).round(3), np.where(placed, northing, np.nan).round(3)


def _streets(file: WholeFile, columns: DwellingColumns) -> pd.Series:
    """The street of each row; of an address what stands after the number, up to the first comma."""
    if columns.street:
        return _text(file, columns.street).map(tidy)
    addresses = _text(file, columns.address)
    return addresses.map(lambda told: tidy(BEFORE_A_STREET.sub("", told, count=1).partition(",")[0]))

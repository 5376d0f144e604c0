"""A census table understood: which column is the area, which the class, which the count, and of which year."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from abcd.core.text import slug
from abcd.errors import BadFile
from abcd.intake.headers import heading
from abcd.intake.lists import WholeFile

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
ABOUT_HOUSEHOLDS = re.compile(r"household|tenure|dwelling|occupied|homes", re.IGNORECASE)
VALUE = re.compile(r"(obs(ervation)? )?(value|count|number|n)|(number of |no of |total )?(households|homes|dwellings)")
PERIOD = re.compile(r"(period|date|year|time|census date)")
SHARE = re.compile(r"%|percent|share|proportion|rate", re.IGNORECASE)
TOTAL = re.compile(
    r"total.*|all( (occupied |categories|types|usual ).*)?"
    r"|(all |total |number of |no of )?(households|homes|dwellings)( ?\d{4})?"
)
UNCOUNTED = frozenset(("geography", "indicator", "measure", "unit", "units", "area name", "area code"))
MOST_CLASSES = 60


@dataclass(frozen=True)
class Census:
    """Rows of one year: text columns and ``__row__``; a wide table has no ``value_column``."""

    table: pd.DataFrame
    year: int
    value_column: str


def read_census(file: WholeFile, year: int | None = None) -> Census:
    """What a census table says, not yet which of its areas are known.

    Raises:
        BadFile: it does not count households, or says no year and none was given.
    """
    columns = file.columns
    table = pd.DataFrame({name: file.rows[name].fill_null("").to_pylist() for name in columns}, dtype="str")
    table["__row__"] = file.rows["__row__"].to_numpy()
    _refuse_others(file, table)
    table, counted_in = _of_one_year(file, table, year)
    value = next((name for name in columns if VALUE.fullmatch(heading(name)) and _is_numeric(table[name])), "")
    return Census(table, counted_in, value)


def _refuse_others(file: WholeFile, table: pd.DataFrame) -> None:
    said = [name for name in file.columns if heading(name) in ("unit", "units")]
    units = {str(value) for name in said for value in table[name].unique()}
    told = units or {file.path.stem, *file.columns, *(str(value) for value in table.head(1).to_numpy().ravel())}
    if not any(ABOUT_HOUSEHOLDS.search(words) for words in told):
        counts = f"counts {', '.join(sorted(units)).lower()}" if units else "does not say what it counts"
        raise BadFile(f"“{file.path.name}” {counts}; this command takes households, such as tenure by output area.")


def _of_one_year(file: WholeFile, table: pd.DataFrame, year: int | None) -> tuple[pd.DataFrame, int]:
    """The rows of ``year``, or of the newest the file has."""
    column = next((name for name in file.columns if PERIOD.fullmatch(heading(name))), "")
    years = table[column].str.extract(f"({YEAR.pattern})", expand=False) if column else pd.Series(dtype="str")
    if years.notna().any():
        wanted = year or int(years.dropna().max())
        others = table[years != str(wanted)]
        file.issues.add_many("other_year", f"This row is of another year than {wanted}.",
                             "Nothing, unless you want that year.", row=others["__row__"], column=column,
                             value=others[column])  # fmt: skip
        return table[years == str(wanted)], wanted
    named = YEAR.findall(" ".join([file.path.stem, *file.columns]).replace("_", " "))
    if not (year or named):
        raise BadFile(f"“{file.path.name}” does not say its year. Add it to its name, such as households_2021.csv.")
    return table, year or int(max(named))


def class_column(census: Census, code: str) -> str:
    """The column that tells the rows of one area apart; ``""`` when there is one row for each area, or a wide table."""
    if not census.value_column or not census.table[code].duplicated().any():
        return ""
    told = [name for name in census.table.columns if name not in (code, census.value_column, "__row__")]
    several = [name for name in told if 1 < census.table[name].nunique() <= MOST_CLASSES and not _says_other(name)]
    apart = [name for name in several if not census.table.duplicated([code, name]).any()]
    return next(iter(apart or several), "")


def _says_other(name: str) -> bool:
    return heading(name) in UNCOUNTED or bool(PERIOD.fullmatch(heading(name)))


def code_column(table: pd.DataFrame, known: Callable[[Iterable[str]], int]) -> str:
    """The column most of whose values ``known`` counts as areas; ``""`` when no column has any."""
    texts = [name for name in table.columns if name != "__row__" and not _is_numeric(table[name])]
    found = {name: known(table[name].unique()) for name in texts}
    best = max(found, key=lambda name: found[name], default="")
    return best if best and found[best] else ""


def counted(file: WholeFile, census: Census, rows: pd.DataFrame, code: str, classes: str) -> pd.DataFrame:
    """Households by area: ``code, measure, count``; ``measure`` is ``all`` or a class such as ``social_rented``.

    What is no number is an issue.
    """
    long = _long(census, rows, code, classes)
    numbers = pd.to_numeric(long["value"].str.replace(",", "").str.strip(), errors="coerce")
    faulty = long[numbers.isna() | (numbers < 0)]
    file.issues.add_many("not_a_number", "This count is not a number, so it was left out.",
                         "Ask the publisher for the count, or leave it out if it is kept secret on purpose.",
                         row=faulty["__row__"], column=census.value_column, value=faulty["value"])  # fmt: skip
    long = long.assign(count=numbers, measure=long["label"].map(measures_of(long["label"].unique())))
    kept = long[numbers.ge(0) & (long["measure"] != "")]
    sums = kept.groupby(["code", "measure"], sort=False, as_index=False)["count"].sum()
    bare = sums[~sums["code"].isin(sums.loc[sums["measure"] == "all", "code"])]
    totals = bare.groupby("code", as_index=False)["count"].sum().assign(measure="all")
    whole: pd.DataFrame = pd.concat([sums, totals], ignore_index=True).astype({"count": "int64"})
    return whole[["code", "measure", "count"]]


def _long(census: Census, rows: pd.DataFrame, code: str, classes: str) -> pd.DataFrame:
    """One row for each area and class: ``code, label, value, __row__``."""
    if census.value_column:
        labels = rows[classes] if classes else "all"
        told = {"code": rows[code], "label": labels, "value": rows[census.value_column]}
        return pd.DataFrame(told | {"__row__": rows["__row__"]})
    columns = [name for name in rows.columns if name not in (code, "__row__") and _counts_something(rows, name)]
    long = rows.melt(id_vars=[code, "__row__"], value_vars=columns, var_name="label", value_name="value")
    return long.rename(columns={code: "code"})


def _counts_something(rows: pd.DataFrame, name: str) -> bool:
    return _is_numeric(rows[name]) and not SHARE.search(name) and not PERIOD.fullmatch(heading(name))


def _is_numeric(column: pd.Series) -> bool:
    filled = column[column != ""].astype("str").str.replace(",", "")
    return bool(len(filled)) and bool(pd.to_numeric(filled, errors="coerce").notna().mean() > 0.5)


def measures_of(labels: Iterable[str]) -> dict[str, str]:
    """Class label -> measure. ``Social rented: Other`` is part of ``social_rented``; ``""`` for what must not be added.

    Where a table has both a class and its parts, the parts are left out; where all labels begin alike, that is cut.
    """
    paths = {label: tuple(part.strip() for part in re.split(r"[:;]", label) if part.strip()) for label in labels}
    while len(paths) > 1 and len({path[:1] for path in paths.values()}) == 1 and min(map(len, paths.values())) > 1:
        paths = {label: path[1:] for label, path in paths.items()}
    known = set(paths.values())
    return {label: _measure(path, known) for label, path in paths.items()}


def _measure(path: tuple[str, ...], known: set[tuple[str, ...]]) -> str:
    if not path or TOTAL.fullmatch(heading(path[0])):
        return "all" if len(path) < 2 or TOTAL.fullmatch(heading(path[-1])) else ""
    if any(path[:length] in known for length in range(1, len(path))):
        return ""
    return slug(path[0]).replace("-", "_")

"""Files of an invented publisher, written for one test."""

import csv
from pathlib import Path

from abcd.db.session import Actor
from abcd.intake import run
from abcd.intake.report import ImportReport

HEADER = ("ref", "name", "address", "postcode", "telephone", "lon", "lat")

LIBRARIES = (
    ("L1", "Ashford Library", "1 High Street", "ZZ1 1AA", "0161 496 0001", "-2.30000", "53.45000"),
    ("L2", "Burnley Road Library", "2 Burnley Road", "ZZ1 1AB", "0161 496 0002", "-2.31000", "53.45000"),
    ("L3", "Castle Library", "3 Castle Street", "ZZ1 1AC", "0161 496 0003", "-2.32000", "53.45000"),
)


def a_file(folder: Path, rows: tuple[tuple[str, ...], ...], header: tuple[str, ...] = HEADER,
           name: str = "libraries.csv") -> Path:  # fmt: skip
    """A CSV file with these rows."""
    file = folder / name
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows((header, *rows))
    return file


def brought_in(folder: Path, owner: Actor, rows: tuple[tuple[str, ...], ...], header: tuple[str, ...] = HEADER,
               name: str = "libraries.csv") -> ImportReport:  # fmt: skip
    """The report of a file with these rows, loaded; every row is somewhere."""
    report = run.run(a_file(folder, rows, header, name), actor=owner)
    outcomes = report.added + report.changed + report.unchanged + report.duplicates + report.rejected
    assert report.rows == outcomes
    return report


def kinds(report: ImportReport) -> dict[str, int]:
    """The report's issues by kind."""
    return {one["kind"]: one["rows"] for one in report.issues}

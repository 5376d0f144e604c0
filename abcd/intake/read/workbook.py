"""A zipped workbook looked over before it is opened: its size, its honesty, and what it hides."""

import re
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from abcd.errors import BadFile
from abcd.intake.read.archive import blocks, members, opened
from abcd.intake.read.limits import MEGABYTE, SHEET_BYTES
from abcd.intake.read.markup import refuse_doctype

OVERLAP = 512
HIDDEN = re.compile(rb'<(?:col|row)\b[^>]*\bhidden="(?:1|true)"|table:visibility="(?:collapse|filter)"')
ERRORS = re.compile(rb'<c\b[^>]*\bt="e"|calcext:value-type="error"')
UNWORKED = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>")
LOCKED = b"manifest:encryption-data"

#: part of a member's name -> what a person should know
PARTS = {
    "vbaProject": "The workbook has macros; they are ignored.",
    "comments": "The workbook has comments; they are ignored.",
    "pivotCache": "The workbook has a pivot table's hidden copy of data; it is ignored.",
    "externalLinks/": "The workbook has links to other workbooks; they are not followed.",
}
#: what to look for in the cells -> what a person should know
SIGNS = {
    HIDDEN: "Some rows or columns of this workbook are hidden, and are read all the same. Check that they may be.",
    ERRORS: "Some cells hold an error such as #REF!; they are read as empty.",
    UNWORKED: "Some formulas have no saved result; they are read as empty. Open the workbook and save it again.",
}


def warnings_of(file: BinaryIO) -> list[str]:
    """What a person should know about a zipped workbook (XLSX, XLSB, ODS).

    Raises:
        BadFile: it unpacks to more than 100 MB, is damaged, locked, or defines entities.
    """
    with opened(file) as archive:
        parts = members(archive)
        _refuse_size(parts)
        said = [sentence for part, sentence in PARTS.items() if any(part in info.filename for info in parts)]
        seen = set[re.Pattern[bytes]]()
        for info in parts:
            seen |= _signs(archive, info)
    return said + [sentence for sign, sentence in SIGNS.items() if sign in seen]


def _refuse_size(parts: Iterable[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in parts)
    if total > SHEET_BYTES:
        raise BadFile(
            f"Unpacked, this workbook has {total // MEGABYTE:,} MB; at most {SHEET_BYTES // MEGABYTE} MB can be read. "
            "Save the sheet as CSV and bring that in."
        )


def _signs(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> set[re.Pattern[bytes]]:
    """The signs found in one member, read to its end, so that damage shows too."""
    found, rest, is_markup = set[re.Pattern[bytes]](), b"", info.filename.endswith((".xml", ".rels", ".vml"))
    for block in blocks(archive, info):
        window, rest = rest + block, block[-OVERLAP:]
        if is_markup:
            refuse_doctype(window)
            found |= {sign for sign in SIGNS if sign not in found and sign.search(window)}
        if LOCKED in window:
            raise BadFile(
                "This workbook is locked with a password. Save a copy without the password and bring that in."
            )
    return found

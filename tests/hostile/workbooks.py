"""H24 to H35: workbooks that are bombs, hold entities, are locked, hide things, or are half there."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import xlwt
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from tests.hostile.cases import Case

HEAD, ROW = ("name", "category", "postcode", "lat", "lon"), ("Mill Hall", "Community centre", "M33 7XX", 53.42, -2.32)
SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def book(fill: Callable[[Any], None] | None = None, *rows: tuple[Any, ...]) -> bytes:
    """A workbook of one sheet with ``rows``, then changed by ``fill``."""
    made = openpyxl.Workbook()
    for row in rows or (HEAD, ROW):
        made.active.append(row)
    if fill:
        fill(made)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def parts_of(archive: bytes) -> dict[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(parts: dict[str, bytes] | dict[zipfile.ZipInfo, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of ``parts``."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packed) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def with_sheet(content: bytes, **others: bytes) -> bytes:
    """A workbook whose sheet is written by hand."""
    return zipped(parts_of(book()) | {SHEET: content})


def bomb() -> bytes:
    """A sheet of 100 MB in a small archive."""
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1_000 + b"</t></is></c></row>"
    return with_sheet(OPEN + row * 100_000 + CLOSE)


def liar() -> bytes:
    """An archive whose directory says that its sheet has 100 bytes."""
    content = bytearray(with_sheet(OPEN + b"<row></row>" * 200_000 + CLOSE))
    at = content.find(b"PK\1\2")
    while at >= 0:
        length = struct.unpack("<H", content[at + 28 : at + 30])[0]
        if content[at + 46 : at + 46 + length] == SHEET.encode():
            content[at + 24 : at + 28] = struct.pack("<I", 100)
        at = content.find(b"PK\1\2", at + 1)
    return bytes(content)


def many_members(count: int) -> bytes:
    """An archive of so many empty members."""
    return zipped({f"xl/{n}": b"" for n in range(count)}, zipfile.ZIP_STORED)


def overlapping() -> bytes:
    """An archive whose members share their bytes."""
    content = bytearray(zipped({f"{n}.shp": bytes(1_000) for n in range(3)}))
    places = [at for at in range(len(content)) if content[at : at + 4] == b"PK\1\2"]
    for at in places[1:]:
        content[at + 42 : at + 46] = content[places[0] + 42 : places[0] + 46]
    return bytes(content)


def link() -> bytes:
    """An archive that holds a symbolic link to a file of the server."""
    one = zipfile.ZipInfo("a.shp")
    one.external_attr = 0o120777 << 16
    return zipped({one: b"/etc/passwd"})


def locked() -> bytes:
    """What Excel writes when a workbook has a password: an old container with an encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "EncryptedPackage".encode("utf-16-le") + bytes(3_000)


def old_book() -> bytes:
    """A workbook of Excel 97."""
    made, held = xlwt.Workbook(), io.BytesIO()
    sheet = made.add_sheet("Halls")
    for across, (head, cell) in enumerate(zip(HEAD, ROW, strict=True)):
        sheet.write(0, across, head)
        sheet.write(1, across, cell)
    made.save(held)
    return held.getvalue()


def with_macros() -> bytes:
    """A workbook with a macro project."""
    return zipped(parts_of(book()) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)})


def hide(made: Any) -> None:
    """Hide a column and another sheet; add a comment and a name."""
    made.active.column_dimensions["C"].hidden = True
    made.active["A2"].comment = Comment("call Jane on 07700 900123", "Jane")
    made.create_sheet("Salaries").append(["secret"])
    made["Salaries"].sheet_state = "hidden"
    made.defined_names["secret"] = DefinedName("secret", attr_text="Salaries!$A$1")


def merge(made: Any) -> None:
    """A title over two rows of headings, a blank row and a total."""
    sheet = made.active
    sheet.insert_rows(1, 2)
    sheet["A1"] = "Halls of the borough 2024"
    sheet.merge_cells("A1:E1")
    sheet.append([])
    sheet.append(["Total", None, None, None, 1])


def in_1904(made: Any) -> None:
    """Count days from 1904, as old Macintoshes did."""
    made.epoch = dt.datetime(1904, 1, 1)


DATED = (
    ("name", "category", "last checked", "lat", "lon"),
    ("Mill Hall", "Library", dt.date(2024, 2, 29), 53.42, -2.32),
)
FORMULAS = (HEAD, ROW, ("=A2", "Library", "", 53.43, -2.31), ("Top Hall", "Library", "#REF!", 53.43, -2.31))


def claims_everything() -> bytes:
    """A sheet whose dimension says that all of it is filled."""
    parts = parts_of(book())
    parts[SHEET] = parts[SHEET].replace(b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"')
    assert b"XFD1048576" in parts[SHEET]
    return zipped(parts)


def many_strings(count: int) -> bytes:
    """A workbook with so many shared strings, all used once or not at all."""
    words = b"".join(b"<si><t>w%d</t></si>" % n for n in range(count))
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + words + b"</sst>"
    cells = b'<c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="B%d" t="s"><v>%d</v></c>'
    rows = b"".join(
        b'<row r="%d">' % n + cells % (n, word, n, n) + b"</row>" for n, word in ((1, b"name"), (2, b"Mill Hall"))
    )
    return zipped(parts_of(book()) | {"xl/sharedStrings.xml": strings, SHEET: OPEN + rows + CLOSE})


def entities(dtd: bytes, codec: str = "utf-8") -> bytes:
    """A sheet that begins with a document type."""
    text = b'<?xml version="1.0"?>' + dtd + OPEN + b"<row><c><v>&b;</v></c></row>" + CLOSE
    return with_sheet(text.decode().encode(codec))


CASES = [
    Case(24, "a.xlsx", bomb, refused="packed far more tightly", variant="bomb"),
    Case(24, "a.xlsx", liar, refused="damaged", variant="liar"),
    Case(25, "a.xlsx", lambda: entities(LAUGHS), refused="XML entities", variant="utf-8"),
    Case(25, "a.xlsx", lambda: entities(LAUGHS, "utf-16"), refused="XML entities", variant="utf-16"),
    Case(
        26,
        "a.xlsx",
        lambda: entities(b'<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        refused="XML entities",
        variant="file",
    ),
    Case(
        26,
        "a.xlsx",
        lambda: entities(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
        refused="XML entities",
        variant="dtd",
    ),
    Case(27, "a.xlsx", lambda: many_members(70_000), refused="70,000 files", variant="many"),
    Case(
        27,
        "a.zip",
        lambda: zipped({"inner.zip": zipped({"a.csv": b"name\nx\n"})}),
        refused="another archive",
        variant="nested",
    ),
    Case(27, "a.zip", overlapping, refused="damaged", variant="overlapping"),
    Case(27, "a.zip", link, refused="leads outside", variant="link"),
    Case(
        27,
        "a.zip",
        lambda: zipped({"../../etc/cron.d/x.csv": b"x", "a.shp": b"x"}),
        refused="leads outside",
        variant="outside",
    ),
    Case(28, "a.xlsx", locked, refused="locked with a password", variant="locked"),
    Case(28, "a.xls", old_book, kept={"name": "Mill Hall"}, variant="old"),
    Case(28, "a.xlsm", with_macros, note="macros", kept={"name": "Mill Hall"}, variant="macros"),
    Case(29, "a.xlsx", lambda: book(hide), note="hidden", kept={"name": "Mill Hall"}, gone=("secret",)),
    Case(30, "a.xlsx", lambda: book(merge), issue=("unlocated", 3, ""), kept={"name": "Mill Hall"}),
    Case(
        31,
        "a.xlsx",
        lambda: book(None, *FORMULAS),
        note="no saved result",
        issue=("no_name", 2, "name"),
        kept={"name": "Top Hall"},
    ),
    Case(32, "a.xlsx", lambda: book(None, *DATED), kept={"assured_on": "2024-02-29"}, variant="1900"),
    Case(32, "a.xlsx", lambda: book(in_1904, *DATED), kept={"assured_on": "2024-02-29"}, variant="1904"),
    Case(33, "a.xlsx", claims_everything, kept={"name": "Mill Hall"}, variant="dimension"),
    Case(
        33,
        "a.xlsx",
        lambda: with_sheet(
            OPEN + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">'
            b'<c r="XFD1048576"><v>1</v></c></row>' + CLOSE
        ),
        refused="could not be read safely",
        variant="far-cell",
    ),
    Case(34, "a.xlsx", lambda: many_strings(1_000_000), kept={"name": "Mill Hall"}),
    Case(35, "a.xlsx", lambda: book()[:-500], refused="damaged", variant="cut-short"),
    Case(35, "a.xlsx", lambda: flipped(book()), refused="damaged", variant="flipped"),
]


def flipped(archive: bytes) -> bytes:
    """One byte of the sheet's packed content is another."""
    at = archive.find(SHEET.encode()) + 60
    return archive[:at] + bytes([archive[at] ^ 0xFF]) + archive[at + 1 :]

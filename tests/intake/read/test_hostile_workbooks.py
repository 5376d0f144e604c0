"""Hostile and broken workbooks: bombs, entities, locks, hidden parts, odd cells."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from abcd.intake.read import look, sandbox
from tests.intake.read.refusals import refusal

Write = Callable[[str, bytes | str], Path]
pytestmark = pytest.mark.timeout(60)

LIBRARIES = (("Name", "Town"), ("Sale Library", "Sale"), ("Hale Library", "Hale"))


def book(fill: Callable[[Worksheet], None] | None = None) -> openpyxl.Workbook:
    """A workbook with a sheet of two libraries, or one that ``fill`` fills."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    if fill:
        fill(sheet)
    else:
        for line in LIBRARIES:
            sheet.append(line)
    return made


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    def saved(made: openpyxl.Workbook, name: str = "a.xlsx") -> Path:
        made.save(tmp_path / name)
        return tmp_path / name

    return saved


def rezipped(path: Path, parts: dict[str, bytes]) -> Path:
    """The workbook with parts replaced or added."""
    with zipfile.ZipFile(path) as old:
        held = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (held | parts).items():
            new.writestr(name, content)
    return path


def test_a_workbook_is_read_whatever_its_name(save: Callable, read: Callable) -> None:
    got = read(save(book()).rename(save(book(), "b.xlsx").with_suffix(".csv")))
    assert (got.look.format, got.look.columns, got.look.row_count) == ("xlsx", ("Name", "Town"), 2)
    assert got.column("Name") == ["Sale Library", "Hale Library"]


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def test_h24_a_bomb(save: Callable) -> None:
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
    assert "packed far more tightly" in refusal(rezipped(save(book()), {SHEET: HEAD + row * 100_000 + TAIL}))


def test_h24_a_bomb_that_lies_about_its_size(save: Callable, tmp_path: Path) -> None:
    path = rezipped(save(book()), {SHEET: HEAD + b"<row></row>" * 1_000_000 + TAIL})
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        name = content[at + 46 : at + 46 + struct.unpack("<H", content[at + 28 : at + 30])[0]]
        if name == SHEET.encode():
            content[at + 24 : at + 28] = struct.pack("<I", 100)
        at = content.find(b"PK\x01\x02", at + 1)
    path.write_bytes(content)
    assert "damaged" in refusal(path)


@pytest.mark.parametrize(
    "dtd",
    [
        b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>',
        b'<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_h25_h26_entities(save: Callable, dtd: bytes, codec: str) -> None:
    sheet = (b'<?xml version="1.0"?>' + dtd + HEAD + b"<row><c><v>&lol2;</v></c></row>" + TAIL).decode().encode(codec)
    assert "XML entities" in refusal(rezipped(save(book()), {SHEET: sheet}))


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_h27_a_million_entries(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"xl/{number}", b"")
    assert "20,000 files" in refusal(tmp_path / "a.xlsx")


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.csv", "/etc/passwd", "C:\\x.shp", "a\\..\\..\\b.shp"])
def test_h27_h63_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    assert "leads outside" in refusal(zipped(tmp_path / "a.zip", {name: b"x", "a.shp": b"x"}))
    assert not list(tmp_path.glob("**/*.csv"))


def test_h27_a_link(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "leads outside" in refusal(tmp_path / "a.zip")


def test_h27_archives_in_archives(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.csv": b"name\nx\n"}).read_bytes()
    assert "another archive" in refusal(zipped(tmp_path / "a.zip", {"inner.zip": inner}))
    assert "no shapefile, KML or workbook" in refusal(zipped(tmp_path / "b.zip", {"a.bin": b"x"}))


def test_h27_entries_that_share_bytes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}.shp": bytes(1000) for n in range(3)})
    content = bytearray(path.read_bytes())
    places = [at for at in range(len(content)) if content[at : at + 4] == b"PK\x01\x02"]
    for at in places[1:]:
        content[at + 42 : at + 46] = content[places[0] + 42 : places[0] + 46]
    path.write_bytes(content)
    assert "damaged" in refusal(path)


def test_h28_locked(write: Write, save: Callable) -> None:
    directory = "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(
        write("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + directory + bytes(512))
    )
    path = save(book())
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 1)
    path.write_bytes(content)
    assert "password" in refusal(path)


def test_h28_old_excel_is_read(tmp_path: Path, read: Callable) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("Libraries")
    for down, line in enumerate((*LIBRARIES, ("07700900123", 12.0))):
        for across, value in enumerate(line):
            sheet.write(down, across, value)
    made.save(str(tmp_path / "a.xls"))
    got = read(tmp_path / "a.xls")
    assert (got.look.format, got.look.layer) == ("xls", "Libraries")
    assert got.rows[2] == {"Name": "07700900123", "Town": "12", "__row__": 3, "__geom__": None}


def test_h28_macros_are_ignored_and_said(save: Callable) -> None:
    path = rezipped(save(book(), "a.xlsm"), {"xl/vbaProject.bin": b"Sub x()"})
    assert "macros" in " ".join(look(path).warnings)


def test_h29_hidden_parts_are_said(save: Callable, read: Callable) -> None:
    made = book()
    made.create_sheet("Salaries").append(["SECRET"])
    made["Salaries"].sheet_state = "hidden"
    made["Sheet"].column_dimensions["B"].hidden = True
    made.defined_names["x"] = DefinedName("x", attr_text="Salaries!$A$1")
    got = read(rezipped(save(made), {"xl/comments1.xml": b"<comments/>", "xl/pivotCache/p1.xml": b"<p/>"}))
    said = " ".join(got.look.warnings)
    assert all(
        word in said for word in ("hidden sheets", "“Salaries”", "columns of this workbook", "comments", "pivot")
    )
    assert got.look.layer == "Sheet"
    assert "SECRET" not in str(got.rows)


def test_every_sheet_hidden(save: Callable) -> None:
    made = book()
    path = save(made)
    with zipfile.ZipFile(path) as archive:
        listed = archive.read("xl/workbook.xml").replace(b'state="visible"', b'state="veryHidden"')
    assert "is hidden" in refusal(rezipped(path, {"xl/workbook.xml": listed}))


def test_h30_titles_merged_cells_two_headings_and_blank_rows(save: Callable, read: Callable) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B2"] = "Libraries of the borough, 2024"
        sheet.merge_cells("B2:F2")
        for at, heads in ((4, ["Place", None, None, "Contact", None]), (5, ["Name", "Town", "Code", "Phone", "Web"])):
            for across, head in enumerate(heads):
                sheet.cell(at, 2 + across, head)
        sheet.append([None, "Sale Library", "Sale", "M33", "0161", None])
        sheet.append([])
        sheet.append([None, "Hale Library", "Hale", "WA15", None, "hale.example"])

    got = read(save(book(fill)))
    assert (got.look.header_row, got.look.columns) == (5, ("Name", "Town", "Code", "Phone", "Web"))
    assert got.column("__row__") == [1, 3]
    assert got.column("Name") == ["Sale Library", "Hale Library"]
    chosen = read(save(book(fill)), header_row=4)
    assert chosen.rows[0]["Place"] == "Name"


def test_h31_formulas_and_errors(save: Callable, read: Callable) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Name", "Sum"])
        sheet.append(["A", "=1+1"])
        sheet.append(["B", "#REF!"])
        sheet["B3"].data_type = "e"

    got = read(save(book(fill)))
    assert got.column("Sum") == [None, None] or got.look.columns == ("Name",)
    assert "#REF!" in " ".join(got.look.warnings)
    assert "no saved result" in " ".join(got.look.warnings)


@pytest.mark.parametrize("epoch", [dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)])
def test_h32_dates_in_both_systems(save: Callable, read: Callable, epoch: dt.datetime) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["Day", "Moment", "Hour", "Number", "Phone", "Flag"])
        sheet.append(
            [dt.date(2024, 2, 29), dt.datetime(2024, 5, 1, 9, 30), dt.time(9, 30), 0.1 + 0.2, 7700900123, True]
        )

    made = book(fill)
    made.epoch = epoch
    row = read(save(made)).rows[0]
    assert [row["Day"], row["Moment"]] == ["2024-02-29", "2024-05-01 09:30:00"]
    assert [row["Hour"], row["Number"], row["Phone"], row["Flag"]] == ["09:30", "0.3", "7700900123", "TRUE"]


def test_h33_a_dimension_that_lies(save: Callable, read: Callable) -> None:
    path = save(book())
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    sheet = sheet.replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:XFD1048576"')
    assert b"XFD1048576" in sheet
    assert len(read(rezipped(path, {SHEET: sheet})).rows) == 2


def test_h33_one_cell_far_away(save: Callable) -> None:
    path = save(book())
    far = HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + TAIL
    assert refusal(rezipped(path, {SHEET: far})).endswith(".")


def test_h34_many_styles_and_strings(save: Callable, read: Callable) -> None:
    words = b"".join(b"<si><t>w%d</t></si>" % n for n in range(500_000))
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + words + b"</sst>"
    row = b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c r="B%d" t="s"><v>1</v></c></row>'
    rows = b"".join(row % (n, n, n, n) for n in (1, 2, 3))
    got = read(rezipped(save(book()), {"xl/sharedStrings.xml": strings, SHEET: HEAD + rows + TAIL}))
    assert got.rows[0]["w1"] == "w2"


def test_h35_cut_short_or_changed(save: Callable) -> None:
    path = save(book())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(path)
    at = whole.find(b"xl/worksheets/sheet1.xml") + 60
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    assert "damaged" in refusal(path)


def test_ods_and_sheets_to_choose(tmp_path: Path, save: Callable, read: Callable) -> None:
    made = book()
    made.create_sheet("Clubs").append(["Club", "Day"])
    for number in range(5):
        made["Clubs"].append([f"Club {number}", "Mon"])
    got = read(save(made))
    assert (got.look.layer, [layer.rows for layer in got.look.layers]) == ("Clubs", [2, 5])
    assert "“Sheet”" in got.look.warnings[0]
    assert read(save(made), layer="Sheet").look.columns == ("Name", "Town")
    ods = tmp_path / "a.ods"
    _as_ods(ods)
    assert read(ods).rows[0] == {"Name": "Sale Library", "Day": "2024-05-01", "__row__": 1, "__geom__": None}


def _as_ods(path: Path) -> None:
    """The smallest OpenDocument sheet."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    word = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    day = '<table:table-cell office:value-type="date" office:date-value="2024-05-01"></table:table-cell>'
    rows = [word.format("Name") + word.format("Day"), word.format("Sale Library") + day]
    cells = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    sheet = f'<office:spreadsheet><table:table table:name="L">{cells}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        body = f"<office:document-content {spaces}><office:body>{sheet}</office:body></office:document-content>"
        archive.writestr("content.xml", body)


def test_an_ods_that_repeats_itself_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    _as_ods(path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
        )
        content = content.replace(b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="16384"')
    held = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(path, "w") as new:
        for name in ("mimetype", "META-INF/manifest.xml"):
            new.writestr(name, old.read(name))
        new.writestr("content.xml", content)
    assert refusal(path).endswith(".")


def test_the_private_folder_is_gone(save: Callable, read: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[str] = []
    monkeypatch.setattr(sandbox, "_give_to_nobody", folders.append)
    read(save(book()))
    assert len(folders) == 1
    assert not Path(folders[0]).exists()

"""Hostile and broken text tables: a sentence or a listed row each, never a crash, never a lost row."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from abcd.errors import BadFile
from abcd.intake.read import ReadChoice, look
from abcd.intake.read.faults import Faults
from abcd.intake.read.limits import ROWS
from abcd.intake.read.telling import refuse_too_many
from tests.intake.read.refusals import refusal, refusal_of_rows

Write = Callable[[str, bytes | str], Path]
pytestmark = pytest.mark.timeout(30)


@pytest.mark.parametrize(
    "content", [b"", b"name,postcode\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n \n", b"a,b\n,\n\n", b",\n,,\n"]
)
def test_h1_nothing_in_it(write: Write, content: bytes) -> None:
    assert "no rows" in refusal(write("a.csv", content))


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-8"])
def test_h2_unicode_in_any_dress(write: Write, read: Callable, codec: str) -> None:
    got = read(write("a.csv", "name,town\r\nCafé Łódź’s,Old Trafford\r\n".encode(codec)))
    assert got.rows[0]["name"] == "Café Łódź’s"
    assert got.look.columns == ("name", "town")


def test_h3_windows_1252_is_recognised_and_said(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "name\tfee\nSt Mary’s Café\t£3\n".encode("cp1252")))
    assert got.rows[0]["name"] == "St Mary’s Café"
    assert got.rows[0]["fee"] == "£3"
    assert "Windows-1252" in got.look.warnings[0]


def test_h3_an_old_mac_file(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "name,town\rCafé “Élan”,Sale\r".encode("mac_roman")))
    assert got.rows[0]["name"] == "Café “Élan”"


def test_h3_late_accents_count_too(write: Write, read: Callable) -> None:
    text = "name,town\n" + "Hall,Sale\n" * 40_000 + "Café,Sale\n"
    got = read(write("a.csv", text.encode("cp1252")))
    assert got.rows[-1]["name"] == "Café"


def test_h4_rows_in_another_encoding_are_listed(write: Write, read: Callable) -> None:
    lines = ["name,town", "Café,Sale", "Naïve Art,Hale"]
    got = read(write("a.csv", "\n".join(lines).encode() + "\nCrèche,Urmston\n".encode("cp1252") + b"Hall,Sale\n"))
    assert got.column("name") == ["Café", "Naïve Art", "Hall"]
    assert [(issue.kind, issue.row, issue.column) for issue in got.issues] == [("undecodable", 3, "name")]
    assert (got.seen, got.left_out) == (4, 1)


def test_h4_a_ragged_row_in_another_encoding_is_not_lost(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "name,town\nCafé,Sale\n".encode() + b"Caf\xe9,Sale,odd\nCr\xe8che\nHall,Hale\n"))
    assert got.column("name") == ["Café", "Hall"]
    assert [(issue.kind, issue.row) for issue in got.issues if issue.kind != "short_row"] == [
        ("ragged_row", 2),
        ("undecodable", 3),
    ]
    assert (got.seen, got.left_out) == (4, 2)


def test_h5_nul(write: Write, read: Callable) -> None:
    got = read(write("a.csv", b"name,town\nA\x00B,Sale\nHall,Hale\n"))
    assert got.column("name") == ["Hall"]
    assert [(issue.kind, issue.row, issue.value) for issue in got.issues] == [("nul", 1, "A\N{REPLACEMENT CHARACTER}B")]
    assert (got.seen, got.left_out) == (2, 1)


def test_h6_to_h11_cells_stay_as_typed(write: Write, read: Callable) -> None:
    cells = [
        "07700900123",
        "0012",
        "NA",
        "Null",
        "None",
        "nan",
        "True",
        "1/2/2025",
        "53,4",
        "53°29′N",
        "999",
        "NaN",
        "inf",
    ]
    got = read(write("a.csv", "name;value\n" + "".join(f"x;{cell}\n" for cell in cells)))
    assert got.column("value") == cells


def test_h12_a_million_columns(write: Write) -> None:
    assert "first line is longer" in refusal(write("a.csv", b"," * 1_000_000 + b"\n1,2\n"))
    assert "300 columns" in refusal(write("b.csv", ",".join(f"c{i}" for i in range(300)) + "\n" + "1," * 299 + "1\n"))


def test_h12_a_cell_of_many_megabytes(write: Write) -> None:
    assert "longer than 4 MB" in refusal_of_rows(write("a.csv", b"a,b\n1,2\n3," + b"x" * 30_000_000 + b"\n4,5\n"))


def test_h12_a_long_cell_is_cut(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "name,notes\nHall," + "é" * 40_000 + "\n"))
    assert got.rows[0]["notes"] == "é" * 32_768
    assert [(issue.kind, issue.row, issue.column) for issue in got.issues] == [("long_cell", 1, "notes")]


def test_h12_one_line_without_end(write: Write) -> None:
    assert "first line is longer" in refusal(write("a.csv", b"x" * 60_000_000))


@pytest.mark.parametrize("rows_after", [3, 400_000])
def test_h13_a_quotation_mark_that_never_closes(write: Write, rows_after: int) -> None:
    sentence = refusal_of_rows(write("a.csv", 'name,town\nHall,Sale\nClub,"Hale\n' + "Park,Urmston\n" * rows_after))
    assert sentence.startswith("Row 2 below the headings (row 3 of the file) opens a quotation mark")


def test_h13_an_inch_mark_is_no_quotation_mark(write: Write, read: Callable) -> None:
    got = read(write("a.csv", 'name,size\nPipe,5"\nHose,"a ""long"" one"\n'))
    assert got.column("size") == ['5"', 'a "long" one']


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_h14_any_delimiter(write: Write, read: Callable, delimiter: str) -> None:
    rows = [["name", "hours", "price"], ["Hall", '"Mon, Tue; Wed"', "1,50"], ["Club", "Sun", "2.00"]]
    quoted = [[f'"{cell}"' if delimiter in cell and cell[0] != '"' else cell for cell in row] for row in rows]
    got = read(write("a.csv", "\n".join(delimiter.join(row) for row in quoted)))
    assert got.look.delimiter == delimiter
    assert got.rows[0] | {"__row__": 1} == got.rows[0]
    assert got.column("hours") == ["Mon, Tue; Wed", "Sun"]


def test_h14_a_sep_line(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "sep=^\r\nname^town\r\nHall^Sale, Cheshire\r\n"))
    assert (got.look.delimiter, got.look.columns) == ("^", ("name", "town"))
    assert got.column("town") == ["Sale, Cheshire"]


def test_h14_ragged_rows(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "name,town,fee\nA,Sale,1\nB\nC,Hale,2,,\nD,Sale,Cheshire,3\n\nE,Urmston,4\n"))
    assert got.column("name") == ["A", "B", "C", "E"]
    assert got.column("__row__") == [1, 2, 3, 6]
    assert got.column("fee") == ["1", "", "2", "4"]
    assert [(issue.kind, issue.row) for issue in got.issues] == [("short_row", 2), ("ragged_row", 4)]
    assert (got.seen, got.left_out) == (5, 1)


def test_h14_a_person_may_choose(write: Write, read: Callable) -> None:
    path = write("a.csv", "x y\nname|town\nHall|Sale\n")
    got = read(path, delimiter="|", header_row=2, encoding="utf-8")
    assert got.rows[0]["town"] == "Sale"


def test_titles_above_and_no_headings_at_all(write: Write, read: Callable) -> None:
    titled = read(write("a.csv", "Libraries 2024,,\n\nName,Town,Fee\nA,Sale,1\nB,Hale,2\n"))
    assert (titled.look.header_row, titled.look.columns, titled.column("__row__")) == (
        3,
        ("Name", "Town", "Fee"),
        [1, 2],
    )
    grouped = read(
        write("c.csv", "Place,,,Contact,,\nName,Town,Code,Phone,Web,Mail\nA,Sale,M33,1,,\nB,Hale,WA15,2,x,y\n")
    )
    assert grouped.look.columns == ("Name", "Town", "Code", "Phone", "Web", "Mail")
    bare = read(write("b.csv", '"M1 1AA",10,384603,398231\n"M1 1AB",10,384604,398232\n'))
    assert (bare.look.header_row, bare.look.columns[0], bare.column("column_3")) == (
        0,
        "column_1",
        ["384603", "384604"],
    )


def test_h15_headings_twice_or_blank(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "Name,name,,__row__,Name\na,b,c,d,e\n"))
    assert got.look.columns == ("Name", "name_2", "column_3", "__row___2", "Name_3")
    assert len(got.look.warnings) == 4


def test_h16_headings_are_only_text(write: Write, read: Callable) -> None:
    heads = ['"; DROP TABLE asset', "<img src=x onerror=alert(1)>", "${alert(1)}"]
    got = read(write("a.csv", ",".join('"' + head.replace('"', '""') + '"' for head in heads) + "\n1,2,3\n"))
    assert list(got.look.columns) == heads
    first = read(write("b.csv", "<img src=x onerror=alert(1)>,name\n1,2\n"))
    assert first.look.columns[0] == "<img src=x onerror=alert(1)>"


def test_h17_formulas_are_stored_as_they_are(write: Write, read: Callable) -> None:
    cells = ["=1+1", '=HYPERLINK("http://x")', "+44", "-1", "@SUM(A1)"]
    got = read(write("a.csv", "name|value\n" + "".join('x|"' + cell.replace('"', '""') + '"\n' for cell in cells)))
    assert got.column("value") == cells


def test_h19_more_rows_than_one_import_takes() -> None:
    faults = Faults()
    faults.seen = ROWS
    refuse_too_many(faults.seen)
    with pytest.raises(BadFile, match="more than 5,000,000 rows"):
        refuse_too_many(ROWS + 1)


def test_h20_odd_letters_pass_and_headings_are_plain(write: Write, read: Callable) -> None:
    odd = "A\u202eB\u200bC" + "e" + "\u0301" * 1000
    got = read(write("a.csv", f"na\u0007me\u202e,town\n{odd},Sale\n"))
    assert got.look.columns[0] == "na me"
    assert got.rows[0]["na me"] == odd


@pytest.mark.parametrize(
    "name", ["CON", "a.csv\n.html", "x" * 200 + ".csv", "'; rm -rf $HOME #.csv", "-o.csv", "http:__x.csv"]
)
def test_h21_a_name_is_never_a_path(write: Write, read: Callable, name: str) -> None:
    assert read(write(name, "name,town\nHall,Sale\n")).column("town") == ["Sale"]


def test_h21_not_a_file(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path) or "not an ordinary file" in refusal(tmp_path)
    assert "not an ordinary file" in refusal(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"MZ\x90\x00", "a program"),
        (b"\x7fELF\x02", "a program"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html><body>", "a web page"),
        (b"<html><table><tr>", "a web page"),
        (bytes(range(1, 32)) * 50, "not a text file"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a"])
def test_h22_other_things_renamed(write: Write, start: bytes, said: str, name: str) -> None:
    assert said in refusal(write(name, start + b"\x00\x01 junk, junk\n" * 20))


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server on this machine that writes down whoever calls."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    caller, _ = server.accept()
                except TimeoutError:
                    continue
                calls.append(caller.recv(100))
                caller.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], calls
        stop.set()
        thread.join()


POINTERS = {
    "vrt_file": '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>",
    "vrt_curl": '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:{port}/a.csv'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "wfs": "<OGRWFSDataSource><URL>http://127.0.0.1:{port}/wfs?</URL></OGRWFSDataSource>",
    "xml_vrt": '<?xml version="1.0"?>\n<!-- a table --><OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>',
    "gdalg": '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {secret} ! write x"}}',
    "vsicurl": "/vsicurl/http://127.0.0.1:{port}/a.csv",
    "wfs_url": "WFS:http://127.0.0.1:{port}/wfs",
}


@pytest.mark.parametrize("kind", POINTERS)
@pytest.mark.parametrize("suffix", ["csv", "geojson", "kml"])
def test_h23_h48_h72_nothing_is_read_elsewhere(
    write: Write, listener: tuple[int, list[bytes]], kind: str, suffix: str
) -> None:
    secret = write("secret.csv", "name\nTOP-SECRET-CANARY\n")
    port, calls = listener
    sentence = refusal(write(f"a.{suffix}", POINTERS[kind].format(secret=secret, port=port)))
    assert sentence.endswith(".")
    assert "CANARY" not in sentence
    assert calls == []


def test_many_faults_are_counted_not_all_told(write: Write, read: Callable) -> None:
    got = read(write("a.csv", "name,town\n" + "A,Sale,x\n" * 3_000 + "B,Hale\n"))
    assert got.counts == {"ragged_row": 3_000}
    assert len(got.issues) == 1_000
    assert (got.seen, got.left_out, got.column("__row__")) == (3_001, 3_000, [3_001])


def test_rows_keep_their_numbers_across_blocks(write: Write, read: Callable) -> None:
    lines = [f"{n},{'x' * 80}" + (",odd" if n % 9_973 == 0 else "") for n in range(1, 120_001)]
    got = read(write("a.csv", "n,text\n" + "\n".join(lines)))
    assert all(int(row["n"]) == row["__row__"] for row in got.rows)
    assert (got.seen, got.left_out, len(got.rows)) == (120_000, 12, 119_988)


@pytest.mark.parametrize("choice", [ReadChoice(encoding="nonsense"), ReadChoice(encoding="rot13")])
def test_an_unknown_encoding_is_a_sentence(write: Write, choice: ReadChoice) -> None:
    with pytest.raises(BadFile, match="encoding"):
        look(write("a.csv", "name,town\nHall,Sale\n"), choice)

"""H1 to H23: text tables that are empty, in odd letters, ambiguous, enormous, or no tables at all."""

import json

from tests.hostile.cases import Case

HALL = "name,category,postcode,lat,lon\nMill Hall,Community centre,M33 7XX,53.42,-2.32\n"
WHERE = "lat,lon\n", "53.42,-2.32\n"
#: Hidden letters: the other direction, no width, marks on marks; e with its accent apart; a Cyrillic o.
ODD_NAME = "Caf\u202ee\u0301 \u200bN\u043erth " + "e" + "\u0301" * 10_000
POINTERS = {
    "vrt": '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>",
    "vrt-after-a-comment": '<?xml version="1.0"?>\n<!-- a table --><OGRVRTDataSource></OGRVRTDataSource>',
    "vrt-in-capitals": "<OGRVRTDATASOURCE></OGRVRTDATASOURCE>",
    "wfs": "<OGRWFSDataSource><URL>http://127.0.0.1:9/wfs?</URL></OGRWFSDataSource>",
}


def named(*lines: str, head: str = "name,category,postcode,lat,lon") -> str:
    """A table with a heading."""
    return "\n".join((head, *lines)) + "\n"


def numbered(head: str, *cells: str, rest: str = ",53.42,-2.32") -> str:
    """One asset a line: Hall 1, Hall 2, ... with one cell of interest."""
    lines = [f"Hall {n},{cell}{rest}" for n, cell in enumerate(cells, 1)]
    return "\n".join((f"name,{head},lat,lon", *lines)) + "\n"


FOREIGN = {
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
    "exe": (b"MZ\x90\0\3\0\0\0", "a program"),
    "elf": (b"\x7fELF\2\1\1\0", "a program"),
    "html": (b"<!DOCTYPE html><html><body><table><tr><td>Hall</td></tr></table>", "a web page"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
    "noise": (bytes(range(1, 32)) * 60, "not a text file"),
}
MISSING = ("NA", "Null", "None", "nan", "True")
FORMULAS = ("=1+1", "=HYPERLINK(A1)", "+44 Club", "-1 Club", "@SUM(A1)", "\t=2+1", "\r=3+1")
NAMES = {
    "outside": "..∕..∕etc∕cron.d∕x.csv",
    "device": "CON.csv",
    "long": "x" * 240 + ".csv",
    "newline": "a.csv\n.html",
    "escape": "\x1b[2Jhalls.csv",
    "markup": "<img src=x onerror=alert(1)>.csv",
    "option": "--help.csv",
    "vsi": "vsicurl_http:__127.0.0.1:9_a.csv",
    "spaces": "   .csv",
}

CASES = [
    Case(1, "a.csv", b"", refused="no rows", variant="empty"),
    Case(1, "a.csv", "name,postcode\n", refused="no rows", variant="only-headings"),
    Case(1, "a.csv", b"\xef\xbb\xbf", refused="no rows", variant="only-a-mark"),
    *(
        Case(2, "a.csv", HALL.replace("Mill", "Łódź").encode(codec), kept={"name": "Łódź Hall"}, variant=codec)
        for codec in ("utf-16", "utf-16-be", "utf-8-sig")
    ),
    Case(
        3,
        "a.csv",
        HALL.replace("Mill Hall", "St Mary’s Café").encode("cp1252"),
        note="Windows-1252",
        kept={"name": "St Mary’s Café"},
    ),
    Case(
        4,
        "a.csv",
        HALL.replace("Mill", "Élan").encode() + "Crèche,Nursery,,53.4,-2.3\n".encode("cp1252"),
        issue=("undecodable", 2, "name"),
        kept={"name": "Élan Hall"},
        gone=("Cr",),
    ),
    Case(
        5,
        "a.csv",
        HALL + "A\0B,Library,,53.4,-2.3\n",
        issue=("nul", 2, "name"),
        kept={"name": "Mill Hall"},
        gone=("A\ufffdB", "A"),
    ),
    Case(
        6, "a.csv", numbered("ref,telephone", "0012,07700900123"), kept={"phone": "07700 900123", "source_ref": "0012"}
    ),
    Case(
        7,
        "a.csv",
        named(*(f"{name},Library,,53.4{n},-2.3" for n, name in enumerate(MISSING))),
        issue=("no_name", 1, "name"),
        kept={"name": "True"},
    ),
    Case(8, "a.csv", numbered("last checked", "1/2/2025"), kept={"assured_on": "2025-02-01"}),
    Case(
        9,
        "a.csv",
        named("Mill Hall,Community centre,,-2.32,53.42"),
        issue=("swapped_axes", 1, "lon lat"),
        kept={"at": "-2.32 53.42"},
    ),
    Case(
        10,
        "a.csv",
        named("Mill Hall,Community centre,,380000,390000", "Top Hall,Community centre,,380100,390100"),
        kept={"name": "Mill Hall"},
    ),
    Case(
        11,
        "a.csv",
        named(
            "Mill Hall,Library,,53.42,-2.32",
            *(
                f"Hall {n},Library,,{pair}"
                for n, pair in enumerate(("0,0", "999,999", "NaN,NaN", "inf,-inf", "1e999,1"), 1)
            ),
        ),
        issue=("zero_coordinates", 2, "lon lat"),
        kept={"name": "Mill Hall"},
    ),
    Case(
        11,
        "a.csv",
        "name;category;lat;lon\nMill Hall;Library;53,42;-2,32\n",
        issue=("several_points", 1, "lon lat"),
        variant="comma",
    ),
    Case(
        11,
        "a.csv",
        "name,category,lat,lon\nMill Hall,Library,53°25′12″N,2°19′12″W\n",
        kept={"at": "-2.32 53.42"},
        variant="minutes",
    ),
    Case(12, "a.csv", lambda: b"," * 1_000_000 + b"\n1,2\n", refused="first line is longer", variant="columns"),
    Case(
        12,
        "a.csv",
        lambda: b"name,notes\nHall,ok\nMill," + b"x" * 30_000_000 + b"\n",
        refused="longer than 4 MB",
        variant="cell",
    ),
    Case(12, "a.csv", lambda: b"x" * 60_000_000, refused="first line is longer", variant="line"),
    Case(13, "a.csv", HALL + 'Club,"Hale\n' + "Park,Library,,53.4,-2.3\n" * 3, refused="Row 2 below the headings"),
    Case(14, "a.csv", HALL.replace(",", ";"), kept={"name": "Mill Hall"}, variant="semicolon"),
    Case(14, "a.csv", HALL.replace(",", "\t"), kept={"name": "Mill Hall"}, variant="tab"),
    Case(14, "a.csv", "sep=|\n" + HALL.replace(",", "|"), kept={"name": "Mill Hall"}, variant="sep"),
    Case(
        14,
        "a.csv",
        HALL + "Top Hall,Library,,53.4,-2.3,odd\n",
        issue=("ragged_row", 2, ""),
        kept={"name": "Mill Hall"},
        gone=("Top Hall",),
        variant="ragged",
    ),
    Case(
        15,
        "a.csv",
        "name,Name,,Unnamed: 0,lat,lon\nMill Hall,x,y,0,53.42,-2.32\n",
        note="its heading is used twice",
        kept={"name": "Mill Hall"},
    ),
    Case(
        16,
        "a.csv",
        '"name","""; DROP TABLE core.asset; --","<img src=x onerror=alert(1)>",lat,lon\nMill Hall,1,2,53.42,-2.32\n',
        kept={"name": "Mill Hall"},
    ),
    Case(
        17,
        "a.csv",
        named(*(f'"{cell}",Library,,53.4{n},-2.3' for n, cell in enumerate(FORMULAS))),
        kept={"name": tuple(cell.strip() for cell in FORMULAS)},
    ),
    Case(
        18,
        "a.csv",
        named(*["Mill Hall,Community centre,M33 7XX,53.42,-2.32"] * 3),
        issue=("repeated_row", 2, ""),
        kept={"name": "Mill Hall"},
    ),
    Case(19, "a.csv", lambda: b"n\n" + b"1\n" * 5_000_002, refused="more than 5,000,000 rows"),
    Case(20, "a.csv", named(f"{ODD_NAME},Library,,53.42,-2.32"), kept={"name": "Caf é N\u043erth é\u0301\u0301\u0301"}),
    *(Case(21, name, HALL, kept={"name": "Mill Hall"}, variant=kind) for kind, name in NAMES.items()),
    *(
        Case(22, name, start + b"\0\1 junk, junk\n" * 20, refused=said, variant=f"{kind}-{name}")
        for kind, (start, said) in FOREIGN.items()
        for name in ("a.csv", "a.geojson")
    ),
    *(Case(23, "a.csv", text, refused="points to data elsewhere", variant=kind) for kind, text in POINTERS.items()),
    Case(
        23,
        "a.csv",
        json.dumps({"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/passwd"}),
        refused="not GeoJSON",
        variant="gdalg",
    ),
    Case(23, "a.csv", "/vsicurl/http://127.0.0.1:9/a.csv", refused="no rows", variant="vsi"),
    Case(23, "a.csv", "PG:host=127.0.0.1 dbname=abcd tables=person\n", refused="no rows", variant="database"),
]

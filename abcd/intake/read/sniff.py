"""What a file is, by its content; its name only decides between kinds of plain text."""

import re

from abcd.errors import BadFile
from abcd.intake.read.archive import format_of_archive
from abcd.intake.read.encoding import BOMS
from abcd.intake.read.limits import MEGABYTE
from abcd.intake.read.table import Source

#: format -> the module that reads it
READERS = {
    "csv": "delimited",
    "geojson": "geojson",
    "geojsonseq": "geojson",
    "xlsx": "sheets",
    "xls": "sheets",
    "xlsb": "sheets",
    "ods": "sheets",
    "gpkg": "geopackage",
    "shapefile": "vector",
    "kml": "vector",
    "kmz": "vector",
    "gpx": "vector",
    "osm": "osm",
}
HEAD_BYTES = 65_536
TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".psv")
PBF = b"OSMHeader"
SHAPEFILE = b"\x00\x00\x27\x0a"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: UTF-16, as directory entries of an old Office document are written
LOCKED, WORKBOOKS = "EncryptedPackage".encode("utf-16-le"), ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

#: first bytes -> what a person calls such a file
FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"RIFF": "a recording or picture",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"#!": "a program",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"{\\rtf": "a text document",
    b'\x04"M\x18': "an lz4 archive",
}
ROOT = re.compile(r"<(?![?!])\s*(?:[\w.-]+:)?([\w.-]+)")
MARKUP = re.compile(r"<(\?xml|!doctype|!--|!entity|/?[\w.-]+(:[\w.-]+)?[^<>]{0,2000}>\s*(<|$))", re.IGNORECASE)
POINTERS = ("ogrvrt", "ogrwfs", "vrtdataset", "gdal_", "wms", "ogrvrtdatasource", "ogrwfsdatasource", "gdalg")


def format_of(source: Source) -> str:
    """The format, a key of ``READERS``.

    Raises:
        BadFile: it is empty, or nothing that can be read, or something that points elsewhere.
    """
    source.file.seek(0)
    head = source.file.read(HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise BadFile("There are no rows in this file: it is empty.")
    return _binary(head, source) or _text(head, source)


def _binary(head: bytes, source: Source) -> str | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return format_of_archive(source.file)
    if head.startswith(OLE):
        return _old_office(source)
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if PBF in head[:64]:
        return "osm"
    if head.startswith(SHAPEFILE) or (source.suffix in (".shx", ".dbf", ".prj", ".cpg")):
        raise BadFile(
            "This is one part of a shapefile, which also needs its .shp, .shx, .dbf and .prj files. "
            "Zip them together and bring in the zip."
        )
    foreign = next((name for start, name in FOREIGN.items() if head.startswith(start)), None)
    if foreign:
        raise BadFile(
            f"This is {foreign}, whatever its name says. "
            "Bring in a table (CSV, Excel) or a map file (GeoJSON, GeoPackage, KML)."
        )
    return None


def _old_office(source: Source) -> str:
    source.file.seek(0)
    start = source.file.read(4 * MEGABYTE)
    source.file.seek(max(0, source.size - MEGABYTE))
    directory = start + source.file.read()
    if LOCKED in directory:
        raise BadFile("This workbook is locked with a password. Save a copy without the password and bring that in.")
    if not any(name in directory for name in WORKBOOKS):
        raise BadFile("This is an Office document but not a workbook. Save the table as XLSX or CSV.")
    return "xls"


def _text(head: bytes, source: Source) -> str:
    text = _as_text(head)
    if text.startswith(("{", "\x1e")) or (
        text.startswith("[") and source.suffix in (".json", ".geojson", ".geojsonl", ".ndjson")
    ):
        return "geojson"
    if text.startswith("<") and (MARKUP.match(text) or source.suffix not in TEXT_SUFFIXES):
        return _markup(text)
    _refuse_binary(text)
    return "csv"


def _as_text(head: bytes) -> str:
    """The head as text, roughly: enough to know its first signs."""
    marked = next((name for mark, name in BOMS if head.startswith(mark)), None)
    wide = head[1:2] == b"\0" and "utf-16-le" or head[:1] == b"\0" and "utf-16-be"
    return head.decode(marked or wide or "utf-8", "replace").lstrip("\ufeff \t\r\n")


def _markup(text: str) -> str:
    found = ROOT.search(text)
    root = found.group(1) if found else ""
    if root.lower() in ("kml", "gpx", "osm"):
        return root.lower()
    if root.lower().startswith(POINTERS):
        raise BadFile(
            f"This file holds no data; it only points to data elsewhere ({root[:40]}). Bring in the data itself."
        )
    if root.lower() in ("html", "head", "body", "div", "table"):
        raise BadFile("This is a web page, not a table. Download the data itself, for example as CSV.")
    raise BadFile(
        f"This is XML (“{root[:40]}”) of a kind that cannot be read. Save the layer as GeoJSON, GeoPackage or KML."
    )


def _refuse_binary(text: str) -> None:
    """A few odd characters are a fault of a row; many mean that this is no text."""
    odd = sum(letter < " " and letter not in "\t\r\n\x0b\x0c\x1b" for letter in text)
    if odd > max(8, 0.05 * len(text)):
        raise BadFile(
            "This is not a text file, whatever its name says. Save the table as CSV or Excel and bring that in."
        )

"""Fifty sound files of every kind that can be brought in, to be damaged in 72 ways; they name a secret and a server."""

import io
import json
import struct
from collections.abc import Callable
from functools import cache, partial

import openpyxl
import shapely

from tests.hostile import archives, databases, geojson_files, text_files, workbooks

SECRET, SERVER = "/SECRET", "http://127.0.0.1:PORT/x"
WORDS = f"name,category,postcode,lat,lon,notes\nMill Hall,Community centre,M33 7XX,53.42,-2.32,{SERVER}\n"
MANY = WORDS + "".join(
    f"Hall {n},Library,M33 {n % 9}XX,53.{n % 90 + 10},-2.3{n % 9},see {SECRET}\n" for n in range(300)
)
QUOTED = 'name,notes,lat,lon\n"Mill, Hall","said ""so""\non two lines",53.42,-2.32\n' * 20
WKT = 'name;shape\nMill Hall;"POLYGON((-2.32 53.42, -2.31 53.42, -2.31 53.43, -2.32 53.42))"\n' * 10
GPX = ('<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
       '<wpt lat="53.4" lon="-2.3"><name>Bench</name></wpt><rte><rtept lat="53.4" lon="-2.3"/></rte>'
       '<trk><name>Walk</name><trkseg><trkpt lat="53.4" lon="-2.3"/><trkpt lat="53.5" lon="-2.3"/></trkseg></trk>'
       "</gpx>")  # fmt: skip
SHAPES = [
    geojson_files.point(), geojson_files.polygon(geojson_files.SQUARE),
    {"type": "MultiPoint", "coordinates": [[-2, 53]]},
    {"type": "LineString", "coordinates": [[-2, 53], [-2.1, 53.1]]},
    {"type": "GeometryCollection", "geometries": [geojson_files.point()]},
]  # fmt: skip


def ods() -> bytes:
    """The smallest OpenDocument sheet."""
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                      for name in ("office", "table", "text"))  # fmt: skip
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join("<table:table-row>" + cell.format(a) + cell.format(b) + "</table:table-row>"
                   for a, b in (("name", "postcode"), ("Mill Hall", "M33 7XX"), ("Top Hall", SERVER)))  # fmt: skip
    body = f'<office:spreadsheet><table:table table:name="L">{rows}</table:table></office:spreadsheet>'
    return workbooks.zipped({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": b"<manifest/>",
        "content.xml": f"<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>"
        .encode(),
    })  # fmt: skip


def big_book(rows: int) -> bytes:
    """A workbook with formulas, dates and links."""
    made, held = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["name", "category", "lat", "lon", "web"])
    for n in range(rows):
        made.active.append([f"Hall {n}", "Library", 53.4 + n / 1e4, -2.3, f'=HYPERLINK("{SERVER}")'])
    made.save(held)
    return held.getvalue()


def shapes_of(rows: int) -> list[tuple[bytes, str]]:
    """Points, lines and squares as rows of a GeoPackage."""
    kinds = (shapely.Point(380_000, 390_000), shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1))
    return [(databases.blob(kinds[n % 3]), f"Hall {n} {SERVER}") for n in range(rows)]


MAKERS: list[tuple[str, Callable[[], bytes]]] = [
    *(("a.csv", lambda text=text, codec=codec: text.encode(codec))
      for text in (WORDS, MANY, QUOTED, WKT) for codec in ("utf-8", "utf-16", "utf-8-sig")),
    ("a.tsv", MANY.replace(",", "\t").encode), ("a.csv", partial(MANY.replace(",", ";").encode, "cp1252")),
    ("a.csv", ("sep=|\n" + MANY.replace(",", "|")).encode), ("a.txt", text_files.HALL.encode),
    *(("a.geojson", lambda shape=shape: geojson_files.whole(*[geojson_files.feature(shape, SERVER)] * 20).encode())
      for shape in SHAPES),
    ("a.geojsonl", lambda: "\n".join(json.dumps(geojson_files.feature(geojson_files.point(), f"H{n}"))
                                     for n in range(50)).encode()),
    ("a.geojson", lambda: geojson_files.whole(geojson_files.feature(geojson_files.point(380_000, 390_000)),
                                              crs=geojson_files.BNG).encode()),
    ("a.xlsx", workbooks.book), ("a.xlsx", lambda: big_book(200)), ("a.xlsx", lambda: big_book(3)),
    ("a.xlsm", workbooks.with_macros), ("a.xls", workbooks.old_book), ("a.ods", ods),
    ("a.xlsx", lambda: workbooks.book(workbooks.hide)), ("a.xlsx", lambda: workbooks.book(workbooks.merge)),
    ("a.gpkg", databases.package), ("a.gpkg", lambda: databases.package(rows=shapes_of(300))),
    ("a.gpkg", lambda: databases.package(databases.VIEW)), ("a.gpkg", lambda: databases.package(databases.CODE)),
    ("a.gpkg", lambda: databases.package(databases.OURS)), ("a.gpkg", lambda: databases.package(srs=-1)),
    ("a.zip", archives.shapes), ("a.zip", archives.two_layers), ("a.zip", archives.cut_texts),
    ("a.zip", lambda: archives.shapes(prj=SERVER.encode())),
    ("a.kml", lambda: archives.kml(archives.LINKS, archives.place(text=SERVER))),
    ("a.kml", lambda: archives.kml(*[archives.place(f"Hall {n}") for n in range(100)])),
    ("a.kml", lambda: archives.kml("<Folder>" * 20 + archives.place() + "</Folder>" * 20)),
    ("a.kmz", lambda: workbooks.zipped({"doc.kml": archives.kml(archives.place()), "files/a.png": b"x"})),
    ("a.kmz", lambda: archives.overlays(30)), ("a.gpx", GPX.encode),
    ("a.csv", lambda: struct.pack("<200I", *range(200)) + MANY.encode()),
    ("a.json", lambda: geojson_files.whole(geojson_files.feature(geojson_files.point())).encode()),
    ("a.csv", lambda: archives.VRT_CURL.replace("9/a.csv", "PORT/a.csv").encode()),
]  # fmt: skip


@cache
def seed(number: int) -> tuple[str, bytes]:
    """Name and content of a sound file."""
    name, make = MAKERS[number]
    return name, make()

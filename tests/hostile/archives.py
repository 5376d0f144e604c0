"""H60 to H72: shapefiles in parts, archives that lead outside or explode, KML that calls, includes or never ends."""

import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import shapely

from tests.hostile.cases import Case
from tests.hostile.workbooks import link, zipped

Parts = dict[str, bytes]
VRT = (
    b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
    b"</OGRVRTDataSource>"
)


def shapefile(encoding: str = "UTF-8", epsg: int | None = 27700, **columns: list[object]) -> Parts:
    """The parts of a shapefile of three halls, by their ending."""
    shapes = [shapely.Point(380_000 + 100 * n, 390_000) for n in range(3)]
    values = {"name": ["Mill Hall", "Café Élan", "Top Hall"], "category": ["Library"] * 3, **columns}
    with tempfile.TemporaryDirectory() as folder:
        gpd.GeoDataFrame(values, geometry=shapes, crs=epsg).to_file(Path(folder) / "a.shp", encoding=encoding)
        return {path.suffix: path.read_bytes() for path in Path(folder).iterdir()}


def named(stem: str, parts: Parts) -> Parts:
    """The parts as files of one name."""
    return {stem + suffix: content for suffix, content in parts.items()}


def shapes(stem: str = "halls", **changed: bytes) -> bytes:
    """A zipped shapefile; ``shp=b"..."`` puts another part in."""
    parts = shapefile() | {f".{suffix}": content for suffix, content in changed.items()}
    return zipped(named(stem, {suffix: content for suffix, content in parts.items() if content is not None}))


def two_layers() -> bytes:
    """Two shapefiles, one of them deep and in capitals, among a Macintosh's clutter."""
    upper = {suffix.upper(): content for suffix, content in shapefile().items()}
    clutter = {"__MACOSX/._halls.shp": b"x", "readme.txt": b"x", ".DS_Store": b"x"}
    return zipped(named("Deep/er/Clubs", upper) | named("halls", shapefile()) | clutter)


def bomb(layers: int = 5) -> bytes:
    """An archive that holds zeros, packed again and again as the famous one is."""
    packed = zipped({"0.dbf": bytes(90_000_000)})
    for layer in range(layers):
        packed = zipped({f"{n}.zip": packed for n in range(4)} | {f"{layer}.shp": b"x"})
    return packed


def cut_texts() -> bytes:
    """A shapefile in a Western code page that calls itself UTF-8, with a name and a text cut short."""
    parts = shapefile(encoding="CP1252", neighbourhood=["Café"] * 3, notes=["x" * 300] * 3)
    return zipped(named("halls", parts | {".cpg": b"UTF-8"}))


def dbf(change: object) -> bytes:
    """A zipped shapefile whose table is changed."""
    return shapes(dbf=change(shapefile()[".dbf"]))  # type: ignore[operator]


def lying_count(table: bytes) -> bytes:
    """A table that claims two thousand million rows."""
    return table[:4] + b"\xff\xff\xff\x7f" + table[8:]


def negative_length() -> bytes:
    """An index whose first record lies before the file and has a negative length."""
    index = shapefile()[".shx"]
    return shapes(shx=index[:100] + b"\xff" * 8 + index[108:])


PLACE = (
    "<Placemark><name>{name}</name><description>{text}</description>"
    "<Point><coordinates>-2.32,53.42,0</coordinates></Point></Placemark>"
)


def kml(*parts: str, dtd: str = "", codec: str = "UTF-8") -> bytes:
    """A KML document."""
    head = f'<?xml version="1.0" encoding="{codec}"?>{dtd}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    return (head + "".join(parts) + "</Document></kml>").encode(codec)


def place(name: str = "Mill Hall library", text: str = "x") -> str:
    """A placemark in Sale."""
    return PLACE.format(name=name, text=text)


LINKS = (
    "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    "<GroundOverlay><Icon><href>javascript:alert(1)</href></Icon></GroundOverlay>"
    "<Style id='s'><IconStyle><Icon><href>http://127.0.0.1:9/i.png</href></Icon></IconStyle></Style>"
)
ENTITIES = {
    "file": '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE kml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
}
LAUGHS = '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
VRT_CURL = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:9/a.csv</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)


def overlays(count: int) -> bytes:
    """A KMZ with so many pictures."""
    return zipped({"doc.kml": kml(place())} | {f"{n}.png": b"x" for n in range(count)}, zipfile.ZIP_STORED)


CASES = [
    Case(60, "a.shp", lambda: shapefile()[".shp"], refused="also needs its .shp, .shx, .dbf", variant="alone"),
    Case(
        60,
        "a.zip",
        lambda: zipped({"a.shp": shapefile()[".shp"]}),
        refused="also needs .shx and .dbf",
        variant="zipped",
    ),
    Case(61, "a.zip", two_layers, note="there are others", kept={"name": "Mill Hall"}),
    Case(62, "a.zip", lambda: zipped({"a.vrt": VRT}), refused="points to data elsewhere", variant="alone"),
    Case(
        62,
        "a.zip",
        lambda: zipped(named("a", shapefile()) | {"a.vrt": VRT}),
        refused="points to data elsewhere",
        variant="beside",
    ),
    Case(
        62,
        "a.zip",
        lambda: zipped({"a.shp": VRT, "a.shx": VRT, "a.dbf": VRT}),
        refused="do not belong together",
        variant="disguised",
    ),
    *(
        Case(
            63,
            "a.zip",
            lambda name=name: zipped(named("a", shapefile()) | {name: b"x"}),
            refused="leads outside",
            variant=kind,
        )
        for kind, name in (
            ("slip", "../../x.shp"),
            ("absolute", "/etc/x.shp"),
            ("drive", "C:\\x.shp"),
            ("backslash", "a\\..\\..\\b.shp"),
        )
    ),
    Case(63, "a.zip", link, refused="leads outside", variant="link"),
    Case(64, "a.zip", bomb, refused="another archive", variant="nested"),
    Case(
        64,
        "a.zip",
        lambda: zipped(named("a", shapefile()) | {"b.dbf": bytes(100_000_000)}),
        refused="packed far more tightly",
        variant="flat",
    ),
    Case(65, "a.zip", cut_texts, note="254 letters", kept={"name": "Café Élan"}),
    *(
        Case(66, "a.zip", lambda prj=prj: shapes(prj=prj), note="", kept={"name": "Mill Hall"}, variant=kind)
        for kind, prj in (
            ("missing", None),
            ("wrong", b"nonsense"),
            ("url", b"http://127.0.0.1:9/crs"),
            ("file", b"/etc/passwd"),
        )
    ),
    Case(67, "a.zip", lambda: dbf(lying_count), refused="do not belong together", variant="count"),
    Case(67, "a.zip", negative_length, refused="damaged or not what its name says", variant="negative"),
    *(
        Case(68, "a.kml", kml(place(text="&x;"), dtd=dtd), refused="XML entities", variant=kind)
        for kind, dtd in ENTITIES.items()
    ),
    Case(
        68,
        "a.kmz",
        lambda: zipped({"doc.kml": kml(place(text="&x;"), dtd=ENTITIES["file"], codec="UTF-16")}),
        refused="XML entities",
        variant="kmz-utf-16",
    ),
    Case(69, "a.kml", kml(place(text="&x;"), dtd=LAUGHS), refused="XML entities"),
    Case(
        70,
        "a.kml",
        kml(LINKS, place(text="&lt;script&gt;alert(1)&lt;/script&gt; &lt;a href='javascript:x'&gt;")),
        note="not followed",
        kept={"name": "Mill Hall library"},
    ),
    Case(
        71, "a.kml", lambda: kml("<Folder>" * 100_000 + "</Folder>" * 100_000), refused="levels deep", variant="folders"
    ),
    Case(71, "a.kmz", lambda: overlays(10_000), refused="10,001 files", variant="overlays"),
    Case(72, "a.kml", VRT_CURL, refused="points to data elsewhere"),
    Case(
        72,
        "a.kmz",
        lambda: zipped({"doc.kml": VRT_CURL.encode()}),
        refused="damaged or not what its name says",
        variant="kmz",
    ),
]

"""Hostile and broken shapefiles, KML, KMZ and GPX."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from abcd.errors import BadFile
from abcd.intake.read import ReadChoice, look
from tests.intake.read.refusals import refusal, rows_or_sentence

Write = Callable[[str, bytes | str], Path]
Parts = dict[str, bytes]
pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def shapefile(tmp_path: Path) -> Callable[..., Parts]:
    def made(epsg: int | None = 27700, encoding: str = "UTF-8", **columns: list[object]) -> Parts:
        shapes = [shapely.Point(380_000 + n, 390_000) for n in range(3)]
        values = columns or {"name": ["Hall", "Café", "NA"], "size": [5.0, 0.25, None], "code": ["0012", "1", "2"]}
        frame = gpd.GeoDataFrame(values, geometry=shapes, crs=epsg)
        frame.to_file(tmp_path / "made.shp", encoding=encoding)
        parts = {path.suffix: path.read_bytes() for path in tmp_path.glob("made.*")}
        for path in tmp_path.glob("made.*"):
            path.unlink()
        return parts

    return made


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    def made(files: Parts, name: str = "a.zip") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, content in files.items():
                archive.writestr(inner, content)
        return tmp_path / name

    return made


def named(stem: str, parts: Parts) -> Parts:
    return {stem + suffix: content for suffix, content in parts.items()}


def test_a_zipped_shapefile(shapefile: Callable, zipped: Callable, read: Callable) -> None:
    got = read(zipped(named("clubs", shapefile())))
    assert (got.look.format, got.look.crs, got.look.geometry_type) == ("shapefile", "EPSG:27700", "Point")
    assert [(row["name"], row["size"], row["code"]) for row in got.rows] == [
        ("Hall", "5", "0012"), ("Café", "0.25", "1"), ("NA", None, "2"),
    ]  # fmt: skip
    assert got.shapes()[1] == shapely.Point(380_001, 390_000)


def test_h60_parts_alone(shapefile: Callable, zipped: Callable, write: Write) -> None:
    parts = shapefile()
    assert "also needs its .shp, .shx, .dbf" in refusal(write("a.shp", parts[".shp"]))
    assert "also needs its .shp, .shx, .dbf" in refusal(write("a.dbf", parts[".dbf"]))
    assert "also needs .shx and .dbf" in refusal(zipped({"a.shp": parts[".shp"]}))


def test_h61_two_layers_folders_and_clutter(shapefile: Callable, zipped: Callable, read: Callable) -> None:
    parts = shapefile()
    upper = {suffix.upper(): content for suffix, content in parts.items()}
    files = named("Deep/er/Clubs", upper) | named("halls", parts) | {"__MACOSX/._halls.shp": b"x", "readme.txt": b"x"}
    path = zipped(files)
    assert {layer.name for layer in look(path).layers} == {"Deep/er/Clubs", "halls"}
    assert "there are others" in look(path).warnings[-1]
    assert len(read(path, layer="Deep/er/Clubs").rows) == 3
    with pytest.raises(BadFile, match="no layer called"):
        look(path, ReadChoice(layer="x"))


def test_h62_a_pointer_inside(shapefile: Callable, zipped: Callable) -> None:
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
    vrt += b"</OGRVRTDataSource>"
    assert "points to data elsewhere" in refusal(zipped({"a.vrt": vrt}))
    assert "points to data elsewhere" in refusal(zipped(named("a", shapefile()) | {"a.vrt": vrt}))
    assert "do not belong together" in refusal(zipped({"a.shp": vrt, "a.shx": vrt, "a.dbf": vrt}))


def test_h64_a_bomb(shapefile: Callable, zipped: Callable) -> None:
    assert "packed far more tightly" in refusal(zipped(named("a", shapefile()) | {"b.dbf": bytes(100_000_000)}))


def test_h65_code_pages_and_what_was_cut(shapefile: Callable, zipped: Callable, read: Callable) -> None:
    parts = shapefile(encoding="CP1252", neighbourhood=["Café"] * 3, notes=["x" * 300] * 3)
    parts[".cpg"] = b"UTF-8"
    got = read(zipped(named("a", parts)))
    assert (got.look.encoding, got.rows[0]["neighbourh"], len(got.rows[0]["notes"])) == ("CP1252", "Café", 254)
    assert "ten letters" in got.look.warnings[0]
    assert "254 letters" in got.look.warnings[1]
    unmarked = shapefile()
    del unmarked[".cpg"]
    assert read(zipped(named("a", unmarked))).rows[1]["name"] == "Café"


@pytest.mark.parametrize(
    "projection",
    [None, b"", b"http://127.0.0.1:9/crs", b"/etc/passwd", b"EPSG:27700", b'GEOGCS["x"' * 5000, b'GEOGCS["x",' * 1500],
)
def test_h66_no_projection_or_a_wrong_one(shapefile: Callable, zipped: Callable, projection: bytes | None) -> None:
    parts = shapefile()
    del parts[".prj"]
    seen = look(zipped(named("a", parts | ({".prj": projection} if projection is not None else {}))))
    assert seen.crs is None
    assert seen.row_count == 3


def test_h67_counts_that_lie_and_parts_cut_short(shapefile: Callable, zipped: Callable) -> None:
    parts = shapefile()
    lies = [
        {".dbf": parts[".dbf"][:4] + b"\xff\xff\xff\x7f" + parts[".dbf"][8:]},
        {".dbf": parts[".dbf"][:-40]},
        {".shp": parts[".shp"][:-10]},
        {".shx": parts[".shx"][:-8]},
        {".shp": b""},
        {".dbf": b"x" * 20},
    ]
    for lie in lies:
        assert "do not belong together" in refusal(zipped(named("a", parts | lie)))
    negative = parts[".shx"][:100] + b"\xff\xff\xff\xff\xff\xff\xff\xff" + parts[".shx"][108:]
    rows_or_sentence(zipped(named("a", parts | {".shx": negative})))


KML = (
    '<?xml version="1.0" encoding="UTF-8"?>{dtd}'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
)
PLACE = (
    "<Placemark><name>{name}</name><description>{text}</description>"
    "<ExtendedData><Data name='phone'><value>0161</value></Data></ExtendedData>"
    "<Point><coordinates>-2.3,53.4,0</coordinates></Point></Placemark>"
)


def kml(*parts: str, dtd: str = "") -> str:
    return KML.format(dtd=dtd, body="".join(parts))


def test_a_kml_with_folders_is_one_table(write: Write, read: Callable) -> None:
    hall, club = PLACE.format(name="Hall", text="<![CDATA[<b>x</b>]]>"), PLACE.format(name="Club", text="y")
    path = write(
        "a.kml", kml(f"<Folder><name>Halls</name>{hall}</Folder>", f"<Folder><name>Clubs</name>{club}{club}</Folder>")
    )
    got = read(path)
    assert (got.look.format, got.look.crs, [layer.rows for layer in got.look.layers]) == ("kml", "EPSG:4326", [1, 2])
    assert [(row["folder"], row["Name"], row["phone"]) for row in got.rows] == [
        ("Halls", "Hall", "0161"), ("Clubs", "Club", "0161"), ("Clubs", "Club", "0161"),
    ]  # fmt: skip
    assert (got.rows[0]["description"], got.shapes()[0]) == ("<b>x</b>", shapely.Point(-2.3, 53.4))
    assert read(path, layer="Clubs").column("__row__") == [1, 2]


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE kml [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
        '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_h68_h69_entities(write: Write, zipped: Callable, dtd: str, codec: str) -> None:
    text = kml(PLACE.format(name="&xxe;", text="&b;"), dtd=dtd).replace("UTF-8", codec.upper()).encode(codec)
    assert "XML entities" in refusal(write("a.kml", text))
    assert "XML entities" in refusal(zipped({"doc.kml": text}, "a.kmz"))


def test_h70_links_are_not_followed(write: Write, read: Callable) -> None:
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    overlay = "<GroundOverlay><Icon><href>javascript:alert(1)</href></Icon></GroundOverlay>"
    got = read(write("a.kml", kml(link, overlay, PLACE.format(name="Hall", text="&lt;script&gt;x&lt;/script&gt;"))))
    assert got.rows[-1]["description"] == "<script>x</script>"
    assert "not followed" in got.look.warnings[0]


def test_h71_folders_without_end_and_many_overlays(write: Write, zipped: Callable, read: Callable) -> None:
    assert "levels deep" in refusal(write("a.kml", kml("<Folder>" * 100_000 + "</Folder>" * 100_000)))
    overlays = {f"{n}.png": b"x" for n in range(4_000)}
    got = read(zipped({"doc.kml": kml(PLACE.format(name="Hall", text="x")).encode()} | overlays, "a.kmz"))
    assert (got.look.format, got.column("Name")) == ("kmz", ["Hall"])
    assert "6,001 files" in refusal(zipped({f"{n}.png": b"" for n in range(6_001)}, "b.kmz"))


def test_unsound_markup(write: Write) -> None:
    assert "near line 2" in refusal(write("a.kml", kml("\n<Folder>", "</Placemark>")))
    assert "no rows" in refusal(write("b.kml", kml("<Folder></Folder>")))
    assert "cannot be read" in refusal(write("c.kml", "<gml:FeatureCollection xmlns:gml='x'></gml:FeatureCollection>"))
    assert "OpenStreetMap" in refusal(write("d.csv", "<?xml version='1.0'?><osm version='0.6'></osm>"))


def test_a_place_without_a_place_is_listed(write: Write, read: Callable) -> None:
    bare = "<Placemark><name>Nowhere</name></Placemark>"
    got = read(write("a.kml", kml(PLACE.format(name="Hall", text="x"), bare)))
    assert got.column("Name") == ["Hall", "Nowhere"]
    assert [(issue.kind, issue.row) for issue in got.issues] == [("no_geometry", 2)]


def test_gpx(write: Write, read: Callable) -> None:
    points = "".join(f'<wpt lat="53.{n}" lon="-2.3"><name>Bench {n}</name><desc>nice</desc></wpt>' for n in (4, 5))
    track = '<trk><name>Walk</name><trkseg><trkpt lat="53.4" lon="-2.3"/><trkpt lat="53.5" lon="-2.3"/></trkseg></trk>'
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    got = read(write("a.gpx", f"{head}{points}{track}</gpx>"))
    assert (got.look.format, got.look.layer, got.column("name")) == ("gpx", "waypoints", ["Bench 4", "Bench 5"])
    assert got.shapes()[1] == shapely.Point(-2.3, 53.5)
    assert read(write("b.gpx", f"{head}{track}</gpx>")).look.geometry_type == "MultiLineString"

"""A secret beside the file and a server that listens: every trick by which a map library reads one or calls the other.

Each trick is tried through the door, where it reads nothing and calls nobody, and on the same library outside the
sandbox, where it does, so that the test can fail.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from abcd.errors import BadFile, NotFound
from abcd.intake.read import look, open_file, starter
from tests.hostile import archives, databases, workbooks
from tests.hostile.listening import CANARY, Bait, bait

pytestmark = pytest.mark.timeout(120)

VRT = '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
CALL = "http://127.0.0.1:PORT/a.csv"
GDALG = json.dumps({"type": "gdal_streamed_alg", "command_line": "gdal vector convert /SECRET /tmp/x.geojson"})
GML = ('<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" '
       f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x {CALL}"/>')  # fmt: skip
REMOTE = ('<NetworkLink><Link><href>{0}</href></Link></NetworkLink><GroundOverlay><Icon><href>{0}</href></Icon>'
          '</GroundOverlay><Style id="s"><IconStyle><Icon><href>{0}</href></Icon></IconStyle></Style>')  # fmt: skip
EXTERNAL = b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///SECRET"><!ENTITY % y SYSTEM "http://127.0.0.1:PORT/y">%y;]>'
LINKED = (b'<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
          b'<externalBook/></externalLink>')  # fmt: skip
RELS = (b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        b'Target="http://127.0.0.1:PORT/a.xlsx" TargetMode="External"/></Relationships>')  # fmt: skip


def link() -> bytes:
    """A shapefile's part that is a symbolic link to the secret."""
    one = zipfile.ZipInfo("a.shp")
    one.external_attr = 0o120777 << 16
    return workbooks.zipped({one: b"/SECRET"})


def attached() -> bytes:
    """A GeoPackage whose view and trigger reach for another database."""
    return databases.package("CREATE VIEW v AS SELECT * FROM halls; CREATE TRIGGER t AFTER UPDATE ON halls BEGIN "
                             "SELECT load_extension('/SECRET'); END;")  # fmt: skip


TEXTS = {
    "vrt-file": VRT.format("/SECRET"), "vrt-curl": VRT.format("/vsicurl/" + CALL), "vrt-http": VRT.format(CALL),
    "vrt-zip": VRT.format("/vsizip//vsicurl/" + CALL), "vrt-csv": VRT.format("CSV:/SECRET"),
    "vrt-subfile": VRT.format("/vsisubfile/0_100,/SECRET"), "vrt-wfs": VRT.format(f"WFS:{CALL}"),
    "vrt-geojson": VRT.format(f'{{"type":"FeatureCollection","features":[]}} {CALL}'),
    "vrt-after-mark": "\ufeff  \n<!-- x -->" + VRT.format("/SECRET"),
    "wfs": f"<OGRWFSDataSource><URL>{CALL}?</URL></OGRWFSDataSource>", "wfs-url": f"WFS:{CALL}",
    "gdalg": GDALG, "oapif": f"OAPIF:{CALL}", "esri": f"ESRIJSON:{CALL}", "curl": f"/vsicurl/{CALL}", "url": CALL,
    "path": "/SECRET", "database": "PG:host=127.0.0.1 port=PORT dbname=x", "mysql": "MYSQL:x,host=127.0.0.1,port=PORT",
    "gml": GML, "kml-links": archives.kml(REMOTE.format(CALL), archives.place()).decode(),
    "kml-file": archives.kml(REMOTE.format("/SECRET"), archives.place()).decode(),
    "kml-schema": archives.kml(f'<Schema schemaUrl="{CALL}"/>', archives.place()).decode(),
}  # fmt: skip
BINARIES = {
    "kml-entity.kml": lambda: archives.kml(archives.place(text="&x;"), dtd=EXTERNAL.decode()),
    "vrt.kmz": lambda: workbooks.zipped({"doc.kml": VRT.format("/SECRET").encode()}),
    "linked.kmz": lambda: workbooks.zipped({"doc.kml": archives.kml(REMOTE.format(CALL), archives.place())}),
    "vrt.zip": lambda: workbooks.zipped({"a.vrt": VRT.format("/SECRET").encode()}),
    "disguised.zip": lambda: workbooks.zipped(
        {f"a.{part}": VRT.format("/SECRET").encode() for part in ("shp", "shx", "dbf")}
    ),
    "prj-url.zip": lambda: archives.shapes(prj=CALL.encode()),
    "prj-file.zip": lambda: archives.shapes(prj=b"/SECRET"),
    "link.zip": link,
    "linked.xlsx": lambda: workbooks.zipped(workbooks.parts_of(workbooks.book()) | {
        "xl/externalLinks/externalLink1.xml": LINKED, "xl/externalLinks/_rels/externalLink1.xml.rels": RELS}),
    "entity.xlsx": lambda: workbooks.entities(b'<!DOCTYPE x [<!ENTITY b SYSTEM "file:///SECRET">]>'),
    "attached.gpkg": attached,
}  # fmt: skip


@pytest.fixture
def laid(tmp_path: Path) -> Iterator[Bait]:
    with bait(tmp_path) as made:
        yield made


def through_the_door(path: Path) -> str:
    """All that reading ``path`` says: its facts, its rows, or its refusal."""
    try:
        seen = look(path)
        with open_file(path) as reading:
            return f"{seen} {[batch.to_pylist() for batch in reading]} {reading.issues}"
    except (BadFile, NotFound) as refused:
        return str(refused)


def test_no_text_reads_a_secret_or_calls_out(tmp_path: Path, laid: Bait) -> None:
    for kind, text in TEXTS.items():
        for suffix in ("csv", "geojson", "kml", "vrt"):
            path = tmp_path / f"{kind}.{suffix}"
            path.write_bytes(laid.in_(text.encode()))
            assert CANARY not in through_the_door(path), path.name
            assert laid.calls == [], path.name


@pytest.mark.parametrize("name", BINARIES)
def test_no_archive_or_database_does(tmp_path: Path, laid: Bait, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(laid.in_(BINARIES[name]()))
    assert CANARY not in through_the_door(path)
    assert laid.calls == []


@pytest.mark.parametrize("name", ["/vsicurl/http://127.0.0.1:PORT/a.csv", "http://127.0.0.1:PORT/a.csv", "WFS:http://x",
                                  "/vsizip//SECRET", "/vsistdin/"])  # fmt: skip
def test_no_name_of_a_file_is_more_than_a_name(laid: Bait, name: str) -> None:
    said = through_the_door(Path(laid.in_(name.encode()).decode()))
    assert "There is no file called" in said or "cannot be opened" in said
    assert laid.calls == []


OUTSIDE = """
import sys, pyogrio
try:
    print(pyogrio.raw.read(sys.argv[1])[3])
except Exception as error:
    print(error)
"""


@pytest.mark.parametrize(("kind", "name"), [("vrt-file", "a.csv"), ("vrt-curl", "a.csv"), ("wfs", "a.geojson")])
def test_outside_the_sandbox_the_same_files_do(tmp_path: Path, laid: Bait, kind: str, name: str) -> None:
    """The control: the map library as it comes, on the very same file."""
    path = tmp_path / name
    path.write_bytes(laid.in_(TEXTS[kind].encode()))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OGR_", "GDAL_", "CPL_"))}
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDE, str(path)], capture_output=True, text=True, env=env, check=True
    )
    assert CANARY in done.stdout if kind == "vrt-file" else laid.calls


def test_a_reader_that_was_taken_over_finds_nothing(
    tmp_path: Path, laid: Bait, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code of the attacker's own inside the reader, behind the walls: no secret, no call, no word of the app's."""
    from abcd.intake.read import sandbox

    monkeypatch.setenv("ABCD_DATABASE_URL", "postgresql://password@secret")
    path = tmp_path / "a.csv"
    path.write_text("name,town\nHall,Sale\n")
    mine = starter.Starter(TAKEN_OVER.replace("/SECRET", str(laid.secret)).replace("PORT", str(laid.port)))
    monkeypatch.setattr(sandbox, "READERS", mine)
    with pytest.raises(BadFile) as told:
        look(path)
    mine.stop()
    found = json.loads(str(told.value).removesuffix("."))
    assert found.pop("own folder") == "written"
    assert set(found.values()) <= {"PermissionError", "FileNotFoundError", "OSError", "ProcessLookupError"}, found
    assert len(found) == 7
    assert laid.calls == []


TAKEN_OVER = """
import sys; sys.path.insert(0, sys.argv[1])
from abcd.intake.read import forkserver, child, jail
forkserver.load()
import os, socket, json, subprocess, signal
def tried(deed):
    try: return str(deed())
    except OSError as error: return type(error).__name__
def open_table(source, choice, faults):
    from abcd.errors import BadFile
    open("mine", "w").write("written")
    raise BadFile(json.dumps({
        "own folder": open("mine").read(),
        "secret": tried(lambda: open("/SECRET").read()),
        "password file": tried(lambda: open("/etc/passwd").read()),
        "environment": tried(lambda: open(f"/proc/{os.getppid()}/environ").read()),
        "call": tried(lambda: socket.socket().connect(("127.0.0.1", PORT))),
        "program": tried(lambda: subprocess.run(["/bin/id"])),
        "write": tried(lambda: open("/tmp/abcd-taken-over", "w")),
        "kill": tried(lambda: os.kill(os.getppid(), signal.SIGKILL)),
    }) + ".")
from abcd.intake.read import delimited
delimited.open_table = open_table
forkserver.serve(child.main)
"""

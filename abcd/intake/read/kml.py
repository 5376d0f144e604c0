"""KML, KMZ and GPX made ready: entities and depth refused, one document taken out of its archive."""

import re
import shutil
from pathlib import Path, PurePosixPath

from abcd.errors import BadFile
from abcd.intake.read import archive
from abcd.intake.read.limits import MEGABYTE
from abcd.intake.read.markup import refuse_unsafe
from abcd.intake.read.table import Source
from abcd.intake.read.unpacked import Unpacked

LINKS = re.compile(rb"<(?:\w+:)?(NetworkLink|GroundOverlay|Model)\b")
ROOT = re.compile(rb"<(?:\w+:)?(kml|gpx)\b", re.IGNORECASE)
#: How a place is drawn, which says nothing about it.
DRAWING = ("altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "snippet", "gx_media_links")


def unpack(source: Source, is_zipped: bool) -> Unpacked:
    """The document in the private folder.

    Raises:
        BadFile: damaged, or unsafe to parse.
    """
    target = source.folder / "input.xml"
    if is_zipped:
        _take_out(source, target)
    else:
        source.file.seek(0)
        with target.open("wb") as copy:
            shutil.copyfileobj(source.file, copy, MEGABYTE)
    with target.open("rb") as file:
        refuse_unsafe(file)
        file.seek(0)
        start = file.read(65_536)
        file.seek(0)
        links = any(LINKS.search(block) for block in iter(lambda: file.read(MEGABYTE), b""))
    kind = ROOT.search(start)
    path = target.rename(source.folder / ("input.gpx" if kind and kind.group(1).lower() == b"gpx" else "input.kml"))
    said = ("The file points to pictures or data elsewhere on the web; these are not followed.",) if links else ()
    return Unpacked(path, "EPSG:4326", together=path.suffix == ".kml", dropped=DRAWING, warnings=said)


def _take_out(source: Source, target: Path) -> None:
    with archive.opened(source.file) as opened:
        found = [info for info in archive.members(opened) if PurePosixPath(info.filename).suffix.lower() == ".kml"]
        if not found:
            raise BadFile("This archive holds no KML document.")
        main = min(found, key=lambda info: (info.filename != "doc.kml", info.filename.count("/"), info.header_offset))
        archive.unpack(opened, main, target)

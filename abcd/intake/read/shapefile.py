"""Zipped shapefiles made ready: one layer's parts under our own names, checked to belong together."""

import codecs
import struct
import zipfile
from pathlib import Path, PurePosixPath

from abcd.errors import BadFile
from abcd.intake.read import archive
from abcd.intake.read.crs import crs_of_wkt
from abcd.intake.read.facts import Layer, ReadChoice
from abcd.intake.read.table import Source
from abcd.intake.read.unpacked import Unpacked

NEEDED = (".shp", ".shx", ".dbf")
PARTS = (*NEEDED, ".prj", ".cpg")
#: We read these ourselves, so GDAL must not find them.
OWN = {".prj": "projection", ".cpg": "codepage"}
MAGIC = b"\x00\x00\x27\x0a"
INCOMPLETE = (
    "This shapefile also needs {missing}. Zip the .shp, .shx, .dbf and .prj files together and bring in the zip."
)
MISMATCHED = (
    "The parts of this shapefile do not belong together, or one was cut short. Export it again and zip all its parts."
)

Parts = dict[str, zipfile.ZipInfo]


def unpack(source: Source, choice: ReadChoice) -> Unpacked:
    """The chosen layer of the archive in the private folder.

    Raises:
        BadFile: a part is missing, damaged, or belongs to another file.
    """
    with archive.opened(source.file) as opened:
        found = _layers(archive.members(opened))
        name = _chosen(found, choice)
        for suffix, info in found[name].items():
            archive.unpack(opened, info, source.folder / OWN.get(suffix, f"input{suffix}"))
    path = source.folder / "input.shp"
    count = _checked(path)
    layers = tuple(Layer(each, count if each == name else None) for each in found)
    said = [*_warnings(path), *_others(found, name)]
    ordered = tuple(sorted(layers, key=lambda layer: layer.name != name))
    return Unpacked(path, _crs(path), _encoding(path), ordered, warnings=tuple(said))


def _layers(infos: list[zipfile.ZipInfo]) -> dict[str, Parts]:
    """Layer name (path without its extension) -> its parts by lower-case extension."""
    found: dict[str, Parts] = {}
    shown: dict[str, str] = {}
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.suffix.lower() in PARTS:
            stem = str(path.with_suffix(""))
            found.setdefault(shown.setdefault(stem.casefold(), stem), {})[path.suffix.lower()] = info
    return {name: parts for name, parts in found.items() if ".shp" in parts}


def _chosen(found: dict[str, Parts], choice: ReadChoice) -> str:
    """The layer asked for, else the largest."""
    name = choice.layer or max(found, key=lambda each: found[each][".shp"].file_size)
    if name not in found:
        raise BadFile(f"There is no layer called “{name[:60]}” in this archive.")
    missing = [suffix for suffix in NEEDED if suffix not in found[name]]
    if missing:
        raise BadFile(INCOMPLETE.format(missing=" and ".join(missing)))
    return name


def _others(found: dict[str, Parts], name: str) -> list[str]:
    others = ", ".join(f"“{other[:40]}”" for other in list(found)[:6] if other != name)
    return [f"Only the layer “{name[:40]}” is brought in; there are others: {others}."] if others else []


def _checked(path: Path) -> int:
    """The number of records, on which all three parts must agree."""
    shp, shx, dbf = (path.with_suffix(suffix) for suffix in NEEDED)
    heads = [part.open("rb").read(100) for part in (shp, shx, dbf)]
    if len(heads[2]) < 32 or any(head[:4] != MAGIC or len(head) < 100 for head in heads[:2]):
        raise BadFile(MISMATCHED)
    records, header, width = struct.unpack("<IHH", heads[2][4:12])
    said = [2 * struct.unpack(">i", head[24:28])[0] for head in heads[:2]]
    sizes = [part.stat().st_size for part in (shp, shx, dbf)]
    if (
        said[0] > sizes[0]
        or said[1] > sizes[1]
        or (sizes[1] - 100) // 8 != records
        or header + records * width > sizes[2] + 1
    ):
        raise BadFile(MISMATCHED)
    return int(records)


def _encoding(path: Path) -> str:
    """UTF-8 where the table's text is that, else what the .cpg says, else Windows-1252."""
    table = path.with_suffix(".dbf").read_bytes()
    text = table[struct.unpack("<H", table[8:10])[0] :]
    said = (
        path.with_name(OWN[".cpg"]).read_bytes()[:40].decode("ascii", "ignore").strip()
        if path.with_name(OWN[".cpg"]).exists()
        else ""
    )
    try:
        text.decode("utf-8")
        return "UTF-8"
    except UnicodeDecodeError:
        return said if _is_known(said) and codecs.lookup(said).name != "utf-8" else "CP1252"


def _is_known(name: str) -> bool:
    try:
        return bool(name and codecs.lookup(name))
    except LookupError:
        return False


def _crs(path: Path) -> str | None:
    projection = path.with_name(OWN[".prj"])
    return crs_of_wkt(projection.read_text("utf-8", "replace")) if projection.exists() else None


def _warnings(path: Path) -> list[str]:
    """What the format may have cut."""
    fields = _fields(path.with_suffix(".dbf").read_bytes()[:32_768])
    said = []
    if any(len(name) == 10 for name, _ in fields):
        said.append("A shapefile cuts column names to ten letters; some of these were probably longer.")
    if any(width >= 254 for _, width in fields):
        said.append("A shapefile cuts text at 254 letters; long descriptions may be incomplete.")
    if not path.with_name(OWN[".prj"]).exists():
        said.append(
            "The shapefile does not say its coordinate system (no .prj). Check where its places are on the map."
        )
    return said


def _fields(head: bytes) -> list[tuple[str, int]]:
    """(name, width) of the columns of a DBF."""
    end = head.find(b"\r", 32)
    starts = range(32, max(32, end), 32)
    return [
        (head[at : at + 11].split(b"\0")[0].decode("latin-1"), head[at + 16]) for at in starts if at + 32 <= len(head)
    ]

"""GeoJSON, whole or one feature per line, read twice: once for its columns, once for its rows."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from abcd.intake.read.coordinates import Unshaped, shape_of
from abcd.intake.read.encoding import Utf8, codec, encoding_of
from abcd.intake.read.facts import FileLook, Layer, ReadChoice
from abcd.intake.read.faults import Faults
from abcd.intake.read.features import Document
from abcd.intake.read.header import names_of, refuse_width
from abcd.intake.read.limits import SAMPLE_ROWS
from abcd.intake.read.rows import Row, Shape, batches
from abcd.intake.read.table import Source, Table
from abcd.intake.read.tape import Number, Tape

EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})\s*$", re.IGNORECASE)
ID = "feature_id"


def open_table(source: Source, choice: ReadChoice, faults: Faults) -> Table:
    """The features of a GeoJSON file; nested properties become columns such as ``address.street``.

    Raises:
        BadFile: it is not sound JSON or not GeoJSON; the message has the line.
    """
    encoding = codec(choice.encoding) if choice.encoding else encoding_of(source.file)
    survey = Survey()
    document = Document(Tape(Utf8(source.file, encoding)))
    for feature in document:
        survey.note(feature)
    names, said = names_of(list(survey.keys), len(survey.keys))
    look = FileLook(
        format="geojsonseq" if document.is_sequence else "geojson",
        encoding=encoding,
        layers=(Layer("", survey.count, survey.types()),),
        columns=tuple(names),
        crs=_crs(document.members, survey),
        geometry_type=survey.types(),
        row_count=survey.count,
        warnings=(*_crs_said(document.members), *said),
    )
    again = Document(Tape(Utf8(source.file, encoding)))
    return Table(look, batches(_rows(again, list(survey.keys), faults), look.columns, faults))


@dataclass
class Survey:
    """What a first reading finds: property names in order of appearance, types, whether the numbers may be degrees."""

    keys: dict[str, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    count: int = 0
    fits_degrees: bool = True

    def note(self, feature: Any) -> None:
        """Take account of one feature."""
        self.count += 1
        if type(feature) is not dict:
            return
        self.keys.update(dict.fromkeys(flat(feature)))
        refuse_width(len(self.keys))
        geometry = feature.get("geometry")
        if type(geometry) is dict:
            self.kinds.add(str(geometry.get("type"))[:40])
            if self.count <= SAMPLE_ROWS:
                self.fits_degrees = self.fits_degrees and _fits_degrees(geometry)

    def types(self) -> str:
        """Such as ``MultiPolygon/Polygon``."""
        return "/".join(sorted(self.kinds))


def flat(feature: dict[str, Any]) -> dict[str, Any]:
    """The properties on one level, the feature's own id first when it has one."""
    properties = feature.get("properties")
    properties = properties if type(properties) is dict else {}
    found = {ID: feature["id"]} if feature.get("id") is not None else {}
    if any(type(value) is dict for value in properties.values()):
        return found | dict(_flattened(properties, ""))
    return found | properties if found else properties


def _flattened(properties: dict[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in properties.items():
        if type(value) is dict:
            yield from _flattened(value, f"{before}{name}.")
        else:
            yield before + name, value


def text_of(value: Any) -> str | None:
    """A JSON value as a person would type it; numbers as they stand in the file."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, Number):
        return str(value)
    return json.dumps(_unmarked(value), ensure_ascii=False)


def _unmarked(value: Any) -> Any:
    if isinstance(value, Number):
        return float(value) if set(value) & set(".eE") else int(value[:400])
    if type(value) is list:
        return [_unmarked(item) for item in value]
    return {name: _unmarked(item) for name, item in value.items()} if type(value) is dict else value


def _rows(document: Document, keys: list[str], faults: Faults) -> Iterator[Row]:
    before = 0
    for number, feature in enumerate(document, 1):
        faults.seen += 1
        after = document.position()
        if type(feature) is dict and ("geometry" in feature or "properties" in feature):
            properties = flat(feature)
            shape = _shape(feature.get("geometry"), number, faults)
            yield Row(number, [text_of(properties.get(key)) for key in keys], shape, after - before)
        else:
            faults.leave_out("bad_feature", number, value=str(feature)[:300])
        before = after


def _shape(geometry: Any, number: int, faults: Faults) -> Shape:
    try:
        shape, was_closed = shape_of(geometry)
    except Unshaped as fault:
        faults.add(str(fault), number, "geometry", json.dumps(geometry)[:300])
        return None
    if shape is None:
        faults.add("no_geometry", number, "geometry")
    if was_closed:
        faults.add("repaired_geometry", number, "geometry")
    return shape


def _fits_degrees(geometry: dict[str, Any]) -> bool:
    """Whether the first position could be longitude and latitude."""
    position = geometry.get("coordinates")
    while type(position) is list and position and type(position[0]) is list:
        position = position[0]
    if type(position) is not list or len(position) < 2 or not all(isinstance(n, Number) for n in position[:2]):
        return True
    return abs(float(position[0])) <= 180 and abs(float(position[1])) <= 90


def _crs(members: dict[str, Any], survey: Survey) -> str | None:
    """The CRS the file declares; degrees, as the standard has it, when it declares none and they fit."""
    name = _declared(members)
    if "CRS84" in name:
        return "EPSG:4326"
    said = EPSG.search(name)
    if said:
        return f"EPSG:{said.group(1)}"
    return "EPSG:4326" if survey.fits_degrees and not name else None


def _declared(members: dict[str, Any]) -> str:
    """The name in the old ``crs`` member, ``""`` without one; a bare number is an EPSG code."""
    crs = members.get("crs")
    properties = crs.get("properties") if type(crs) is dict else None
    if type(properties) is not dict:
        return ""
    return str(properties.get("name") or (f"EPSG:{properties['code']}" if "code" in properties else ""))[:200]


def _crs_said(members: dict[str, Any]) -> list[str]:
    name = _declared(members)
    if not name or "CRS84" in name or EPSG.search(name):
        return []
    return [f"The file names a coordinate system that is not known (“{name[:60]}”). Say which one it uses."]

"""A map and its data as a folder that any web host can serve, and that opens from a stick: list beside map.

A page a language with everything inside, the data beside it, and a manifest with the fingerprint of each file. Nothing
is fetched from anywhere; the same store gives the same folder.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import speaking
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Asset
from abcd.maps.definition import Definition
from abcd.maps.drawing import SAID, Sheet, acknowledgements, whole_page
from abcd.maps.files.dictionary import as_json, table_schema
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.order import DICTIONARY
from abcd.maps.files.part import Part
from abcd.maps.layers import LAYERS
from abcd.maps.metadata import left_out
from abcd.maps.pieces import one_snapshot
from abcd.maps.reader import Reader
from abcd.maps.rows import rows
from abcd.maps.selection import Selection
from abcd.maps.selection import chosen as selected
from abcd.maps.sheet import EDGE, GROUND, degrees_round, drawing, fineness
from abcd.maps.view import BRITAIN, Bbox, Filters
from abcd.maps.whole import MANIFEST, beside, put_folder, require_ours, sha256

DATA = "data"


@dataclass(frozen=True)
class Site:
    """What was published: assets on the page, rows by data layer, bytes in all, and the manifest's fingerprint."""

    path: Path
    assets: int
    rows: dict[str, int]
    bytes: int
    page_bytes: int
    sha256: str


def publish(s: Session, definition: Definition, out: Path, *, by: Actor) -> Site:
    """Write the site of ``definition`` to the folder ``out``, whole or not at all; leaves an audit event.

    ``s`` is a session of the app; what is published is read as the role that sees what was cleared.

    Raises:
        NotAllowed: ``by`` may not export.
        NotFound: no such place or category.
        BadRequest: ``out`` holds something that did not come from here.
        StoreUnavailable: the disk is full, or may not be written.
        SetupMissing: Leaflet was not fetched yet.
    """
    require(by, "export", "layer")
    require_ours(out)
    names = tuple(dict.fromkeys(("assets", *definition.layers)))
    counted = {name: left_out(s.connection(), selection(s, definition, name)) for name in names}
    reader = Reader(definition.audience, names, name=by.name)
    with reader.reading(patient=True) as reading, beside(out) as folder:
        made = folder / "whole"
        (made / DATA).mkdir(parents=True)
        with one_snapshot(reading) as connections:
            told = data(reading, connections, definition, counted, made / DATA)
        listed = pages(reading, definition, made)
        page_bytes = (made / "index.html").stat().st_size
        put_folder(made, out)
    size, fingerprint = sum(file.stat().st_size for file in out.rglob("*")), sha256(out / MANIFEST)
    after = {"format": "site", "audience": definition.audience, "place": definition.place or None,
             "rows": listed, "layers": told, "bytes": size, "sha256": fingerprint}  # fmt: skip
    record(s, "export", "layer", "site", by=by, after=after)
    return Site(out, listed, told, size, page_bytes, fingerprint)


def selection(s: Session, definition: Definition, layer: str) -> Selection:
    """What a definition shows of a layer."""
    return selected(s, LAYERS[layer], definition.audience, definition.place or None, None)


def data(
    s: Session, connections: list[Connection], definition: Definition, counted: dict[str, dict[str, int]], folder: Path
) -> dict[str, int]:
    """The data files: each layer in each format, and its dictionary; rows by layer."""
    told: dict[str, int] = {}
    for layer in definition.layers:
        columns: dict[str, Any] = {}
        for form in (FORMATS[name] for name in definition.formats):
            part = Part(connections, selection(s, definition, layer), left_out=counted[layer])
            columns |= form.write(folder / f"{layer}{form.suffix}", [part])
            told[layer] = part.rows
        for name, fields in columns.items():
            (folder / f"{name}{DICTIONARY}").write_bytes(as_json(table_schema(fields)))
    return told


def pages(s: Session, definition: Definition, folder: Path) -> int:
    """A page a language; how many assets stand on it."""
    names = {
        language: "index.html" if n == 0 else f"{language}.html" for n, language in enumerate(definition.languages)
    }
    files = tuple(f"{DATA}/{file.name}" for file in sorted((folder / DATA).iterdir()))
    assets = assets_of(s, definition)
    credits = acknowledgements(s, selection(s, definition, "assets"))
    for language, name in names.items():
        with speaking(language):
            others = tuple((other, page) for other, page in names.items() if other != language)
            title, words = definition.said("title", language), definition.said("words", language)
            sheet = Sheet(title or definition.place or "ABCD", assets, credits, words, others, files)
            (folder / name).write_text(whole_page(sheet, drawn(s, definition, assets)), encoding="utf-8")
    return len(assets)


def assets_of(s: Session, definition: Definition) -> list[dict[str, Any]]:
    """What is alive and asked for, by kind in the order of the definition, then by name."""
    alive = Asset.status.not_in(("inactive", "defunct"))
    asked = [*selection(s, definition, "assets").asked, Asset.asset_kind.in_(definition.kinds), alive]
    if definition.categories:
        asked.append(Asset.category.in_(definition.categories))
    found = rows(s, LAYERS["assets"], definition.audience, SAID, *asked)
    return sorted(found, key=lambda asset: definition.kinds.index(asset["asset_kind"]))


def drawn(s: Session, definition: Definition, assets: list[dict[str, Any]]) -> Any:
    """The map: the ground, the edges of places in their colours, the marks."""
    place = selection(s, definition, "assets").place
    edges = {
        kind: (Filters(kinds=(kind,)), {"color": colour, "weight": 2, "fill": False})
        for kind, colour in definition.outlines.items()
    }
    if place is None:
        near = box_of(assets)
        return drawing(s, near, near, assets, edges, definition.audience, 9)
    wide, near = degrees_round(place, GROUND), degrees_round(place, EDGE)
    return drawing(s, wide, near, assets, edges, definition.audience, fineness(place.box))


def box_of(assets: list[dict[str, Any]]) -> Bbox:
    """The box of what is on the map, in degrees; all of Britain when nothing is."""
    at = [(asset["lon"], asset["lat"]) for asset in assets if asset["lon"] is not None]
    if not at:
        return BRITAIN
    lons, lats = zip(*at, strict=True)
    return min(lons), min(lats), max(lons), max(lats)

"""What somebody asks to take away, and the one way in which it is written: whole or not at all, and written down.

Below officer level it is read as the role that sees what was cleared and nothing else (trust.md R1).
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor, session
from abcd.db.tables import Release
from abcd.errors import BadRequest, NotFound
from abcd.maps.files.dictionary import as_json, table_schema
from abcd.maps.files.fields import Field
from abcd.maps.files.formats import Format, format_called
from abcd.maps.files.part import Note, Part, nobody
from abcd.maps.layers import AUDIENCES, BACKGROUND, LAYERS, Layer, reaches
from abcd.maps.layers import layer as layer_called
from abcd.maps.metadata import left_out
from abcd.maps.oruk.services import LAYERS as WITH_SERVICES
from abcd.maps.people_layer import PEOPLE, of_release
from abcd.maps.pieces import one_snapshot
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection, chosen
from abcd.maps.whole import MANIFEST, beside, put, put_folder, require_ours, sha256, zipped

ZIP, DICTIONARY = ".zip", ".schema.json"


@dataclass(frozen=True)
class Order:
    """Which layers, in which format, for whom, and of them what.

    Attributes:
        place: reference or id of a place: what lies in it.
        category: slug of a category; only for layers of assets.
        release: month of the release that figures about people are taken from (``2026-11``), else the newest.
        dictionary: whether a data dictionary (JSON Table Schema) is written beside each layer.
    """

    layers: tuple[str, ...]
    format: str
    audience: str = "public"
    place: str | None = None
    category: str | None = None
    release: str | None = None
    dictionary: bool = False

    def words(self) -> dict[str, Any]:
        """What was asked for, for the trail."""
        asked = {"format": self.format, "audience": self.audience, "place": self.place, "category": self.category}
        return asked | {"release": self.release}


@dataclass(frozen=True)
class Written:
    """What was written: rows and rows with a shape by layer, what was left out of each, size and fingerprint.

    A folder's fingerprint is that of its ``manifest.json``, which holds those of its files.
    """

    path: Path
    rows: dict[str, int]
    drawn: dict[str, int]
    left_out: dict[str, dict[str, int]]
    bytes: int
    sha256: str


def takeable(audience: str) -> tuple[str, ...]:
    """The layers that leave as files for ``audience``."""
    return tuple(name for name, one in LAYERS.items() if name not in BACKGROUND and reaches(one.audience, audience))


def write_files(s: Session, order: Order, out: Path, *, by: Actor, note: Note = nobody) -> Written:
    """Write what is committed to ``out``: a file, a ``.zip``, or a folder when there are several files.

    ``s`` is a session of the app: it judges, counts what is left out, and writes the audit event.

    Raises:
        NotAllowed: ``by`` may not export, or a layer is not for this audience.
        NotFound: no such layer, place, category or release.
        BadRequest: such layers, format and name do not go together.
        StoreUnavailable: the disk is full, or may not be written; there is no half file.
    """
    require(by, "export", "layer")
    form = checked(order, out)
    counted = {one.layer.name: left_out(s.connection(), one) for one in selections(s, order)}
    if order.audience == "officer":
        done = in_its_place(s, order, form, out, note, counted)
    else:
        with Reader(order.audience, order.layers, name=by.name).reading(patient=True) as reading:
            done = in_its_place(reading, order, form, out, note, counted)
    record(s, "export", "layer", ",".join(order.layers), by=by, after=told(order, done) | of_releases(s, order))
    return done


def write_for(reader: Reader, order: Order, out: Path) -> Written:
    """Write to ``out`` what ``reader`` may see, within the places that are open to them; leaves an audit event.

    The audience is the reader's, whatever the order says.

    Raises:
        NotFound: a layer that is not there or not open to this reader, no such place or category.
        BadRequest: such layers, format and name do not go together.
        StoreUnavailable: the disk is full, or may not be written.
    """
    for name in order.layers:
        reader.layer(name)
    theirs = replace(order, audience=reader.audience)
    form = checked(theirs, out)
    with reader.reading(patient=True) as reading:
        done = in_its_place(reading, theirs, form, out, within=reader.places)
        more = of_releases(reading, theirs)
    actor = Actor(reader.name, "partner_viewer")
    with session(actor) as s:
        record(s, "export", "layer", ",".join(order.layers), by=actor, after=told(theirs, done) | more)
    return done


def told(order: Order, done: Written) -> dict[str, Any]:
    """What was asked for and what was written, for the trail."""
    return order.words() | told_of(done)


def of_releases(s: Session, order: Order) -> dict[str, str]:
    """From which releases the figures about people were taken, for the trail (trust.md P19); without them nothing."""
    if PEOPLE.name not in order.layers:
        return {}
    layer = released(s, PEOPLE, order.release) if order.release else PEOPLE
    month = func.to_char(Release.month, "YYYY-MM")
    months = s.scalars(select(month).select_from(layer.table).where(layer.shown).distinct().order_by(month))
    return {"release": ", ".join(months)}


def told_of(done: Written) -> dict[str, Any]:
    """What was written, for the trail."""
    return {"rows": sum(done.rows.values()), "layers": done.rows, "bytes": done.bytes, "sha256": done.sha256}


def checked(order: Order, out: Path) -> Format:
    """The format, when layers, audience and name of the file go together.

    Raises:
        BadRequest: they do not.
    """
    form = format_called(order.format)
    if order.audience not in AUDIENCES:
        raise BadRequest(f"There is no audience “{order.audience}”. The audiences are: {', '.join(AUDIENCES)}.")
    if not order.layers or len(set(order.layers)) < len(order.layers):
        raise BadRequest("Name the layers to take away, each once.")
    if form.name == "oruk" and not set(order.layers) <= set(WITH_SERVICES):
        raise BadRequest(
            f"An Open Referral UK file holds services, which are in the layers {', '.join(WITH_SERVICES)}. "
            "Take another format for the others."
        )
    if is_folder(out):
        require_ours(out)
    elif len(order.layers) > 1 and not form.is_book and out.suffix.lower() != ZIP:
        raise BadRequest(
            f"A {form.title} file holds one layer. For several, give a folder, a name that ends with .zip, or "
            "take a GeoPackage or an Excel workbook."
        )
    return form


def is_folder(out: Path) -> bool:
    """Whether a name means a folder: one that is there, or a name without an ending."""
    return out.is_dir() or not out.suffix


def selections(s: Session, order: Order, within: tuple[UUID, ...] = ()) -> list[Selection]:
    """What the words of an order select, a layer each."""
    layers = [layer_called(name) for name in order.layers]
    if order.release:
        layers = [released(s, one, order.release) for one in layers]
    found = [chosen(s, one, order.audience, order.place, order.category) for one in layers]
    return [replace(one, within=within) for one in found]


def released(s: Session, layer: Layer, month: str) -> Layer:
    """A layer as it was in the release of a month (``2026-11``); what is no figure about people is as it is now.

    Raises:
        BadRequest: it is no month.
        NotFound: nothing was released in it.
    """
    if layer.name != PEOPLE.name:
        return layer
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise BadRequest(f"A release is named by its month, such as 2026-11, and not “{month}”.") from error
    made = select(Release.id).where(Release.month == first, Release.status == "published").limit(1)
    if s.scalar(made) is None:
        raise NotFound(f"Nothing was released for {month}. See which releases there are: abcd release list.")
    return of_release(first)


def in_its_place(
    s: Session, order: Order, form: Format, out: Path, note: Note = nobody,
    counted: dict[str, dict[str, int]] | None = None, within: tuple[UUID, ...] = (),
) -> Written:  # fmt: skip
    """Write beside, then give what was written the name ``out``; ``counted`` is what was left out of each layer."""
    with beside(out) as folder, one_snapshot(s) as connections:
        asked = selections(s, order, within)
        left = counted or {one.layer.name: left_out(connections[0], one) for one in asked}
        parts = [Part(connections, one, note, left[one.layer.name]) for one in asked]
        made = folder / "whole"
        made.mkdir()
        columns = written(form, parts, made)
        if order.dictionary or len(parts) > 1 and not form.is_book:
            columns_beside(columns, made)
        size, fingerprint = named(made, folder, out)
    rows, drawn = {one.name: one.rows for one in parts}, {one.name: one.drawn for one in parts}
    return Written(out, rows, drawn, left, size, fingerprint)


def written(form: Format, parts: list[Part], folder: Path) -> dict[str, tuple[Field, ...]]:
    """Write the parts into ``folder``: one file when the format holds all of them, else one each."""
    if form.is_book:
        name = parts[0].name if len(parts) == 1 else "layers"
        return form.write(folder / f"{name}{form.suffix}", parts)
    columns: dict[str, tuple[Field, ...]] = {}
    for part in parts:
        columns |= form.write(folder / f"{part.name}{form.suffix}", [part])
    return columns


def columns_beside(columns: dict[str, tuple[Field, ...]], folder: Path) -> None:
    """A data dictionary beside each layer."""
    for name, fields in columns.items():
        (folder / f"{name}{DICTIONARY}").write_bytes(as_json(table_schema(fields)))


def named(made: Path, folder: Path, out: Path) -> tuple[int, str]:
    """Give what lies in ``made`` the name ``out``: size and fingerprint."""
    if is_folder(out):
        size = sum(file.stat().st_size for file in made.iterdir())
        put_folder(made, out)
        return size, sha256(out / MANIFEST)
    data = next(file for file in made.iterdir() if not file.name.endswith(DICTIONARY))
    if out.suffix.lower() == ZIP:
        data = folder / "files.zip"
        zipped(made, data)
    else:
        for schema in made.glob(f"*{DICTIONARY}"):
            put(schema, out.with_name(schema.name))
    size, fingerprint = data.stat().st_size, sha256(data)
    put(data, out)
    return size, fingerprint

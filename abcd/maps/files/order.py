"""What somebody asks to take away, and the one way in which it is written: whole or not at all, and written down.

Below officer level it is read as the role that sees what was cleared and nothing else (trust.md R1).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.maps.files.dictionary import as_json, table_schema
from abcd.maps.files.fields import Field
from abcd.maps.files.formats import Format, format_called
from abcd.maps.files.part import Note, Part, nobody
from abcd.maps.layers import AUDIENCES, BACKGROUND, LAYERS, reaches
from abcd.maps.layers import layer as layer_called
from abcd.maps.metadata import left_out
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
        release: number or name of the release that figures about people are taken from, ``None`` for the newest.
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
        Stopped: raised by ``note``, to end it.
    """
    require(by, "export", "layer")
    form = checked(order, out)
    counted = {one.layer.name: left_out(s.connection(), one) for one in selections(s, order)}
    with reading(s, order, by) as reader, beside(out) as folder:
        done = in_folder(reader, order, form, folder, out, counted, note)
    after = order.words() | {"rows": sum(done.rows.values()), "layers": done.rows, "sha256": done.sha256}
    record(s, "export", "layer", ",".join(order.layers), by=by, after=after | {"bytes": done.bytes})
    return done


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


@contextmanager
def reading(s: Session, order: Order, by: Actor) -> Iterator[Session]:
    """The session that reads for the audience of ``order``."""
    if order.audience == "officer":
        yield s
        return
    with Reader(order.audience, order.layers, name=by.name).reading(patient=True) as reader:
        yield reader


def selections(s: Session, order: Order) -> list[Selection]:
    """What the words of an order select, a layer each."""
    layers = [layer_called(name) for name in order.layers]
    return [chosen(s, one, order.audience, order.place, order.category) for one in layers]


def in_folder(
    s: Session, order: Order, form: Format, folder: Path, out: Path,
    counted: dict[str, dict[str, int]] | None, note: Note,
) -> Written:  # fmt: skip
    """Write into ``folder``, then give what was written the name ``out``."""
    made = folder / "whole"
    made.mkdir()
    with one_snapshot(s) as connections:
        parts = [
            Part(connections, one, note, counted[one.layer.name] if counted else None) for one in selections(s, order)
        ]
        columns = written(form, parts, made)
        left = {
            one.name: left_out(connections[0], one.selection) if counted is None else counted[one.name] for one in parts
        }
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

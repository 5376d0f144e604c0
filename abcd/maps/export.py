"""A layer as a GeoJSON file: RFC 7946, the same bytes for the same store, flat memory however many features.

The database writes the JSON, a few hundred features at a time; here it only passes through.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.maps.geojson import DIGITS
from abcd.maps.layers import layer as layer_called
from abcd.maps.metadata import left_out, metadata
from abcd.maps.pieces import Piece, one_snapshot, pieces
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection, chosen
from abcd.maps.whole import not_written, settle


@dataclass(frozen=True)
class Exported:
    """What was written: ``drawn`` of the ``rows`` have a geometry."""

    layer: str
    rows: int
    drawn: int
    bytes: int
    sha256: str


class Sink:
    """Writes on, counting bytes and their SHA-256."""

    def __init__(self, out: BinaryIO) -> None:
        self.out, self.bytes, self.hash = out, 0, hashlib.sha256()

    def write(self, words: bytes) -> None:
        """Write, count, hash."""
        self.out.write(words)
        self.bytes += len(words)
        self.hash.update(words)


class Tally:
    """What is known only when all pieces have passed: how many, the last change, the box of them all."""

    def __init__(self) -> None:
        self.rows = self.drawn = 0
        self.changed: Any = None
        self.box: list[float] = []

    def add(self, piece: Piece) -> None:
        """Count one piece in."""
        self.rows, self.drawn = self.rows + piece.rows, self.drawn + piece.drawn
        self.changed = max(filter(None, (self.changed, piece.changed)))
        if piece.west is None or piece.south is None or piece.east is None or piece.north is None:
            return
        west, south, east, north = self.box or (piece.west, piece.south, piece.east, piece.north)
        self.box = [min(west, piece.west), min(south, piece.south), max(east, piece.east), max(north, piece.north)]


def export_geojson(
    s: Session,
    layer: str,
    out: str | os.PathLike[str] | BinaryIO,
    *,
    by: Actor,
    place: str | None = None,
    category: str | None = None,
    audience: str = "public",
) -> Exported:
    """Write what is committed of ``layer`` to a path, whole or not at all, or into an open binary file.

    Below officer level it is read as the role that sees what was cleared and nothing else. ``place`` is a reference or
    id: assets within it, or the place and the places inside it.

    Raises:
        NotFound: no such layer, place or category.
        NotAllowed: ``by`` may not export, or the layer is not for this audience.
        BadRequest: the folder of the path does not exist.
        StoreUnavailable: its disk is full, or may not be written.
    """
    require(by, "export", "layer")
    selection = chosen(s, layer_called(layer), audience, place, category)
    left = left_out(s.connection(), selection)
    theirs = Reader(audience, (layer,), name=by.name).reading(patient=True)
    with (
        nullcontext(s) if audience == "officer" else theirs as reading,
        one_snapshot(reading) as connections,
        opened(out) as file,
    ):
        done = write(Sink(file), connections, selection, left)
    after = {"rows": done.rows, "sha256": done.sha256, **selection.words()}
    record(s, "export", "layer", layer, by=by, after=after)
    return done


def write(
    sink: Sink,
    connections: list[Connection],
    selection: Selection,
    left: dict[str, int] | None = None,
    note: Callable[[int, int], None] | None = None,
) -> Exported:
    """The whole FeatureCollection; what is known only at the end stands at the end.

    ``note`` is told after each piece how many rows were written, and of how many; ``left`` as in ``metadata``.
    """
    tally, comma = Tally(), b"\n"
    sink.write(b'{"type":"FeatureCollection","features":[')
    for piece in pieces(connections, selection, note):
        if piece.text is None:
            continue
        tally.add(piece)
        sink.write(comma)
        sink.write(piece.text.encode())
        comma = b",\n"
    ending: dict[str, Any] = {"bbox": [round(edge, DIGITS) for edge in tally.box]} if tally.box else {}
    ending["metadata"] = metadata(connections[0], selection, tally.rows, tally.drawn, tally.changed, left)
    sink.write(b"\n]," + orjson.dumps(ending, option=orjson.OPT_APPEND_NEWLINE)[1:])
    return Exported(selection.layer.name, tally.rows, tally.drawn, sink.bytes, sink.hash.hexdigest())


@contextmanager
def opened(out: str | os.PathLike[str] | BinaryIO) -> Iterator[BinaryIO]:
    """``out`` as an open file. A path gets its bytes under another name first, so that nobody sees half a file."""
    if not isinstance(out, str | os.PathLike):
        yield out
        return
    path = Path(out)
    if not path.parent.is_dir():
        raise BadRequest(f"There is no folder “{path.parent}”. Make it first, or choose another.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        settle(path.parent)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        part.unlink(missing_ok=True)

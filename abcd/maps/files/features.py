"""GeoJSON (RFC 7946), through the same interface as the other formats; the database writes it (``maps.export``)."""

from pathlib import Path

from abcd.maps.export import Sink
from abcd.maps.export import write as write_features
from abcd.maps.files.fields import Field
from abcd.maps.files.part import Part
from abcd.maps.files.shapes import in_metres


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """One layer as GeoJSON; its columns by its name."""
    (part,) = parts
    fields = part.fields(part.query(in_metres))
    with path.open("wb") as out:
        done = write_features(Sink(out), part.connections, part.selection, part.left_out, part.note)
    part.rows, part.drawn = done.rows, done.drawn
    return {part.name: tuple(field for field in fields if field.kind != "binary")}

"""GeoParquet 1.1: shapes as WKB in longitude and latitude, with a box for each row.

Source: https://geoparquet.org/releases/v1.1.0/. Degrees and not metres, because converting between the two takes the
grid of Ordnance Survey, which data people's machines seldom have: without it everything lies three metres off.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from abcd.maps.files.fields import Field
from abcd.maps.files.part import CHANGED, Part, schema_of
from abcd.maps.files.shapes import EDGES, in_lon_lat

#: Rows of a row group.
GROUP = 8_000
TYPE = "geometry type"
BOX = pa.struct([(name, pa.float64()) for name in EDGES])
HIDDEN = (*EDGES, TYPE)


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """One layer as GeoParquet; its columns by its name."""
    (part,) = parts
    query = part.query(in_lon_lat)
    fields = part.fields(query)
    whole = Whole()
    with pq.ParquetWriter(path, with_box(schema_of(fields)), compression="zstd", store_schema=False) as writer:
        for group in groups(part.batches(query, fields)):
            whole.add(group)
            writer.write_table(boxed(group))
        writer.add_key_value_metadata({"geo": json.dumps(whole.geo(), sort_keys=True)})
        writer.add_key_value_metadata({"abcd": orjson.dumps(part.metadata(), option=orjson.OPT_SORT_KEYS).decode()})
    return {part.name: tuple(field for field in fields if field.name not in (*HIDDEN, CHANGED))}


class Whole:
    """What the header says of all rows: which types of shape there are, and the box of them all."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.box: list[float] = []

    def add(self, group: pa.Table) -> None:
        """Count some rows in."""
        self.types |= {name.removeprefix("ST_") for name in pc.unique(group[TYPE]).to_pylist() if name}
        found = [pc.min(group["xmin"]), pc.min(group["ymin"]), pc.max(group["xmax"]), pc.max(group["ymax"])]
        west, south, east, north = (edge.as_py() for edge in found)
        if west is None:
            return
        old = self.box or [west, south, east, north]
        self.box = [min(old[0], west), min(old[1], south), max(old[2], east), max(old[3], north)]

    def geo(self) -> dict[str, Any]:
        """The file's ``geo`` metadata."""
        # Imported late: PROJ takes memory and time that only this needs.
        from pyproj import CRS

        column: dict[str, Any] = {
            "encoding": "WKB", "geometry_types": sorted(self.types), "crs": CRS("OGC:CRS84").to_json_dict(),
            "edges": "planar", "orientation": "counterclockwise",
            "covering": {"bbox": {name: ["bbox", name] for name in EDGES}},
        }  # fmt: skip
        if self.box:
            column["bbox"] = self.box
        return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The batches, put together into groups of rows."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= GROUP:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def with_box(schema: pa.Schema) -> pa.Schema:
    """The columns as they stand in the file: the four edges are one column."""
    return pa.schema([*(field for field in schema if field.name not in HIDDEN), pa.field("bbox", BOX)])


def boxed(group: pa.Table) -> pa.Table:
    """Some rows as they stand in the file; without a shape there is no box."""
    edges = [group[name].combine_chunks() for name in EDGES]
    box = pa.StructArray.from_arrays(edges, fields=list(BOX), mask=edges[0].is_null())
    return group.drop_columns(list(HIDDEN)).append_column(pa.field("bbox", BOX), box)

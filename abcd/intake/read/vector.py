"""Shapefile, KML, KMZ and GPX through GDAL, with no other driver switched on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from abcd.errors import BadFile
from abcd.intake.read import cells, kml, shapefile
from abcd.intake.read.archive import format_of_archive
from abcd.intake.read.drivers import ALLOWED
from abcd.intake.read.facts import FileLook, Layer, ReadChoice
from abcd.intake.read.faults import Faults
from abcd.intake.read.gdal import DataSourceError, pyogrio
from abcd.intake.read.header import names_of
from abcd.intake.read.limits import BATCH_ROWS, LAYERS
from abcd.intake.read.outlines import from_wkb, sound_wkb
from abcd.intake.read.table import Source, Table
from abcd.intake.read.unpacked import Unpacked
from abcd.intake.read.values import text_of

DAMAGED = "This map file is damaged or not what its name says. Save the layer again, for example as GeoJSON."
FOLDER = "folder"


def open_table(source: Source, choice: ReadChoice, faults: Faults) -> Table:
    """The features of a shapefile's layer, of all or one folder of a KML, or of one kind of GPX element.

    Raises:
        BadFile: damaged, incomplete, unsafe, or none of that name.
    """
    refuse_other_drivers()
    unpacked = _unpacked(source, choice)
    try:
        return _table(unpacked, choice, faults)
    except DataSourceError as error:
        raise BadFile(DAMAGED) from error


def refuse_other_drivers() -> None:
    """Raise ``BadFile`` when GDAL has a driver that the environment should have switched off."""
    extra = set(pyogrio.list_drivers()) - ALLOWED
    if extra:
        raise BadFile(
            "This installation's map library has more formats switched on than is safe "
            f"({', '.join(sorted(extra))[:100]}). Ask its owner to install the locked requirements."
        )


def _unpacked(source: Source, choice: ReadChoice) -> Unpacked:
    source.file.seek(0)
    start = source.file.read(2)
    if start == b"PK" and format_of_archive(source.file) == "shapefile":
        return shapefile.unpack(source, choice)
    return kml.unpack(source, is_zipped=start == b"PK")


def _table(unpacked: Unpacked, choice: ReadChoice, faults: Faults) -> Table:
    layers = unpacked.layers or _layers(unpacked.path)
    chosen = _chosen(layers, unpacked, choice)
    table = _read(unpacked, [layer.name for layer in chosen])
    geoms = table.column(unpacked.geometry)
    table = _filled(table.drop_columns([unpacked.geometry]))
    names, renamed = names_of(table.column_names, table.num_columns)
    look = FileLook(
        format="shapefile",
        encoding=unpacked.encoding,
        layers=layers,
        layer=chosen[0].name if len(chosen) == 1 else "",
        columns=tuple(names),
        crs=unpacked.crs,
        row_count=table.num_rows,
        geometry_type="Geometry",
        warnings=(*unpacked.warnings, *_others(layers, chosen), *renamed),
    )
    return Table(look, _batches(table, geoms, look.columns, faults))


def _layers(path: Path) -> tuple[Layer, ...]:
    found = pyogrio.list_layers(path)[:LAYERS]
    return tuple(
        Layer(str(name), int(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]))
        for name, _ in found
    )


def _chosen(layers: tuple[Layer, ...], unpacked: Unpacked, choice: ReadChoice) -> list[Layer]:
    """The layer asked for; else all folders of a KML together, or the first layer that has rows."""
    filled = [layer for layer in layers if layer.rows]
    if not filled:
        raise BadFile("There are no rows in this file: it has no places or shapes.")
    if choice.layer:
        found = [layer for layer in layers if layer.name == choice.layer]
        if not found:
            raise BadFile(f"There is no layer called “{choice.layer[:60]}” in this file.")
        return found
    return filled if unpacked.together else filled[:1]


def _others(layers: tuple[Layer, ...], chosen: list[Layer]) -> list[str]:
    others = ", ".join(f"“{layer.name[:40]}”" for layer in layers[:6] if layer not in chosen and layer.rows)
    return [f"Only the layer “{chosen[0].name[:40]}” is brought in; there are others: {others}."] if others else []


def _read(unpacked: Unpacked, layers: list[str]) -> pa.Table:
    """The layers one below the other, every column as text; their name is a column when there are several."""
    return pa.concat_tables([_layer(unpacked, name, len(layers) > 1) for name in layers], promote_options="default")


def _layer(unpacked: Unpacked, name: str, named: bool) -> pa.Table:
    layer = name if unpacked.layers == () else None
    with pyogrio.raw.open_arrow(unpacked.path, layer=layer, encoding=unpacked.encoding or None, use_pyarrow=True) as (
        meta,
        stream,
    ):
        table = stream.read_all()
    geometry = meta["geometry_name"] or "wkb_geometry"
    texts = {
        field.name: _texts(table.column(field.name))
        for field in table.schema
        if field.name not in (geometry, *unpacked.dropped)
    }
    if named:
        texts = {FOLDER: pa.array([name] * table.num_rows, pa.string())} | texts
    return pa.table({**texts, unpacked.geometry: table.column(geometry).cast(pa.binary())})


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if pa.types.is_string(column.type):
        return column
    return pa.array([_text(value) for value in column.to_pylist()], pa.string())


def _text(value: Any) -> str | None:
    return (
        None
        if isinstance(value, (bytes, dict))
        else ", ".join(map(str, value))
        if isinstance(value, list)
        else text_of(value)
    )


def _filled(table: pa.Table) -> pa.Table:
    """Without the columns that the format adds and nobody filled."""
    return table.select([name for name in table.column_names if table.column(name).null_count < table.num_rows])


def _batches(
    table: pa.Table, geoms: pa.ChunkedArray, columns: tuple[str, ...], faults: Faults
) -> Iterator[pa.RecordBatch]:
    for start in range(0, table.num_rows, BATCH_ROWS):
        part = table.slice(start, BATCH_ROWS).combine_chunks()
        rows = np.arange(start + 1, start + 1 + part.num_rows, dtype=np.int64)
        faults.seen += part.num_rows
        shapes = from_wkb(geoms.slice(start, BATCH_ROWS).to_pylist(), rows, faults)
        texts = [column.chunk(0) if column.num_chunks else pa.array([], pa.string()) for column in part.columns]
        batch = cells.batch_of(columns, texts, rows, sound_wkb(shapes, rows, faults))
        yield cells.storable(batch, faults)

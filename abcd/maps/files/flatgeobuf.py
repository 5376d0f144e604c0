"""FlatGeobuf: shapes in longitude and latitude with a packed index. A row without a place has no room in it."""

from pathlib import Path

import pyarrow.compute as pc

from abcd.maps.files.fields import Field
from abcd.maps.files.gdal import put
from abcd.maps.files.part import CHANGED, Part, schema_of
from abcd.maps.files.shapes import in_lon_lat

HIDDEN = ("xmin", "ymin", "xmax", "ymax", "geometry type", CHANGED)


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """One layer as FlatGeobuf; its columns by its name."""
    (part,) = parts
    layer = part.selection.layer
    query = part.query(in_lon_lat)
    fields = part.fields(query)
    kept = tuple(field for field in fields if field.name not in HIDDEN)
    names = [field.name for field in kept]
    batches = (
        batch.select(names).filter(pc.is_valid(batch.column("geometry"))) for batch in part.batches(query, fields)
    )
    options = {"TITLE": layer.title, "DESCRIPTION": layer.says, "TEMPORARY_DIR": str(path.parent)}
    put(schema_of(kept), batches, path, "FlatGeobuf", layer.name, "geometry", crs="EPSG:4326", layer_options=options)
    return {part.name: kept}

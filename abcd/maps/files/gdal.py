"""What GDAL writes for us, from a stream of Arrow batches."""

import sys
from collections.abc import Iterable, Iterator
from errno import EIO
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

#: GDAL writes this where it would write the time: the same content gives the same bytes.
MOMENT = "2000-01-01T00:00:00.000Z"


def without_frames() -> Any:
    """pyogrio, without the data frames that it would load beside it: 40 MB that Arrow does not need."""
    absent = [name for name in ("pandas", "geopandas") if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # None is how Python is told not to import
    try:
        return import_module("pyogrio")
    finally:
        for name in absent:
            del sys.modules[name]


class Watched:
    """Batches whose reading may fail: GDAL would tell of that in words of its own."""

    def __init__(self, batches: Iterable[pa.RecordBatch]) -> None:
        self.batches = batches
        self.error: Exception | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """The batches."""
        try:
            yield from self.batches
        except Exception as error:
            self.error = error
            raise


def put(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: Path, driver: str, layer: str, geometry: str, *,
    crs: str, shape: str = "Unknown", **options: Any,
) -> None:  # fmt: skip
    """Write ``batches`` as ``layer`` of the file at ``path``; its column ``geometry`` holds well-known bytes.

    Raises:
        OSError: the disk is full, or may not be written.
    """
    pyogrio = without_frames()
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    # A million boxes of an index are put into a file beside it rather than into memory.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MOMENT, "OGR_GPKG_MAX_RAM_USAGE_RTREE": str(16 << 20)})
    watched = Watched(batches)
    stream = pa.RecordBatchReader.from_batches(schema, iter(watched))
    try:
        pyogrio.write_arrow(stream, path, driver=driver, layer=layer, geometry_name=geometry, geometry_type=shape,
                            crs=crs, encoding="UTF-8", **options)  # fmt: skip
    except Exception as error:
        if watched.error:
            raise watched.error from None
        if isinstance(error, DataLayerError | DataSourceError | FeatureError | GeometryError):
            raise OSError(EIO, "the disk may be full") from error
        raise

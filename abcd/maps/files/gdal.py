"""What GDAL writes for us, from a stream of Arrow batches."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EIO
from pathlib import Path
from typing import Any

import pyarrow as pa

#: GDAL writes this where it would write the time: the same content gives the same bytes.
MOMENT = "2000-01-01T00:00:00.000Z"


FRAMES = ("pandas", "geopandas")


class NoFrames:
    """Tells Python that there are no data frames, while it stands among the finders of modules."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Nothing for what is not about data frames.

        Raises:
            ModuleNotFoundError: for what is.
        """
        if name in FRAMES:
            raise ModuleNotFoundError(name)


@contextmanager
def without_frames() -> Iterator[None]:
    """In here pyarrow and pyogrio do not load pandas and GeoPandas beside them: 85 MB that Arrow does not need.

    For a program that writes a file and ends: both remember that there are none. What is loaded already stays.
    """
    finder: Any = NoFrames()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


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
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    # A million boxes of an index are put into a file beside it rather than into memory.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MOMENT, "OGR_GPKG_MAX_RAM_USAGE_RTREE": str(1 << 20)})
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

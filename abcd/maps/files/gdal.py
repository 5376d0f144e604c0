"""What GDAL writes for us, from a stream of Arrow batches."""

from errno import EIO
from pathlib import Path
from typing import Any

import pyarrow as pa

#: GDAL writes this where it would write the time: the same content gives the same bytes.
MOMENT = "2000-01-01T00:00:00.000Z"


def put(stream: pa.RecordBatchReader, path: Path, driver: str, layer: str, geometry: str, *, crs: str,
        shape: str = "Unknown", **options: Any) -> None:  # fmt: skip
    """Write ``stream`` as ``layer`` of the file at ``path``; its column ``geometry`` holds well-known bytes.

    Raises:
        OSError: the disk is full, or may not be written.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    # A million boxes of an index are put into a file beside it rather than into memory.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MOMENT, "OGR_GPKG_MAX_RAM_USAGE_RTREE": str(16 << 20)})
    try:
        pyogrio.write_arrow(stream, path, driver=driver, layer=layer, geometry_name=geometry, geometry_type=shape,
                            crs=crs, encoding="UTF-8", **options)  # fmt: skip
    except (DataLayerError, DataSourceError, FeatureError, GeometryError) as error:
        raise OSError(EIO, "the disk may be full") from error

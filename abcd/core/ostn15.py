"""The OSTN15 shift grid for PROJ: built once from the package ``convertbng``, which has Ordnance Survey's model inside.

PROJ (in PostGIS and pyproj alike) looks for a file of the name in its ``proj.db``, and reads it as NTv2
whatever its ending. Without it, British National Grid is about 3.4 m off.

Format: NTv2 Developer's Guide, Geomatics Canada, 1998: records of 16 bytes, then four float32 a node (shift of
latitude and of longitude, both in seconds and west positive, and two accuracies), from the south-east corner,
westwards first.
"""

import os
import struct
import tempfile
from pathlib import Path

import numpy as np
import platformdirs
import pyproj
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FILE_NAME = "uk_os_OSTN15_NTv2_OSGBtoETRS.tif"
#: Edges and steps of the grid in seconds of OSGB36 latitude and longitude (east positive).
SOUTH, NORTH, LATITUDE_STEP = 49.75 * 3600, 61.05 * 3600, 30.0
WEST, EAST, LONGITUDE_STEP = -9.1 * 3600, 2.5 * 3600, 45.0
#: Inside these eastings and northings (metres) the model is defined.
MODEL_EAST, MODEL_NORTH = (1.0, 699_999.0), (1.0, 1_249_999.0)
OSGB36 = "EPSG:4277"
#: Semi-axes in metres of Airy 1830 (OSGB36) and GRS 1980 (ETRS89).
AXES = ("MAJOR_F", "MINOR_F", "MAJOR_T", "MINOR_T")
AIRY, GRS80 = (6377563.396, 6356256.909), (6378137.0, 6356752.314)


def grid_folder() -> Path:
    """The folder that holds the grid file for every process of this user; the file is built when it is not there."""
    folder = Path(platformdirs.user_cache_dir("abcd", appauthor=False)) / "proj"
    if not (folder / FILE_NAME).exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_grid(folder / FILE_NAME)
    return folder


def write_grid(path: Path) -> None:
    """Write the shift grid to ``path`` in one piece: another process sees all of it or nothing."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(_header())
        file.write(_nodes().tobytes())
        file.write(b"END     " + bytes(8))
    Path(name).chmod(0o644)
    Path(name).rename(path)


def _nodes() -> NDArray[np.float32]:
    """Shifts at each node in the order of the file, (rows from the south) x (columns from the east) x 4."""
    latitudes = np.arange(SOUTH, NORTH + 1, LATITUDE_STEP) / 3600
    longitudes = np.arange(EAST, WEST - 1, -LONGITUDE_STEP) / 3600
    lon, lat = (axis.ravel() for axis in np.meshgrid(longitudes, latitudes))
    shift_lon, shift_lat = _shifts(lon, lat)
    nodes = np.zeros((lon.size, 4), dtype="<f4")
    nodes[:, 0] = shift_lat * 3600
    nodes[:, 1] = -shift_lon * 3600
    return nodes


def _shifts(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees to add to OSGB36 to reach ETRS89; beyond the model's edge, those of its nearest point."""
    from convertbng import cutil

    projected = pyproj.Transformer.from_crs(OSGB36, "EPSG:27700", always_xy=True)
    east, north = projected.transform(lon, lat)
    east, north = np.clip(east, *MODEL_EAST), np.clip(north, *MODEL_NORTH)
    at_lon, at_lat = projected.transform(east, north, direction="INVERSE")
    etrs_lon, etrs_lat = cutil.convert_osgb36_to_ll(east, north)
    return etrs_lon - at_lon, etrs_lat - at_lat


def _header() -> bytes:
    rows = round((NORTH - SOUTH) / LATITUDE_STEP) + 1
    columns = round((EAST - WEST) / LONGITUDE_STEP) + 1
    overview = [
        _whole("NUM_OREC", 11),
        _whole("NUM_SREC", 11),
        _whole("NUM_FILE", 1),
        _words("GS_TYPE", "SECONDS"),
        _words("VERSION", "OSTN15"),
        _words("SYSTEM_F", "OSGB36"),
        _words("SYSTEM_T", "ETRS89"),
        *(
            _real(name, axis)
            for name, axis in zip(("MAJOR_F", "MINOR_F", "MAJOR_T", "MINOR_T"), AIRY + GRS80, strict=True)
        ),
    ]
    edges = {"S_LAT": SOUTH, "N_LAT": NORTH, "E_LONG": -EAST, "W_LONG": -WEST}
    steps = {"LAT_INC": LATITUDE_STEP, "LONG_INC": LONGITUDE_STEP}
    subgrid = [
        _words("SUB_NAME", "OSTN15"),
        _words("PARENT", "NONE"),
        _words("CREATED", "20160826"),
        _words("UPDATED", "20160826"),
        *(_real(name, seconds) for name, seconds in (edges | steps).items()),
        _whole("GS_COUNT", rows * columns),
    ]
    return b"".join(overview + subgrid)


def _words(name: str, value: str) -> bytes:
    return f"{name:8}{value:8}".encode("ascii")


def _real(name: str, value: float) -> bytes:
    return f"{name:8}".encode("ascii") + struct.pack("<d", value)


def _whole(name: str, value: int) -> bytes:
    return f"{name:8}".encode("ascii") + struct.pack("<ii", value, 0)

"""Which columns of a list are the postcode and its coordinates, by their headings or else by what stands in them."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from abcd.core.crs import is_british_degrees
from abcd.core.geo import BRITISH_GRID, DEGREES, recognise_crs, to_grid
from abcd.errors import BadFile
from abcd.intake.headers import heading
from abcd.intake.lists import WholeFile
from abcd.intake.strings import numbers

Floats = npt.NDArray[np.float64]

LOOKS_LIKE = r"(?i)^\s*(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?)\s*[0-9][ABD-HJLNP-UW-Z]{2}\s*$"
EASTINGS = ("easting", "eastings", "oseast 1 m", "oseast 1m", "east 1 m", "x", "geo x")
NORTHINGS = ("northing", "northings", "osnrth 1 m", "osnrth 1m", "north 1 m", "y", "geo y")
LONGITUDES = ("lon", "long", "lng", "longitude", "x")
LATITUDES = ("lat", "latitude", "y")
SAMPLE = 2000


@dataclass(frozen=True)
class PostcodeColumns:
    """The columns of the postcode and of its coordinates (``x`` east, ``y`` north, in the system ``epsg``).

    ``lon`` and ``lat`` are there as well when a file gives both systems.
    """

    postcode: str
    x: str
    y: str
    epsg: int
    lon: str = ""
    lat: str = ""

    def told(self) -> dict[str, str]:
        """Field -> column, for the report."""
        return {"postcode": self.postcode, "coordinates": f"{self.x}, {self.y}"}


def understand_postcodes(file: WholeFile) -> PostcodeColumns:
    """The columns of a list of postcodes; British National Grid before degrees, because it is exact.

    Raises:
        BadFile: no column holds postcodes, or none holds their coordinates.
    """
    sample = file.rows.slice(0, SAMPLE)
    postcode = max(file.columns, key=lambda name: _share(sample[name]), default="")
    if not postcode or _share(sample[postcode]) < 0.5:
        raise BadFile(f"No column of “{file.path.name}” holds full postcodes.")
    metric = _pair(file, sample, EASTINGS, NORTHINGS, BRITISH_GRID)
    degrees = _pair(file, sample, LONGITUDES, LATITUDES, DEGREES)
    if metric:
        return PostcodeColumns(postcode, *metric, BRITISH_GRID, *(degrees or ("", "")))
    if degrees:
        return PostcodeColumns(postcode, *degrees, DEGREES)
    return PostcodeColumns(postcode, *_by_numbers(file, sample, postcode))


def _share(column: pa.ChunkedArray) -> float:
    """How many of the filled cells look like full postcodes."""
    filled = column.drop_null()
    return float(pc.mean(pc.match_substring_regex(filled, LOOKS_LIKE)).as_py() or 0) if len(filled) else 0.0


def _pair(
    file: WholeFile, sample: pa.Table, xs: tuple[str, ...], ys: tuple[str, ...], epsg: int
) -> tuple[str, str] | None:
    """The columns with such headings, if their numbers are coordinates of ``epsg``; exchanged if they are swapped."""
    x = next((name for name in file.columns if heading(name) in xs), "")
    y = next((name for name in file.columns if heading(name) in ys), "")
    if not (x and y):
        return None
    found = recognise_crs(_numbers(sample, x), _numbers(sample, y))
    fitting = next((guess for guess in found if guess.epsg == epsg), None)
    return None if fitting is None else (y, x) if fitting.swapped else (x, y)


def _by_numbers(file: WholeFile, sample: pa.Table, postcode: str) -> tuple[str, str, int]:
    """The pair of columns whose numbers are coordinates, where the headings say nothing."""
    numeric = [name for name in file.columns if name != postcode and np.isfinite(_numbers(sample, name)).mean() > 0.5]
    for x, y in permutations(numeric, 2):
        xs, ys = _numbers(sample, x), _numbers(sample, y)
        for guess in recognise_crs(xs, ys, least=0.9):
            here = guess.epsg == BRITISH_GRID or (guess.epsg == DEGREES and is_british_degrees(xs, ys).mean() > 0.5)
            if here and not guess.swapped:
                return x, y, guess.epsg
    raise BadFile(f"“{file.path.name}” has postcodes but no coordinates that fit Britain.")


def _numbers(table: pa.Table, name: str) -> Floats:
    return numbers(pc.fill_null(table[name], "").combine_chunks())


def positions(file: WholeFile, columns: PostcodeColumns, irish: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Easting and northing of each row in metres (EPSG:27700), NaN where it has none.

    ``irish`` rows (BT) are on the Irish Grid in lists that give metres, so their degrees are taken.
    """
    x, y = _numbers(file.rows, columns.x), _numbers(file.rows, columns.y)
    if columns.epsg == DEGREES:
        return _from_degrees(x, y)
    real = (x > 0) & (y > 0) & ~irish
    easting, northing = np.where(real, x, np.nan), np.where(real, y, np.nan)
    if columns.lon and irish.any():
        lon, lat = _numbers(file.rows, columns.lon), _numbers(file.rows, columns.lat)
        easting[irish], northing[irish] = _from_degrees(lon[irish], lat[irish])
    return easting, northing


def _from_degrees(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Metres of degrees in Britain; 99.999999 and other nowheres become NaN."""
    inside = (lon > -9) & (lon < 3) & (lat > 49) & (lat < 62)
    easting, northing = to_grid(np.where(inside, lon, np.nan), np.where(inside, lat, np.nan))
    return easting, northing

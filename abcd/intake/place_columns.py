"""Which columns of a file of boundaries say the reference, the name and the households."""

import re
from dataclasses import dataclass

import pyarrow.compute as pc
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from abcd.core.geo import DEGREES, recognise_crs
from abcd.errors import BadFile
from abcd.intake.headers import heading
from abcd.intake.lists import WholeFile

REFERENCES = (
    r"(estate|area|place|patch|site|ward|oa|lsoa|msoa|lad|zone) (id|ref|reference|code|cd)",
    r"(oa|lsoa|msoa|lad|wd|ward|la) ?\d\d ?(cd|code)",
    r"(reference|ref|code|gss code|geo code|geography code|mnemonic)",
    r"(uprn|id|objectid|fid|globalid|natural england gid)", r".* (code|cd|id|ref|reference)",
)  # fmt: skip
NAMES = (
    r"(estate|area|place|patch|site|ward|oa|lsoa|msoa|lad|zone|locality|street|development) (name|nm)",
    r"(oa|lsoa|msoa|lad|wd|ward|la) ?\d\d ?(nm|name)", r"(name|title|label)", r".* (name|nm)",
)  # fmt: skip
WELSH = (r".* ?\d* ?(nmw|name cy|name welsh|enw)", r"enw")
HOUSEHOLDS = (r"(no of |number of |total |all )?(households|homes|dwellings|properties)( (19|20)\d\d)?",)
POPULATION = (r"(usual |total |all )?(population|residents|people|persons)( (19|20)\d\d)?",)


@dataclass(frozen=True)
class PlaceColumns:
    """The file's column for each thing; ``""`` where it has none."""

    reference: str
    name: str
    name_cy: str = ""
    households: str = ""
    population: str = ""

    def told(self) -> dict[str, str]:
        """Field -> column, for the report."""
        return {field: column for field, column in vars(self).items() if column}


def understand_places(file: WholeFile) -> PlaceColumns:
    """The columns of a file of boundaries.

    Raises:
        BadFile: it has no geometry, or nothing that could name a place.
    """
    if not file.rows.num_rows or file.rows["__geom__"].null_count == file.rows.num_rows:
        raise BadFile(f"“{file.path.name}” holds no boundaries. Choose a file with polygons, such as GeoJSON.")
    name = _first(file, NAMES, differing=0.5)
    reference = _first(file, REFERENCES, differing=0.9)
    if not (name or reference):
        raise BadFile(f"No column of “{file.path.name}” looks like a reference or a name. Add one called “reference”.")
    known = {"name_cy": WELSH, "households": HOUSEHOLDS, "population": POPULATION}
    return PlaceColumns(reference, name, **{field: _first(file, patterns) for field, patterns in known.items()})


def _first(file: WholeFile, patterns: tuple[str, ...], differing: float = 0.0) -> str:
    """The first column whose heading fits the earliest pattern, and in which enough rows have a value of their own."""
    for pattern in patterns:
        fitting = [column for column in file.columns if re.fullmatch(pattern, heading(column))]
        for column in fitting:
            if _differing(file, column) >= differing:
                return column
    return ""


def _differing(file: WholeFile, column: str) -> float:
    """How many of the filled rows have a value of their own, 0 to 1; a column that is mostly empty has none."""
    cells = file.rows[column]
    filled = cells.filter(pc.not_equal(pc.fill_null(cells, ""), ""))
    return pc.count_distinct(filled).as_py() / len(filled) if len(filled) > len(cells) / 2 else 0.0


def epsg_of(file: WholeFile) -> int:
    """The coordinate system of the boundaries: as declared, else as their numbers say.

    Raises:
        BadFile: the numbers fit no system we know.
    """
    declared = _declared(file.facts.crs)
    if declared:
        return declared
    shapes = shapely.from_wkb(file.rows["__geom__"].to_numpy(zero_copy_only=False), on_invalid="ignore")
    corners = shapely.bounds(shapes[~shapely.is_missing(shapes)])
    guesses = recognise_crs(corners[:, 0], corners[:, 1]) if len(corners) else []
    straight = [guess.epsg for guess in guesses if not guess.swapped]
    if not straight:
        raise BadFile(f"“{file.path.name}” does not say its coordinate system and its numbers fit none we know.")
    return straight[0]


def _declared(crs: str | None) -> int | None:
    try:
        found = CRS.from_user_input(crs).to_epsg(min_confidence=50) if crs else None
    except CRSError:
        return None
    return DEGREES if found == 4258 else found

"""Which columns of a landlord's list of homes say what, by their headings alone."""

from dataclasses import dataclass, fields

from abcd.core.geo import BRITISH_GRID, DEGREES
from abcd.errors import BadFile
from abcd.intake.headers import heading
from abcd.intake.lists import WholeFile

UPRNS = ("uprn", "unique property reference number")
OWN_REFERENCES = (
    "property reference", "property ref", "property id", "block reference", "block ref", "dwelling reference",
    "unit reference",
)  # fmt: skip
REFERENCES = (*OWN_REFERENCES, "asset reference", "place reference", "dwelling", "reference", "ref", "id")
POSTCODES = ("postcode", "post code", "pcds", "pcd")
HOUSEHOLDS = (
    "households", "homes", "dwellings", "number of homes", "number of households", "number of dwellings", "no of homes",
    "units", "number of units", "no of units", "household count", "all households",
)  # fmt: skip
STREETS = ("street", "street name", "road", "road name", "thoroughfare", "thoroughfare name")
ADDRESSES = ("address", "address 1", "address line 1", "full address")
WORKLOADS = ("workload", "work load", "weight", "workload weight")
EASTINGS = ("x coordinate", "easting", "eastings", "x easting", "oseast 1 m", "x")
NORTHINGS = ("y coordinate", "northing", "northings", "y northing", "osnrth 1 m", "y")
LONGITUDES, LATITUDES = ("longitude", "lon", "long", "lng"), ("latitude", "lat")


@dataclass(frozen=True)
class DwellingColumns:
    """The columns by what they say, ``""`` for what the file does not; ``x, y`` are in the system ``epsg``."""

    reference: str = ""
    uprn: str = ""
    postcode: str = ""
    households: str = ""
    street: str = ""
    address: str = ""
    workload: str = ""
    x: str = ""
    y: str = ""
    epsg: int = BRITISH_GRID

    @property
    def kind(self) -> str:
        """``dwelling`` where rows have references of their own, ``postcode`` where a postcode is all they have."""
        return "dwelling" if self.reference or self.uprn else "postcode"

    def told(self) -> dict[str, str]:
        """Field -> column, for the report."""
        names = (one.name for one in fields(self) if one.name != "epsg")
        return {name: column for name in names if (column := getattr(self, name))}


def understand_dwellings(file: WholeFile) -> DwellingColumns:
    """The columns of a list of homes; metres before degrees. Names and other facts of people are never read.

    Raises:
        BadFile: nothing names the homes, or nothing says where they are.
    """
    named = {heading(column): column for column in file.columns}

    def of(words: tuple[str, ...]) -> str:
        return next((named[word] for word in words if word in named), "")

    metres, degrees = (of(EASTINGS), of(NORTHINGS)), (of(LONGITUDES), of(LATITUDES))
    x, y, epsg = (*metres, BRITISH_GRID) if all(metres) else (*degrees, DEGREES) if all(degrees) else ("", "", 0)
    found = DwellingColumns(
        of(REFERENCES), of(UPRNS), of(POSTCODES), of(HOUSEHOLDS), of(STREETS), of(ADDRESSES), of(WORKLOADS), x, y, epsg
    )
    if not (found.reference or found.uprn or found.postcode):
        raise BadFile(f"No column of “{file.path.name}” is called UPRN, property reference or postcode.")
    if not (x or found.uprn or found.postcode):
        raise BadFile(f"“{file.path.name}” says nowhere where its homes are: give a UPRN, a postcode or coordinates.")
    return found

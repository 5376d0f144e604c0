"""The coordinate system a file declares, as ``EPSG:n`` where it has a number there, else as WKT."""

import re

import pyproj
from pyproj.exceptions import CRSError

WKT = re.compile(r"\s*[A-Z_]{5,20}\s*\[")
LONGEST = 20_000

pyproj.CRS.from_epsg(4326)  # opens the database of coordinate systems while that is still allowed


def crs_of_wkt(wkt: str) -> str | None:
    """``EPSG:n`` or the WKT itself; ``None`` for anything else. Never a URL, a file or a name."""
    if len(wkt) > LONGEST or not WKT.match(wkt):
        return None
    try:
        crs = pyproj.CRS.from_wkt(wkt)
    except CRSError:
        return None
    number = crs.to_epsg()
    return f"EPSG:{number}" if number else wkt

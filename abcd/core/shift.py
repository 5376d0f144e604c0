"""Which way positions are converted in this process, and how exact that is; light enough for every process to load.

``core.geo`` converts; a server converts too, and both must agree first of all (``db.positions``).
"""

from math import hypot

OSTN15, HELMERT = "ostn15", "helmert"
#: Metres within which a converted position is right, by method (OSTN15 as a grid of 30 by 45 seconds; EPSG:1314).
ACCURACY_M = {OSTN15: 0.05, HELMERT: 3.4}
#: A point of Ordnance Survey's test data: longitude, latitude (ETRS89) and easting, northing.
CHECK_DEGREES = (1.7160739723, 52.6580078317)
CHECK_GRID = (651409.804, 313177.450)
#: Where each method puts it: a test of ``core.geo`` holds these.
CHECKED = {OSTN15: (651409.8045, 313177.4522), HELMERT: (651411.2222, 313180.5964)}
#: Metres by which two runs of one method may differ.
SAME = 0.01

_chosen = {"method": OSTN15}


def method() -> str:
    """How we convert: ``OSTN15`` or ``HELMERT``."""
    return _chosen["method"]


def use_method(name: str) -> None:
    """Convert as ``name`` says from now on, in this process."""
    if name not in ACCURACY_M:
        raise ValueError(f"No method '{name}': one of {', '.join(ACCURACY_M)}.")
    _chosen["method"] = name


def accuracy_m() -> float:
    """Metres within which a position converted by us is right."""
    return ACCURACY_M[method()]


def method_of(easting: float, northing: float) -> str | None:
    """Which method turned ``CHECK_DEGREES`` into this easting and northing; ``None`` when it is neither of ours."""
    near = (name for name, (east, north) in CHECKED.items() if hypot(east - easting, north - northing) < SAME)
    return next(near, None)

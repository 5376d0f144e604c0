"""What a server is told apart by agrees with what we compute."""

import subprocess
import sys

import numpy as np
import pytest

from abcd.core import geo, shift


@pytest.mark.parametrize("name", sorted(shift.ACCURACY_M))
def test_each_method_puts_the_check_point_where_we_say(name: str) -> None:
    before = shift.method()
    shift.use_method(name)
    try:
        east, north = geo.to_grid([shift.CHECK_DEGREES[0]], [shift.CHECK_DEGREES[1]])
    finally:
        shift.use_method(before)
    assert np.hypot(east[0] - shift.CHECKED[name][0], north[0] - shift.CHECKED[name][1]) < 0.001


def test_asking_the_store_loads_no_projections() -> None:
    code = "import sys, abcd.maps.export; print([m for m in ('pyproj', 'pandas', 'scipy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_grid_is_known_whatever_was_converted_before() -> None:
    """A thread of PROJ's that began without the grid would be 3.4 m off from then on."""
    code = (
        "import numpy, shapely; from abcd.core import geo, shift;"
        "geo.shapes_to_grid(numpy.array([shapely.Point(-2e5, 7e6)]), 3857);"
        "shift.use_method('helmert'); geo.to_grid([-2.0], [53.0]); shift.use_method('ostn15');"
        "east, _ = geo.to_grid([shift.CHECK_DEGREES[0]], [shift.CHECK_DEGREES[1]]); print(round(float(east[0]), 2))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert float(found) == round(shift.CHECKED["ostn15"][0], 2)

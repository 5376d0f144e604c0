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

"""Every format: what is in the file equals the store, the same bytes each time, nothing hidden, read by GDAL."""

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geoparquet_validator
import openpyxl
import pyarrow.parquet as pq
import pytest
import shapely
from sqlalchemy import func, select

from abcd.core.geo import to_grid
from abcd.db.session import Actor, session
from abcd.db.tables import Asset
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.order import Order, Written, write_files
from tests.maps.conftest import Borough

#: Which assets of the borough an audience sees.
SEEN = {"public": 8, "partner": 9, "council": 9, "officer": 10}


@pytest.fixture
def take(borough: Borough, owner: Actor, tmp_path: Path) -> Callable[..., Written]:
    """Writes an order of assets for the public."""

    def taken(name: str = "", **asked: Any) -> Written:
        order = Order(**{"layers": ("assets",), "format": "geojson"} | asked)
        out = tmp_path / (name or f"file{FORMATS[order.format].suffix}")
        with session(owner) as s:
            return write_files(s, order, out, by=owner)

    return taken


def features(path: Path, layer: str = "assets") -> list[dict[str, Any]]:
    """What GDAL (Debian's, which is not the one that wrote it) reads from a file, in metres."""
    told = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", str(path), layer, "-t_srs", "EPSG:4326"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("audience", SEEN)
@pytest.mark.parametrize("form", FORMATS)
def test_each_audience_gets_its_rows_in_each_format(
    take: Callable[..., Written], form: str, audience: str
) -> None:
    done = take(format=form, audience=audience)
    assert done.rows == {"assets": SEEN[audience]}

"""GDAL through pyogrio, without the data frames that pyogrio would load beside it: the child reads Arrow alone."""

import sys

for _heavy in ("pandas", "geopandas"):
    sys.modules.setdefault(_heavy, None)  # type: ignore[arg-type]  # None is how Python is told not to import

import pyogrio  # noqa: E402
import pyogrio.raw  # noqa: E402
from pyogrio.errors import DataSourceError  # noqa: E402

__all__ = ["DataSourceError", "pyogrio"]

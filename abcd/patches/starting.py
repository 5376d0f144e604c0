"""Where coaches start from, as somebody says it: a postcode, an asset, or a point of the British National Grid."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Select, cast, func, select
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.core.text import postcode_in, postcode_key
from abcd.db.tables import Asset, Postcode
from abcd.errors import NotFound
from abcd.patches.homes import Spot

_point = re.compile(r"^\s*(\d{4,6}(?:\.\d+)?)\s*[, ]\s*(\d{4,7}(?:\.\d+)?)\s*$")
_key = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def base_at(s: Session, words: str) -> tuple[Spot, str]:
    """Where ``words`` say that coaches start from, in metres, and what it is called.

    Raises:
        NotFound: it is no postcode, asset or point that we know.
    """
    if found := _point.match(words):
        easting, northing = map(float, found.groups())
        return (easting, northing), f"{easting:.0f}, {northing:.0f}"
    row = s.execute(_asset(words.strip().lower()) if _key.match(words.strip().lower()) else _postcode(words)).first()
    if row is None or row.easting is None:
        raise NotFound(_("“{words}” is no postcode, asset or point (easting, northing) that we know.").format(
            words=words))  # fmt: skip
    return (row.easting, row.northing), row.name


def _asset(key: str) -> Select[Any]:
    point = _xy(Asset.point)
    return select(*point, Asset.name.label("name")).where(Asset.id == UUID(key), Asset.merged_into.is_(None))


def _postcode(words: str) -> Select[Any]:
    code = postcode_in(words)
    return select(*_xy(Postcode.point), Postcode.postcode.label("name")).where(Postcode.postcode == postcode_key(code))


def _xy(point: Any) -> tuple[Any, Any]:
    return cast(func.ST_X(point), Float).label("easting"), cast(func.ST_Y(point), Float).label("northing")

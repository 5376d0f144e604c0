"""What a person gives of an asset: four fields are enough (name, what it is, roughly where, a way to reach it)."""

import re
from dataclasses import dataclass
from typing import Any

from geoalchemy2.elements import WKTElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import categories
from abcd.core.text import postcode_in, postcode_key, tidy
from abcd.db.tables import ASSET_KINDS, GRID, Asset, Postcode
from abcd.errors import BadRequest

POSTCODE_PRECISION_M = 100.0
"""How far a home commonly lies from the middle of its postcode."""

MAP_PRECISION_M = 10.0

_email = re.compile(r"^\S+@\S+\.\S+$")
_phone = re.compile(r"^[+()\d][\d\s()+-]{6,}$")
_web = re.compile(r"^(https?://|www\.)\S+$|^[\w-]+(\.[\w-]+)+(/\S*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class AssetDraft:
    """A new asset. ``easting, northing`` in metres (EPSG:27700), or a postcode, says roughly where.

    ``reach`` is any way to reach it in one field: an address of e-mail or web, a telephone number, or words.
    ``source_kind`` says how it became known.
    """

    name: str
    category: str
    reach: str = ""
    easting: float | None = None
    northing: float | None = None
    postcode: str = ""
    address: str = ""
    asset_kind: str = ""
    description: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    opening_hours: str = ""
    open_grid: int | None = None
    cost: str = ""
    serves: tuple[str, ...] = ()
    source_kind: str = "desk"
    visibility: str = "public"
    is_sensitive: bool = False


def asset_of(s: Session, draft: AssetDraft) -> Asset:
    """The row that ``draft`` asks for, not yet saved.

    Raises:
        BadRequest: one of the four fields is missing, or the category or postcode is not known.
    """
    name = tidy(draft.name)
    if not name:
        raise BadRequest("Give it a name: what do people call it?")
    ways = {"phone": tidy(draft.phone), "email": tidy(draft.email), "website": tidy(draft.website)} | way(draft.reach)
    if not any(ways.values()):
        raise BadRequest("Say how to reach it: a telephone number, an e-mail or web address, or whom to ask.")
    told = ("description", "opening_hours", "open_grid", "cost", "source_kind", "visibility")
    kind = draft.asset_kind or kind_of(s, draft.category)
    if kind not in ASSET_KINDS:
        raise BadRequest(f"Choose what kind of strength it is: {', '.join(ASSET_KINDS)}.")
    return Asset(
        name=name, category=draft.category, asset_kind=kind, serves=list(draft.serves), extra=ways.pop("extra", {}),
        **ways, **location(s, draft.easting, draft.northing, draft.postcode, draft.address),
        **{column: getattr(draft, column) for column in told},
    )  # fmt: skip


def kind_of(s: Session, category: str) -> str:
    """The kind of strength that assets of ``category`` usually are.

    Raises:
        BadRequest: there is no such category.
    """
    known = categories(s)
    if category not in known.index:
        raise BadRequest(f"“{category}” is not a category. Choose one from the list, or “other”.")
    return str(known.at[category, "asset_kind"]) or "physical"


def way(reach: str) -> dict[str, Any]:
    """One field of contact as the column it belongs to; words go to ``extra``."""
    told = tidy(reach)
    if not told:
        return {}
    for column, pattern in (("email", _email), ("phone", _phone), ("website", _web)):
        if pattern.match(told):
            return {column: told}
    return {"extra": {"how_to_reach": told}}


def location(
    s: Session, easting: float | None, northing: float | None, postcode: str = "", address: str = ""
) -> dict[str, Any]:
    """The columns that say where: by the point, else by the postcode (also one found in the address).

    Raises:
        BadRequest: neither a point nor a postcode that the store knows.
    """
    known = postcode_in(postcode) or postcode_in(address)
    told = {"address": tidy(address), "postcode": known}
    if easting is not None and northing is not None:
        point = WKTElement(f"POINT({float(easting)} {float(northing)})", srid=GRID)
        return told | {"point": point, "located_by": "map", "precision_m": MAP_PRECISION_M}
    if not known:
        raise BadRequest("Say roughly where it is: click the map, or give a full postcode.")
    middle = s.scalar(select(Postcode.point).where(Postcode.postcode == postcode_key(known)))
    if middle is None:
        raise BadRequest(f"The postcode {known} is not in the list that was loaded. Click the map instead.")
    return told | {"point": middle, "located_by": "postcode", "precision_m": POSTCODE_PRECISION_M}

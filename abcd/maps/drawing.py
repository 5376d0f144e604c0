"""A place as one HTML page: its list and its map, everything inside, nothing fetched; it opens from a folder.

Data reaches the page as escaped text and the map as JSON. Scripts run only when the page's own policy names their hash,
so nothing that a person typed can become one (trust.md R8).
"""

import re
from base64 import b64encode
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import groupby
from os import PathLike
from typing import Any

import folium
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.html import WEB, page
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Asset, PlaceAsset
from abcd.errors import SetupMissing
from abcd.maps.export import opened
from abcd.maps.layers import LAYERS
from abcd.maps.marks import LOOKS, mark_of, picture
from abcd.maps.metadata import sources
from abcd.maps.reader import Reader
from abcd.maps.rows import rows
from abcd.maps.selection import Selection
from abcd.maps.sheet import place_drawing
from abcd.places.queries import place as place_called
from abcd.places.records import PlaceRecord

#: What the list says of an asset, from the columns of the layer; it is in the order of the first.
SAID = ("name", "name_cy", "asset_kind", "category_name", "description", "schedule_text", "cost", "website", "phone",
        "email", "assured_date")  # fmt: skip
POLICY = (
    "default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True)
class PlaceMap:
    """One page and the number of assets on it."""

    html: str
    rows: int


def place_map(s: Session, reference: str, *, by: Actor) -> PlaceMap:
    """The page of a place as the public may see it; leaves an audit event.

    Raises:
        NotFound: no such place.
        NotAllowed: ``by`` may not export.
        SetupMissing: Leaflet was not fetched yet.
    """
    require(by, "export", "layer")
    with Reader("public", ("assets",), name=by.name).reading(patient=True) as reading:
        place = place_called(reading, reference)
        assets = assets_of(reading, place)
        html = place_page(reading, place, assets)
    after = {"format": "html", "audience": "public", "place": place.reference, "rows": len(assets),
             "sha256": sha256(html.encode()).hexdigest()}  # fmt: skip
    record(s, "export", "layer", "map", by=by, after=after)
    return PlaceMap(html, len(assets))


def map_html(s: Session, reference: str, *, by: Actor) -> str:
    """The page of ``place_map`` as text."""
    return place_map(s, reference, by=by).html


def write_map(s: Session, reference: str, path: str | PathLike[str], *, by: Actor) -> PlaceMap:
    """Write the page of ``place_map`` to ``path``, whole or not at all."""
    done = place_map(s, reference, by=by)
    with opened(path) as file:
        file.write(done.html.encode())
    return done


def assets_of(s: Session, place: PlaceRecord) -> list[dict[str, Any]]:
    """What is alive in the place or says that it serves it: by kind, then by name."""
    linked = select(PlaceAsset.asset_id).where(PlaceAsset.place_id == place.id)
    alive = Asset.status.not_in(("inactive", "defunct"))
    found = rows(s, LAYERS["assets"], "public", SAID, Asset.id.in_(linked), alive)
    order = list(LOOKS)
    return sorted(found, key=lambda asset: order.index(asset["asset_kind"]))


def place_page(s: Session, place: PlaceRecord, assets: list[dict[str, Any]]) -> str:
    """The list of the ``assets`` of a place and their map in one page."""
    credits = acknowledgements(s, Selection(LAYERS["assets"], "public", place))
    return whole_page(Sheet(place.name, assets, credits), place_drawing(s, place, assets))


@dataclass(frozen=True)
class Sheet:
    """What stands on a page: the list under ``title`` and ``words``, whom it comes from, and the ways to other pages
    (language, address) and files."""

    title: str
    assets: list[dict[str, Any]]
    credits: list[str]
    words: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


def whole_page(sheet: Sheet, drawing: folium.Map) -> str:
    """The list and its map in one page."""
    figure: Any = drawing.get_root()
    figure.render()
    scripts = (vendored("leaflet/leaflet.js"), (WEB / "sheet.js").read_text(), figure.script.render())
    styles = (without_pictures(vendored("leaflet/leaflet.css")), (WEB / "sheet.css").read_text())
    return page(
        "place_map.html",
        **{one.name: getattr(sheet, one.name) for one in fields(sheet) if one.name != "assets"},
        kinds=listed(sheet.assets),
        total=len(sheet.assets),
        policy=POLICY.format(hashes=" ".join(map(script_hash, scripts))),
        scripts=tuple(map(Markup, scripts)),
        styles=tuple(map(Markup, styles)),
        canvas=Markup(figure.html.render()),
    )


def listed(assets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of the list under their kinds; each knows its number ``n`` and whether it is on the map."""
    entries = [asset | {"n": n, "website": web_address(asset["website"])} for n, asset in enumerate(assets)]
    grouped = groupby(entries, key=lambda entry: str(entry["asset_kind"]))
    return [{"mark": mark_of(kind), "picture": Markup(picture(kind)), "entries": list(of)} for kind, of in grouped]


def web_address(words: str | None) -> str:
    """An address that a browser may open, or nothing: ``javascript:`` is an address too."""
    return words if words and re.match(r"https?://", words, re.IGNORECASE) else ""


def acknowledgements(s: Session, selection: Selection) -> list[str]:
    """What the sources of the assets on the page want said, each once."""
    used = sources(s.connection(), selection)
    return list(dict.fromkeys(source["attribution"] or source["publisher"] or source["name"] for source in used))


def script_hash(script: str) -> str:
    """How the page's policy names a script that may run."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def vendored(file: str) -> str:
    """A library's file from ``abcd/web/vendor``.

    Raises:
        SetupMissing: it was not fetched yet.
    """
    path = WEB / "vendor" / file
    if not path.is_file():
        raise SetupMissing(f"{file} is not there yet. Run './dev setup', which fetches what the browser needs.")
    return path.read_text()


def without_pictures(css: str) -> str:
    """A style sheet that asks for no picture: our marks are drawn, and a page from a folder has none beside it."""
    return re.sub(r"url\([^)]*\)", "none", css)

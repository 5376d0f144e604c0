"""What a share opens besides assets, as tables: places, and figures by place."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from abcd.api.shared_map.asking import uuid_in
from abcd.api.shared_map.dress import shown
from abcd.api.shared_map.opened import opened
from abcd.api.shared_map.picture import title_of
from abcd.api.shared_map.wording import day_of
from abcd.config import settings
from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.errors import NotFound
from abcd.maps.choices import places_of
from abcd.maps.layer import Layer
from abcd.maps.listing import is_listed
from abcd.maps.reader import Reader
from abcd.maps.tabled import categories_of, table_of
from abcd.places.wording import kind_of_place


def headings() -> dict[str, str]:
    """The columns of tables in words."""
    return {
        "name": _("Name"), "kind": _("Kind of place"), "place_name": _("Place"), "category_name": _("What it is"),
        "near": _("How many are near"), "coverage": _("Homes near one"), "known": _("What is known"),
        "order_name": _("Why it stands here"), "release": _("Month"), "all": _("People"),
    }  # fmt: skip


def table_page(request: Request) -> Response:
    """A layer of areas as a table.

    ---
    summary: Places, or figures by place, of a shared map as a table
    parameters:
      - {name: place, in: query, description: id of a place, schema: {type: string}}
      - {name: category, in: query, schema: {type: string}}
      - {name: page, in: query, schema: {type: string}}
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    here = opened(request)
    layer = here.reader.layer(request.path_params["layer"])
    if is_listed(layer):
        raise NotFound("There is nothing at this address.")
    place, category = uuid_in(here.query.one("place")), here.query.one("category")
    with here.reader.reading() as s:
        question = ("table", here.reader, layer.name, place, category, here.page)
        table = remembered(s, question, lambda: table_of(s, here.reader, layer, place, category, here.page))
        offered = remembered(s, ("of table", here.reader, layer.name), lambda: choices_of(s, here.reader, layer))
    return shown(
        "table.html", here.share, embedded=here.is_embedded, here=here, publisher=settings().publisher,
        title=title_of(layer), layer=layer, headings=[headings().get(name, plain(name)) for name in table.names],
        rows=[[said(*pair) for pair in zip(table.names, row, strict=True)] for row in table.rows], more=table.more,
        places=offered[0], categories=offered[1], path=f"/table/{layer.name}", licence=layer.licence,
        credits=(layer.attribution,), until=day_of(here.share.expires_at),
    )  # fmt: skip


def choices_of(s: Session, reader: Reader, layer: Layer) -> tuple[Any, Any]:
    """The places and the categories by which a table may be narrowed."""
    return places_of(s, reader), tuple((slug, plain(slug)) for slug in sorted(categories_of(s, reader, layer)))


def plain(name: str) -> str:
    """A name for machines as a word."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def said(name: str, value: Any) -> str:
    """A cell in words."""
    if value is None:
        return ""
    if name == "coverage":
        return f"{value:.0%}"
    if name == "kind":
        return kind_of_place(value)
    if name in ("known", "order_name"):
        return _(value.replace(" - ", " – "))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return day_of(value) if isinstance(value, date) else str(value)

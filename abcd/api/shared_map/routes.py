"""The addresses of a shared map: by link, open to anybody, and as part of somebody else's page."""

import re
from typing import Any

from sqlalchemy.orm import Session
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from abcd.api.forms import Typed, of_form
from abcd.api.shared_map import wording
from abcd.api.shared_map.asking import DAYS, MINUTES, PARTS, Query, Understood, understood
from abcd.api.shared_map.dress import SQUEEZED, shown
from abcd.api.shared_map.features import map_layer
from abcd.api.shared_map.opened import Opened, opened
from abcd.api.shared_map.picture import area_layers, title_of, told
from abcd.api.shared_map.tables import table_page
from abcd.assets.taxonomy import kind_name
from abcd.assets.wording import day_names, part_names
from abcd.config import settings
from abcd.core.clock import today
from abcd.core.hours_schedule import schedules
from abcd.core.language import _
from abcd.core.text import POSTCODE, postcode_in
from abcd.core.tongues import tongue_name
from abcd.db.remembered import remembered
from abcd.gaps.themes import theme_words
from abcd.maps.choices import Choices, choices, coarse, spot_of
from abcd.maps.listing import Listed, extent, fitting, page_of
from abcd.maps.marks import LOOKS, picture
from abcd.maps.one_asset import asset_of
from abcd.maps.walks import walked

#: Lines of a printed list.
PRINTED = 300
WALK = "15"
FILES = {"Excel": "xlsx", "CSV": "csv", "GeoJSON": "geojson", "GeoPackage": "gpkg"}


def map_page(request: Request) -> Response:
    """The list under its filters with the map beside it; ``only=list`` is the list alone, for the page's script.

    ---
    summary: A shared map, as a list with a map beside it
    parameters:
      - {name: q, in: query, description: words, schema: {type: string}}
      - {name: kind, in: query, description: "kinds with commas between them", schema: {type: string}}
      - {name: theme, in: query, schema: {type: string}}
      - {name: category, in: query, schema: {type: string}}
      - {name: place, in: query, description: id of a place, schema: {type: string}}
      - {name: day, in: query, schema: {type: string, enum: [mon, tue, wed, thu, fri, sat, sun]}}
      - {name: part, in: query, schema: {type: string, enum: [morning, afternoon, evening]}}
      - {name: cost, in: query, schema: {type: string, enum: [free, gift]}}
      - {name: step_free, in: query, schema: {type: string, enum: ["yes"]}}
      - {name: speaks, in: query, description: code of a language, schema: {type: string}}
      - {name: at, in: query, description: "easting,northing to walk from", schema: {type: string}}
      - {name: minutes, in: query, schema: {type: string, enum: ["5", "10", "15", "20", "30"]}}
      - {name: page, in: query, schema: {type: string}}
    responses:
      200: {$ref: "#/components/responses/page"}
      303: {$ref: "#/components/responses/onwards"}
    """
    here = opened(request)
    typed = here.query.one("q")
    if postcode_in(typed):
        others, minutes = re.sub(POSTCODE, " ", typed), here.query.one("minutes") or WALK
        return from_typed(here, here.query.but(q=others, minutes=minutes), typed)
    return list_page(here, only=request.query_params.get("only", ""))


def list_page(here: Opened, *, only: str = "", trouble: str = "", status: int = 200) -> Response:
    """The list, with a sentence above it when something went wrong."""
    with here.reader.reading() as s:
        found, offered, listed = answer(s, here)
    template = "results.html" if only == "list" else "list.html" if here.is_list else "map.html"
    return shown(
        template, here.share, status=status, embedded=here.is_embedded, trouble=trouble,
        **around(here, offered), **results(here, found, offered, listed), options=told(here, offered, listed),
    )  # fmt: skip


def answer(s: Session, here: Opened) -> tuple[Understood, Choices, Listed]:
    """What is asked, what may be asked, and a page of the answer; kept until somebody changes the register."""
    reader = here.reader
    found = remembered(s, ("understood", reader, here.query), lambda: understood(s, here.query, reader))
    offered = remembered(s, ("choices", reader), lambda: choices(s, reader, reader.audience == "public"))
    known = remembered(s, ("extent", reader, found.asked), lambda: extent(s, fitting(reader, found.asked)))
    asked = ("listed", reader, found.asked, here.page)
    listed = remembered(
        s, asked, lambda: walked(s, found.asked, page_of(s, reader, found.asked, here.page, known=known))
    )
    return found, offered, listed


def around(here: Opened, offered: Choices) -> dict[str, Any]:
    """What every page of a map says round its own part."""
    return {
        "here": here,
        "publisher": settings().publisher,
        "until": wording.day_of(here.share.expires_at),
        "credits": offered.credits,
        "licence": settings().licence,
        "picture": picture,
        "files": files_of(here),
        "tables": [(here.at(Query(), path=f"/table/{one.name}"), title_of(one)) for one in area_layers(here)],
        "marks": {kind: kind_name(kind) for kind in LOOKS if kind in offered.kinds},
    }


def files_of(here: Opened) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each layer by name, with the address of its file in the formats that most people ask for."""
    below = f"{here.base}/files"
    return [
        (title_of(one), [(form, f"{below}/{one.name}.{ending}") for form, ending in FILES.items()])
        for one in here.reader.published()
    ]


def results(here: Opened, found: Understood, offered: Choices, listed: Listed) -> dict[str, Any]:
    """The list and the filters over it."""
    query = here.query
    return {
        "listed": listed, "lines": [wording.line(row) for row in listed.rows], "query": query,
        "said": " ".join(filter(None, (wording.counted(listed.total, query, offered), listed.walks))),
        "mended": found.mended,
        "chips": wording.chips(query, offered), "offered": offered,
        "themes": sorted(((slug, theme_words(slug)) for slug in offered.themes), key=lambda pair: pair[1]),
        "days": list(zip(DAYS, day_names(), strict=True)), "parts": list(zip(PARTS, part_names(), strict=True)),
        "costs": wording.cost_names(), "minutes": MINUTES,
        "languages": sorted(((code, tongue_name(code)) for code in offered.languages), key=lambda p: p[1]),
    }  # fmt: skip


def from_typed(here: Opened, query: Query, typed: str) -> Response:
    """Go on to the list from a postcode or place; the address holds a spot to 100 metres, and never what was typed."""
    with here.reader.reading() as s:
        found = spot_of(s, typed)
    if found is None:
        trouble = _("We do not know that postcode or place. Check how it is written, or try one nearby.")
        return list_page(here, trouble=trouble, status=404)
    return RedirectResponse(here.at(query.near(*found)), 303)


def walk_from(request: Request, typed: Typed) -> Response:
    """Choose where to walk from: a postcode or a place, sent in the body so that it stands in no address and no log.

    ---
    summary: Choose where to walk from on a shared map
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema: {type: object, properties: {from: {type: string}, minutes: {type: string}}}
    responses: {303: {$ref: "#/components/responses/onwards"}}
    """
    here = opened(request)
    text = typed.get("from", "").strip()
    query = Query.of(typed)
    if not text:
        return RedirectResponse(here.at(query if query.spot else query.but("at", "near", "minutes")), 303)
    return from_typed(here, query.but("at", "near"), text)


def walked_before(request: Request) -> Response:
    """On to the list, for whoever comes back to the address to which a walk was sent.

    ---
    summary: From a walk that was sent, back to the list
    responses: {303: {$ref: "#/components/responses/onwards"}, 404: {$ref: "#/components/responses/refused"}}
    """
    return RedirectResponse(opened(request).at(), 303)


def asset_page(request: Request) -> Response:
    """One asset in full; ``only=asset`` is its panel alone, for the page's script.

    ---
    summary: One asset of a shared map
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    here = opened(request)
    with here.reader.reading() as s:
        found = remembered(s, ("understood", here.reader, here.query), lambda: understood(s, here.query, here.reader))
        asset_id = request.path_params["asset_id"]
        question = ("asset", here.reader, asset_id, found.asked)
        row = remembered(s, question, lambda: asset_of(s, here.reader, asset_id, found.asked))
        offered = remembered(s, ("choices", here.reader), lambda: choices(s, here.reader, found.asked.hides_old))
    is_part = request.query_params.get("only") == "asset"
    point = row["lon"] is not None
    box = (row["lon"], row["lat"], row["lon"], row["lat"]) if point else offered.box
    listed = Listed([], 1, int(point), box)
    options = told(here, offered, listed) | {"selected": {"id": str(row["id"]), "lon": row["lon"], "lat": row["lat"]}}
    nearby = Query().near(coarse(*row["spot"]), row["name"]).but(minutes=WALK) if row["spot"] else None
    return shown(
        "asset_panel.html" if is_part else "asset.html", here.share, embedded=here.is_embedded, **around(here, offered),
        line=wording.line(row), facts=wording.facts(row), facilities=wording.facilities(row),
        who_says=wording.who_says(row), nearby=nearby, options=options, suggest=here.suggest(row["id"]),
        times=here.times(row["id"]) if schedules(row.get("schedule_text") or "", today().year) else "",
    )  # fmt: skip


def print_page(request: Request) -> Response:
    """The list with all that is known of each, to print.

    ---
    summary: The list of a shared map, to print
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    here = opened(request)
    with here.reader.reading() as s:
        found, offered, _listed = answer(s, here)
        question = ("printed", here.reader, found.asked)
        listed = remembered(
            s, question, lambda: walked(s, found.asked, page_of(s, here.reader, found.asked, 1, PRINTED, full=True))
        )
    each = [(wording.line(row), wording.facts(row) + wording.contact(row)) for row in listed.rows]
    kinds = {row["asset_kind"] for row in listed.rows}
    said = around(here, offered) | results(here, found, offered, listed)
    return shown("print.html", here.share, **said, each=each, shown=kinds)


def of(base: str) -> list[Route]:
    """The addresses below ``base``."""
    squeezed: list[Middleware] = SQUEEZED
    here = f"/{base}/{{slug}}"
    return [
        Route(here, map_page, methods=["GET"], middleware=squeezed),
        Route(f"{here}/asset/{{asset_id:uuid}}", asset_page, methods=["GET"], middleware=squeezed),
        Route(f"{here}/table/{{layer}}", table_page, methods=["GET"], middleware=squeezed),
        Route(f"{here}/print", print_page, methods=["GET"], middleware=squeezed),
        Route(f"{here}/walk", walked_before, methods=["GET"]),
        Route(f"{here}/walk", of_form(walk_from), methods=["POST"]),
        Route(f"{here}/map/{{layer}}.geojson", map_layer, methods=["GET"], middleware=squeezed),
    ]


ROUTES = [
    *of("shared"), *of("open"), *of("embed"),
    Route("/embed/{slug}/list", map_page, methods=["GET"], middleware=SQUEEZED),
    Route("/embed/{slug}/list/walk", walked_before, methods=["GET"]),
    Route("/embed/{slug}/list/walk", of_form(walk_from), methods=["POST"]),
]  # fmt: skip

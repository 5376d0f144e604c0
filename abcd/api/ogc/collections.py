"""The landing page of the feed, what it conforms to, and its collections, each with what can be asked of it."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from abcd.api.ogc import pages
from abcd.api.ogc.answers import (
    HTML,
    JSON,
    OPENAPI,
    SCHEMA,
    Link,
    door,
    format_of,
    link,
    made,
    own_links,
    refuse_unknown,
    root,
    sent,
    shown,
    told_as_json,
)  # fmt: skip
from abcd.api.ogc.items import links_of
from abcd.config import settings
from abcd.core.language import _
from abcd.maps.extents import extent
from abcd.maps.layer import Layer
from abcd.maps.queryables import queryables
from abcd.maps.reader import Reader
from abcd.maps.systems import CRS84, GRID_SYSTEM, SYSTEMS

FEATURES = "http://www.opengis.net/spec/ogcapi-features"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf"
RELATION = "http://www.opengis.net/def/rel/ogc/1.0"
CONFORMS = [
    *(f"{FEATURES}-1/1.0/conf/{part}" for part in ("core", "geojson", "html", "oas30")),
    f"{FEATURES}-2/1.0/conf/crs",
    *(f"{FEATURES}-3/1.0/conf/{part}" for part in ("queryables", "queryables-query-parameters", "filter",
                                                   "features-filter")),
    *(f"{CQL2}/{part}" for part in ("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
                                    "basic-spatial-functions")),
    *(f"{TILES}/{part}" for part in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "tilejson")),
    *(f"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/{part}" for part in ("core", "json", "html", "oas30")),
    *(f"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/{part}" for part in ("collections",)),
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
]  # fmt: skip


@door
def landing(request: Request, reader: Reader) -> Response:
    """Where a client begins.

    ---
    summary: The landing page of the OGC feed
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    title = _("Maps of {publisher}").format(publisher=settings().publisher)
    says = _("What is good here, for maps and programs: community assets and the places they stand in.")
    links = [
        *own_links(request),
        link("service-desc", f"{root()}/api", OPENAPI, _("What can be asked")),
        link("service-doc", f"{root()}/api?f=html", HTML, _("What can be asked, as a page")),
        link("conformance", f"{root()}/conformance", JSON, _("The standards it keeps to")),
        link("data", f"{root()}/collections", JSON, _("The collections")),
        link(f"{RELATION}/tiling-schemes", f"{root()}/tileMatrixSets", JSON, _("How tiles are cut")),
    ]
    document = {"title": title, "description": says, "attribution": settings().publisher, "links": links}
    return shown(request, reader, document, lambda: pages.landing(document, reader.published()))


@door
def conformance(request: Request, reader: Reader) -> Response:
    """The standards it keeps to.

    ---
    summary: The standards that the OGC feed keeps to
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    return shown(request, reader, {"conformsTo": CONFORMS}, lambda: pages.conformance(CONFORMS))


@door
def collections(request: Request, reader: Reader) -> Response:
    """Every collection that this reader may see.

    ---
    summary: The collections of the OGC feed
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    with reader.looking() as s:
        found = [described(s, reader, layer) for layer in reader.published()]
    document = {"links": own_links(request), "crs": list(SYSTEMS), "collections": found}
    return shown(request, reader, document, lambda: pages.collections(found))


@door
def collection(request: Request, reader: Reader) -> Response:
    """One collection.

    ---
    summary: One collection of the OGC feed
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    layer = reader.layer(request.path_params["collection"])
    with reader.looking() as s:
        document = described(s, reader, layer)
    document["links"] = [*own_links(request), *document["links"]]
    return shown(
        request, reader, document, lambda: pages.collection(layer, document, layer.columns_for(reader.audience))
    )


def described(s: Session, reader: Reader, layer: Layer) -> dict[str, Any]:
    """A collection as the standard describes it; its box is of what this reader may see."""
    box, where = extent(s, reader, layer), f"{root()}/collections/{layer.name}"
    spatial = {"bbox": [box], "crs": CRS84.uri} if box else None
    time = {"interval": [[None, None]], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
    return {
        "id": layer.name,
        "title": layer.title,
        "description": layer.says,
        "licence": layer.licence,
        "attribution": layer.attribution,
        "itemType": "feature",
        "extent": ({"spatial": spatial} if spatial else {}) | {"temporal": time},
        "crs": list(SYSTEMS),
        "storageCrs": GRID_SYSTEM.uri,
        "links": [*links_of(layer.name), *more_links(where)],
    }


def more_links(where: str) -> list[Link]:
    """What else there is of a collection."""
    return [
        link("collection", where, JSON),
        link(f"{RELATION}/queryables", f"{where}/queryables", SCHEMA, _("What can be asked for")),
        link("describedby", f"{where}/schema", SCHEMA, _("What each property says")),
        link(f"{RELATION}/tilesets-vector", f"{where}/tiles", JSON, _("Vector tiles")),
    ]


@door
def schema(request: Request, reader: Reader) -> Response:
    """What each property of a collection says.

    ---
    summary: The properties of a collection of the OGC feed
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    return properties(request, reader, "schema")


@door
def asked_for(request: Request, reader: Reader) -> Response:
    """Which properties a collection can be filtered by.

    ---
    summary: What a collection of the OGC feed can be filtered by
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    return properties(request, reader, "queryables")


def properties(request: Request, reader: Reader, which: str) -> Response:
    """All properties, or those that can be asked for, as a JSON schema."""
    refuse_unknown(request)
    layer = reader.layer(request.path_params["collection"])
    with reader.looking() as s:
        known = queryables(s, layer, reader.audience)
    typed = {column.name: typed_as(known[column.name].type if column.name in known else "", column.says)
             for column in layer.columns_for(reader.audience) if which == "schema" or column.name in known}  # fmt: skip
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root()}/collections/{layer.name}/{which}",
        "type": "object",
        "title": layer.title,
        "description": layer.says,
        "properties": {"geometry": {"format": "geometry-any", "x-ogc-role": "primary-geometry"}, **typed},
        "additionalProperties": False,
    }
    if format_of(request) == "html":
        return sent(request, reader, made(pages.schema(layer, typed, which), HTML))
    return told_as_json(request, reader, document, SCHEMA)


def typed_as(kind: str, says: str) -> dict[str, Any]:
    """A property in a JSON schema."""
    named: dict[str, Any] = {"title": says, "description": says}
    if kind in ("date", "date-time"):
        return named | {"type": "string", "format": kind}
    if kind == "list":
        return named | {"type": "array", "items": {"type": "string"}}
    return named | {"type": kind or "object"}

"""``/ogc/api``: OpenAPI 3.0 of the feed as this reader sees it, with the parameters that each collection takes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from abcd.api.ogc import pages
from abcd.api.ogc.answers import (
    GEOJSON,
    HTML,
    JSON,
    MVT,
    OPENAPI,
    SCHEMA,
    door,
    format_of,
    made,
    refuse_unknown,
    root,
    sent,
    told_as_json,
)
from abcd.config import settings
from abcd.core.language import _
from abcd.maps.items import MOST
from abcd.maps.layer import Layer
from abcd.maps.queryables import Queryable, queryables
from abcd.maps.reader import Reader
from abcd.maps.systems import CRS84, SYSTEMS

Document = dict[str, Any]

TEXT: Document = {"type": "string"}
FORM = {"name": "f", "in": "query", "schema": {"type": "string", "enum": ["json", "html"]}, "description": "Format."}
SYSTEM = {"type": "string", "format": "uri", "enum": list(SYSTEMS), "default": CRS84.uri}


def query(name: str, says: str, schema: Document, **more: Any) -> Document:
    """A parameter of the query."""
    return {"name": name, "in": "query", "description": says, "required": False, "schema": schema, **more}


def one_of(*words: str) -> Document:
    """A choice, of which the first goes without saying."""
    return {"type": "string", "enum": list(words), "default": words[0]}


PAGE_SIZE = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 10}
NUMBERS = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
LIST = {"style": "form", "explode": False}
PARAMETERS = {
    "f": FORM,
    "limit": query("limit", "Features of a page.", PAGE_SIZE, **LIST),
    "bbox": query("bbox", "West, south, east, north.", NUMBERS, **LIST),
    "bbox-crs": query("bbox-crs", "Coordinate system of bbox.", SYSTEM),
    "datetime": query("datetime", "When a feature last changed: a time, a day, or two with a / between.", TEXT, **LIST),
    "crs": query("crs", "Coordinate system of the answer.", SYSTEM),
    "filter": query("filter", "A filter in CQL2.", TEXT),
    "filter-lang": query("filter-lang", "Text or JSON.", one_of("cql2-text", "cql2-json")),
    "filter-crs": query("filter-crs", "Coordinate system of shapes in the filter.", SYSTEM),
    "after": query("after", "Where the page begins, as the link to it says.", TEXT),
    "resultType": query("resultType", "hits counts, and gives no feature.", one_of("results", "hits")),
}  # fmt: skip
OF_ITEMS = tuple(PARAMETERS)


def answer(says: str, *media: str) -> Document:
    """An answer of these media types."""
    return {"description": says, "content": {one: {"schema": {"type": "object"}} for one in media}}


ERRORS = {
    "400": {"$ref": "#/components/responses/refused"},
    "404": {"$ref": "#/components/responses/refused"},
    "429": {"$ref": "#/components/responses/refused"},
    "500": {"$ref": "#/components/responses/refused"},
}


def get(name: str, says: str, ok: Document, parameters: list[Document] | None = None) -> Document:
    """A path that is only read."""
    shared = [{"$ref": "#/components/parameters/f"}]
    return {
        "get": {
            "operationId": name,
            "summary": says,
            "tags": [name.partition(".")[0]],
            "parameters": shared if parameters is None else parameters,
            "responses": {"200": ok, "304": {"description": "The copy is still good."}, **ERRORS},
        }
    }


def paths() -> Document:
    """The paths that there are whatever the collections."""
    matrix = {"name": "tileMatrixSetId", "in": "path", "required": True, "schema": TEXT}
    form = {"$ref": "#/components/parameters/f"}
    both = JSON, HTML
    return {
        "/": get("landing", "Where a client begins", answer("Links.", *both)),
        "/conformance": get("conformance", "The standards that this keeps to", answer("Their names.", *both)),
        "/api": get("api", "This document", answer("OpenAPI 3.0.", OPENAPI, HTML)),
        "/collections": get("collections", "The collections", answer("The collections.", *both)),
        "/tileMatrixSets": get("tileMatrixSets", "How tiles are cut", answer("Their names.", *both)),
        "/tileMatrixSets/{tileMatrixSetId}": get(
            "tileMatrixSet", "How tiles are cut, zoom by zoom", answer("The zooms.", *both), [matrix, form]
        ),
    }


def paths_of(layer: Layer, known: dict[str, Queryable]) -> Document:
    """The paths of one collection."""
    name, where = layer.name, f"/collections/{layer.name}"
    feature = {"name": "featureId", "in": "path", "required": True, "schema": TEXT}
    tile = [{"name": each, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
            for each in ("tileMatrix", "tileRow", "tileCol")]  # fmt: skip
    refs = [{"$ref": f"#/components/parameters/{each}"} for each in OF_ITEMS]
    asked = [query(each, one.column.says, typed(one)) for each, one in known.items()]
    own = [{"$ref": "#/components/parameters/f"}, {"$ref": "#/components/parameters/crs"}]
    page, quad = answer("Features.", GEOJSON, HTML), f"{where}/tiles/WebMercatorQuad"
    drawn = get(f"{name}.tile", f"A vector tile of {layer.title}", answer("A tile.", MVT), tile)
    drawn["get"]["responses"]["204"] = {"description": "There is nothing on it."}
    return {
        where: get(f"{name}.collection", layer.says, answer("The collection.", JSON, HTML)),
        f"{where}/queryables": get(f"{name}.queryables", "What can be asked for", answer("A schema.", SCHEMA, HTML)),
        f"{where}/schema": get(f"{name}.schema", "What each property says", answer("A schema.", SCHEMA, HTML)),
        f"{where}/items": get(f"{name}.items", f"Features of {layer.title}", page, [*refs, *asked]),
        f"{where}/items/{{featureId}}": get(f"{name}.item", f"One of {layer.title}", page, [feature, *own]),
        f"{where}/tiles": get(f"{name}.tilesets", "Its vector tiles", answer("Tilesets.", JSON, HTML)),
        quad: get(f"{name}.tileset", "What its tiles hold", answer("A tileset.", JSON, HTML)),
        f"{quad}/tilejson.json": get(f"{name}.tilejson", "The same as TileJSON", answer("TileJSON.", JSON), []),
        f"{quad}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": drawn,
    }


def typed(one: Queryable) -> Document:
    """The type of a property in a query."""
    if one.type in ("date", "date-time"):
        return {"type": "string", "format": one.type}
    return {"type": "string" if one.type == "list" else one.type}


def document(reader: Reader) -> Document:
    """The document for a reader."""
    with reader.looking() as s:
        known = [(layer, queryables(s, layer, reader.audience)) for layer in reader.published()]
    every = paths()
    for layer, asked in known:
        every |= paths_of(layer, asked)
    error = {"type": "object", "required": ["error"], "properties": {"error": TEXT}}
    refused = {"description": "What is wrong, in a sentence.", "content": {
        JSON: {"schema": {"$ref": "#/components/schemas/error"}}, HTML: {"schema": TEXT}}}  # fmt: skip
    key = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": _("Maps of {publisher}").format(publisher=settings().publisher),
            "version": "1",
            "description": _(
                "What is good here, for maps and programs: community assets and the places they stand in."
            ),
            "license": {"name": settings().licence},
        },
        "servers": [{"url": root()}],
        "security": [{}, {"key": []}, {"bearer": []}],
        "paths": every,
        "components": {
            "parameters": PARAMETERS,
            "schemas": {"error": error},
            "responses": {"refused": refused},
            "securitySchemes": {"key": key, "bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


@door
def api(request: Request, reader: Reader) -> Response:
    """What can be asked, as OpenAPI 3.0 or as a page.

    ---
    summary: What can be asked of the OGC feed, as OpenAPI 3.0
    responses: {200: {$ref: "#/components/responses/document"}, 304: {$ref: "#/components/responses/same"}}
    """
    refuse_unknown(request)
    whole = document(reader)
    if format_of(request) == "json":
        return told_as_json(request, reader, whole, OPENAPI)
    rows = [[f"{root()}{path if path != '/' else ''}", each["get"]["summary"]] for path, each in whole["paths"].items()]
    head = (_("Address"), _("What it gives"))
    return sent(request, reader, made(pages.drawn(_("What can be asked"), pages.home(), head=head, rows=rows), HTML))

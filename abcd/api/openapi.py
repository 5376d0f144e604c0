"""``/openapi.json``: what our own addresses take and answer, read from the docstrings of their endpoints.

Below a line ``---`` each docstring says in YAML what is its own: a summary, fields of the query, a body, the answers.
What every address shares is added here: who must be signed in, the language, the sentence of each refusal.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.schemas import SchemaGenerator

from abcd.access.sessions import cookie_name
from abcd.api.outside import OPEN, is_below

Document = dict[str, Any]

ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
PAGE = {"text/html": {"schema": {"type": "string"}}}
REFUSED = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}} | PAGE
TOLD_AS = "application/json", "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"
DOCUMENT = {name: {"schema": {"type": "object"}} for name in TOLD_AS} | PAGE
GEOJSON = {
    "type": "object", "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {"type": "object"}}},
}  # fmt: skip
#: What any address may answer, whatever it is for.
SHARED = {
    "400": "The question makes no sense; the sentence says what is wrong.",
    "403": "Your role may not do this, or the request came from another site.",
    "404": "There is nothing of that name, or nothing at this address.",
    "413": "More was sent than is taken in at once.",
    "414": "The address is too long.",
    "429": "More often than can be answered; Retry-After says when to come again.",
    "500": "A fault of ours, with a number to quote.",
    "503": "The store does not answer just now.",
}
NOT_SIGNED_IN = "Nobody is signed in in this browser."
FILES = {
    "/web/{file}": "A style sheet, script or picture of ours",
    "/vendor/{file}": "A file of a library that the pages use",
}
LANG = {
    "name": "lang", "in": "query", "description": "Language of the sentences; any other is English.",
    "schema": {"type": "string", "examples": ["en", "cy"]},
}  # fmt: skip
BASE: Document = {
    "openapi": "3.1.0",
    "info": {"title": "ABCD", "version": "1", "description": "The addresses of the tool beside its pages."},
    "components": {
        "securitySchemes": {
            "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(False)},
        },
        "schemas": {"Error": ERROR, "FeatureCollection": GEOJSON},
        "responses": {
            "page": {"description": "A page.", "content": PAGE},
            "onwards": {"description": "Done; go on there.", "headers": {"Location": {"schema": {"type": "string"}}}},
            "refused": {"description": "What is wrong, in a sentence.", "content": REFUSED},
            "file": {"description": "A file.", "content": {"*/*": {}}},
            "same": {"description": "The copy is still good."},
            "document": {"description": "A document, as JSON or as a page.", "content": DOCUMENT},
            "features": {
                "description": "RFC 7946 GeoJSON.",
                "content": {"application/geo+json": {"schema": {"$ref": "#/components/schemas/FeatureCollection"}}},
            },
        },
    },
}


def document(routes: Sequence[BaseRoute]) -> Document:
    """The OpenAPI document of ``routes``."""
    made = SchemaGenerator(BASE).get_schema(list(routes))
    paths = {path: dict(methods) for path, methods in made["paths"].items()} | dict(files())
    for path, methods in paths.items():
        for operation in methods.values():
            complete(path, operation)
    return made | {"paths": paths}


def complete(path: str, operation: Document) -> None:
    """Add what every address shares."""
    is_open = is_below(path.replace("{token}", "x"), OPEN)
    shared = SHARED if is_open else SHARED | {"401": NOT_SIGNED_IN}
    own = {str(status): answer for status, answer in operation.get("responses", {}).items()}
    refusals = {status: {"description": says, "content": REFUSED} for status, says in shared.items()}
    operation["responses"] = dict(sorted((refusals | own).items()))
    named = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
             for name in re.findall(r"{(\w+)}", path)]  # fmt: skip
    declared = operation.get("parameters", [])
    known = {(one["in"], one["name"]) for one in declared}
    operation["parameters"] = [*declared, *(one for one in (*named, LANG) if (one["in"], one["name"]) not in known)]
    operation["security"] = [] if is_open else [{"session": []}]


def files() -> Iterator[tuple[str, Document]]:
    """The folders of files."""
    for path, summary in FILES.items():
        found = {"description": "The file.", "content": {"*/*": {}}}
        missing = {"$ref": "#/components/responses/page"}
        answers = {200: found, 304: {"$ref": "#/components/responses/same"}, 404: missing}
        yield path, {"get": {"summary": summary, "responses": answers}}


def route_of(routes: Sequence[BaseRoute]) -> Route:
    """The route that tells of ``routes`` and itself."""

    def openapi(_request: Request) -> Response:
        """This document.

        ---
        summary: What our addresses take and answer
        responses: {200: {description: OpenAPI 3.1., content: {application/json: {schema: {type: object}}}}}
        """
        return JSONResponse(document([*routes, route]))

    route = Route("/openapi.json", openapi, methods=["GET"])
    return route

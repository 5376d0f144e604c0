"""The directory as Open Referral UK 3.0, below ``/oruk``: for service directories that harvest (product.md H.4).

Without a key it holds what the owner made public; with one, what the share of the key opens.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from functools import wraps
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from abcd.api.any_site import FOR_ALL, asked_by_any_site
from abcd.api.copies import etag_of, is_still_good
from abcd.api.openapi import document
from abcd.api.oruk_asked import asked_in, page_in
from abcd.api.sharing import reader_of
from abcd.config import settings
from abcd.db.remembered import version
from abcd.errors import AbcdError, NotFound, answer_for
from abcd.maps import oruk
from abcd.maps.oruk.pages import of_list
from abcd.maps.oruk.services import may_see
from abcd.maps.reader import Reader

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
SMALL = 600
"""Bytes below which compressing costs more than it saves."""

Json = dict[str, Any]
Tell = Callable[[Session, Request, Reader], Json]


def door(tell: Tell) -> Callable[[Request], Response]:
    """An endpoint that answers what ``tell`` reads for whoever asks, or 304; an error is JSON as well."""

    @wraps(tell)
    def opened(request: Request) -> Response:
        try:
            reader = reader_of(request)
            with reader.reading() as s:
                may_see(reader)
                return answered(s, request, reader, tell)
        except AbcdError as error:
            return JSONResponse({"error": str(error) or GONE}, answer_for(error)[1], FOR_ALL)

    return opened


GONE = "There is nothing at this address."


def answered(s: Session, request: Request, reader: Reader, tell: Tell) -> Response:
    """The answer, unless the caller's copy is still good."""
    headers = FOR_ALL | {"ETag": etag_of(request, reader, version(s)), "Cache-Control": "no-cache",
                         "Vary": "Authorization, X-API-Key"}  # fmt: skip
    if is_still_good(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    told = tell(s, request, reader)
    return Response(orjson.dumps(told), media_type="application/json", headers=headers | last_modified(told))


def last_modified(told: Json) -> dict[str, str]:
    """When the newest of what is told last changed, as HTTP writes it; nothing where no entry says so."""
    entries = [told, *told.get("contents", []), told.get("service", {})]
    moments = [one.get("service", one).get("last_modified") for one in entries]
    newest = max(filter(None, moments), default=None)
    return {"Last-Modified": format_datetime(datetime.fromisoformat(newest), usegmt=True)} if newest else {}


def id_in(request: Request) -> UUID:
    """The id in the address.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(request.path_params["id"])
    except ValueError as error:
        raise NotFound(GONE) from error


def meta(_s: Session, _request: Request, _reader: Reader) -> Json:
    """Which standard this is.

    ---
    summary: Open Referral UK, what this feed is
    responses: {200: {description: Version and profile., content: {application/json: {schema: {type: object}}}}}
    """
    return {"version": VERSION, "profile": PROFILE, "openapi_url": f"{settings().public_url}/oruk/openapi.json"}


def services(s: Session, request: Request, reader: Reader) -> Json:
    """A page of services, with what there is one of.

    ---
    summary: Open Referral UK, services
    parameters:
      - {name: search, in: query, description: words of its name or description, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - {name: per_page, in: query, description: at most 500, schema: {type: integer, minimum: 1}}
      - {name: taxonomy_term_id, in: query, schema: {type: string}}
      - {name: taxonomy_id, in: query, schema: {type: string}}
      - {name: minimum_age, in: query, description: its lowest age is at least this, schema: {type: number}}
      - {name: maximum_age, in: query, description: its highest age is at most this, schema: {type: number}}
      - {name: start_time, in: query, description: "a session begins then or later, HH:MM", schema: {type: string}}
      - {name: end_time, in: query, description: "and ends then or earlier, HH:MM", schema: {type: string}}
      - {name: day, in: query, description: MO to SU, schema: {type: string}}
    responses: {200: {description: A page., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return oruk.page(s, reader, asked_in(request), *page_in(request)).as_json()


def service(s: Session, request: Request, reader: Reader) -> Json:
    """One service with all that belongs to it.

    ---
    summary: Open Referral UK, one service
    responses: {200: {description: The service., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return oruk.service(s, reader, id_in(request))


def service_at_locations(s: Session, request: Request, reader: Reader) -> Json:
    """A page of services where they happen.

    ---
    summary: Open Referral UK, services at their locations
    parameters:
      - {name: search, in: query, description: words of its name or description, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - {name: per_page, in: query, description: at most 500, schema: {type: integer, minimum: 1}}
      - {name: taxonomy_term_id, in: query, schema: {type: string}}
      - {name: taxonomy_id, in: query, schema: {type: string}}
      - {name: minimum_age, in: query, schema: {type: number}}
      - {name: maximum_age, in: query, schema: {type: number}}
      - {name: start_time, in: query, description: "HH:MM", schema: {type: string}}
      - {name: end_time, in: query, description: "HH:MM", schema: {type: string}}
      - {name: day, in: query, description: MO to SU, schema: {type: string}}
      - {name: postcode, in: query, description: a full postcode, schema: {type: string}}
      - {name: proximity, in: query, description: "at most so many metres from the postcode; 2,000 when not given",
         schema: {type: number, minimum: 0}}
    responses: {200: {description: A page., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return oruk.page(s, reader, replace(asked_in(request), located=True), *page_in(request)).as_json()


def service_at_location(s: Session, request: Request, reader: Reader) -> Json:
    """One service where it happens.

    ---
    summary: Open Referral UK, one service at its location
    responses: {200: {description: The service there., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return oruk.service_at_location(s, reader, id_in(request))


def taxonomies(_s: Session, request: Request, _reader: Reader) -> Json:
    """The taxonomies.

    ---
    summary: Open Referral UK, taxonomies
    parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - {name: per_page, in: query, schema: {type: integer, minimum: 1}}
    responses: {200: {description: A page., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return of_list(oruk.taxonomies(), *page_in(request)).as_json()


def taxonomy(_s: Session, request: Request, _reader: Reader) -> Json:
    """One taxonomy.

    ---
    summary: Open Referral UK, one taxonomy
    responses: {200: {description: The taxonomy., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return oruk.taxonomy(str(id_in(request)))


def taxonomy_terms(s: Session, request: Request, _reader: Reader) -> Json:
    """The terms of the taxonomies.

    ---
    summary: Open Referral UK, taxonomy terms
    parameters:
      - {name: page, in: query, schema: {type: integer, minimum: 1}}
      - {name: per_page, in: query, schema: {type: integer, minimum: 1}}
    responses: {200: {description: A page., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return of_list(oruk.taxonomy_terms(s), *page_in(request)).as_json()


def taxonomy_term(s: Session, request: Request, _reader: Reader) -> Json:
    """One term.

    ---
    summary: Open Referral UK, one taxonomy term
    responses: {200: {description: The term., content: {application/json: {schema: {type: object}}}},
                304: {$ref: "#/components/responses/same"}}
    """
    return oruk.taxonomy_term(s, str(id_in(request)))


def contract(_request: Request) -> Response:
    """These addresses alone, as OpenAPI.

    ---
    summary: Open Referral UK, what its addresses take and answer
    responses: {200: {description: OpenAPI 3.1., content: {application/json: {schema: {type: object}}}}}
    """
    return JSONResponse(document(ROUTES), headers=FOR_ALL)


def opened(path: str, tell: Tell) -> list[Route]:
    """The routes of a part of the directory."""
    squeezed = [Middleware(GZipMiddleware, minimum_size=SMALL)]
    return [Route(path, door(tell), methods=["GET"], middleware=squeezed), asked_by_any_site(path)]


ROUTES: list[BaseRoute] = [
    *opened("/oruk", meta),
    *opened("/oruk/", meta),
    *opened("/oruk/services", services),
    *opened("/oruk/services/{id}", service),
    *opened("/oruk/service_at_locations", service_at_locations),
    *opened("/oruk/service_at_locations/{id}", service_at_location),
    *opened("/oruk/taxonomies", taxonomies),
    *opened("/oruk/taxonomies/{id}", taxonomy),
    *opened("/oruk/taxonomy_terms", taxonomy_terms),
    *opened("/oruk/taxonomy_terms/{id}", taxonomy_term),
    Route("/oruk/openapi.json", contract, methods=["GET"]),
]

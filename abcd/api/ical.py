"""Calendars to subscribe to: ``/ical/{kind}/{id}.ics``, and one asset's of a shared map."""

from uuid import UUID

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from abcd.api.any_site import FOR_ALL, asked_by_any_site
from abcd.api.copies import etag_of, is_still_good
from abcd.api.sharing import reader_of
from abcd.core.language import _
from abcd.db.remembered import version
from abcd.errors import NotFound
from abcd.maps.calendars import calendar

CALENDAR = "text/calendar"
SMALL = 600
"""Bytes below which compressing costs more than it saves."""


def id_in(request: Request) -> UUID:
    """The id in the address.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(request.path_params["id"])
    except ValueError as error:
        raise NotFound(_("There is nothing at this address.")) from error


def subscribed(request: Request) -> Response:
    """What a group does, or what happens at a venue, in a place, or as one asset; 304 when nothing has changed.

    ---
    summary: A calendar to subscribe to
    parameters:
      - {name: kind, in: path, required: true, schema: {type: string, examples: [group, venue, place, asset]}}
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
    responses:
      200: {description: RFC 5545., content: {text/calendar: {schema: {type: string}}}}
      304: {$ref: "#/components/responses/same"}
    """
    reader = reader_of(request)
    with reader.reading() as s:
        headers = FOR_ALL | {"ETag": etag_of(request, reader, version(s)), "Cache-Control": "no-cache",
                             "Vary": "Authorization, X-API-Key, Accept-Language"}  # fmt: skip
        if is_still_good(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        made = calendar(s, reader, request.path_params["kind"], id_in(request))
    return Response(made, media_type=CALENDAR, headers=headers)


def taken(request: Request) -> Response:
    """One asset of a shared map for somebody's own calendar.

    ---
    summary: The times of one asset of a shared map
    responses: {200: {description: RFC 5545., content: {text/calendar: {schema: {type: string}}}}}
    """
    reader = reader_of(request)
    with reader.reading() as s:
        made = calendar(s, reader, "asset", id_in(request))
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="times.ics"'}
    return Response(made, media_type=CALENDAR, headers=headers)


SQUEEZED = [Middleware(GZipMiddleware, minimum_size=SMALL)]

ROUTES: list[BaseRoute] = [
    Route("/ical/{kind}/{id}.ics", subscribed, methods=["GET"], middleware=SQUEEZED),
    asked_by_any_site("/ical/{kind}/{id}.ics"),
    Route("/shared/{slug}/ical/{id}.ics", taken, methods=["GET"]),
    Route("/open/{slug}/ical/{id}.ics", taken, methods=["GET"]),
]

"""What a person looks at before confirming an import: its points on a map, and its faults as a file."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import require
from abcd.db.session import session
from abcd.errors import BadRequest
from abcd.intake.barriers_shown import crossings_of, lines_of
from abcd.intake.preview import preview
from abcd.intake.report import issues_csv


def import_in(request: Request) -> UUID:
    """The import that the address names.

    Raises:
        BadRequest: it names none.
    """
    try:
        return UUID(request.path_params["import_id"])
    except ValueError as error:
        raise BadRequest("This address does not name an import.") from error


def points(request: Request) -> Response:
    """Up to 2,000 points of a stage, for the map of its preview.

    ---
    summary: The points of a stage
    responses:
      200: {description: "GeoJSON.", content: {application/geo+json: {schema: {type: object}}}}
      404: {$ref: "#/components/responses/refused"}
      409: {$ref: "#/components/responses/refused"}
    """
    return _drawn(request, lambda s, import_id: preview(s, import_id, rows=0).points)


def issues(request: Request) -> Response:
    """The faults of an import, for its publisher.

    ---
    summary: The faults of an import
    responses:
      200: {description: "A row a fault.", content: {text/csv: {schema: {type: string}}}}
      404: {$ref: "#/components/responses/refused"}
    """
    actor = request.state.actor
    require(actor, "view", "issue")
    import_id = import_in(request)
    with session(actor) as s:
        text = issues_csv(s, import_id)
    headers = {
        "Content-Disposition": f'attachment; filename="issues-{import_id}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


def lines(request: Request) -> Response:
    """The lines of a stage of barriers, for the map of its preview.

    ---
    summary: The lines of a stage
    responses:
      200: {description: "GeoJSON.", content: {application/geo+json: {schema: {type: object}}}}
      404: {$ref: "#/components/responses/refused"}
      409: {$ref: "#/components/responses/refused"}
    """
    return _drawn(request, lines_of)


def crossings(request: Request) -> Response:
    """The crossings of a stage of barriers, for the map of its preview.

    ---
    summary: The crossings of a stage
    responses:
      200: {description: "GeoJSON.", content: {application/geo+json: {schema: {type: object}}}}
      404: {$ref: "#/components/responses/refused"}
      409: {$ref: "#/components/responses/refused"}
    """
    return _drawn(request, crossings_of)


def _drawn(request: Request, wanted: Callable[[Session, UUID], dict[str, Any]]) -> Response:
    actor = request.state.actor
    require(actor, "stage", "import")
    with session(actor) as s:
        return _geojson(wanted(s, import_in(request)))


def _geojson(told: dict[str, Any]) -> Response:
    return Response(json.dumps(told), media_type="application/geo+json", headers={"Cache-Control": "private, no-store"})


ROUTES = [
    Route("/imports/{import_id}/lines.geojson", lines, methods=["GET"]),
    Route("/imports/{import_id}/crossings.geojson", crossings, methods=["GET"]),
    Route("/imports/{import_id}/points.geojson", points, methods=["GET"]),
    Route("/imports/{import_id}/issues.csv", issues, methods=["GET"]),
]

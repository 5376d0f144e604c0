"""Where a page sends what is being typed: ``POST /draft``."""

import json
import re
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import drafts
from abcd.access.drafts import Writing
from abcd.db.session import Actor, session
from abcd.errors import BadRequest

MOST_BYTES = 128 * 1024
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
BIGGEST_NUMBER = 2**53
BIGGEST_VERSION = 2**31 - 1


async def draft(request: Request) -> Response:
    """Keep what is being typed into a form; only its writer gets it back.

    ---
    summary: Keep what is being typed
    requestBody:
      required: true
      content:
        application/json:
          schema:
            type: object
            required: [form, record, sitting, values]
            properties:
              form: {type: string, maxLength: 160}
              record: {type: string, maxLength: 160}
              sitting: {type: string, pattern: "^[0-9a-f]{32}(_[0-9a-f]{8})?$"}
              version: {type: [integer, "null"]}
              values: {type: object, additionalProperties: {type: [string, number, boolean, "null"]}}
    responses:
      204: {description: It is kept.}
      400: {description: It is not what a form sends.}
      409: {description: This writing was saved in the meantime, so nothing is kept of it.}
    """
    actor: Actor = request.state.actor
    writing, values = understood(await body_of(request))
    kept = await run_sync(_keep, actor, writing, values)
    return Response(status_code=204 if kept else 409)


def _keep(actor: Actor, writing: Writing, values: dict[str, Any]) -> bool:
    with session(actor) as s:
        return drafts.keep(s, writing, values, by=actor)


async def body_of(request: Request) -> Any:
    """The JSON of a request, read no further than a draft may be long.

    Raises:
        BadRequest: it is too long, or no JSON.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadRequest("A draft is sent as application/json.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise BadRequest("This is more than a form can keep. Save it, or put the longest part into a file.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("A draft is sent as JSON.") from error


def understood(told: Any) -> tuple[Writing, dict[str, Any]]:
    """The writing and its values by field.

    Raises:
        BadRequest: it is not what a form sends.
    """
    if not isinstance(told, dict):
        raise BadRequest("A draft is a JSON object.")
    names = [told.get(one) for one in ("form", "record", "sitting")]
    version, values = told.get("version"), told.get("values")
    if not all(isinstance(one, str) for one in names) or not (version is None or is_version(version)):
        raise BadRequest("A draft names its form, its record, its sitting, and the version it was made from.")
    if not isinstance(values, dict) or not all(NAME.fullmatch(name) and is_typed(one) for name, one in values.items()):
        raise BadRequest("A draft holds a text or a number for each field.")
    return Writing(str(names[0]), str(names[1]), str(names[2]), version).checked(), values


def is_version(value: Any) -> bool:
    """Whether it is the version of a record."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= BIGGEST_VERSION


def is_typed(value: Any) -> bool:
    """Whether somebody can have typed it: text, a number that is one, or nothing."""
    if isinstance(value, (int, float)):
        return abs(value) <= BIGGEST_NUMBER
    return value is None or isinstance(value, str)


ROUTES = [Route("/draft", draft, methods=["POST"])]

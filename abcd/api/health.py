"""Whether the app and its store are well, for whoever watches over the machine; it says nothing of what is in it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from abcd.db.confined import role_here
from abcd.db.session import SYSTEM, outage, session
from abcd.errors import StoreUnavailable


def health(_request: Request) -> Response:
    """200 when the store answers; 503 when it does not, at once when that is known: the app is up, but degraded.

    ---
    summary: Whether the app and its store are well
    responses:
      200: {description: Both are well., content: {application/json: {schema: {type: object}}}}
      503: {description: The app is up and its store is away., content: {application/json: {schema: {type: object}}}}
    """
    try:
        role = role_here()
        if (away := outage(role)).is_on:
            return degraded("lost", away.seconds)
        with session(SYSTEM, role):
            return JSONResponse({"status": "ok"})
    except StoreUnavailable as error:
        return degraded(type(error).__name__.removeprefix("Store").lower(), 0.0)


def degraded(store: str, seconds: float) -> Response:
    """The app answers and its store does not: ``lost``, ``busy`` or ``unavailable``, for so many seconds."""
    return JSONResponse({"status": "degraded", "store": store, "seconds": round(seconds, 1)}, 503)


ROUTES = [Route("/health", health, methods=["GET"])]

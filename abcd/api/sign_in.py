"""Signing in by a one-time link, signing out, and whether we are up."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from abcd.access.links import use_link
from abcd.access.sessions import ABSOLUTE, COOKIE, close_session, open_session
from abcd.api.answers import plain_page
from abcd.core.html import page
from abcd.core.language import _
from abcd.db.session import SYSTEM, session

STATUS_OF_A_DEAD_LINK = 404


def offer(_request: Request) -> Response:
    """A button and nothing else: a link preview that fetches this page must not use the link up."""
    return HTMLResponse(page("sign_in.html", title=_("Sign in")))


def sign_in(request: Request) -> Response:
    """Use the link and hand out the cookie; unknown, used and expired links look alike."""
    with session(SYSTEM) as s:
        account = use_link(s, request.path_params["token"])
        cookie = open_session(s, account) if account else ""
    if not cookie:
        gone = _("This link does not work: it was used, is older than a quarter of an hour, or is not complete.")
        return plain_page(_("Link ended"), gone, _("For a new one, run: abcd sign-in"), status=STATUS_OF_A_DEAD_LINK)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def sign_out(request: Request) -> Response:
    """End the session in the store, so that an open WebSocket ends with it, and drop the cookie."""
    with session(SYSTEM) as s:
        close_session(s, request.cookies.get(COOKIE, ""))
    answer = plain_page(_("You are signed out"), _("You can close this window."))
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


ROUTES = [
    Route("/sign-in/{token}", offer, methods=["GET"]),
    Route("/sign-in/{token}", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["GET", "POST"]),
]

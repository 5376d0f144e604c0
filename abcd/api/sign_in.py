"""Signing in by passphrase or by a one-time link, and signing out."""

from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import attempts, passphrases, second_factor
from abcd.access.accounts import actor_where
from abcd.access.links import use_link
from abcd.access.sessions import close_session, open_session
from abcd.api.answers import plain_page
from abcd.api.callers import address_of
from abcd.api.cookies import cookie_of, give_cookie, take_cookie
from abcd.api.forms import Typed, browser_name, local, of_form, onwards, shown
from abcd.config import settings
from abcd.core.language import _, ngettext
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Account

STATUS_OF_A_DEAD_LINK = 404


def form(_request: Request) -> Response:
    """The sign-in form.

    ---
    summary: The form to sign in
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    return sign_in_form(200)


def sign_in_form(status: int, **values: object) -> Response:
    """The sign-in form with a sentence above it and what was typed, but for secrets."""
    values = {"email": "", **values}
    return shown("sign_in.html", status, title=_("Please sign in"), provider=bool(settings().oidc_issuer), **values)


def stranger(connection: HTTPConnection) -> Response:
    """How to come in, for somebody who opens a page of ours without having signed in."""
    query = connection.url.query
    return sign_in_form(401, next=connection.url.path + (f"?{query}" if query else ""))


def by_passphrase(request: Request, typed: Typed) -> Response:
    """Sign in with e-mail, passphrase and perhaps a code; whatever is wrong, the answer is the same.

    The work is done with no session open, because it takes a while on purpose.

    ---
    summary: Sign in with e-mail and passphrase
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties: {email: {type: string}, passphrase: {type: string}, code: {type: string}, next: {type: string}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      401: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    email, passphrase = typed.get("email", ""), typed.get("passphrase", "")
    with session(SYSTEM) as s:
        wait = attempts.seconds_to_wait(s, email, address_of(request))
    if wait:
        return too_often(wait)
    with session(SYSTEM) as s:
        known = passphrases.known_by(s, email)
    is_right = passphrases.is_right(known, passphrase)
    cookie = let_in(request, known, typed) if is_right else ""
    return welcome(request, cookie, typed.get("next", "/")) if cookie else refused(typed)


def let_in(request: Request, known: passphrases.Known, typed: Typed) -> str:
    """A session for the account whose passphrase was right, when it is open and the code is right too; else ``""``."""
    with session(SYSTEM) as s:
        actor = actor_where(s, Account.id == known.account_id)
        if actor is None or not second_factor.passes(s, actor, typed.get("code", "")):
            return ""
        passphrases.refresh(s, known, typed["passphrase"])
        attempts.forget(s, typed["email"])
        return opened(s, request, actor, "passphrase")


def refused(typed: Typed) -> Response:
    """One answer for an unknown e-mail, a wrong passphrase, a wrong code and a closed account."""
    trouble = _("That did not open the door. Check the e-mail, the passphrase and, if you set one up, the code.")
    return sign_in_form(401, email=typed.get("email", ""), next=local(typed.get("next", "/")), trouble=trouble)


def too_often(seconds: int) -> Response:
    """The answer after too many tries, with how long to wait."""
    minutes = max(1, round(seconds / 60))
    sentence = ngettext(
        "That was tried too often. Wait {n} minute and try again, or use a one-time link.",
        "That was tried too often. Wait {n} minutes and try again, or use a one-time link.",
        minutes,
    ).format(n=minutes)
    answer = plain_page(_("Please wait"), sentence, status=429, where="/sign-in")
    answer.headers["Retry-After"] = str(seconds)
    return answer


def opened(s: Session, request: Request, actor: Actor, how: str) -> str:
    """A session for ``actor``, instead of the one that this browser held: the cookie's value."""
    return open_session(s, actor, how=how, browser=browser_name(request), instead_of=cookie_of(request))


def welcome(request: Request, cookie: str, where: str = "/") -> Response:
    """Hand the cookie out and go on."""
    answer = onwards(where)
    give_cookie(answer, request, cookie)
    return answer


def offer(_request: Request) -> Response:
    """A button and nothing else: a link preview that fetches this page must not use the link up.

    ---
    summary: The button that uses a one-time link
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    words = _("Press the button to sign in on this computer. The link works once.")
    return shown("button.html", title=_("Sign in"), sentence=words, button=_("Sign in"))


def by_link(request: Request) -> Response:
    """Use the link and hand out the cookie; unknown, used and expired links look alike.

    ---
    summary: Sign in by a one-time link
    responses: {303: {$ref: "#/components/responses/onwards"}, 404: {$ref: "#/components/responses/page"}}
    """
    with session(SYSTEM) as s:
        actor = use_link(s, request.path_params["token"])
        cookie = opened(s, request, actor, "link") if actor else ""
    if not cookie:
        gone = _("This link does not work: it was used, is older than a quarter of an hour, or is not complete.")
        return plain_page(_("Link ended"), gone, _("For a new one, run: abcd sign-in"), status=STATUS_OF_A_DEAD_LINK)
    return welcome(request, cookie)


def ask_to_leave(_request: Request) -> Response:
    """A button, so that a link from elsewhere signs nobody out.

    ---
    summary: The button to sign out
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    words = _("Press the button to sign out of this browser.")
    return shown("button.html", title=_("Sign out"), sentence=words, button=_("Sign out"))


def sign_out(request: Request) -> Response:
    """End the session in the store, so that an open WebSocket ends with it, and drop the cookie.

    ---
    summary: Sign out
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    with session(SYSTEM) as s:
        close_session(s, cookie_of(request))
    answer = plain_page(_("You are signed out"), _("You can close this window."), where="/sign-in")
    take_cookie(answer, request)
    return answer


ROUTES = [
    Route("/sign-in", form, methods=["GET"]),
    Route("/sign-in", of_form(by_passphrase), methods=["POST"]),
    Route("/sign-in/{token}", offer, methods=["GET"]),
    Route("/sign-in/{token}", by_link, methods=["POST"]),
    Route("/sign-out", ask_to_leave, methods=["GET"]),
    Route("/sign-out", sign_out, methods=["POST"]),
]

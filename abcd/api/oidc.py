"""Signing in through the organisation's OpenID provider; the first time only with an invitation in hand."""

import hmac
import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from abcd.access.accounts import actor_where
from abcd.access.invitations import Identity, accept
from abcd.access.sealing import sealed, unsealed
from abcd.api.answers import not_found, plain_page
from abcd.api.cookies import is_secure
from abcd.api.forms import local
from abcd.api.provider import answered, question
from abcd.api.sign_in import opened, welcome
from abcd.config import settings
from abcd.core.language import _
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Account
from abcd.errors import AbcdError, NotAllowed, answer_for

#: Holds state, nonce, PKCE verifier and invitation while somebody is at the provider: sealed, short-lived.
COOKIE = "abcd_oidc"
SECONDS = 600
BELOW = "/oidc/"


def start(request: Request) -> Response:
    """Send somebody to the provider; with an invitation when the address names one.

    ---
    summary: Sign in through one's organisation
    parameters: [{name: next, in: query, schema: {type: string}}]
    responses: {303: {$ref: "#/components/responses/onwards"}, 404: {$ref: "#/components/responses/page"}}
    """
    if not settings().oidc_issuer:
        return not_found()
    try:
        address, kept = question()
    except AbcdError as error:
        return trouble(error)
    kept |= {"invitation": request.path_params.get("token", ""), "next": local(request.query_params.get("next", "/"))}
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        COOKIE, sealed(json.dumps(kept)), max_age=SECONDS, path=BELOW, httponly=True, samesite="lax",
        secure=is_secure(request),
    )  # fmt: skip
    return answer


def callback(request: Request) -> Response:
    """Somebody comes back from the provider; the attempt is used up, whatever comes of it.

    ---
    summary: Come back from one's organisation
    parameters:
      - {name: code, in: query, schema: {type: string}}
      - {name: state, in: query, schema: {type: string}}
    responses: {303: {$ref: "#/components/responses/onwards"}, 404: {$ref: "#/components/responses/page"}}
    """
    try:
        answer = come_back(request)
    except AbcdError as error:
        answer = trouble(error)
    answer.delete_cookie(COOKIE, path=BELOW, httponly=True, samesite="lax", secure=is_secure(request))
    return answer


def come_back(request: Request) -> Response:
    """Check that this is the attempt that began in this browser, ask the provider who it is, and let them in.

    Raises:
        NotAllowed: it began elsewhere or too long ago, the provider said no, or nobody here is known by this identity.
    """
    kept = json.loads(unsealed(request.cookies.get(COOKIE, ""), SECONDS) or "{}")
    asked = request.query_params
    if not kept or not hmac.compare_digest(kept["state"].encode(), asked.get("state", "").encode()):
        raise NotAllowed(
            "This sign-in did not begin in this browser, or too long ago. Start again from the sign-in page."
        )
    if "code" not in asked:
        raise NotAllowed("Your organisation's sign-in said no. Start again, or ask your organisation's help desk.")
    identity, name = answered(asked["code"], kept)
    cookie = let_in(request, identity, name, kept["invitation"])
    return welcome(request, cookie, kept["next"])


def let_in(request: Request, identity: Identity, name: str, invitation: str) -> str:
    """A session for the account with this identity; made from the invitation when it is new here.

    Raises:
        NotAllowed: nobody is known by this identity and no invitation is open, or the account is closed.
    """
    with session(SYSTEM) as s:
        mine = Account.issuer == identity.issuer, Account.subject == identity.subject
        actor = actor_where(s, *mine)
        if actor is None and invitation:
            actor = accept(s, invitation, name or _("Somebody new"), identity)
        if actor is None:
            raise NotAllowed("You are not known here yet. Ask a colleague for an invitation, and open its link first.")
        return opened(s, request, actor, "provider")


def trouble(error: AbcdError) -> Response:
    """What went wrong, and the way back."""
    return plain_page(_("Signing in did not work"), str(error), status=answer_for(error)[1], where="/sign-in")


ROUTES = [
    Route("/oidc/start", start, methods=["GET"]),
    Route("/oidc/start/{token}", start, methods=["GET"]),
    Route("/oidc/callback", callback, methods=["GET"]),
]

"""Accepting an invitation: a name and a passphrase, or the provider of one's organisation."""

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import passphrases
from abcd.access.invitations import accept, invited
from abcd.access.wording import role_name
from abcd.api.answers import plain_page
from abcd.api.forms import Typed, of_form, shown
from abcd.api.sign_in import opened, welcome
from abcd.config import settings
from abcd.core.language import _
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest, Conflict

STATUS_OF_A_DEAD_INVITATION = 404


def offer(request: Request, status: int = 200, trouble: str = "", name: str = "") -> Response:
    """What the invitation is to, and the form to accept it.

    ---
    summary: What the invitation is to
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    token = request.path_params["token"]
    with session(SYSTEM) as s:
        found = invited(s, token)
    if found is None:
        return ended()
    return shown(
        "invitation.html", status, title=_("You are invited"), found=found, role=role_name(found.role), name=name,
        trouble=trouble, token=token, provider=bool(settings().oidc_issuer), shortest=passphrases.SHORTEST,
    )  # fmt: skip


def ended() -> Response:
    """One answer for an invitation that is unknown, used, taken back or over."""
    gone = _("This invitation does not work: it was used, taken back, is older than a week, or is not complete.")
    ask = _("Ask whoever sent it for a new one.")
    return plain_page(_("Invitation ended"), gone, ask, status=STATUS_OF_A_DEAD_INVITATION, where="/sign-in")


def take_up(request: Request, typed: Typed) -> Response:
    """Make the account with its passphrase and sign in, or say what is missing; all of it or nothing.

    ---
    summary: Accept the invitation
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema: {type: object, properties: {name: {type: string}, passphrase: {type: string}}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      404: {$ref: "#/components/responses/page"}
      422: {$ref: "#/components/responses/page"}
    """
    name = typed.get("name", "")
    try:
        with session(SYSTEM) as s:
            cookie = made(s, request, typed)
    except (BadRequest, Conflict) as error:
        return offer(request, 422, str(error), name)
    return welcome(request, cookie) if cookie else ended()


def made(s: Session, request: Request, typed: Typed) -> str:
    """A session of the new account, ``""`` when the invitation has ended."""
    actor = accept(s, request.path_params["token"], typed.get("name", ""))
    if actor is None:
        return ""
    passphrases.set_passphrase(s, typed.get("passphrase", ""), by=actor)
    return opened(s, request, actor, "invitation")


ROUTES = [
    Route("/invitation/{token}", offer, methods=["GET"]),
    Route("/invitation/{token}", of_form(take_up), methods=["POST"]),
]

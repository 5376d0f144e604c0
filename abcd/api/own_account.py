"""What somebody may do about their own account: passphrase, second factor, and the browsers they are signed in with."""

from uuid import UUID

import segno
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from abcd.access import attempts, passphrases, require, second_factor
from abcd.access.sessions import close_one, close_sessions_of, how_it_came_in, sessions_of
from abcd.api.cookies import cookie_of
from abcd.api.forms import Typed, of_form, onwards, shown
from abcd.api.sign_in import address_of, too_often
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import Account
from abcd.errors import AbcdError, BadRequest

HOME = "/account"


def ways_in() -> dict[str, str]:
    """How a session was opened, in words."""
    return {
        "link": _("by a one-time link"), "passphrase": _("by passphrase"), "provider": _("through your organisation"),
        "invitation": _("by an invitation"),
    }  # fmt: skip


def said() -> dict[str, str]:
    """What was done, to be said once."""
    return {
        "passphrase": _("Your passphrase is set. Other browsers are signed out."),
        "removed": _("No code is asked for any more."),
        "ended": _("That browser is signed out."),
        "others": _("All other browsers are signed out."),
    }


def own(request: Request) -> Response:
    """The account and its sessions.

    ---
    summary: One's own account and its browsers
    parameters: [{name: done, in: query, schema: {type: string}}]
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    actor: Actor = request.state.actor
    require(actor, "view", "own_account")
    with session(actor) as s:
        account = s.get_one(Account, UUID(actor.account_id))
        browsers = [
            {
                "id": one.id, "name": one.browser or _("A browser"), "how": ways_in().get(one.how, ""),
                "seen": one.seen_at.astimezone(LOCAL).strftime("%d.%m.%Y, %H:%M"), "is_this": one.is_this,
            }
            for one in sessions_of(s, actor.account_id, cookie_of(request))
        ]  # fmt: skip
        left = second_factor.codes_left(s, actor.account_id)
        return shown(
            "account.html", title=_("Your account"), account=account, browsers=browsers, codes_left=left,
            done=said().get(request.query_params.get("done", ""), ""),
        )  # fmt: skip


def passphrase_form(request: Request, status: int = 200, trouble: str = "", email: str = "") -> Response:
    """Choose a passphrase; the present one is asked, unless this browser came in by a link a moment ago.

    ---
    summary: The form to choose a passphrase
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    actor: Actor = request.state.actor
    with session(actor) as s:
        account = s.get_one(Account, UUID(actor.account_id))
        return shown(
            "passphrase.html", status, title=_("Choose a passphrase"), account=account, trouble=trouble, email=email,
            ask_present=asks_present(s, actor, cookie_of(request)), shortest=passphrases.SHORTEST,
        )  # fmt: skip


def asks_present(s: Session, actor: Actor, cookie: str) -> bool:
    """Whether the present passphrase must be shown first: there is one, and nobody came in by a link for want of it."""
    has_one = bool(passphrases.own_hash(s, actor.account_id).account_id)
    return has_one and how_it_came_in(s, cookie) != "link"


def choose_passphrase(request: Request, typed: Typed) -> Response:
    """Set the passphrase, or say why not; every other browser is signed out.

    ---
    summary: Choose a passphrase
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties: {present: {type: string}, passphrase: {type: string}, email: {type: string}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      422: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    actor: Actor = request.state.actor
    require(actor, "edit", "own_account")
    cookie = cookie_of(request)
    with session(actor) as s:
        present = passphrases.own_hash(s, actor.account_id) if asks_present(s, actor, cookie) else None
        wait = attempts.seconds_to_wait(s, actor.account_id, address_of(request)) if present else 0
    if wait:
        return too_often(wait)
    if present and not passphrases.is_right(present, typed.get("present", "")):
        return passphrase_form(request, 422, _("The present passphrase is not right."))
    try:
        with session(actor) as s:
            email = typed.get("email", "")
            passphrases.set_passphrase(s, typed.get("passphrase", ""), by=actor, email=email, but=cookie)
            attempts.forget(s, actor.account_id)
    except AbcdError as error:
        return passphrase_form(request, 422, str(error), typed.get("email", ""))
    return onwards(f"{HOME}?done=passphrase")


def code_form(request: Request, status: int = 200, trouble: str = "") -> Response:
    """Set up codes of an app: a picture to point a telephone at, and the same as text.

    ---
    summary: The form to set up codes
    responses: {200: {$ref: "#/components/responses/page"}}
    """
    actor: Actor = request.state.actor
    require(actor, "edit", "own_account")
    with session(actor) as s:
        if second_factor.has_one(s, actor.account_id):
            return shown("code_off.html", status, title=_("Codes of an app"), trouble=trouble)
        secret, address = second_factor.begin(s, by=actor)
    picture = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return shown("code.html", status, title=_("Codes of an app"), trouble=trouble, picture=picture, secret=spaced)


def confirm_code(request: Request, typed: Typed) -> Response:
    """The first code shows that the app is set up; the answer tells the recovery codes, once.

    ---
    summary: Confirm that codes work
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema: {type: object, properties: {code: {type: string}}}
    responses:
      200: {$ref: "#/components/responses/page"}
      422: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    actor: Actor = request.state.actor
    require(actor, "edit", "own_account")
    if wait := tried(request, actor):
        return too_often(wait)
    try:
        with session(actor) as s:
            codes = second_factor.confirm(s, typed.get("code", ""), by=actor)
            attempts.forget(s, actor.account_id)
    except BadRequest as error:
        return code_form(request, 422, str(error))
    return shown("recovery.html", title=_("Keep these codes"), codes=codes)


def remove_code(request: Request, typed: Typed) -> Response:
    """Ask for no code any more; a code is asked first.

    ---
    summary: Ask for no code any more
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema: {type: object, properties: {code: {type: string}}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      422: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    actor: Actor = request.state.actor
    require(actor, "edit", "own_account")
    if wait := tried(request, actor):
        return too_often(wait)
    with session(actor) as s:
        is_right = second_factor.passes(s, actor, typed.get("code", ""))
        if is_right:
            second_factor.remove(s, actor.account_id, by=actor)
            attempts.forget(s, actor.account_id)
    return onwards(f"{HOME}?done=removed") if is_right else code_form(request, 422, _("This code is not right."))


def tried(request: Request, actor: Actor) -> int:
    """Count one try of a code; the seconds to wait, 0 for none."""
    with session(actor) as s:
        return attempts.seconds_to_wait(s, actor.account_id, address_of(request))


def end_one(request: Request, _typed: Typed) -> Response:
    """Sign one of the actor's browsers out.

    ---
    summary: Sign one of one's browsers out
    parameters:
      - {name: session_id, in: path, required: true, schema: {type: string, format: uuid}}
    responses: {303: {$ref: "#/components/responses/onwards"}, 404: {$ref: "#/components/responses/refused"}}
    """
    actor: Actor = request.state.actor
    require(actor, "edit", "own_account")
    with session(actor) as s:
        close_one(s, actor.account_id, request.path_params["session_id"], by=actor)
    return onwards(f"{HOME}?done=ended")


def end_others(request: Request, _typed: Typed) -> Response:
    """Sign every other browser of the actor out.

    ---
    summary: Sign all one's other browsers out
    responses: {303: {$ref: "#/components/responses/onwards"}}
    """
    actor: Actor = request.state.actor
    require(actor, "edit", "own_account")
    with session(actor) as s:
        close_sessions_of(s, actor.account_id, by=actor, but=cookie_of(request))
    return onwards(f"{HOME}?done=others")


def change_password(_request: Request) -> Response:
    """Where password keepers look for the form (a well-known address of the W3C).

    ---
    summary: Where password keepers look
    responses: {303: {$ref: "#/components/responses/onwards"}}
    """
    return RedirectResponse(f"{HOME}/passphrase", 303)


ROUTES = [
    Route(HOME, own, methods=["GET"]),
    Route(f"{HOME}/passphrase", passphrase_form, methods=["GET"]),
    Route(f"{HOME}/passphrase", of_form(choose_passphrase), methods=["POST"]),
    Route(f"{HOME}/code", code_form, methods=["GET"]),
    Route(f"{HOME}/code", of_form(confirm_code), methods=["POST"]),
    Route(f"{HOME}/code/remove", of_form(remove_code), methods=["POST"]),
    Route(f"{HOME}/sessions/{{session_id:uuid}}/end", of_form(end_one), methods=["POST"]),
    Route(f"{HOME}/sessions/end-others", of_form(end_others), methods=["POST"]),
    Route("/.well-known/change-password", change_password, methods=["GET"]),
]

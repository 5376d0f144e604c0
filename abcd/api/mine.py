"""A resident's own page: ``/mine/{token}``, by a link that they hold, without an account or a script.

Looking never changes anything, because programs that scan mail follow every link; a button does. Whatever is wrong with
a link, the answer is the same.
"""

import json
from collections.abc import Callable
from urllib.parse import quote

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from abcd.api.answers import plain_page
from abcd.api.forms import Typed, of_form, shown
from abcd.api.mine_words import facts, said_day, thanks
from abcd.api.writing import writing
from abcd.config import settings
from abcd.core.language import _, chosen
from abcd.db import erasures
from abcd.db.session import Actor, session
from abcd.errors import BadRequest, Conflict
from abcd.people.consent_words import purpose_name, purpose_names, standing_words
from abcd.people.own_file import as_json, as_page, own_everything
from abcd.people.own_page import Pressed, answer, forget, own_page
from abcd.people.own_records import OwnPage
from abcd.people.resident_links import holder
from abcd.people.whereabouts import Everything
from abcd.people.wording import own_note_names

#: Who asks before the link says who it is: a role that the policy names nowhere, so the link alone lets it in.
SOMEBODY = Actor("somebody with a link", "resident")
MOST_BYTES = 8 * 1024


def ended() -> Response:
    """One answer for a link that is unknown, over, replaced, or of somebody who was forgotten."""
    gone = _("This link does not work: it is too old, was replaced by a newer one, or is not complete.")
    ask = _("Ask {publisher} for a new one.").format(publisher=settings().publisher)
    return plain_page(_("Link ended"), gone, ask, status=404)


def address(request: Request, rest: str = "", said: str = "") -> str:
    """An address of this link, in the language in use."""
    more = f"&said={quote(said)}" if said else ""
    return f"/mine/{request.path_params['token']}{rest}?lang={chosen()}{more}"


def look(request: Request) -> Response:
    """What we keep about them, and the buttons. Looking changes nothing.

    ---
    summary: What we keep about a resident, for their own eyes, with a link that they hold
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    with session(SOMEBODY) as s:
        one = own_page(s, request.path_params["token"])
    return drawn(request, one) if one else ended()


def drawn(request: Request, one: OwnPage, trouble: str = "", status: int = 200) -> Response:
    """The page; ``trouble`` is why something was not done."""
    base = f"/mine/{request.path_params['token']}"
    return shown(
        "mine.html", status, title=_("Your page"), one=one, facts=facts(one), base=base, trouble=trouble,
        thanks=thanks().get(request.query_params.get("said", ""), ""), kinds=own_note_names(), purposes=purpose_names(),
        named=purpose_name, standing=standing_words, day=said_day, publisher=settings().publisher,
        is_confirmed=one.person.status == "active",
    )  # fmt: skip


def press(request: Request, typed: Typed) -> Response:
    """Do what the pressed button says; a second press finds it done.

    ---
    summary: A resident says yes or no, that all is right, takes an offer or a wish back, or says it in other words
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties:
              deed: {type: string, enum: [right, "yes", "no", end_offer, let_wish_go, say_offer, say_wish]}
              about: {type: string}
              words: {type: string}
              version: {type: string}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      404: {$ref: "#/components/responses/page"}
      422: {$ref: "#/components/responses/page"}
    """
    version = typed.get("version", "")
    pressed = Pressed(typed.get("deed", ""), typed.get("about", ""), typed.get("words", ""),
                      int(version) if version.isascii() and version.isdigit() else None)  # fmt: skip
    try:
        with session(SOMEBODY) as s:
            done = answer(s, request.path_params["token"], pressed)
    except (BadRequest, Conflict) as error:
        return not_done(request, str(error))
    return RedirectResponse(address(request, said=pressed.deed), 303) if done else ended()


def not_done(request: Request, trouble: str) -> Response:
    """The page again, with what was wrong."""
    with session(SOMEBODY) as s:
        one = own_page(s, request.path_params["token"])
    return drawn(request, one, trouble, 422) if one else ended()


def card(request: Request) -> Response:
    """The address as a square code, on a card to print: no name stands on it.

    ---
    summary: A card with the address of a resident's own page, to print
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    with session(SOMEBODY) as s:
        if holder(s, request.path_params["token"]) is None:
            return ended()
    url = settings().public_url + address(request)
    picture = segno.make(url, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return shown("mine_card.html", title=_("Your own page"), picture=picture, url=url, publisher=settings().publisher)


def ask_forget(request: Request) -> Response:
    """What it means to be forgotten, and the button.

    ---
    summary: What it means to be forgotten, before a resident presses the button
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    with session(SOMEBODY) as s:
        one = own_page(s, request.path_params["token"])
    if one is None:
        return ended()
    return shown("mine_forget.html", title=_("Forget me"), back=address(request), days=erasures.BACKUP_DAYS,
                 publisher=settings().publisher)  # fmt: skip


def be_forgotten(request: Request, _typed: Typed) -> Response:
    """Forget the resident: gone from every page at once, erased within the hour.

    ---
    summary: A resident is forgotten
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    with session(SOMEBODY) as s:
        done = forget(s, request.path_params["token"])
    if not done:
        return ended()
    return plain_page(
        _("You are forgotten"),
        _("Nobody here sees anything about you any more. Within the hour it is erased; copies for emergencies are "
          "thrown away within {days} days, and nobody is brought back from them.").format(days=erasures.BACKUP_DAYS),
        _("This link opens nothing any more. Thank you for what you shared."),
    )  # fmt: skip


def everything(request: Request) -> Everything | None:
    """What the link lets its holder take away."""
    with session(SOMEBODY) as s:
        who = holder(s, request.path_params["token"])
        return own_everything(s, who) if who else None


def given(request: Request, made: Callable[[Everything], Response], name: str) -> Response:
    """A file to keep, under a name that says nothing of whose it is."""
    found = everything(request)
    if found is None:
        return ended()
    answered = made(found)
    answered.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answered


def take_page(request: Request) -> Response:
    """Everything to read.

    ---
    summary: What we keep about a resident, as a page to keep
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    return given(request, lambda found: HTMLResponse(as_page(found)), "everything.html")


def take_json(request: Request) -> Response:
    """Everything for machines.

    ---
    summary: What we keep about a resident, as JSON
    responses:
      200: {description: What we keep., content: {application/json: {schema: {type: object}}}}
      404: {$ref: "#/components/responses/page"}
    """

    def written(found: Everything) -> Response:
        told = json.dumps(as_json(found), indent=2, ensure_ascii=False, default=str)
        return Response(told, media_type="application/json")

    return given(request, written, "everything.json")


ROUTES = writing(
    Route("/mine/{token}", look, methods=["GET"]),
    Route("/mine/{token}", of_form(press, MOST_BYTES), methods=["POST"]),
    Route("/mine/{token}/card", card, methods=["GET"]),
    Route("/mine/{token}/forget", ask_forget, methods=["GET"]),
    Route("/mine/{token}/forget", of_form(be_forgotten), methods=["POST"]),
    Route("/mine/{token}/everything.html", take_page, methods=["GET"]),
    Route("/mine/{token}/everything.json", take_json, methods=["GET"]),
)

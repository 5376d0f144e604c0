"""A group's own contact answers for its record by a link: ``/still-right/{token}``, without an account or a script.

Looking never changes anything, because programs that scan mail follow every link; a button does. Whatever is wrong with
a link, the answer is the same.
"""

from datetime import date

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from abcd.access.tokens import fingerprint
from abcd.api.answers import plain_page
from abcd.api.forms import Typed, of_form, shown
from abcd.api.guarding import PER_LINK, TRAP, Judged, judged, stamped
from abcd.api.suggestion_form import MOST_BYTES, correction_fields, labels, said, suggestion_of
from abcd.api.writing import writing
from abcd.assets.consent import wording
from abcd.assets.moderating import live_values
from abcd.assets.still_right import GROUP, OwnRecord, answer, own_record, suggest
from abcd.config import settings
from abcd.core.language import _, chosen
from abcd.db.session import session
from abcd.errors import BadRequest

#: What is told of a record, in this order.
TOLD = ("name", "description", "opening_hours", "cost", "step_free", "address", "postcode", "phone", "email", "website")


def ended() -> Response:
    """One answer for a link that is unknown, over, taken back, replaced, or whose group is no more."""
    gone = _("This link does not work: it is older than sixty days, was replaced by a newer one, or is not complete.")
    ask = _("Ask {publisher} for a new one.").format(publisher=settings().publisher)
    return plain_page(_("Link ended"), gone, ask, status=404)


def found(request: Request) -> OwnRecord | None:
    """What the link of this request opens."""
    with session(GROUP) as s:
        return own_record(s, request.path_params["token"])


def look(request: Request) -> Response:
    """What we say of the group, and the buttons. Looking changes nothing.

    ---
    summary: What we say of a group, for its own contact
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    one = found(request)
    return shown_record(one, request.path_params["token"]) if one else ended()


def shown_record(one: OwnRecord, token: str) -> Response:
    """The page of a record, with what was answered last."""
    values, titles = live_values(one.asset), labels()
    facts = [(titles[name], said(name, values[name])) for name in TOLD if values[name] not in ("", "unknown")]
    return shown(
        "still_right.html", title=one.asset.name, facts=facts, thanks=thanks(one),
        change=f"/still-right/{token}/changed", has_contact=bool(one.asset.phone or one.asset.email),
        shows=one.shows_contact, wording=wording(), publisher=settings().publisher,
        checked=said_day(one.asset.line.assured_on), is_sensitive=one.asset.line.is_sensitive,
    )  # fmt: skip


def said_day(day: date | None) -> str:
    """A day in figures, ``""`` for none."""
    return day.strftime("%d/%m/%Y") if day else ""


def thanks(one: OwnRecord) -> str:
    """What became of the last answer, ``""`` before the first."""
    said_before = {
        "right": _("Thank you. We have written down that it is right."),
        "changed": _("Thank you. Somebody looks at your changes; until then everything stays as it is."),
        "closed": _("Thank you for telling us. Somebody looks and then takes it off. A slip? Press “Still right”."),
        "agree": _("Thank you. Your telephone number and e-mail are shown from now on."),
        "withdraw": _("Your telephone number and e-mail are no longer shown."),
    }  # fmt: skip
    return said_before.get(one.answer, "")


def press(request: Request, typed: Typed) -> Response:
    """Do what the pressed button says; a second press finds it done.

    ---
    summary: A group says that its record is right, that it has closed, or whether its contact may be shown
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema: {type: object, properties: {answer: {type: string, enum: [right, closed, agree, withdraw]}}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      400: {$ref: "#/components/responses/refused"}
      404: {$ref: "#/components/responses/page"}
    """
    with session(GROUP) as s:
        done = answer(s, request.path_params["token"], typed.get("answer", ""))
    return RedirectResponse(f"/still-right/{request.path_params['token']}?lang={chosen()}", 303) if done else ended()


def change(request: Request) -> Response:
    """The form to say what has changed.

    ---
    summary: The form in which a group says what has changed
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/page"}}
    """
    one, token = found(request), request.path_params["token"]
    return drawn(one, token, {}, Judged(stamp=stamped(about(token)))) if one else ended()


def about(token: str) -> str:
    """What the stamp of the form is for."""
    return f"still right {fingerprint(token)}"


def drawn(one: OwnRecord, token: str, typed: Typed, told: Judged) -> Response:
    """The form with what was typed, and a sentence when something is to be mended."""
    hidden = ("address", "postcode") if one.asset.line.is_sensitive else ()
    result = shown(
        "still_right_change.html", told.status, title=_("What has changed?"), name=one.asset.name, typed=typed,
        fields=correction_fields(live_values(one.asset), hidden), stamp=told.stamp, trap=TRAP, trouble=told.trouble,
        back=f"/still-right/{token}", publisher=settings().publisher,
    )  # fmt: skip
    if told.wait:
        result.headers["Retry-After"] = str(told.wait)
    return result


def send(request: Request, typed: Typed) -> Response:
    """Keep what the group wants changed for an officer to look at.

    ---
    summary: A group says what has changed
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties: {opening_hours: {type: string}, own_words: {type: string}, stamp: {type: string}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      404: {$ref: "#/components/responses/page"}
      422: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    one, token = found(request), request.path_params["token"]
    if one is None:
        return ended()
    told = judged(request, typed, about(token), (PER_LINK, fingerprint(token)), [typed.get("own_words", "")])
    if told.trouble:
        return drawn(one, token, typed, told)
    seen = {name: str(value) for name, value in live_values(one.asset).items()}
    suggestion = suggestion_of(
        typed, "correction", "group", seen=seen, asset_id=one.asset.id, kept_apart=told.kept_apart
    )
    try:
        with session(GROUP) as s:
            is_kept = suggest(s, token, suggestion, key=told.key)
    except BadRequest as error:
        return drawn(one, token, typed, Judged(trouble=str(error), status=422, stamp=told.stamp))
    return RedirectResponse(f"/still-right/{token}?lang={chosen()}", 303) if is_kept else ended()


ROUTES = writing(
    Route("/still-right/{token}", look, methods=["GET"]),
    Route("/still-right/{token}", of_form(press), methods=["POST"]),
    Route("/still-right/{token}/changed", change, methods=["GET"]),
    Route("/still-right/{token}/changed", of_form(send, MOST_BYTES), methods=["POST"]),
)

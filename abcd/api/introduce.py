"""Whoever reads a shared map tells us that somebody might like to talk: ``/shared/{slug}/introduce``, and below /open.

A plain form without an account and without a script, which asks nothing about that person and has no field for it. What
comes back is a reference to give to them. It stands in the answer alone, and in no address.
"""

from uuid import UUID

from limits import RateLimitItemPerHour
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.api.forms import Typed, of_form, shown
from abcd.api.guarding import TRAP, Judged, judged, stamped
from abcd.api.shared_map.opened import Opened, opened
from abcd.api.writing import writing
from abcd.config import settings
from abcd.connections.register import KEPT, Suggested, association_of, suggest_somebody
from abcd.connections.sources import source_names
from abcd.core.language import _
from abcd.db.naming import called
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Place
from abcd.errors import BadRequest
from abcd.maps.sharing.record import PREVIEW

PER_SHARE = RateLimitItemPerHour(60, namespace="introductions of a share")


def places_of(here: Opened) -> dict[str, str]:
    """The places of a shared map by id, to say roughly where: none when it is of everywhere."""
    with here.reader.reading() as s:
        rows = s.execute(select(Place.id, called(Place)).where(Place.id.in_(here.share.places)).order_by(called(Place)))
        return {str(key): name for key, name in rows}


def form(request: Request) -> Response:
    """The form.

    ---
    summary: The form to tell us that somebody might like to talk; it asks nothing about them
    responses:
      200: {$ref: "#/components/responses/page"}
      404: {$ref: "#/components/responses/refused"}
    """
    here = opened(request)
    return drawn(here, {}, Judged(stamp=stamped(stamp_for(here))))


def stamp_for(here: Opened) -> str:
    """What the stamp of the form is for."""
    return f"introduce {here.share.id}"


def drawn(here: Opened, typed: Typed, said: Judged) -> Response:
    """The form with what was chosen, and a sentence when something is to be mended."""
    answer = shown(
        "introduce.html", said.status, title=_("Somebody might like to talk to us"), sources=source_names(),
        places=places_of(here), typed=typed, stamp=said.stamp, trap=TRAP, trouble=said.trouble, back=here.home,
        publisher=settings().publisher, days=KEPT.days, is_preview=here.share.kind == PREVIEW,
    )  # fmt: skip
    if said.wait:
        answer.headers["Retry-After"] = str(said.wait)
    return answer


def send(request: Request, typed: Typed) -> Response:
    """Keep the source and the day, and give the reference back; sent twice it is one, with one reference.

    ---
    summary: Tell us that somebody might like to talk
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties: {source_kind: {type: string}, place: {type: string}, stamp: {type: string}}
    responses:
      200: {$ref: "#/components/responses/page"}
      404: {$ref: "#/components/responses/refused"}
      422: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    here = opened(request)
    if here.share.kind == PREVIEW:
        return drawn(here, typed, Judged(trouble=_("This is a preview: nothing is sent from here."), status=422,
                                         stamp=typed.get("stamp", "")))  # fmt: skip
    said = judged(request, typed, stamp_for(here), (PER_SHARE, str(here.share.id)), ())
    if said.trouble:
        return drawn(here, typed, said)
    try:
        reference = kept(here, typed, said)
    except BadRequest as error:
        return drawn(here, typed, Judged(trouble=str(error), status=422, stamp=said.stamp))
    return shown("introduced.html", title=_("Thank you"), reference=reference, back=here.home, days=KEPT.days,
                 contact=here.share.contact, publisher=settings().publisher)  # fmt: skip


def kept(here: Opened, typed: Typed, said: Judged) -> str:
    """Put it where coordinators find it; the reference."""
    told = Suggested(typed.get("source_kind", ""), place_in(here, typed.get("place", "")),
                     share_id=here.share.id, kept_apart=said.kept_apart)  # fmt: skip
    with session(SYSTEM) as s:
        association = association_of(s, here.share.made_by)
    by = Actor(here.reader.name, "partner_viewer", organisation_id=str(association))
    with session(by) as s:
        return suggest_somebody(s, told, association, key=said.key, by=by)


def place_in(here: Opened, asked: str) -> UUID | None:
    """The place that was chosen, or the only one there is.

    Raises:
        BadRequest: it is none of this map.
    """
    if not asked:
        return here.share.places[0] if len(here.share.places) == 1 else None
    if asked not in map(str, here.share.places):
        raise BadRequest(_("Choose one of the places that are offered."))
    return UUID(asked)


ROUTES = writing(
    *(Route(f"/{base}/{{slug}}/introduce", form, methods=["GET"]) for base in ("shared", "open")),
    *(Route(f"/{base}/{{slug}}/introduce", of_form(send), methods=["POST"]) for base in ("shared", "open")),
)

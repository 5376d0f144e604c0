"""A reader of a shared map suggests a correction or an addition: ``/shared/{slug}/suggest``, and the same below /open.

A plain form without an account and without a script. Nothing of it is live until an officer approves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from abcd.api.forms import Typed, of_form, shown
from abcd.api.guarding import PER_SHARE, TRAP, Judged, judged, stamped
from abcd.api.shared_map.opened import Opened, opened
from abcd.api.suggestion_form import MOST_BYTES, Field, addition_fields, correction_fields, suggestion_of
from abcd.api.writing import writing
from abcd.assets.contributions import contribute
from abcd.config import settings
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.errors import BadRequest, NotFound
from abcd.maps.asked import Asked
from abcd.maps.listing import listed_layers
from abcd.maps.one_asset import asset_of
from abcd.maps.sharing.record import PREVIEW

#: What the layers call the columns that somebody may correct.
PROPERTIES = {
    "name": "name", "opening_hours": "schedule_text", "cost": "cost", "step_free": "step_free", "status": "status",
    "address": "venue_address", "postcode": "venue_postcode", "phone": "phone", "email": "email",
    "website": "website", "description": "description",
}  # fmt: skip


@dataclass(frozen=True)
class About:
    """What a form is about: an asset as this reader sees it, or something that is missing."""

    here: Opened
    asset_id: UUID | None
    name: str
    now: Mapping[str, str]
    fields: list[Field]

    @property
    def kind(self) -> str:
        """As in ``Contribution.kind``."""
        return "correction" if self.asset_id else "addition"

    @property
    def stamp_for(self) -> str:
        """What the stamp of the form is for."""
        return f"{self.here.share.id} {self.asset_id or 'new'}"

    @property
    def query(self) -> str:
        """The query of the form's own address, without a language."""
        return f"asset={self.asset_id}" if self.asset_id else ""


def about(request: Request) -> About:
    """What is asked about.

    Raises:
        ShareEnded: the share has.
        NotFound: this reader sees no such asset, or no assets at all.
    """
    here, asked = opened(request), request.query_params.get("asset", "")
    with here.reader.reading() as s:
        if not listed_layers(here.reader):
            raise NotFound("There is nothing at this address.")
        if not asked:
            return About(here, None, "", {}, addition_fields(s))
        row = asset_of(s, here.reader, key_in(asked), Asked())
    now = {name: str(row.get(named) or "") for name, named in PROPERTIES.items()}
    hidden = tuple(name for name in ("address", "postcode", "phone", "email") if not now[name])
    return About(here, row["id"], row["name"], now, correction_fields(now, hidden))


def key_in(text: str) -> UUID:
    """The key of an asset in an address.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is nothing at this address.") from error


def form(request: Request) -> Response:
    """The form, or thanks when it was sent.

    ---
    summary: The form to suggest a correction (with an asset) or an addition (without)
    parameters:
      - {name: asset, in: query, description: id of the asset to correct, schema: {type: string}}
      - {name: sent, in: query, schema: {type: string}}
    responses:
      200: {$ref: "#/components/responses/page"}
      404: {$ref: "#/components/responses/refused"}
    """
    one = about(request)
    if request.query_params.get("sent"):
        return shown("suggested.html", title=_("Thank you"), keep="sent=1", back=one.here.home)
    return drawn(one, {}, Judged(stamp=stamped(one.stamp_for)))


def drawn(one: About, typed: Typed, said: Judged) -> Response:
    """The form with what was typed, and a sentence when something is to be mended."""
    title = _("Suggest a correction") if one.asset_id else _("Suggest an addition")
    answer = shown(
        "suggest.html", said.status, title=title, one=one, fields=one.fields, typed=typed, stamp=said.stamp, trap=TRAP,
        trouble=said.trouble, keep=one.query, back=one.here.home, publisher=settings().publisher,
        is_preview=one.here.share.kind == PREVIEW,
    )  # fmt: skip
    if said.wait:
        answer.headers["Retry-After"] = str(said.wait)
    return answer


def send(request: Request, typed: Typed) -> Response:
    """Keep the suggestion for an officer to look at, or show the form again with what was typed.

    ---
    summary: Suggest a correction or an addition
    parameters:
      - {name: asset, in: query, description: id of the asset to correct, schema: {type: string}}
    requestBody:
      content:
        application/x-www-form-urlencoded:
          schema:
            type: object
            properties:
              {name: {type: string}, opening_hours: {type: string}, own_words: {type: string}, stamp: {type: string}}
    responses:
      303: {$ref: "#/components/responses/onwards"}
      404: {$ref: "#/components/responses/refused"}
      422: {$ref: "#/components/responses/page"}
      429: {$ref: "#/components/responses/page"}
    """
    one = about(request)
    if one.here.share.kind == PREVIEW:
        return drawn(one, typed, Judged(trouble=_("This is a preview: nothing is sent from here."), status=422,
                                        stamp=typed.get("stamp", "")))  # fmt: skip
    words = [typed.get(name, "") for name in ("own_words", "description", "role_words", "name", "opening_hours")]
    said = judged(request, typed, one.stamp_for, (PER_SHARE, str(one.here.share.id)), words)
    if said.trouble:
        return drawn(one, typed, said)
    try:
        kept(one, typed, said)
    except BadRequest as error:
        return drawn(one, typed, Judged(trouble=str(error), status=422, stamp=said.stamp))
    query = "&".join(filter(None, ("sent=1", one.query, f"lang={one.here.lang}" if one.here.lang else "")))
    return RedirectResponse(f"{one.here.base}/suggest?{query}", 303)


def kept(one: About, typed: Typed, said: Judged) -> None:
    """Put it where officers find it."""
    share: Any = one.here.share
    suggestion = suggestion_of(
        typed, one.kind, "open map" if share.is_open else "shared map", seen=one.now, asset_id=one.asset_id,
        kept_apart=said.kept_apart, share_id=share.id, place_ids=() if one.asset_id else one.here.reader.places,
    )  # fmt: skip
    by = Actor(one.here.reader.name, "partner_viewer")
    with session(by) as s:
        contribute(s, suggestion, key=said.key, by=by)


ROUTES = writing(
    *(Route(f"/{base}/{{slug}}/suggest", form, methods=["GET"]) for base in ("shared", "open")),
    *(Route(f"/{base}/{{slug}}/suggest", of_form(send, MOST_BYTES), methods=["POST"]) for base in ("shared", "open")),
)

"""A receipt of a share: what was shared, with whom, until when; to print and to file, without any secret."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.api.forms import shown
from abcd.config import settings
from abcd.core.clock import LOCAL, today
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.maps.sharing.counting import leaving
from abcd.maps.sharing.listing import Listed, share_listed
from abcd.maps.sharing.wording import audience_name, kind_name, state_name


def receipt(request: Request) -> Response:
    """What was shared, with whom, until when.

    ---
    summary: The receipt of a share
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/refused"}}
    """
    actor: Actor = request.state.actor
    with session(actor, patient=True) as s:
        one = share_listed(s, request.path_params["share_id"], by=actor)
        counted = leaving(s, one.share.reader())
    return shown(
        "receipt.html", title=_("Receipt of what was shared"), lines=lines(one), counted=counted,
        publisher=settings().publisher, day=f"{today():%d.%m.%Y}",
    )  # fmt: skip


def lines(one: Listed) -> list[tuple[str, str]]:
    """What the receipt says, line by line."""
    share = one.share
    made, until = (f"{moment.astimezone(LOCAL):%d.%m.%Y, %H:%M}" for moment in (share.made_at, share.expires_at))
    ended = share.revoked_at and f"{share.revoked_at.astimezone(LOCAL):%d.%m.%Y, %H:%M}"
    said = [
        (_("What"), share.title), (_("In words"), share.words), (_("With whom"), share.partner or _("Nobody named")),
        (_("How"), kind_name(share.kind)), (_("For whom it is meant"), audience_name(share.audience)),
        (_("Where"), ", ".join(one.place_names) or _("every place")), (_("Shared by"), share.made_by),
        (_("Shared on"), made), (_("Until"), until), (_("How it stands"), state_name(one.state)),
        (_("Taken back on"), ended or ""), (_("Whom to ask"), share.contact),
        (_("Sites that may show it"), ", ".join(share.embed_hosts)),
        (_("Last used"), f"{share.last_used_day:%d.%m.%Y}" if share.last_used_day else _("never")),
        (_("Number"), str(share.id)),
    ]  # fmt: skip
    return [(name, value) for name, value in said if value]


ROUTES = [Route("/shares/{share_id:uuid}/receipt", receipt, methods=["GET"])]

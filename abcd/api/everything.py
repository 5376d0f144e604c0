"""Everything held about one person, for a keeper to hand to them: a page to read, and JSON (trust.md P25)."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import require
from abcd.api.downloads import attached
from abcd.core.language import _
from abcd.db.session import session
from abcd.errors import NotFound
from abcd.people.giving import as_json, readable
from abcd.people.whereabouts import everything_about

#: Format -> how it is made, and its media type.
MADE = {"json": (as_json, "application/json"), "html": (readable, "text/html")}


def everything(request: Request) -> Response:
    """Everything about a person, made when it is asked for and kept nowhere; the trail notes that it was.

    The name of the file says nothing of whom it is about.

    ---
    summary: Everything held about one person, to hand to them
    responses:
      200:
        description: A page to read, or JSON.
        content: {text/html: {schema: {type: string}}, application/json: {schema: {type: object}}}
      404: {$ref: "#/components/responses/refused"}
    """
    asked, actor = request.path_params["format"], request.state.actor
    require(actor, "give_all_data", "person")
    if asked not in MADE:
        raise NotFound(_("It can be had as html or json."))
    made, media_type = MADE[asked]
    with session(actor, patient=True) as s:
        found = everything_about(s, request.path_params["person_id"], by=actor)
    headers = attached(f"everything.{asked}") | {"Cache-Control": "private, no-store"}
    return Response(made(found), media_type=media_type, headers=headers)


ROUTES = [Route("/export/person/{person_id:uuid}/everything.{format}", everything, methods=["GET"])]

"""A walking sheet to print: doors in walking order, what to look for, boxes to tick and room to write."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from abcd.core.html import page
from abcd.core.language import LANGUAGES, chosen
from abcd.db.session import Actor, session
from abcd.gaps.sheets import sheet
from abcd.gaps.wording import day_words


def walking_sheet(request: Request) -> Response:
    """One round of questions as a page for paper; no resident is named, telephones only for those who may see them.

    ---
    summary: A walking sheet to print
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/refused"}}
    """
    actor: Actor = request.state.actor
    with session(actor) as s:
        one = sheet(s, request.path_params["sheet_id"])
    others = {code: name for code, name in LANGUAGES.items() if code != chosen()}
    made = page("asking_sheet.html", sheet=one, day=day_words(one.made_on), minutes=round(one.minutes), others=others)
    return HTMLResponse(made, headers={"Cache-Control": "private, no-store"})


ROUTES = [Route("/sheets/{sheet_id:uuid}", walking_sheet, methods=["GET"])]

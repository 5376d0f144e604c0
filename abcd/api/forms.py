"""Plain HTML forms, which work without a script: what was typed, where the answer leads, in which language."""

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import parse_qsl, urlsplit

from anyio.to_thread import run_sync
from babel import negotiate_locale
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from abcd.core.html import page
from abcd.core.language import LANGUAGES, chosen
from abcd.errors import BadRequest

Typed = dict[str, str]
"""What was typed into a form, by field."""

MOST_BYTES, MOST_FIELDS = 16 * 1024, 20


async def typed_in(request: Request, most_bytes: int = MOST_BYTES) -> Typed:
    """The fields of a posted form.

    Raises:
        BadRequest: there is more than a form of ours holds.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise BadRequest("This is more than the form holds. Go back and type less.")
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("This is not a form of ours. Go back and try again.") from error
    return {name: value.replace("\0", "") for name, value in fields}


def of_form(
    act: Callable[[Request, Typed], Response], most_bytes: int = MOST_BYTES
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads its form and then acts in a thread of its own."""

    @wraps(act)
    async def endpoint(request: Request) -> Response:
        return await run_sync(act, request, await typed_in(request, most_bytes))

    return endpoint


def language_of(connection: HTTPConnection) -> str:
    """The language of a plain page: the one in the address, else the first that the browser asks for and we have."""
    asked = connection.query_params.get("lang", "")
    accepted = [part.split(";")[0].strip().lower() for part in connection.headers.get("accept-language", "").split(",")]
    return asked if asked in LANGUAGES else negotiate_locale(accepted, list(LANGUAGES), sep="-") or "en"


def shown(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page from a template; ``trouble`` is what went wrong, in words."""
    return HTMLResponse(page(template, **{"trouble": "", "next": "/", **values}), status)


def local(address: str) -> str:
    """Where to go on, when it is an address of ours; else the start page."""
    parts = urlsplit(address)
    ours = address.startswith("/") and not address.startswith("//") and not parts.scheme and not parts.netloc
    return address if ours and address.isprintable() and "\\" not in address else "/"


def onwards(address: str) -> RedirectResponse:
    """Go on with a GET, in the language in use."""
    where = local(address)
    if chosen() != "en" and "lang=" not in where:
        where += ("&" if "?" in where else "?") + f"lang={chosen()}"
    return RedirectResponse(where, 303)


def browser_name(request: HTTPConnection) -> str:
    """The browser and the kind of machine in two words, so that somebody knows their own session again."""
    agent = request.headers.get("user-agent", "")
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    machines = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac",
                "Linux": "Linux"}  # fmt: skip
    found = [next((name for mark, name in one.items() if mark in agent), "") for one in (browsers, machines)]
    return ", ".join(filter(None, found))

"""The door of shares: a link is swapped for a cookie, and every address of a share asks the store whether it lives.

Whatever is wrong with a link, a name, a cookie or a key, the answer is the same to the byte: ``ShareEnded`` (P14).
"""

import hmac
from datetime import UTC, datetime, timedelta

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from abcd.access.holder import holder_of
from abcd.access.sealing import SHARE_FILE, keyed
from abcd.api.cookies import cookie_of, is_secure
from abcd.errors import ShareEnded
from abcd.maps.reader import Reader
from abcd.maps.sharing import Share, share_by_slug, share_by_token
from abcd.maps.sharing.opening import new_slug
from abcd.maps.sharing.previews import PREFIX, preview
from abcd.maps.sharing.record import PREVIEW

COOKIE = "abcd_share"
SECURE_COOKIE = "__Secure-abcd_share"
"""Over TLS: a browser takes a cookie of this name over TLS alone."""
#: A browser that was let in comes back with the link after so long.
LET_IN_FOR = timedelta(hours=12)
OPEN_TO_ANYBODY = ("/open/", "/embed/")


def share_of(request: HTTPConnection) -> Share:
    """The live share that this request comes through; ask it for every answer, for it may end at any moment.

    By its name in the address for an open share, by name and cookie for a link, by a key in the headers for a feed.

    Raises:
        ShareEnded: there is none, whatever the reason.
        StoreUnavailable: the store does not answer.
    """
    slug = request.path_params.get("slug")
    if slug is None:
        share = share_by_token(key_of(request), "feed")
    elif request.scope["path"].startswith(OPEN_TO_ANYBODY):
        share = share_by_slug(slug, "open")
    elif slug.startswith(PREFIX):
        share = previewed(request, slug)
    else:
        share = share_by_slug(slug if was_let_in(request, slug) else new_slug(), "link")
    if share is None:
        raise ShareEnded
    # ``abcd.api.caps`` counts by share once its door let somebody in.
    request.scope.setdefault("state", {})["share"] = share
    return share


def reader_of(request: HTTPConnection) -> Reader:
    """Who reads: through the share of the address or of the key; without either, anybody.

    Raises:
        ShareEnded: as ``share_of``.
        StoreUnavailable: the store does not answer.
    """
    if "slug" in request.path_params or key_of(request):
        return share_of(request).reader()
    return Reader.public()


def key_of(request: HTTPConnection) -> str:
    """The key that a feed was asked with, ``""`` for none: in a header, never in an address."""
    scheme, _gap, bearer = request.headers.get("authorization", "").partition(" ")
    return request.headers.get("x-api-key", "").strip() or (bearer.strip() if scheme.lower() == "bearer" else "")


def previewed(request: HTTPConnection, slug: str) -> Share | None:
    """What an officer looks at before it is shared: theirs alone, while they are signed in."""
    found = preview(slug)
    actor = holder_of(cookie_of(request)) if found else None
    return found[0] if found and actor and actor.account_id == found[1] else None


def frame_ancestors(share: Share, *, embedded: bool = False) -> str:
    """What may frame a page of this share, as ``frame-ancestors`` of its policy says it: our own page of a preview,
    an embedded one the hosts that were named, and else nothing."""
    if share.kind == PREVIEW:
        return "'self'"
    return " ".join(share.embed_hosts) if embedded and share.embed_hosts else "'none'"


def cookie_name(secure: bool) -> str:
    """What the cookie of a share is called, over TLS or not."""
    return SECURE_COOKIE if secure else COOKIE


def let_in(slug: str, until: datetime) -> str:
    """The cookie's value of whoever opened the link of a share: good until then, for this share alone."""
    ends = f"{int(until.timestamp()):x}"
    return f"{ends}.{keyed(f'let in {slug} {ends}', SHARE_FILE)}"


def was_let_in(request: HTTPConnection, slug: str) -> bool:
    """Whether this browser opened the link of the share within the last hours. It takes as long for any cookie."""
    ends, _dot, mark = request.cookies.get(cookie_name(is_secure(request)), "").partition(".")
    is_ours = hmac.compare_digest(keyed(f"let in {slug} {ends}", SHARE_FILE).encode(), mark.encode())
    return is_ours and int(ends, 16) > datetime.now(UTC).timestamp()


def swap(request: Request) -> Response:
    """Swap the secret of a link for a cookie, and go on to an address that tells nothing.

    The link opens as often as somebody follows it, because programs that look at mail follow it first.

    ---
    summary: Open a shared map by its link
    responses: {303: {$ref: "#/components/responses/onwards"}, 404: {$ref: "#/components/responses/refused"}}
    """
    share = share_by_token(request.path_params["token"])
    if share is None:
        raise ShareEnded
    where, secure = f"/shared/{share.slug}", is_secure(request)
    until = min(datetime.now(UTC) + LET_IN_FOR, share.expires_at)
    answer = RedirectResponse(where, 303)
    answer.set_cookie(
        cookie_name(secure), let_in(share.slug, until), max_age=int(LET_IN_FOR.total_seconds()), path=where,
        httponly=True, samesite="lax", secure=secure,
    )  # fmt: skip
    return answer


ROUTES = [Route("/s/{token:path}", swap, methods=["GET"])]

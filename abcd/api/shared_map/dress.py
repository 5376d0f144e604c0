"""How the pages of a shared map leave: their own strict policy, who may frame them, squeezed, never kept."""

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response

from abcd.api.headers import origin_of
from abcd.api.sharing import frame_ancestors
from abcd.config import settings
from abcd.core.html import page
from abcd.core.language import chosen
from abcd.maps.sharing import Share

#: Nothing but our own files; no style stands inside a page, and no script.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
#: What leaves is squeezed when it is longer than a packet.
SQUEEZED = [Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)]


def policy_of(share: Share, *, embedded: bool = False) -> str:
    """The Content-Security-Policy of a page; the only other host is that of a basemap which the owner configured."""
    here = settings()
    basemap = " ".join(filter(None, (origin_of(here.tile_url), origin_of(here.pmtiles))))
    added = {"img-src": basemap, "connect-src": basemap}
    parts = [f"{name} {value} {added.get(name, '')}".strip() for name, value in POLICY.items()]
    return "; ".join([*parts, f"frame-ancestors {frame_ancestors(share, embedded=embedded)}"])


def shown(template: str, share: Share, *, status: int = 200, embedded: bool = False, **values: object) -> Response:
    """A page of a share from ``templates/shared``."""
    answer = HTMLResponse(page(f"shared/{template}", share=share, embedded=embedded, **values), status)
    answer.headers["Content-Security-Policy"] = policy_of(share, embedded=embedded)
    answer.headers["Content-Language"] = chosen()
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""Security headers on every answer (trust.md R13): nothing from another host, nowhere framed, nothing guessed."""

from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from abcd.config import Settings, settings

#: What the browser may load. Streamlit needs inline styles (it writes its theme as style elements) and blob: for the
#: scripts of its components and workers.
POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob: 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
}
#: What Streamlit keeps for a session, and its uploads.
UNKEPT = ("/media/", "/_stcore/")
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def origin_of(url: str) -> str:
    """``https://tiles.example`` of ``https://{s}.tiles.example/...``: a wildcard host where the template has one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.scheme and parts.netloc else ""


def content_policy(chosen: Settings, inline: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy; the only other hosts are those of a basemap that the owner configured.

    ``inline`` are scripts that may stand inside a page, allowed by their hash alone.
    """
    basemap = " ".join(filter(None, (origin_of(chosen.tile_url), origin_of(chosen.pmtiles))))
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in inline)
    added = {"img-src": basemap, "connect-src": basemap, "script-src": hashes}
    return "; ".join(f"{name} {value} {added.get(name, '')}".strip() for name, value in POLICY.items())


class SecurityHeaders:
    """Adds the headers to every answer; one that a route set itself stays."""

    def __init__(self, app: ASGIApp, inline: tuple[str, ...] = ()) -> None:
        self.app = app
        policy = content_policy(settings(), inline)
        self.headers = {**ALWAYS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and dress what comes back; a refused handshake is an answer too."""
        accepted = False

        async def dressed(message: Message) -> None:
            nonlocal accepted
            kind = message["type"]
            accepted = accepted or kind == "websocket.accept"
            if kind == "websocket.close" and not accepted and "websocket.http.response" in scope.get("extensions", {}):
                await send(self.dress(scope, {"type": "websocket.http.response.start", "status": 403, "headers": []}))
                return await send({"type": "websocket.http.response.body", "body": b""})
            return await send(self.dress(scope, message) if kind == "http.response.start" else message)

        await self.app(scope, receive, dressed)

    def dress(self, scope: Scope, message: Message) -> Message:
        """The start of an answer with our headers; over TLS its cookies stay under TLS."""
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        if scope["path"].startswith(UNKEPT) or headers.get("content-type", "").startswith("text/html"):
            headers["Cache-Control"] = "no-store"
        if scope.get("scheme") in ("https", "wss"):
            headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
            message["headers"] = [(name, secured(name, value)) for name, value in headers.raw]
        return message


def secured(name: bytes, value: bytes) -> bytes:
    """A header; of a cookie that forgot it, with ``Secure``."""
    is_open_cookie = name.lower() == b"set-cookie" and b"secure" not in value.lower().split(b"; ")
    return value + b"; Secure" if is_open_cookie else value

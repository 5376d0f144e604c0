"""The routes for partners and the public, in one list: the server of the pages and the public process share it.

A room that opens a door to the outside adds its ``ROUTES`` here, and its prefix to ``abcd.api.outside``. Nothing here
may need Streamlit, nor anybody who is signed in.
"""

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount

from abcd.api import (
    health,
    ical,
    introduce,
    mine,
    ogc,
    oruk,
    shared_files,
    shared_map,
    sharing,
    still_right,
    suggesting,
)
from abcd.api.answers import Files
from abcd.core.html import WEB

#: What our own folders hand out.
WEB_FILES = (".css", ".js", ".svg", ".png", ".woff2")
#: A script or a style is a third as long on the line.
SQUEEZED = [Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=6)]

#: What both processes answer: files of ours, and whether we are well.
COMMON: list[BaseRoute] = [
    *health.ROUTES,
    Mount("/vendor", Files(WEB / "vendor", (*WEB_FILES, ".mjs", ".map")), middleware=SQUEEZED),
    Mount("/web", Files(WEB, WEB_FILES, shut=("vendor/", "node_modules/", "templates/")), middleware=SQUEEZED),
]
#: What partners and strangers ask; feeds first, because programs ask most often and routes are tried one by one. All of
#: it reads as ``abcd_share_ro``; what also writes is told so by ``writing``.
PUBLIC_ROUTES: list[BaseRoute] = [
    *ogc.ROUTES, *sharing.ROUTES, *shared_files.ROUTES, *suggesting.ROUTES, *introduce.ROUTES, *shared_map.ROUTES,
    *still_right.ROUTES, *oruk.ROUTES, *ical.ROUTES, *mine.ROUTES,
]  # fmt: skip

"""One ASGI process: the pages, the maps, the files and the way in, behind one gate.

``app`` is what an ASGI server loads (``uvicorn abcd.api.server:app``); ``serve`` runs it on this machine.
"""

import gc
import importlib
import logging
import re
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import config

from abcd.api import (
    asking_sheet,
    downloads,
    drafts,
    everything,
    imports,
    invitation,
    oidc,
    openapi,
    own_account,
    receipts,
    sign_in,
    viewport,
)
from abcd.api.answers import told
from abcd.api.caps import Caps
from abcd.api.chores import scheduler
from abcd.api.decided import decided, longest_upload
from abcd.api.faults import Faults, sentence
from abcd.api.gate import SCRIPT, Gate
from abcd.api.headers import SecurityHeaders
from abcd.api.listening import listening
from abcd.api.moved import Moved
from abcd.api.public_routes import COMMON, PUBLIC_ROUTES
from abcd.api.turns import BESIDE_PAGES, Turns
from abcd.config import settings
from abcd.core import logs
from abcd.core.charts import warm_up
from abcd.core.faults import report
from abcd.db.daybreak import at_daybreak
from abcd.errors import AbcdError
from abcd.patches.due import begin_due

#: Libraries that the pages use and that take their time to load.
HEAVY = ("geopandas", "folium", "scipy.spatial", "pyarrow", "altair", "rapidfuzz")
#: The longest WebSocket frame in bytes; what pages send is a few kilobytes, a drawn edge the longest.
LONGEST_FRAME = 4_000_000
#: Seconds between two pings of a WebSocket, and until one without an answer is closed.
PING, SILENT = 20.0, 20.0

ROUTES: list[BaseRoute] = [
    *COMMON,
    *PUBLIC_ROUTES,
    *sign_in.ROUTES,
    *own_account.ROUTES,
    *invitation.ROUTES,
    *oidc.ROUTES,
    *viewport.ROUTES,
    *downloads.ROUTES,
    *everything.ROUTES,
    *imports.ROUTES,
    *drafts.ROUTES,
    *receipts.ROUTES,
    *asking_sheet.ROUTES,
]
ROUTES.append(openapi.route_of(ROUTES))


def inline_scripts() -> tuple[str, ...]:
    """What stands in script elements of Streamlit's own page."""
    shell = Path(st.__file__).parent / "static" / "index.html"
    return tuple(re.findall(r"<script>(.*?)</script>", shell.read_text(), re.DOTALL))


def allow_many_sockets() -> None:
    """As many open sockets as the system lets us: a flood of refused ones must not use them up."""
    _soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@asynccontextmanager
async def life(_app: st.App) -> AsyncIterator[None]:
    """Load the heavy libraries before the first visitor, and tell the collector to leave what was loaded alone.

    Collecting all of it again after each rerun held everybody's Python for 100 to 600 ms (stack.md 0.1).
    """
    logs.start(settings().logs, aloud=True)
    # An address may hold a sign-in token, and Streamlit switches uvicorn's access log on again.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    for name, value in decided().items():
        config.set_option(name, value)
    # Before each rerun Streamlit looks through all its settings once for each of six themes.
    config.get_options_for_section = cache(config.get_options_for_section)
    allow_many_sockets()
    for name in HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    at_daybreak(begin_due)
    chores = scheduler()
    chores.start()
    # Beside the first visitors and not before them: a start takes no longer.
    Thread(target=warm_up, name="charts", daemon=True).start()
    yield
    chores.shutdown(wait=False)


def show_fault(error: Exception) -> bool:
    """What a page says when its script failed: an error of ours as its sentence, any other as a number to quote."""
    st.error(str(error) if isinstance(error, AbcdError) else sentence(report(error, "page")), icon=":material/info:")
    return True


app = st.App(
    SCRIPT,
    routes=ROUTES,
    middleware=[
        Middleware(SecurityHeaders, inline=inline_scripts()),
        Middleware(Faults),
        Middleware(Caps, longest_upload=longest_upload()),
        Middleware(Moved),
        Middleware(Gate, routes=ROUTES),
        Middleware(Turns, at_once=BESIDE_PAGES),
    ],
    exception_handlers={AbcdError: told},
    on_script_error=show_fault,
    lifespan=life,
)


def serve(**options: Any) -> None:
    """Answer on the host and port of the settings until Ctrl-C or SIGTERM.

    ``options`` are uvicorn's, for example ``ssl_certfile``.
    """
    here = settings()
    server = listening(
        app,
        host=here.host,
        port=here.port,
        ws="websockets-sansio",
        ws_max_size=LONGEST_FRAME,
        ws_ping_interval=PING,
        ws_ping_timeout=SILENT,
        # Squeezing a hundred small messages a rerun took a tenth of its time, for a few kilobytes.
        ws_per_message_deflate=False,
        **options,
    )
    server.run()

"""How our processes listen: what uvicorn is told in each of them."""

from typing import Any

import uvicorn

from abcd.config import settings

#: Seconds an answer may still take after Ctrl-C.
LAST_ANSWERS = 5


def listening(app: Any, **options: Any) -> uvicorn.Server:
    """A server of ``app`` with ``options`` of uvicorn's own. Access is not logged: addresses carry tokens."""
    proxy = settings().trusted_proxy
    return uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=LAST_ANSWERS,
            server_header=False,
            proxy_headers=bool(proxy),
            forwarded_allow_ips=proxy or None,
            **options,
        )
    )

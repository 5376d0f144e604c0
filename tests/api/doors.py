"""The doors to the outside, behind the gate, with the headers that every answer gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.api.headers import SecurityHeaders
from abcd.api.public_routes import COMMON, PUBLIC_ROUTES
from abcd.errors import AbcdError


@contextmanager
def the_doors(**options: Any) -> Iterator[TestClient]:
    """What partners and strangers reach, in this process."""
    routes = [*COMMON, *PUBLIC_ROUTES]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders), Middleware(Gate, routes=routes)],
        exception_handlers={AbcdError: told},
    )
    with TestClient(app, follow_redirects=False, **options) as opened:
        yield opened

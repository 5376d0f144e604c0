"""Work on another store than ours as if it were ours, for as long as a block lasts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from abcd.db import session

HOME, URL = "ABCD_HOME", "ABCD_DATABASE_URL"


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """The embedded store of another home."""
    with _said({HOME: str(home), URL: ""}):
        yield


@contextmanager
def at_url(url: str) -> Iterator[None]:
    """Another database on a server of others."""
    with _said({URL: url}):
        yield


@contextmanager
def _said(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
        session.engine().dispose()
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value

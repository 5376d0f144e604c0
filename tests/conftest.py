"""A real PostGIS store for every test: one cluster a run, one database a module, cloned from a migrated template."""

import gc
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.db import embedded, migrate
from abcd.db.migrations.ownership import TEMPORARY
from abcd.db.session import Actor, engine, session

TEMPLATE = "abcd_template"
_numbers = count(1)

# How long an example takes is the machine's affair: on a crowded one it would fail whatever is asked.
settings.register_profile("crowded", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("crowded")


class Undo(Exception):
    """Leaves a session without saving."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The home folder of a running cluster, quick and not durable, with a migrated template database."""
    with tempfile.TemporaryDirectory(prefix="abcd-tests-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        embedded.up(home, durable=False)
        try:
            ask(home, f"create database {TEMPLATE} template template0")
            migrate.upgrade(embedded.url(home, database=TEMPLATE))
            yield home
        finally:
            embedded.down(home)


def ask(home: Path, statement: str) -> None:
    """Run a statement of the cluster's owner."""
    with create_engine(embedded.url(home, database="postgres"), poolclass=NullPool).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))


@cache
def copying(home: Path) -> str:
    """How a database is cloned: as files, not through the log, where the server can (a fifth less time)."""
    with create_engine(embedded.url(home, database="postgres"), poolclass=NullPool).connect() as connection:
        number = int(connection.scalar(text("show server_version_num")))
    return "strategy file_copy" if number >= 150_000 else ""


@pytest.fixture(scope="module")
def store(cluster: Path) -> Iterator[str]:
    """The URL of a fresh, empty store; ``ABCD_DATABASE_URL`` names it for the length of a module."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    ask(cluster, f"create database {name} template {TEMPLATE} {copying(cluster)}")
    url = embedded.url(cluster, database=name)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text(TEMPORARY))  # the rights on a database itself are not copied
    (cluster / name).mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_DATABASE_URL", url)
        patch.setenv("ABCD_HOME", str(cluster / name))  # keys, uploads and logs of this module, and nobody's own
        yield url
        engine().dispose()
    ask(cluster, f"drop database {name} with (force)")


@contextmanager
def as_owner(store: str) -> Iterator[Connection]:
    """A connection of the store's owner, signed, for what the app itself may not do; commits in the end."""
    with create_engine(store, poolclass=NullPool).begin() as connection:
        connection.execute(text("select set_config('abcd.actor', 'Test', false)"))
        yield connection


def emptied(store: str, tables: str) -> None:
    """Empty these tables and all that leans on them."""
    with as_owner(store) as connection:
        connection.execute(text(f"truncate {tables} cascade"))


@pytest.fixture
def s(store: str, owner: Actor) -> Iterator[Session]:
    """A session of the owner's; what it writes is rolled back after the test."""
    with suppress(Undo), session(owner) as opened:
        yield opened
        raise Undo


@pytest.fixture(scope="session")
def owner() -> Actor:
    """Somebody who may do everything."""
    return Actor("Olive Owner", "owner")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the real council files (``ABCD_REAL_DATA``, or beside the checkout).

    Without it tests skip, except in CI, where they fail.
    """
    folder = Path(os.environ.get("ABCD_REAL_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if not (folder / "MANIFEST.md").exists():
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop("the real data set is not here: set ABCD_REAL_DATA to its folder")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[object]:
    """What is loaded by the thousands of tests stays to the end: it is not searched for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


#: Tests that drive a real browser, by folder or file.
IN_A_BROWSER = ("tests/walks/", "tests/hostile/test_pages.py", "tests/hostile/test_elements.py")


#: Files that take longest and mostly wait. One goes between every few others, so that browsers do not crowd each other
#: out and no worker is left with one of them at the end.
SLOW = (
    "tests/faults/", "tests/hostile/", "tests/walks/", "tests/test_public_canary.py", "tests/cli/test_start.py",
    "tests/cli/test_millfield.py", "tests/db/backup/",
)  # fmt: skip
BETWEEN = 4


def turns(files: Iterable[str]) -> dict[str, float]:
    """When each file begins: a slow one after every few others, for as long as there are slow ones."""
    known = list(files)
    slow = [file for file in known if file.startswith(SLOW)]
    others = [file for file in known if not file.startswith(SLOW)]
    return {file: at * BETWEEN - 0.5 for at, file in enumerate(slow)} | {file: at for at, file in enumerate(others)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a crowded machine may miss a moment: a walk that fails is walked again, the rest tried once more.

    The run names each that needed it: what fails now and then is to be mended, but keeps nobody from their work.
    """
    turn = turns(dict.fromkeys(item.nodeid.partition("::")[0] for item in items))
    items.sort(key=lambda item: turn[item.nodeid.partition("::")[0]])
    for item in items:
        item.add_marker(pytest.mark.flaky(reruns=2 if item.nodeid.startswith(IN_A_BROWSER) else 1))

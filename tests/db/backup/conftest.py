"""A store with something in it, backups of it, and an embedded store of its own where files and processes matter."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import Connection
from sqlalchemy import make_url

from abcd.db import audit, embedded, migrate
from abcd.db.backup import keys, taking
from abcd.db.backup.reaching import Reach
from abcd.db.backup.taking import Taken
from abcd.db.cluster import cluster_of
from abcd.db.erasures import Erased
from abcd.db.session import Actor, session
from tests.builders import a_place, a_small_area, a_term, an_asset


def nobody(_erased: Sequence[Erased]) -> int:
    """A replay with nobody to erase."""
    return 0


def fill(actor: Actor) -> None:
    """A little of everything that is hard to carry: shapes, accents, escapes, odd rows."""
    with session(actor) as s:
        a_place(s, name="Café \\N\t\\. O'Brien\n\\.\nTŷ")
        a_small_area(s, (380_100, 394_100), 40)
        a_term(s, "library")
        for number in range(30):
            an_asset(s, "library", (380_000 + number, 394_000), name=f"Library {number} \\. £½")
        audit.record(s, "fill", "place", "all", by=actor)


@pytest.fixture(scope="module")
def home(store: str, owner: Actor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a filled store on a server, with a recovery key."""
    made = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_HOME", str(made))
        keys.make(made)
        fill(owner)
        yield made


@pytest.fixture(scope="module")
def taken(home: Path) -> Taken:
    """A backup of that store. Only for reading: copy it before breaking it."""
    return taking.take(home / "backups")


@pytest.fixture
def copy(taken: Taken, tmp_path: Path) -> Path:
    """A copy of that backup, to be broken."""
    return shutil.copytree(taken.store, tmp_path / taken.store.name)


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A database, as its owner."""
    with Reach(make_url(url)).connect() as connection:
        connection.execute("set abcd.actor = 'a test'")
        yield connection


@pytest.fixture(scope="module")
def own(owner: Actor) -> Iterator[Path]:
    """The home of an embedded store of this module alone, filled, with a recovery key."""
    with tempfile.TemporaryDirectory(prefix="abcd-backup-") as folder, pytest.MonkeyPatch.context() as patch:
        made = Path(folder)
        made.chmod(0o755)
        patch.delenv("ABCD_DATABASE_URL", raising=False)
        patch.setenv("ABCD_HOME", str(made))
        embedded.up(made)
        try:
            migrate.upgrade()
            keys.make(made)
            fill(owner)
            yield made
        finally:
            if embedded.status(made).running:
                embedded.down(made)
            shutil.rmtree(cluster_of(made).folder, ignore_errors=True)

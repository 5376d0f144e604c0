"""Filled stores for the benchmarks, kept between runs on one machine: ``synthetic_store(1_000_000)`` is its URL.

They lie in a cluster of their own that is not durable (``ABCD_BENCH_HOME``, by default under the temporary folder),
one database per size. A change of the schema or of the invented rows makes new ones.
"""

import atexit
import hashlib
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from abcd.db import embedded, migrate
from tests.bench import synthetic

ROOT = Path(__file__).parents[2]
MAKES = ("tests/bench/synthetic.py", "data/taxonomy.csv", "abcd/db/tables/*.py", "abcd/db/migrations/versions/*.py")

LOAD = """
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.intake.millfield import load
with session(SYSTEM) as s:
    load_taxonomy(s)
load(actor=SYSTEM)
"""


def synthetic_store(size: int) -> str:
    """The URL of a store with ``size`` invented assets, as its owner; made when it is not there. Only for reading."""
    home = cluster_home()
    name = f"synthetic_{size}_{digest()}"
    url = embedded.url(home, embedded.SUPERUSER, name)
    if not has(home, name):
        _make(home, name, size)
    return url


def a_copy(size: int) -> str:
    """The URL of a copy of a synthetic store, to write in; ``drop`` it afterwards."""
    source = make_url(synthetic_store(size)).database
    home = cluster_home()
    name = f"copy_{uuid4().hex[:8]}"
    tell(home, f"create database {name} template {source}")
    return embedded.url(home, embedded.SUPERUSER, name)


def a_copy_of_millfield() -> str:
    """The URL of a copy of the invented borough, to write in; ``drop`` it afterwards."""
    home = cluster_home()
    source = f"millfield_{digest('data/millfield/*')}"
    if not has(home, source):
        _make_millfield(home, source)
    name = f"copy_{uuid4().hex[:8]}"
    tell(home, f"create database {name} template {source}")
    return embedded.url(home, embedded.SUPERUSER, name)


def drop(url: str) -> None:
    """Remove a copy."""
    home = cluster_home()
    tell(home, f"drop database if exists {make_url(url).database} with (force)")


def cluster_home() -> Path:
    """The folder of the running cluster; the process that had to start it stops it when it ends."""
    home = Path(os.environ.get("ABCD_BENCH_HOME") or Path(tempfile.gettempdir()) / "abcd-bench")
    home.mkdir(parents=True, exist_ok=True)
    if embedded.up(home, durable=False):
        atexit.register(embedded.down, home)
    return home


def _make(home: Path, name: str, size: int) -> None:
    making = f"making_{uuid4().hex[:8]}"
    tell(home, f"create database {making}")
    url = embedded.url(home, embedded.SUPERUSER, making)
    migrate.upgrade(url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        synthetic.fill(connection, size)
    tell_in(url, "vacuum analyze")
    tell(home, f"alter database {making} rename to {name}")
    _drop_older(home, name, size)


def _make_millfield(home: Path, name: str) -> None:
    making = f"making_{uuid4().hex[:8]}"
    tell(home, f"create database {making}")
    url = embedded.url(home, embedded.SUPERUSER, making)
    migrate.upgrade(url)
    subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, env=os.environ | {"ABCD_DATABASE_URL": url}, check=True)
    tell_in(url, "vacuum analyze")
    tell(home, f"alter database {making} rename to {name}")


def _drop_older(home: Path, name: str, size: int) -> None:
    """Remove stores of this size with another schema or other rows, unless somebody still uses one."""
    with _connection(embedded.url(home, embedded.SUPERUSER, "postgres")) as connection:
        pattern = {"pattern": f"synthetic\\_{size}\\_%", "name": name}
        older = text("select datname from pg_database where datname like :pattern and datname <> :name")
        for each in connection.scalars(older, pattern).all():
            with suppress(OperationalError):
                connection.execute(text(f"drop database {each}"))


def digest(*more: str) -> str:
    """What a store was made of: the schema, the invented rows and ``more`` files, as eight letters."""
    files = sorted(file for pattern in (*MAKES, *more) for file in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def has(home: Path, name: str) -> bool:
    """Whether the cluster has a database of this name."""
    with _connection(embedded.url(home, embedded.SUPERUSER, "postgres")) as connection:
        return bool(connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": name}))


def tell(home: Path, statement: str) -> None:
    """Run a statement of the cluster's."""
    tell_in(embedded.url(home, embedded.SUPERUSER, "postgres"), statement)


def tell_in(url: str, statement: str) -> None:
    """Run a statement in one database, outside a transaction."""
    with _connection(url) as connection:
        connection.execute(text(statement))


def _connection(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect().execution_options(isolation_level="AUTOCOMMIT")

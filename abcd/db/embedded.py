"""The embedded store: a private PostGIS cluster on a unix socket, run by the system's own PostgreSQL."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from abcd.errors import SetupMissing, StoreUnavailable

DATABASE = "abcd"
SUPERUSER = "postgres"


def bindir() -> Path:
    """The newest installed PostgreSQL's programs.

    Raises:
        SetupMissing: no PostgreSQL server is installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).resolve().parent
    raise SetupMissing(
        "PostgreSQL with PostGIS is not installed. Run './dev setup', or 'apt-get install postgresql postgresql-15-postgis-3'."
    )


def data_dir(home: Path) -> Path:
    """Where the cluster's files lie."""
    return home / "store" / "data"


def socket_dir(home: Path) -> Path:
    """The folder of the unix socket."""
    return home / "store" / "run"


def url(home: Path, role: str) -> str:
    """The SQLAlchemy URL of the store in ``home`` as ``role``."""
    return f"postgresql+psycopg://{role}@/{DATABASE}?host={socket_dir(home)}"

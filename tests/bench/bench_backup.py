"""A backup of the whole store: ours beside pg_dump alone, which neither encrypts, signs, counts nor reads back.

``pg_dump -Fc`` is what an administrator would type. ``-Z1`` is the same with the compression that ours asks for. The
last row is the way back: a restore into a new database, compared row by row and with every index, beside pg_restore.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from abcd.db.backup import keys, on_a_server, reaching, restoring, taking
from abcd.db.backup.steps import Steps
from tests.bench.measure import measured, row

SIZES = (100_000,)
HERE = "tests.bench.bench_backup"


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Ours beside each peer, there and back."""
    from tests.bench.stores import synthetic_store

    url = synthetic_store(size)
    with tempfile.TemporaryDirectory() as folder:
        mine = measured(f"{HERE}:ours", url, folder)
        for name, options in (("pg_dump -Fc", []), ("pg_dump -Fc -Z1", ["--compress=1"])):
            theirs = measured(f"{HERE}:dumped", url, f"{folder}/plain", options)
            yield row("backup", size, mine, name, theirs) | {
                "ours_mb": round(mine.value / 1e6, 1), "peer_mb": round(theirs.value / 1e6, 1),
            }  # fmt: skip
        back = measured(f"{HERE}:restored", url, folder)
        theirs = measured(f"{HERE}:restored_plainly", url, f"{folder}/plain")
        yield row("restore", size, back, "pg_restore", theirs)


def ours(url: str, folder: str) -> int:
    """Bytes of our archive."""
    os.environ |= {"ABCD_DATABASE_URL": url, "ABCD_HOME": folder}
    keys.make(Path(folder))
    taken = taking.take(Path(folder) / "backups")
    return sum(each.bytes for each in taken.manifest.files.values())


def dumped(url: str, path: str, options: list[str]) -> int:
    """Bytes of a dump of the same schemas."""
    command = reaching.Reach(make_url(url)).program("pg_dump", "-Fc", f"--file={path}", "--schema=core", *options)
    subprocess.run(command, check=True)
    return Path(path).stat().st_size


def restored(url: str, folder: str) -> int:
    """Rows of a new database, compared with the store."""
    os.environ |= {"ABCD_DATABASE_URL": url, "ABCD_HOME": folder}
    source = restoring.source_of(Path(folder) / "backups", keys.recovery(Path(folder)))
    try:
        on_a_server.restore_beside(source, (), lambda _erased: 0, Steps(), "bench_restored")
    finally:
        _drop(url, "bench_restored")
    return source.manifest.rows


def restored_plainly(url: str, path: str) -> int:
    """The same rows by pg_restore as superuser, into a database that has the extensions."""
    fresh = reaching.Reach(make_url(url).set(database="bench_plainly"))
    with reaching.Reach(make_url(url)).connect() as connection:
        connection.execute("create database bench_plainly template template0")
    try:
        with fresh.connect() as connection:
            for name in ("postgis", "pg_trgm", "unaccent", "btree_gist", "pgcrypto"):
                connection.execute(f"create extension {name}")
        # Of a dump of one schema, pg_restore misses what lies in others; the rows and indexes are what is timed.
        subprocess.run(fresh.program("pg_restore", "--no-owner", path), check=False)
        with fresh.connect() as connection:
            connection.execute("analyze")
            return int(connection.execute("select count(*) from core.asset").fetchone()[0])  # type: ignore[index]
    finally:
        _drop(url, "bench_plainly")


def _drop(url: str, name: str) -> None:
    with reaching.Reach(make_url(url)).connect() as connection:
        connection.execute(f"drop database if exists {name} with (force)")

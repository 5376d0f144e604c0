"""F6, F7: the disk fills up. Writing stops early with a sentence, reading goes on, and no acknowledged save is lost."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from abcd.db.space import LEAST_BYTES, MEGABYTE
from tests.faults.desk import ADDED, Clerk
from tests.faults.figures import tell
from tests.faults.ledger import Ledger
from tests.faults.machine import Machine, a_machine_in
from tests.intake.publisher import LIBRARIES, a_file

SIZE = 1100
FLOOD = "create table flood as select repeat(md5(n::text), 30) from generate_series(1, 2000000) n"


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A disk of its own, in memory, that the account of the store can reach; skipped where none may be mounted."""
    with tempfile.TemporaryDirectory(prefix="abcd-disk-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with mounted(folder, f"{SIZE}m"):
            yield folder


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "none", str(folder)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        pytest.skip(f"no disk may be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def cramped(small_disk: Path) -> Iterator[Machine]:
    """A machine whose home lies on the small disk, with its server running."""
    home = small_disk / "home"
    home.mkdir(mode=0o755)
    with a_machine_in(home) as machine:
        machine.serve()
        yield machine


@contextmanager
def filled(home: Path, leave: int) -> Iterator[None]:
    """So many bytes are left on the disk."""
    ballast = home.parent / "other people's files"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(home).free - leave))
    try:
        yield
    finally:
        ballast.unlink()


async def try_to_add(machine: Machine, ledger: Ledger) -> Clerk:
    """One press; acknowledged when it says so."""
    async with Clerk(machine.address, machine.cookie) as clerk:
        await clerk.open_form()
        name = ledger.intend()
        clerk.fill_in(name)
        await clerk.press("Add it")
        if clerk.screen.says(ADDED):
            ledger.acknowledge(name)
        return clerk


def test_a_nearly_full_disk_refuses_saves_and_imports_and_goes_on_reading(cramped: Machine, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert asyncio.run(try_to_add(cramped, ledger)).screen.says(ADDED)
    with filled(cramped.home, LEAST_BYTES // 2):
        clerk = asyncio.run(try_to_add(cramped, ledger))
        assert any("The disk is nearly full" in each and "Free" in each for each in clerk.screen.trouble)
        refused = cramped.command("import", "assets", str(a_file(tmp_path, LIBRARIES)))
        assert "The disk is nearly full. Nothing was changed." in refused.communicate()[1]
        assert refused.returncode == 7
        assert cramped.ask("select count(*) from core.import") == [0]
    assert asyncio.run(try_to_add(cramped, ledger)).screen.says(ADDED)
    verdict = ledger.compare(cramped.url)
    tell("disk nearly full", 1, verdict)
    assert verdict.is_right, verdict
    assert verdict.kept == 2


def test_a_disk_that_others_fill_to_the_last_byte_loses_nothing_that_was_told_as_saved(
    cramped: Machine, tmp_path: Path
) -> None:
    """The control of the one before: without a check beforehand the database meets the end of the disk itself."""
    ledger = Ledger(tmp_path)
    for _ in range(3):
        asyncio.run(try_to_add(cramped, ledger))
    with filled(cramped.home, 40 * MEGABYTE), pytest.raises(DBAPIError):
        flood(cramped)
    asyncio.run(try_to_add(cramped, ledger))
    verdict = ledger.compare(cramped.url)
    tell("disk full to the last byte", 1, verdict)
    assert verdict.is_right, verdict
    assert verdict.acked == 4


def flood(machine: Machine) -> None:
    with create_engine(machine.url, poolclass=NullPool).begin() as connection:
        connection.execute(text(FLOOD))


def test_an_export_onto_a_full_disk_leaves_no_file_and_says_so(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    with mounted(folder, "64k"):
        (folder / "file").write_bytes(b"x" * 62_000)
        running = machine.command("export", "assets", "-o", str(folder / "assets.geojson"))
        words = running.communicate()[1]
        assert running.returncode == 7
        assert "could not be written" in words
        assert [file.name for file in folder.iterdir()] == ["file"]

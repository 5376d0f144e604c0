"""A reserve of disk space: kept while there is room, let go when there is none."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from abcd.db import ballast


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 MB, where mounting is allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", folder], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(folder: Path, leave: int) -> None:
    with (folder / "filling").open("wb") as handle:
        os.posix_fallocate(handle.fileno(), 0, shutil.disk_usage(folder).free - leave)


def test_it_is_really_allocated_and_kept(small_disk: Path) -> None:
    before = shutil.disk_usage(small_disk).free
    assert ballast.keep(small_disk) is True
    assert before - shutil.disk_usage(small_disk).free >= ballast.BYTES
    made = ballast.file_in(small_disk).stat().st_mtime_ns
    assert ballast.keep(small_disk) is True
    assert ballast.file_in(small_disk).stat().st_mtime_ns == made


def test_a_full_disk_gets_its_room_back(small_disk: Path) -> None:
    ballast.keep(small_disk)
    assert ballast.release_when_full(small_disk) is False
    fill(small_disk, leave=ballast.BYTES // 2)
    assert ballast.release_when_full(small_disk) is True
    assert shutil.disk_usage(small_disk).free >= ballast.BYTES
    assert ballast.release_when_full(small_disk) is False


def test_it_is_not_made_of_the_last_room(small_disk: Path) -> None:
    fill(small_disk, leave=ballast.BYTES * 2)
    assert ballast.keep(small_disk) is False
    assert not ballast.file_in(small_disk).exists()

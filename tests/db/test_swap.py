"""Folders change places: killed after any step, exactly one whole store is in place when it is next looked for."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from abcd.db import swap

ROOT = Path(__file__).parents[2]
#: Kills itself just before the n-th rename.
SCRIPT = """
import os, signal, sys
from pathlib import Path
from abcd.db import swap
folder, verb, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
rename = Path.rename
def counted(self, target):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return rename(self, target)
Path.rename = counted
getattr(swap, verb)(folder)
"""


def a_store(folder: Path, words: str) -> None:
    folder.mkdir()
    (folder / "data").write_text(words)


def held(folder: Path) -> str:
    return (folder / "data").read_text()


def killed(folder: Path, verb: str, renames: int) -> int:
    command = [sys.executable, "-c", SCRIPT, str(folder), verb, str(renames)]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


@pytest.mark.parametrize(("renames", "wanted"), [(0, "the old one"), (1, "the new one"), (2, "the new one")])
def test_going_forth_leaves_one_of_them(tmp_path: Path, renames: int, wanted: str) -> None:
    folder = tmp_path / "store"
    a_store(folder, "the old one")
    a_store(swap.new(folder), "the new one")
    assert killed(folder, "forth", renames) == (0 if renames == 2 else -signal.SIGKILL)
    swap.mended(folder)
    assert held(folder) == wanted
    if wanted == "the new one":
        assert held(swap.old(folder)) == "the old one"


@pytest.mark.parametrize(("renames", "wanted"), [(0, "the new one"), (1, "the old one"), (2, "the old one")])
def test_going_back_leaves_one_of_them(tmp_path: Path, renames: int, wanted: str) -> None:
    folder = tmp_path / "store"
    a_store(folder, "the new one")
    a_store(swap.old(folder), "the old one")
    assert killed(folder, "back", renames) == (0 if renames == 2 else -signal.SIGKILL)
    swap.mended(folder)
    assert held(folder) == wanted


def test_an_unfinished_new_one_is_never_taken(tmp_path: Path) -> None:
    """It lies there without an old one beside it: somebody was still building."""
    folder = tmp_path / "store"
    a_store(swap.new(folder), "half of one")
    swap.mended(folder)
    assert not folder.exists()


def test_a_link_to_the_folder_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "elsewhere", tmp_path / "store"
    a_store(real, "the old one")
    a_store(swap.new(real), "the new one")
    link.symlink_to(real)
    swap.forth(link.resolve())
    assert held(link) == "the new one"
    assert link.readlink() == real

"""A reader that dies, however it dies (F21, F22): a sentence, nothing left behind, the app as it was."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import psutil
import pytest
from sqlalchemy import text

from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.errors import BadFile
from abcd.intake import run
from abcd.intake.read import sandbox, starter
from abcd.intake.read.limits import MEGABYTE, MEMORY_BYTES, cpu_seconds
from tests.hostile.test_door import changed, checksums

pytestmark = pytest.mark.timeout(90)

SAFELY, TOO_LONG, MEMORY = "could not be read safely", "took too long", "needs more memory"
#: How a reader ends while it reads rows, when it had told what the file is; and what is said.
DEATHS = {
    "segfault": ("import os; os.kill(os.getpid(), 11)", SAFELY),
    "out-of-memory killer": ("import os; os.kill(os.getpid(), 9)", SAFELY),
    "abort": ("import os; os.abort()", SAFELY),
    "no memory": ("x = []\nwhile True: x.append(bytearray(10_000_000))", MEMORY),
    "processor": ("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass", TOO_LONG),
    "silence": ("import time; time.sleep(60)", TOO_LONG),
    "leaves": ("import os; os._exit(3)", SAFELY),
}
PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
from abcd.intake.read import child, forkserver, telling
forkserver.load()
first = telling.Telling.rows
def rows(self, table, faults):
    def some():
        yield next(table.batches)
        die()
    from dataclasses import replace
    first(self, replace(table, batches=some()), faults)
def die():
{death}
telling.Telling.rows = rows
forkserver.serve(child.main)
"""


@pytest.fixture(scope="module", autouse=True)
def _register(store: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The taxonomy, and an app that has taken a file of this size in before."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
    run.rehearse(write_halls(tmp_path_factory.mktemp("sound")), actor=SYSTEM)


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Readers of other tests make folders at the same time: ours lie apart, where a reader without rights may go."""
    with tempfile.TemporaryDirectory(prefix="abcd-dies-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture
def halls(tmp_path: Path) -> Path:
    return write_halls(tmp_path)


def write_halls(folder: Path) -> Path:
    """A table of as many rows as make three batches."""
    path = folder / "halls.csv"
    path.write_text("name,category,lat,lon\n" + "Mill Hall,Library,53.42,-2.32\n" * 150_000)
    return path


@pytest.fixture
def dying(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    mine = starter.Starter(PROGRAM.replace("{death}", indent(request.param, "    ")))
    monkeypatch.setattr(sandbox, "READERS", mine)
    monkeypatch.setattr(sandbox, "PATIENCE_SECONDS", 3.0 - cpu_seconds(0))
    yield
    mine.stop()


@pytest.mark.parametrize(("dying", "said"), DEATHS.values(), ids=DEATHS, indirect=["dying"])
@pytest.mark.usefixtures("dying")
def test_a_reader_that_dies_half_way(halls: Path, said: str) -> None:
    before, folders = checksums(), private_folders()
    memory = psutil.Process().memory_info().rss
    with pytest.raises(BadFile, match=said):
        run.run(halls, actor=SYSTEM)
    assert changed(before, checksums()) == []
    assert stages() == []
    assert private_folders() == folders
    assert psutil.Process().memory_info().rss - memory < 50 * MEGABYTE


def private_folders() -> set[str]:
    """The folders of readers that are there now."""
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("abcd-read-")}  # noqa: PTH208


def stages() -> list[str]:
    """Tables that hold rows of an import that waits."""
    with session(SYSTEM) as s:
        query = "select tablename from pg_tables where schemaname not in ('core', 'pg_catalog', 'information_schema')"
        return [name for name in s.scalars(text(query)) if name.startswith(("stage", "arriv", "import"))]


def test_a_reader_may_have_512_mb_and_a_small_file_20_seconds() -> None:
    assert MEMORY_BYTES == 512 * MEGABYTE
    assert cpu_seconds(MEGABYTE) == 20
    assert sys.platform == "linux"

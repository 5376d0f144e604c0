"""The server that forks readers: one thread, no secret, a process for each file, gone when nobody is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from abcd.intake.read import look, open_file, sandbox, starter

pytestmark = pytest.mark.timeout(60)
HEAD = "import sys; sys.path.insert(0, sys.argv[1]); from abcd.intake.read import forkserver; "


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("name,town\n" + "Hall,Sale\n" * 300_000)
    return path


@pytest.fixture
def server(table: Path) -> int:
    """The number of the running server."""
    look(table)
    assert sandbox.READERS._process is not None
    return sandbox.READERS._process.pid


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], starter.Starter]]:
    """Puts a server of another program in place of ours."""
    made: list[starter.Starter] = []

    def starts(program: str) -> starter.Starter:
        made.append(starter.Starter(HEAD + program))
        monkeypatch.setattr(sandbox, "READERS", made[-1])
        return made[-1]

    yield starts
    for one in made:
        one.stop()


def test_it_has_one_thread_and_nothing_of_ours(server: int) -> None:
    assert len(list(Path(f"/proc/{server}/task").iterdir())) == 1
    known = Path(f"/proc/{server}/environ").read_bytes()
    assert {line.split(b"=")[0].decode() for line in known.split(b"\0") if line} == set(starter.ENVIRONMENT)
    opened = [str(one.readlink()) for one in Path(f"/proc/{server}/fd").iterdir()]
    assert [name for name in opened if not name.startswith(("/dev/null", "socket:")) and "proj.db" not in name] == []


def test_each_file_has_a_process_of_its_own(own: Callable, table: Path) -> None:
    own(
        "from abcd.intake.read import child, jail; forkserver.load(); import os; kept = child._answer\n"
        "def answer(request, file, out):\n"
        "    from abcd.errors import BadFile\n"
        "    from abcd.intake.read.faults import Faults; from abcd.intake.read.telling import Telling\n"
        "    Telling(out).refuse(f'{os.getpid()}.', Faults())\n"
        "child._answer = answer\n"
        "forkserver.serve(child.main)"
    )

    def number(_: int) -> str:
        with pytest.raises(Exception, match=r"^\d+\.$") as said:
            look(table)
        return str(said.value)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(number, range(20)))) == 20


def test_killed_it_is_started_again(server: int, table: Path) -> None:
    os.kill(server, signal.SIGKILL)
    time.sleep(0.2)
    assert look(table).columns == ("name", "town")
    assert sandbox.READERS._process is not None
    assert sandbox.READERS._process.pid != server


def test_idle_it_goes_and_the_next_file_starts_another(own: Callable, table: Path) -> None:
    mine = own("from abcd.intake.read.child import main; forkserver.IDLE_SECONDS = 0.2; forkserver.serve(main)")
    assert look(table).columns == ("name", "town")
    assert mine._process is not None
    first = mine._process
    assert first.wait(60) == 0
    assert look(table).columns == ("name", "town")
    assert mine._process is not first


def test_readers_end_with_the_app(table: Path) -> None:
    """Killed outright, the app leaves neither a reader nor the server behind."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); from abcd.intake.read import open_file, sandbox\n"
        "with open_file(sys.argv[2]) as reading:\n"
        "    next(iter(reading)); print(sandbox.READERS._process.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(starter.ROOT), str(table)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        server = int(app.stdout.readline())
        assert family(server)
        app.kill()
    until = time.monotonic() + 60
    while (family(server) or Path(f"/proc/{server}/cwd").exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert family(server) == []
    assert not Path(f"/proc/{server}/cwd").exists()


def family(parent: int) -> list[int]:
    """The processes whose session began with ``parent`` or with one of its children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if parent in (int(fields[1]), int(fields[3])) and fields[0] != "Z":
                found.append(int(folder.name))
    return [one for one in found if one != parent]


def test_a_fork_of_the_app_starts_its_own(server: int, table: Path) -> None:
    child = os.fork()
    if child == 0:
        with open_file(table) as reading:
            rows = sum(batch.num_rows for batch in reading)
        assert sandbox.READERS._process is not None
        os._exit(0 if rows == 300_000 and sandbox.READERS._process.pid != server else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

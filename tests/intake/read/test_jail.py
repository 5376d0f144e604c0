"""The walls round the child, each tried from inside, and what the parent says when the child fails."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from abcd.errors import BadFile, NotFound
from abcd.intake.read import look, open_file, sandbox, starter
from abcd.intake.read.drivers import ALLOWED
from abcd.intake.read.jail import SYSTEM_CALLS, call_filter

Inside = Callable[[str], str]
pytestmark = pytest.mark.timeout(60)
LOCKED = "import sys, os, socket, ctypes; sys.path.insert(0, sys.argv[1]); from abcd.intake.read import jail; "


@pytest.fixture
def inside(tmp_path: Path) -> Inside:
    """Runs a piece of Python behind the walls and gives what it prints."""
    folder = tmp_path / "private"
    folder.mkdir()
    folder.chmod(0o777)

    def ran(code: str) -> str:
        walls = LOCKED + "jail.leave_network(); jail.limit(1000); jail.lock(); "
        command = [sys.executable, "-I", "-c", walls + code, str(starter.ROOT)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=starter.ENVIRONMENT, check=False)
        return done.stdout.strip() or done.stderr.strip().rpartition("\n")[2]

    return ran


def test_python_may_not_call_out(inside: Inside) -> None:
    assert "not allowed while reading" in inside("socket.socket()")
    assert "not allowed while reading" in inside("os.system('id')")


CALL = "libc = ctypes.CDLL(None, use_errno=True); print(libc.{0}({1}), ctypes.get_errno())"


@pytest.mark.skipif(os.uname().machine not in SYSTEM_CALLS, reason="no filter for this processor")
@pytest.mark.parametrize("call", ["socket(2, 1, 0)", "execve(b'/bin/true', None, None)", "connect(3, b'x' * 16, 16)"])
def test_neither_may_a_library(tmp_path: Path, call: str) -> None:
    """The audit hook is Python's; here the call is made as C code would make it."""
    code = (
        "import ctypes, sys; sys.path.insert(0, sys.argv[1]); from abcd.intake.read import jail; "
        f"libc = ctypes.CDLL(None, use_errno=True); jail.lock(); print(libc.{call}, ctypes.get_errno())"
    )
    without_hook = code.replace("jail.lock()", "jail._refuse_event = lambda *_: None; jail.lock()")
    done = subprocess.run(
        [sys.executable, "-I", "-c", without_hook, str(starter.ROOT)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout.strip() == "-1 1", done.stderr


def test_the_filter_answers_every_listed_call_and_any_foreign_one() -> None:
    program = call_filter(0xC000003E, (41, 42))
    assert len(program) == 8 * (4 + 2 + 2)


def test_no_file_outside_the_private_folder(inside: Inside, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY")
    secret.chmod(0o644)
    for path in (secret, Path("/etc/passwd"), Path.home() / ".profile"):
        assert "PermissionError" in inside(f"print(open({str(path)!r}).read())")
    assert inside("open('mine', 'w').write('x'); print(open('mine').read())") == "x"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change user")
def test_another_user_without_groups(inside: Inside) -> None:
    assert inside("print(os.getresuid(), os.getgroups())") == "(65534, 65534, 65534) []"


def test_no_secrets_in_the_environment(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_DATABASE_URL", "postgresql://secret")
    assert "secret" not in inside("print(dict(os.environ))")


def test_memory_time_and_files_are_limited(inside: Inside) -> None:
    assert "MemoryError" in inside("x = bytearray(600_000_000)")
    limits = inside(
        "import resource as r; print([r.getrlimit(x)[0] for x in (r.RLIMIT_CPU, r.RLIMIT_CORE, r.RLIMIT_NOFILE)])"
    )
    assert limits == "[20, 0, 64]"


def test_gdal_starts_with_three_drivers() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); from abcd.intake.read.gdal import pyogrio as p; "
    code += "print(sorted(p.list_drivers()))"
    command = [sys.executable, "-I", "-c", code, str(starter.ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, env=starter.ENVIRONMENT, check=True)
    assert done.stdout.strip() == str(sorted(ALLOWED))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "could not be read safely"),
        ("import sys; sys.stdout.write('junk' * 1000)", "could not be read safely"),
        ("import sys; sys.exit(3)", "could not be read safely"),
        ("import time; time.sleep(60)", "took too long"),
        ("import resource as r; r.setrlimit(r.RLIMIT_CPU, (1, 2))\nwhile True: pass", "took too long"),
    ],
)
def test_a_child_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, said: str) -> None:
    program = "import sys; sys.path.insert(0, sys.argv[1]); from abcd.intake.read.forkserver import serve\n"
    program += "def read(_request):\n" + indent(start, "    ") + "\nserve(read)"
    monkeypatch.setattr(sandbox, "READERS", starter.Starter(program))
    monkeypatch.setattr(sandbox, "PATIENCE_SECONDS", -17.0)  # and the 20 processor seconds of a small file
    path = tmp_path / "a.csv"
    path.write_text("name,town\nHall,Sale\n")
    began = time.monotonic()
    with pytest.raises(BadFile, match=said):
        look(path)
    assert time.monotonic() - began < 20
    sandbox.READERS.stop()


def test_leaving_early_ends_the_child(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,town\n" + "Hall,Sale\n" * 1_000_000)
    with open_file(path) as reading:
        next(iter(reading))
        child = reading._child
    assert child.end() == -signal.SIGKILL


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file called “nothing.csv”"):
        look(tmp_path / "nothing.csv")


def test_too_large_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with path.open("wb") as file:
        file.truncate(5 * 1024**3)
    with pytest.raises(BadFile, match="5,120 MB; at most 1,024 MB"):
        look(path)

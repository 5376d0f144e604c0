"""The script ``dev``: what it says when something cannot be installed, and that a second set-up is quick."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def stub(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout with the script alone, on a machine whose only Python is 3.10 and whose apt-get has nothing."""
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        stub(programs, name, "exit 1")
    for name in ("apt-get", "apt-cache", "sudo"):
        stub(programs, name, f'echo "{name} $*" >>{tmp_path}/asked; exit 1')
    stub(programs, "id", "echo 0")
    return tmp_path


def dev(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "./dev", *words],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_names_its_commands() -> None:
    done = dev(ROOT, "nonsense")
    assert (done.returncode, done.stderr) == (1, "Use: ./dev setup | start | test | faults | bench | lint\n")


def test_without_a_python_it_says_which_and_how(bare: Path) -> None:
    done = dev(bare, "start")
    assert done.returncode == 1
    assert "abcd needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3.12 python3.12-venv" in done.stderr


def test_a_failed_installation_stops_with_a_sentence(bare: Path) -> None:
    stub(bare / "bin", "apt-cache", "exit 0")
    stub(bare / "bin", "apt-get", f'echo "$*" >>{bare}/asked; [ "$1" = update ]')
    done = dev(bare, "setup")
    assert done.returncode == 1
    assert "apt-get could not install python3.13 python3.13-venv." in done.stderr
    assert "install -yq --no-install-recommends python3.13 python3.13-venv" in (bare / "asked").read_text()


def test_a_second_set_up_takes_seconds_and_says_nothing() -> None:
    start = time.monotonic()
    done = dev(ROOT, "setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - start < 10


def test_ci_calls_the_same_tests_and_nothing_cleverer() -> None:
    assert (ROOT / ".ci" / "run").read_text() == '#!/bin/sh\nexec "$(dirname "$0")/../dev" test </dev/null\n'


def test_what_is_compiled_is_kept_whatever_the_machine_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of hundreds of processes would compile the app anew where a container forbids to keep it."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    said = ROOT / ".venv" / "bin" / "python"
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    stub(tmp_path / ".venv" / "bin", "python", f'exec {said} -c "import sys; print(sys.dont_write_bytecode)"')
    (tmp_path / "bin").mkdir()
    stub(tmp_path / ".venv" / "bin", "abcd", "exit 0")
    stub(tmp_path / "bin", "ldconfig", "echo libpangoft2-1.0")
    assert dev(tmp_path, "faults").stdout.splitlines()[-1] == "False"

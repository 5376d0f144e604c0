"""A command that fails shows a number, never what the exception says (trust.md P21)."""

import logging
import sys
import threading
import warnings
from pathlib import Path

import pytest
import typer

from abcd import cli
from abcd.cli import FAULT, MODULES, main
from abcd.core.faults import found

CANARY = "Zelda Q. Canary, 07700 900123"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and the process as it was afterwards."""
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    for place, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    factory, handlers, shown = logging.getLogRecordFactory(), logging.root.handlers[:], warnings.showwarning
    yield tmp_path
    logging.captureWarnings(False)
    logging.setLogRecordFactory(factory)
    logging.root.handlers, warnings.showwarning = handlers, shown


def names() -> list[list[str]]:
    """The words of every command."""
    found_ones = []
    for name, module in MODULES.items():
        below = getattr(typer.main.get_command(__import__(module, fromlist=["app"]).app), "commands", {})
        found_ones += [[name, one] for one in below] or [[name]]
    return found_ones


def fail() -> None:
    """Stands in for any command."""
    raise KeyError(CANARY)


@pytest.mark.parametrize("words", names(), ids=" ".join)
def test_a_command_tells_its_number(
    words: list[str], home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    app = __import__(MODULES[words[0]], fromlist=["app"]).app
    for command in app.registered_commands:
        monkeypatch.setattr(command, "callback", fail)
        monkeypatch.setattr(command, "name", command.name or words[-1])
    if not app.registered_commands:
        monkeypatch.setattr(app.registered_callback, "callback", fail)
    monkeypatch.setattr(sys, "argv", ["abcd", *words])
    with pytest.raises(SystemExit) as left:
        main()
    said = capfd.readouterr()
    number = said.err.split()[-1]
    told = found(number, home / "log")
    assert left.value.code == FAULT
    assert told is not None
    assert (told["door"], told["fault"]["type"]) == (f"abcd {' '.join(words)}", "builtins.KeyError")
    written = "".join(file.read_text() for file in (home / "log").glob("*"))
    assert "Canary" not in said.out + said.err + written


def test_a_number_is_looked_up(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr(sys, "argv", ["abcd", "db", "up"])
    with pytest.raises(SystemExit):
        main()
    number = capfd.readouterr().err.split()[-1]
    monkeypatch.undo()
    monkeypatch.setenv("ABCD_HOME", str(home))
    for words, code, expected in (([number.lower()], 0, "test_faults.py"), (["2222-22"], 4, "no fault of this number")):
        monkeypatch.setattr(sys, "argv", ["abcd", "fault", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capfd.readouterr()
        assert (left.value.code, expected in said.out + said.err) == (code, True)

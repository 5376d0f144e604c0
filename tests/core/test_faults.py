"""What is kept of an exception, and what is not."""

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from abcd.core.faults import ALPHABET, described, new_number
from abcd.core.logs import Line, is_ours, without_values

ABCD = Path(__file__).parents[2] / "abcd"
CANARY = "Zelda Q. Canary"


def caught(raised: BaseException) -> BaseException:
    """``raised``, with the lines of this file."""
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise raised from error
    except BaseException as error:  # noqa: BLE001 - it is what the test asks for
        return error


def test_a_number_can_be_read_out() -> None:
    drawn = {new_number() for _each in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}", one) for one in drawn)
    assert not set("01OILU") & set(ALPHABET)


def test_types_and_lines_are_kept_and_words_are_not() -> None:
    told = described(caught(KeyError(CANARY)))
    assert told["type"] == "builtins.KeyError"
    assert told["because"]["type"] == "builtins.ValueError"
    assert re.fullmatch(r"tests/core/test_faults.py:\d+ caught", told["lines"][-1])
    assert "Canary" not in json.dumps(told)


def test_the_five_characters_of_a_database_error_are_kept() -> None:
    class Original(Exception):
        sqlstate = "23505"

    told = described(caught(IntegrityError(f"insert {CANARY}", {"name": CANARY}, Original(CANARY))))
    assert told["sqlstate"] == "23505"
    assert "Canary" not in json.dumps(told)


def test_each_error_of_a_group_is_told() -> None:
    told = described(ExceptionGroup(CANARY, [KeyError(CANARY), OSError(CANARY)]))
    assert [one["type"] for one in told["all"]] == ["builtins.KeyError", "builtins.OSError"]
    assert "Canary" not in json.dumps(told)


@pytest.mark.parametrize("name", ["streamlit.web", "uvicorn.error", "sqlalchemy.engine", "abcdef", "asyncio"])
def test_words_of_other_libraries_are_not_kept(name: str) -> None:
    error = caught(KeyError(CANARY))
    record = without_values(name, logging.ERROR, "x.py", 7, f"{CANARY} %s", (CANARY,), (KeyError, error, None))
    told = json.loads(Line().format(record))
    assert (told["what"], told["fault"]["type"]) == (f"{name}:7", "builtins.KeyError")
    assert "Canary" not in json.dumps(told) + record.getMessage()


def test_our_own_words_stay_and_values_go() -> None:
    record = without_values("abcd.db", logging.WARNING, "x.py", 7, "lost %s", (CANARY,), None)
    record.ids = {"import": 12}
    told = json.loads(Line().format(record))
    assert (told["what"], told["import"]) == ("lost %s", 12)
    assert is_ours("abcd")


@pytest.mark.parametrize("where", ["main", "thread", "logging"])
def test_whatever_nobody_catches_is_told_without_words(where: str, tmp_path: Path) -> None:
    raising = {
        "main": f"raise KeyError({CANARY!r})",
        "thread": f"import threading; threading.Thread(target=lambda: {{}}[{CANARY!r}]).start()",
        "logging": f"import logging; logging.error({CANARY!r}); import warnings; warnings.warn({CANARY!r})",
    }[where]
    code = f"from pathlib import Path; from abcd.core.logs import start\nstart(Path({str(tmp_path)!r}), aloud=True)\n"
    done = subprocess.run([sys.executable, "-c", code + raising], capture_output=True, text=True, check=False)
    assert json.loads(done.stderr.splitlines()[0])["level"] in ("error", "warning")
    assert "Canary" not in done.stderr + done.stdout + (tmp_path / "abcd.log").read_text()


def test_a_log_that_cannot_be_written_goes_to_stderr(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    code = "import logging; from pathlib import Path; from abcd.core.logs import start\n"
    code += f"start(Path({str(tmp_path / 'log')!r}), aloud=False); logging.getLogger('abcd.x').error('lost')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["what"] == "lost"


def test_what_we_log_stands_in_the_source() -> None:
    """Words of ours are constants: a value would need an f-string, a % or a variable."""
    calls = re.compile(r"\b_?log(?:ger)?\.(?:debug|info|warning|error|critical|exception)\(\s*(.*)")
    said = [hit for file in ABCD.rglob("*.py") for hit in calls.findall(file.read_text("utf-8"))]
    assert said
    assert [words for words in said if not re.match(r'"[^"%{}]*"\s*[,)]', words)] == []

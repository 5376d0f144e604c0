"""The command line as a whole: sentences and exit codes, and a quick start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from abcd import cli
from abcd.errors import ANSWERS, AbcdError, BadFile, StoreUnavailable, answer_for

RUN = "from abcd.cli import main; main()"


def abcd(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def test_an_error_is_one_sentence_and_its_exit_code(tmp_path: Path) -> None:
    done = abcd("db", "status", ABCD_HOME=str(tmp_path))
    assert done.returncode == answer_for(StoreUnavailable(""))[0]
    assert done.stderr == f"The store in {tmp_path}/store/data is not running. Run 'abcd db up'.\n"
    assert done.stdout == ""


def test_a_server_that_does_not_answer_is_told_by_its_cure(tmp_path: Path) -> None:
    done = abcd("db", "check", ABCD_DATABASE_URL=f"postgresql://nobody@/none?host={tmp_path}")
    assert done.returncode == 7
    assert "WRONG The database answers" in done.stdout


def test_the_address_of_another_server_is_given_back_for_other_tools() -> None:
    done = abcd("db", "url", ABCD_DATABASE_URL="postgres://somebody@db.example/abcd")
    assert done.stdout == "postgresql://somebody@db.example/abcd\n"


@pytest.mark.parametrize("name", cli.MODULES)
def test_every_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(cli.app, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert "Usage:" in answer.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(cli.app, ["nonsense"]).exit_code == 2


def test_the_nearest_error_class_answers() -> None:
    class Odd(BadFile):
        """A child without an answer of its own."""

    assert answer_for(Odd("")) == ANSWERS[BadFile]
    assert answer_for(AbcdError("")) == (1, 400)


def test_a_command_imports_only_what_it_needs() -> None:
    code = (
        "import sys; from abcd.cli import app; print(sorted({'pandas', 'streamlit', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

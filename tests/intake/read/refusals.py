"""The sentence with which both doors refuse a file."""

from pathlib import Path

import pytest

from abcd.errors import BadFile
from abcd.intake.read import look, open_file


def refusal(path: Path) -> str:
    """``look`` and ``open_file`` refuse ``path`` with this sentence."""
    with pytest.raises(BadFile) as at_look:
        look(path)
    assert str(at_look.value) == refusal_of_rows(path)
    return str(at_look.value)


def refusal_of_rows(path: Path) -> str:
    """``open_file`` refuses ``path``, at once or on the way, with this sentence."""
    with pytest.raises(BadFile) as refused, open_file(path) as reading:
        list(reading)
    assert str(refused.value).endswith(".")
    return str(refused.value)


def rows_or_sentence(path: Path) -> None:
    """Whatever the damage: every row accounted for, or a sentence."""
    sentence = "."
    try:
        with open_file(path) as reading:
            kept = sum(batch.num_rows for batch in reading)
        assert kept + reading.rows_left_out == reading.rows_seen
    except BadFile as refused:
        sentence = str(refused)
    assert sentence.endswith(".")

"""Words for people: nothing typed becomes markup, walks and dates are whole numbers."""

from datetime import timedelta

import pytest
from markdown_it import MarkdownIt

from abcd.core.clock import today
from abcd.pages.words import ago, listed, verbatim, walk
from tests.pages.conftest import HOSTILE

HARD = (HOSTILE, "](javascript:alert(1))", "**x**", "# x", "1. x", "a_b_c", "<b>x</b>", "| a | b |", "~~x~~", "\\*")


@pytest.mark.parametrize("typed", HARD)
def test_markdown_leaves_somebodys_words_as_they_are(typed: str) -> None:
    tokens = MarkdownIt("commonmark").parse(verbatim(typed))
    inline = next(token for token in tokens if token.type == "inline")
    assert {child.type for child in inline.children or []} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children or []) == typed


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "right here"), (0.4, "1 minute's walk"), (9.6, "10 minutes' walk"), (None, "")]
)
def test_a_walk_is_whole_minutes(minutes: float | None, said: str) -> None:
    assert walk(minutes) == said


@pytest.mark.parametrize(
    ("days", "said"), [(3, "this month"), (40, "1 month ago"), (400, "13 months ago"), (800, "2 years ago")]
)
def test_how_long_ago(days: int, said: str) -> None:
    assert ago(today() - timedelta(days=days)) == said


def test_things_are_listed_as_people_do() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"

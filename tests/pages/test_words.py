"""Words for people: nothing typed becomes markup, walks and dates are whole numbers."""

from datetime import timedelta

import pytest
from markdown_it import MarkdownIt

from abcd.core.clock import today
from abcd.pages.words import JOINER, ago, linked, listed, verbatim, walk
from tests.pages.conftest import HOSTILE

HARD = (HOSTILE, "](javascript:alert(1))", "**x**", "# x", "1. x", "a_b_c", "<b>x</b>", "| a | b |", "~~x~~", "\\*")


@pytest.mark.parametrize("typed", HARD)
def test_markdown_leaves_somebodys_words_as_they_are(typed: str) -> None:
    tokens = MarkdownIt("commonmark").parse(verbatim(typed))
    inline = next(token for token in tokens if token.type == "inline")
    assert {child.type for child in inline.children or []} <= {"text", "text_special"}
    assert "".join(child.content for child in inline.children or []).replace(JOINER, "") == typed


@pytest.mark.parametrize(
    "typed",
    ["http://x.test", "HTTPS://x.test", "www.x.test", "a.b@x.test", ":material/face:", ":streamlit:", "->", "<-", "--"]
    + [">=", "<=", "~=", "<->"],
)
def test_what_streamlit_would_make_of_plain_text_is_held_apart(typed: str) -> None:
    assert JOINER in verbatim(typed)
    assert verbatim(typed).replace(JOINER, "").replace("\\", "") == typed


@pytest.mark.parametrize("typed", ["Mill Hall", "07700 900123", "1-2 High St", "c/o Jo: ask", "50% < 60"])
def test_everyday_words_gain_no_hidden_letter(typed: str) -> None:
    assert JOINER not in verbatim(typed)


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("https://mill.test/a?b=c#d", "(<https://mill.test/a?b=c#d>)"),
        ("jo.o'neil@mill.test", None),
        ("jo@mill.test", "(<mailto:jo@mill.test>)"),
        ("javascript:alert(1)", None),
        ("https://mill.test/><script>", None),
        ("https://mill.test/ and more", None),
        ("see jo@mill.test", None),
        ("data:text/html,x", None),
        ("", None),
    ],
)
def test_only_a_whole_address_becomes_a_link(typed: str, leads: str | None) -> None:
    made = linked(typed)
    assert made.endswith(leads) if leads else made == verbatim(typed)


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

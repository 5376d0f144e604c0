"""Pages from templates: escaped, complete, in the language in use."""

import pytest
from jinja2 import UndefinedError

from abcd.core.html import page
from abcd.core.language import use


def test_every_value_is_escaped() -> None:
    html = page("plain.html", title="<b>", sentences=["<script>alert(1)</script>"], where="")
    assert "&lt;b&gt;" in html
    assert "<script" not in html


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        page("plain.html", title="x")


def test_the_page_says_its_language() -> None:
    use("cy")
    try:
        assert '<html lang="cy">' in page("plain.html", title="x", sentences=[], where="")
    finally:
        use("en")

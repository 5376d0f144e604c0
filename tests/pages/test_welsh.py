"""Every word that anybody is shown has a Welsh one, with the same places to fill in."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from abcd.core.language import CATALOGUES

ROOT = Path(__file__).parents[2]
SCRIPTS = [*sorted((ROOT / "abcd").rglob("*.py")), ROOT / "app.py"]


@pytest.fixture(scope="module")
def welsh() -> Catalog:
    with (CATALOGUES / "cy" / "LC_MESSAGES" / "abcd.po").open("rb") as file:
        return read_po(file, locale="cy")


def messages(script: Path) -> set[str]:
    """What a script passes to ``_``."""
    calls = (node for node in ast.walk(ast.parse(script.read_text("utf-8"))) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"))
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_nothing_is_left_in_english(welsh: Catalog) -> None:
    said = set().union(*map(messages, SCRIPTS))
    translated = {one.id if isinstance(one.id, str) else one.id[0] for one in welsh if one.string}
    assert said - translated == set()


def test_a_translation_fills_in_the_same_places(welsh: Catalog) -> None:
    for one in welsh:
        if isinstance(one.id, str) and one.id:
            assert places(one.id) == places(str(one.string)), one.id

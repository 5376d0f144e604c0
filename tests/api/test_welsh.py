"""Every word of the door has a Welsh one: its templates, its endpoints, and the roles and verbs of the policy."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

import abcd
from abcd.access.policy import POLICY
from abcd.access.wording import role_name, thing_name, verb_name
from abcd.core.language import CATALOGUES, use
from abcd.db.tables import ROLES

ROOM = Path(abcd.__file__).parent
SAID = re.compile(r'_\("((?:[^"\\]|\\.)*)"\)')


def templates() -> list[Path]:
    """The pages of the door: the plain page and what is built on it."""
    found = (ROOM / "web" / "templates").glob("*.html")
    return [one for one in found if one.name == "plain.html" or 'extends "plain.html"' in one.read_text("utf-8")]


def messages(script: Path) -> set[str]:
    """What a script passes to ``_`` or ``ngettext``."""
    calls = (node for node in ast.walk(ast.parse(script.read_text("utf-8"))) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"))
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}


def test_nothing_at_the_door_is_left_in_english() -> None:
    with (CATALOGUES / "cy" / "LC_MESSAGES" / "abcd.po").open("rb") as file:
        welsh = {one.id if isinstance(one.id, str) else one.id[0] for one in read_po(file, locale="cy") if one.string}
    said = set().union(*(SAID.findall(one.read_text("utf-8")) for one in templates()))
    said |= set().union(*map(messages, [*(ROOM / "api").rglob("*.py"), *(ROOM / "access").glob("*.py")]))
    assert len(said) > 100
    assert said - welsh == set()


def test_every_role_thing_and_verb_of_the_policy_has_words() -> None:
    verbs = {verb for verbs in POLICY.values() for verb in verbs}
    try:
        for name_of, terms in ((role_name, ROLES), (thing_name, POLICY), (verb_name, verbs)):
            use("en")
            english = {term: name_of(term) for term in terms}
            use("cy")
            assert [term for term in terms if name_of(term) == english[term]] == []
            assert not [term for term, words in english.items() if "_" in words]
    finally:
        use("en")

"""CQL2 filters (OGC 21-065r2), text and JSON, read by the library into the tree that CQL2 JSON is."""

import re
from typing import Any

import cql2
import orjson

from abcd.errors import BadRequest

#: The library reads brackets within brackets by trying: each level doubles its time, and thousands end the process.
DEEPEST, LONGEST = 10, 6_000
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")

Tree = Any


def tree_of(words: str, language: str) -> Tree:
    """The filter as the JSON tree of CQL2; ``language`` is ``cql2-text`` or ``cql2-json``.

    Raises:
        BadRequest: it is no CQL2, or too long or too deep.
    """
    if language == "cql2-text":
        refuse_deep(words)
    parse = cql2.parse_text if language == "cql2-text" else cql2.parse_json
    try:
        return orjson.loads(orjson.dumps(parse(words).to_json()))
    # The library raises Exception itself for text that it cannot parse.
    except Exception as error:  # noqa: BLE001
        raise BadRequest(f"The filter is no {language} that can be read.") from error


def refuse_deep(words: str) -> None:
    """Keep from the library what would hold it up.

    Raises:
        BadRequest: the text is too long, too deep, or leaves open where its quotes end.
    """
    bare = QUOTED.sub(" ", words)
    depth = deepest = 0
    for letter in bare:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if len(words) > LONGEST or deepest > DEEPEST or depth or re.search(r"['\"]", bare) or "\\'" in words:
        raise BadRequest(
            f"The filter must be at most {LONGEST} letters, with at most {DEEPEST} brackets inside each other, each "
            "closed; a quote within a text is doubled ('')."
        )


def names(tree: Tree) -> bool:
    """Whether a part of the tree names a property."""
    if not isinstance(tree, dict):
        return False
    args = tree.get("args")
    return "property" in tree or (tree.get("op") == "casei" and isinstance(args, list) and any(map(names, args)))


def parts(tree: Tree) -> tuple[str, list[Tree]]:
    """The operation and its arguments.

    Raises:
        BadRequest: there is none.
    """
    operation, given = (tree.get("op"), tree.get("args")) if isinstance(tree, dict) else (None, None)
    if not isinstance(operation, str) or not isinstance(given, list):
        raise BadRequest("The filter is no condition that is true or false.")
    return operation, given


def only(given: list[Tree], n: int) -> list[Tree]:
    """The arguments, when there are ``n`` of them.

    Raises:
        BadRequest: there are more, or fewer.
    """
    if not isinstance(given, list) or len(given) != n:
        raise BadRequest(f"A part of the filter needs {n} arguments.")
    return given

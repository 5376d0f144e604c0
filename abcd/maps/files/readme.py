"""What a file says about itself, as lines of a table: layer, about, what."""

from collections.abc import Iterator
from typing import Any

from abcd.maps.files.fields import in_json
from abcd.maps.files.part import Part


def lines(part: Part) -> Iterator[tuple[str, str, str]]:
    """The metadata of a part that was written, a line a fact; the columns have a table of their own."""
    for about, what in part.metadata().items():
        if about != "columns":
            yield from ((part.name, name, words) for name, words in spelt(about, what))


def spelt(about: str, what: Any) -> Iterator[tuple[str, str]]:
    """A fact in lines: of a mapping one each, of a list one each."""
    if isinstance(what, dict):
        for name, value in what.items():
            yield from spelt(f"{about}: {name}", value)
    elif isinstance(what, list):
        for number, value in enumerate(what, 1):
            yield from spelt(f"{about} {number}", value)
    elif what is not None and what != "":
        yield about, what if isinstance(what, str) else in_json(what)

"""Opening sealed values of the trail with the keys of the people they are about."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

SEALED = "sealed"


class Told(Protocol):
    """Something with values about a person."""

    @property
    def thing_id(self) -> str:
        """Whom it is about."""

    @property
    def before(self) -> dict[str, Any]:
        """Values before."""

    @property
    def after(self) -> dict[str, Any]:
        """Values after."""


_OPENED = """
select person::text, seal, core.unsealed(person, decode(seal, 'base64')) as words
from unnest(cast(:people as uuid[]), cast(:seals as text[])) one (person, seal)"""

Opener = Callable[[str, dict[str, Any]], dict[str, Any]]


def is_sealed(value: object) -> bool:
    """Whether ``value`` is written sealed."""
    return isinstance(value, dict) and set(value) == {SEALED}


def unsealed(s: Session, changes: Iterable[Told]) -> Opener:
    """A function that opens the values of one person; what cannot be opened stays sealed."""
    pairs = sorted({
        (change.thing_id, value[SEALED])
        for change in changes for values in (change.before, change.after) for value in values.values()
        if is_sealed(value)
    })  # fmt: skip
    given = {"people": [UUID(person) for person, _seal in pairs], "seals": [seal for _person, seal in pairs]}
    words = {(row.person, row.seal): row.words for row in s.execute(text(_OPENED), given)} if pairs else {}

    def opened(person: str, values: dict[str, Any]) -> dict[str, Any]:
        return {name: _one(words.get((person, value[SEALED])), value) if is_sealed(value) else value
                for name, value in values.items()}  # fmt: skip

    return opened


def _one(words: str | None, value: Any) -> Any:
    return value if words is None else words

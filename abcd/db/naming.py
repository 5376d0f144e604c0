"""What things are called now, for lists that know only their kind and id."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Label, func, text
from sqlalchemy.orm import Session

from abcd.core.language import chosen

#: kind -> table, key and the column that names it. People have none here: their page names them, to whom may see it.
NAMED = {
    "account": ("account", "id", "name"),
    "asset": ("asset", "id", "name"),
    "import": ("import", "id", "file_name"),
    "organisation": ("organisation", "id", "name"),
    "place": ("place", "id", "name"),
    "source": ("source", "id", "name"),
    "taxonomy": ("term", "slug", "name"),
}

#: Those among them that have a Welsh name too.
IN_WELSH = ("asset", "organisation", "place", "term")


def called(thing: Any) -> Label[str]:
    """The name of a row of a table with ``name`` and ``name_cy``, in the language in use where it has one."""
    own = func.coalesce(func.nullif(thing.name_cy, ""), thing.name) if chosen() == "cy" else thing.name
    named: Label[str] = own.label("name")
    return named


def names_of_things(s: Session, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name by kind and id, one question a kind; what is no longer there is left out."""
    wanted = {(kind, key) for kind, key in things if kind in NAMED and key}
    found: dict[tuple[str, str], str] = {}
    for kind in {kind for kind, _key in wanted}:
        table, key, name = NAMED[kind]
        keys = [thing for of, thing in wanted if of == kind]
        if table in IN_WELSH and chosen() == "cy":
            name = "coalesce(nullif(name_cy, ''), name)"
        type_of = "text" if kind == "taxonomy" else "uuid"
        asked = text(f'select {key}::text, {name} from core."{table}" where {key} = any(cast(:keys as {type_of}[]))')
        found |= {(kind, row[0]): row[1] for row in s.execute(asked, {"keys": keys})}
    return found

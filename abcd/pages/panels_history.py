"""What was done, in words: who, when, on what, and what changed, before and after side by side."""

import json
import re
from datetime import datetime
from typing import Any

import streamlit as st

from abcd.access.wording import role_name
from abcd.core.clock import LOCAL
from abcd.core.language import _, ngettext
from abcd.db.tables.audited import UNSAID
from abcd.db.trail import Change, Deed
from abcd.db.unsealing import is_sealed
from abcd.pages.deed_words import kind_names, table_names, verb_names
from abcd.pages.words import asset_titles, joined, number, verbatim, yes_names

#: A moment as the database writes it into JSON.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+\d\d:\d\d")
LONGEST = 160
"""Characters of a value shown."""
#: Columns that are there for the machine alone.
UNTOLD = (
    "id", "asset_id", "person_id", "version", "created_at", "updated_at", "edited_at", "search", "sha256",
    "file_sha256", "organisation_id", "account_id", "open_grid", "confidence", "coaches",
)  # fmt: skip


def op_names() -> dict[str, str]:
    """What can happen to rows, for people."""
    return {"insert": _("New"), "update": _("Changed"), "delete": _("Removed"), "truncate": _("Emptied")}


def show_deed(deed: Deed, name: str, erased: str = "") -> None:
    """One deed: a line that says it, and what changed; ``erased`` is the day when the person was."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{verbatim(sentence(deed, name))}**")
        st.caption(verbatim(joined([when(deed), deed.by, part_of(deed), way_in(deed)])))
        for change in deed.changes:
            show_change(deed, change, erased)
        if deed.more:
            left = ngettext("and {n} more row", "and {n} more rows", deed.more)
            st.caption(left.format(n=number(deed.more)))
        if not deed.changes:
            show_facts(deed.after)


def sentence(deed: Deed, name: str) -> str:
    """What was done, on what."""
    verbs, kinds = verb_names(), kind_names()
    ops = {op_names().get(change.op, change.op) for change in deed.changes}
    done = verbs.get(deed.verb, deed.verb.replace("_", " ").capitalize()) if deed.verb else ", ".join(sorted(ops))
    return joined([done, kinds.get(deed.thing_kind, deed.thing_kind.replace("_", " ").capitalize()), name])


def when(deed: Deed) -> str:
    """The moment of a deed."""
    return by_the_clock(deed.at)


def by_the_clock(moment: datetime) -> str:
    """A moment, as the clock on the wall showed it."""
    return f"{moment.astimezone(LOCAL):%d/%m/%Y %H:%M}"


def part_of(deed: Deed) -> str:
    """What it was a part of."""
    verb, kind = deed.part_of
    if not verb:
        return ""
    said = joined([verb_names().get(verb, verb), kind_names().get(kind, kind).lower()])
    return _("as a part of: {what}").format(what=said)


def way_in(deed: Deed) -> str:
    """A word of warning when rows changed without an action of the app."""
    is_outside = not deed.verb and not deed.part_of[0] and deed.by not in ("system", "migration")
    return _("rows changed without an action of the app") if is_outside else ""


def show_change(deed: Deed, change: Change, erased: str) -> None:
    """The columns of one change, before and after."""
    if change.rows > 1:
        table, what = table_words(change.table), op_names().get(change.op, change.op)
        st.write(_("{n} rows of “{table}”: {what}").format(n=number(change.rows), table=table, what=what))
        return
    rows = rows_of(change, erased)
    if rows:
        if len(deed.changes) > 1 or change.table != deed.thing_kind:
            st.caption(joined([op_names().get(change.op, change.op), table_words(change.table)]))
        st.table(rows, hide_index=True, border="horizontal")


def table_words(table: str) -> str:
    """A table, for people."""
    return table_names().get(table, table.replace("_", " ").capitalize())


def rows_of(change: Change, erased: str) -> list[dict[str, str]]:
    """A row for each column worth telling; of a new row only what it says, of a removed one only what it said."""
    # An asset's point says where it is; of a place the boundary does, from which its point follows.
    twice = "geom" if change.table == "asset" else "point"
    names = [name for name in {**change.before, **change.after} if name not in (*UNTOLD, twice)]
    one_sided = {"insert": change.after, "delete": change.before}.get(change.op)
    if one_sided is not None:
        return [{_("What"): column(name), op_names()[change.op]: value_of(name, one_sided, erased)}
                for name in names if one_sided.get(name) not in (None, "", [], {}, False, UNSAID)]  # fmt: skip
    return [
        {_("What"): column(name), _("Before"): value_of(name, change.before, erased),
         _("After"): value_of(name, change.after, erased)}
        for name in names
    ]  # fmt: skip


def column(name: str) -> str:
    """A column, for people."""
    known = asset_titles() | {
        "geom": _("Where it is"), "point": _("Where it is"), "role": _("Role"), "preferred_name": _("Name"),
        "words": _("In their own words"), "located_by": _("Placed by"), "precision_m": _("Right within (metres)"),
        "disabled_at": _("Closed on"), "households": _("Households"), "place_id": _("Place"),
    }  # fmt: skip
    return verbatim(known.get(name, name.replace("_", " ").capitalize()))


def value_of(name: str, values: dict[str, Any], erased: str = "") -> str:
    """The value of a column, safe and short; a role by its name."""
    return role_name(str(values[name])) if name == "role" and values.get(name) else shown(values.get(name), erased)


def shown(value: Any, erased: str) -> str:
    """A value, safe and short."""
    if is_sealed(value):
        return _("erased on {day}").format(day=erased) if erased else _("not for you to read")
    if isinstance(value, dict):
        return _("not shown") if value == UNSAID else _shape(value)
    if isinstance(value, bool):
        return yes_names()["yes" if value else "no"]
    if value in (None, "", []):
        return "–"
    said = ", ".join(map(str, value)) if isinstance(value, list) else _moment_or(str(value))
    return verbatim(said if len(said) <= LONGEST else said[:LONGEST] + "…")


def _moment_or(words: str) -> str:
    """A moment as the database writes it, by the clock; any other words as they are."""
    return by_the_clock(datetime.fromisoformat(words)) if MOMENT.fullmatch(words) else words


def _shape(value: dict[str, Any]) -> str:
    """A shape by its kind, anything else as it is."""
    if value.get("type") == "Point":
        east, north = (round(part) for part in value["coordinates"][:2])
        return _("a point at {east}, {north}").format(east=number(east), north=number(north))
    if "coordinates" in value:
        return _("a boundary")
    return shown(json.dumps(value, ensure_ascii=False), "")


def show_facts(after: dict[str, Any]) -> None:
    """What the action itself said, when no row changed."""
    facts = [f"{column(name)}: {value_of(name, after)}" for name, value in after.items()
             if name not in UNTOLD and value not in (None, "", [], {})]  # fmt: skip
    if facts:
        st.caption(" · ".join(facts))

"""All that we keep about a resident as files of their own, by their own link: for machines, and to read.

It is everything of people's tables that a link may open: nothing said in confidence, nothing that tells of somebody
else, and nothing that only the named roles may know. The file says so, and how to be given the rest.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.audit import record
from abcd.people.giving import readable
from abcd.people.own_page import OPEN_NOTES
from abcd.people.queries import person
from abcd.people.resident_links import Holder
from abcd.people.traces import Traces
from abcd.people.whereabouts import PEOPLE, Everything, Home, rows_of

#: Each table of theirs is on one of these two lists: what nobody has thought about yet is left out.
HERE = (
    "core.person", "core.person_note", "core.person_offer", "core.person_wish", "core.person_check",
    "core.person_avoids", "core.plan_action", "core.consent", "core.consent_withdrawn", "core.resident_link",
    "core.conversation", "core.follow_up", "core.connection", "core.introduction_in",
)  # fmt: skip
#: What others wrote and have not saved; steps and suggestions with the other side in them.
NOT_HERE = ("core.draft", "core.connection_step", "core.person_suggestion")
#: Of each table the columns that are left out; of talks only that there was one, when and how long.
WITHOUT = {
    "core.person": ("safety_risk",),
    "core.resident_link": ("token_hash",),
    "core.conversation": ("summary", "themes", "mode", "proactive", "next_on"),
    "core.connection": ("score", "parts"),
}


def own_everything(s: Session, who: Holder) -> Everything:
    """What a resident is given by their own link; the session must be narrowed to them, as ``holder`` does.

    Introductions to other residents tell of them too: the database does not show them to such a session.
    """
    person(s, who.person_id)
    tables = {home.table: _rows(s, home, who.person_id) for home in reversed(PEOPLE)}
    record(s, "take_own_data", "person", who.person_id, by=who.actor)
    return Everything(who.person_id, tables, history=[], mentions=[], files=[])


def _rows(s: Session, home: Home, person_id: UUID) -> list[dict[str, Any]]:
    if home.table not in HERE:
        return []
    without = WITHOUT.get(home.table, ())
    rows = rows_of(s, home, person_id, Traces((), ()))
    kept = [row for row in rows if home.table != "core.person_note" or row["kind"] in OPEN_NOTES]
    return [{name: value for name, value in row.items() if name not in without} for row in kept]


def left_out() -> str:
    """What is not in these files, and how to be given it."""
    return _(
        "Left out, because whoever finds your link could read it: what you said in confidence, what we wrote of our "
        "talks, introductions that tell of another neighbour too, and each change with its day. Ask us, and we hand "
        "you all of it."
    )


def as_json(found: Everything) -> dict[str, Any]:
    """The file for machines."""
    told = found.to_json()
    return {"person_id": told["person_id"], "left_out": left_out(), "tables": told["tables"]}


def as_page(found: Everything) -> str:
    """The page to read."""
    return readable(found, note=left_out())

"""The register of where personal data lives, and all of it about one person.

Each table of people's data has one line in ``PEOPLE``: a test fails for one that points to a person and has none.
Everything else is found by the person's words (``mentions``, ``files``), so nothing needs to be thought of twice.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.people.files import files_naming
from abcd.people.history import Change, history_of
from abcd.people.mentions import Mention, mentions
from abcd.people.queries import person
from abcd.people.sides import AS_SEEN, OWN_STEPS, WAS_ASKED
from abcd.people.traces import Traces, traces_of


@dataclass(frozen=True)
class Home:
    """A table of people's data: the column that names the person, and what its rows are, in words for that person."""

    table: str
    column: str
    says: str
    #: A condition on ``t`` beyond the person, where rows may be another association's.
    where: str = "true"
    #: Columns whose words are searched for the person's, where a row may be about them without naming them.
    words: tuple[str, ...] = ()
    #: A condition on ``t`` instead of the column: two columns name a person, or a row above does (``:person``, text).
    named: str = ""
    #: Of these rows those that the person is given, and as what: the rest is somebody else's, and goes with the person.
    tells: str = "true"
    told: str = "to_jsonb(t)"


OWN_ACCOUNTS = """t.account_id not in (
  select id from core.account where organisation_id <> nullif(current_setting('abcd.organisation', true), '')::uuid)"""

BETWEEN = ":person in (t.a_person_id::text, t.b_person_id::text)"
YOURS = "core.connection c where :person in (c.a_person_id::text, c.b_person_id::text)"
PLANNED = "t.person_wish_id in (select w.id from core.person_wish w where w.person_id::text = :person)"

#: In the order in which rows must go: what points to a person before the person.
PEOPLE = (
    Home("core.draft", "record", "Forms about you that somebody began and has not saved.", OWN_ACCOUNTS, ("values",)),
    Home("core.follow_up", "person_id", "How introductions went, in your own words."),
    Home(
        "core.connection_step",
        "",
        "Each step of an introduction.",
        named=f"t.connection_id in (select c.id from {YOURS})",
        tells=OWN_STEPS,
    ),
    Home(
        "core.connection",
        "",
        "Introductions of you to others, and of others to you.",
        named=BETWEEN,
        tells=WAS_ASKED,
        told=AS_SEEN,
    ),
    Home(
        "core.person_suggestion",
        "",
        "What the night's matching found for your wishes.",
        named=BETWEEN,
        tells="t.a_person_id::text = :person",
        told="to_jsonb(t) - 'b_person_id' - 'person_offer_id'",
    ),
    Home("core.introduction_in", "person_id", "Who told us of you, and when."),
    Home("core.conversation", "person_id", "Talks we had, and what we agreed."),
    Home("core.plan_action", "", "What was planned for your wishes.", named=PLANNED),
    Home("core.person_wish", "person_id", "What you hope for."),
    Home("core.person_offer", "person_id", "What you offer."),
    Home("core.person_check", "person_id", "Until when you are cleared for a role."),
    Home(
        "core.person_avoids",
        "",
        "Whom you asked not to be brought together with.",
        named=":person in (t.person_id::text, t.other_id::text)",
        tells="t.person_id::text = :person",
    ),
    Home("core.consent_withdrawn", "person_id", "What you took back."),
    Home("core.consent", "person_id", "What you agreed to, and in which words."),
    Home("core.resident_link", "person_id", "Links to your own page."),
    Home("core.person_note", "person_id", "What you said, in your own words."),
    Home("core.person", "id", "Who you are to us, how to reach you, and why we keep it."),
)


@dataclass(frozen=True)
class Everything:
    """All that is held about one person, each part under where it lies.

    Attributes:
        tables: rows by table, as JSON objects.
        history: every change, with the values it had; the trail keeps them sealed with the person's key.
        mentions: rows of other tables in which their words stand.
        files: names of files in our folders in which their words stand.
    """

    person_id: UUID
    tables: dict[str, list[dict[str, Any]]] = field(repr=False)
    history: list[Change] = field(repr=False)
    mentions: list[Mention] = field(repr=False)
    files: list[Path] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """The same as a JSON object, in the order that a person reads it."""
        return {
            "person_id": str(self.person_id),
            "tables": self.tables,
            "history": [asdict(change) | {"at": change.at.isoformat()} for change in self.history],
            "mentions": [{"table": mention.table, "row": mention.row} for mention in self.mentions],
            "files": [path.name for path in self.files],
        }


def everything_about(s: Session, person_id: UUID, *, by: Actor) -> Everything:
    """All data held about one person, wherever it lies (trust.md P25); the trail notes that it was asked for.

    Raises:
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not give a person all their data.
    """
    require(by, "give_all_data", "person")
    person(s, person_id)
    traces = traces_of(s, person_id)
    found = Everything(
        person_id=person_id,
        tables={home.table: rows_of(s, home, person_id, traces) for home in reversed(PEOPLE)},
        history=history_of(s, person_id),
        mentions=list(mentions(s, traces)),
        files=files_naming(traces.words),
    )
    record(s, "give_all_data", "person", person_id, by=by)
    return found


def rows_of(s: Session, home: Home, person_id: UUID, traces: Traces) -> list[dict[str, Any]]:
    """The rows about a person in one of people's tables."""
    found = text(f"select {home.told} from {home.table} t where {_about(home)} and {home.tells}")
    return list(s.scalars(found, _given(home, person_id, traces)))


def delete_rows(s: Session, home: Home, person_id: UUID, traces: Traces) -> int:
    """Remove the rows about a person from one of people's tables; how many there were."""
    s.execute(text("select set_config('abcd.erasing', 'yes', true)"))
    gone = s.execute(text(f"delete from {home.table} t where {_about(home)}"), _given(home, person_id, traces))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _about(home: Home) -> str:
    """The condition that a row is about the person: it names them, or holds their words or their id."""
    named = home.named or f't."{home.column}"::text = :person'
    said = [f"(:pattern <> '' and lower(t.\"{column}\"::text) ~ :pattern)" for column in home.words]
    meant = [f'strpos(t."{column}"::text, :person) > 0' for column in home.words]
    return f"({' or '.join([named, *said, *meant])}) and {home.where}"


def _given(home: Home, person_id: UUID, traces: Traces) -> dict[str, str]:
    pattern = {"pattern": traces.pattern().lower()} if home.words else {}
    return {"person": str(person_id)} | pattern


def tables() -> Iterator[str]:
    """The names of people's tables."""
    yield from (home.table for home in PEOPLE)

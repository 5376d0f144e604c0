"""How many people there are by place and category, unrounded: what a release is made from, and nobody's to read.

``COUNTED`` is the one list of what is counted. To count something else about people, add an entry here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from babel import Locale
from sqlalchemy import ColumnElement, Select, case, func, select, text
from sqlalchemy.orm import Session

from abcd.core.disclosure.cube import TOTAL, Dimension
from abcd.core.language import _, chosen
from abcd.db.tables import Person, PersonNote

#: English is what is written where nobody was asked, so it is counted with the rest and not told.
UNASKED = "en"
LANGUAGES = ("cy", "ur", "pa", "bn", "ar", "pl", "ro", "so", "fa", "uk", "bfi")
"""The languages of product.md C.2; every other is ``other``."""

TOLD = ("gift", "hope", "interest")
"""Of what people said: no worries, and nothing said in confidence."""

LANGUAGE, SAID = "language", "said"


@dataclass(frozen=True)
class Counted:
    """One way to tell people apart, and the query for it: rows of place, category, number of people."""

    dimension: Dimension
    people: Callable[[ColumnElement[bool]], Select[UUID, str, int]]


def _everybody(who: ColumnElement[bool]) -> Select[UUID, str, int]:
    return select(Person.place_id, func.concat(TOTAL), func.count()).where(who).group_by(Person.place_id)


def _by_language(who: ColumnElement[bool]) -> Select[UUID, str, int]:
    spoken = func.lower(func.split_part(Person.language, "-", 1))
    category = func.concat(f"{LANGUAGE}-", case((spoken.in_(LANGUAGES), spoken), else_="other"))
    asked = select(Person.place_id, category, func.count()).where(who, spoken.not_in((UNASKED, "")))
    return asked.group_by(Person.place_id, category)


def _by_what_was_said(who: ColumnElement[bool]) -> Select[UUID, str, int]:
    category = func.concat(f"{SAID}-", PersonNote.kind)
    people = func.count(PersonNote.person_id.distinct())
    said = select(Person.place_id, category, people).join(PersonNote, PersonNote.person_id == Person.id)
    return said.where(who, PersonNote.kind.in_(TOLD)).group_by(Person.place_id, category)


def _dimension(name: str, values: tuple[str, ...], *, exclusive: bool) -> Dimension:
    return Dimension(name, tuple(f"{name}-{value}" for value in values), exclusive)


COUNTED = (
    Counted(_dimension(LANGUAGE, (*LANGUAGES, "other"), exclusive=True), _by_language),
    Counted(_dimension(SAID, TOLD, exclusive=False), _by_what_was_said),
)

DIMENSIONS = tuple(one.dimension for one in COUNTED)
CATEGORIES = (TOTAL, *(category for one in DIMENSIONS for category in one.categories))


def counts(s: Session, organisation_id: UUID) -> dict[tuple[UUID, str], int]:
    """The people of an association by the place they belong to and category.

    Nobody marked as a safety risk, and nobody made anonymous, is in any of them (trust.md P12).
    """
    who = _countable() & (Person.organisation_id == organisation_id)
    queries = (_everybody, *(one.people for one in COUNTED))
    return {(place, category): int(n) for query in queries for place, category, n in s.execute(query(who))}


def _countable() -> ColumnElement[bool]:
    return Person.safety_risk.is_(False) & (Person.status != "anonymised")


# Who came and went again meanwhile changed nothing; of a row that is gone the trail still tells the association
# (``db.tables.audited``). Somebody at risk is in no figure, so what is written of them changes none.
CHANGED = """
select count(*) from (
  select nullif(c.thing_id, '')::uuid as person_id,
    bool_or(c.table_name = 'person' and c.op = 'insert') as came,
    bool_or(c.table_name = 'person' and c.op = 'delete') as went,
    bool_or(c.op = 'update' and coalesce(c.after, c.before) ? 'safety_risk') as marked
  from core.row_change c
  where c.thing_kind = 'person' and c.id > :since and c.table_name in ('person', 'person_note')
    and (c.op <> 'update' or coalesce(c.after, c.before) ?| cast(:counted as text[]))
    and (c.op <> 'delete' or c.table_name <> 'person' or c.before ->> 'organisation_id' = :organisation)
  group by 1
) changed
left join core.person p on p.id = changed.person_id and p.organisation_id = cast(:organisation as uuid)
where case when went then not came else p.id is not null and (not p.safety_risk or marked) end"""

COUNTED_COLUMNS = ("place_id", "language", "status", "safety_risk", "kind")


def changed_since(s: Session, organisation_id: UUID, event: int) -> int:
    """How many people of an association came, went, or changed in what is counted, after an event of the trail."""
    given = {"since": event, "organisation": str(organisation_id), "counted": list(COUNTED_COLUMNS)}
    return int(s.scalar(text(CHANGED), given) or 0)


def category_name(category: str) -> str:
    """A category in words."""
    if category == TOTAL:
        return _("Neighbours we know")
    dimension, _dash, value = category.partition("-")
    if dimension == LANGUAGE:
        return _("prefer {language}").format(language=language_name(value))
    return {"gift": _("told us a gift"), "hope": _("told us a hope"), "interest": _("told us an interest")}[value]


def language_name(code: str) -> str:
    """A language in the language of the screen."""
    ours = {"other": _("another language"), "bfi": _("British Sign Language")}
    return ours.get(code) or str(Locale(chosen()).languages.get(code, code))

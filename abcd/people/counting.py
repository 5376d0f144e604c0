"""How many people there are by place and category, unrounded: what a release is made from, and nobody's to read.

``COUNTED`` is the one list of what is counted. To count something else about people, add an entry here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from babel import Locale
from sqlalchemy import ColumnElement, Select, case, func, select, text
from sqlalchemy.orm import Session, aliased

from abcd.core.disclosure.cube import TOTAL, Dimension
from abcd.core.language import _, chosen
from abcd.core.themes import theme_words
from abcd.db.tables import RESIDENT_ROLES, Person, PersonNote, PersonOffer, PersonWish, Skill
from abcd.db.tables.offers import GIFT_GROUPS, THEMES
from abcd.people.gift_wording import gift_group_names
from abcd.people.wording import role_names

#: English is what is written where nobody was asked, so it is counted with the rest and not told.
UNASKED = "en"
LANGUAGES = ("cy", "ur", "pa", "bn", "ar", "pl", "ro", "so", "fa", "uk", "bfi")
"""The languages of product.md C.2; every other is ``other``."""

TOLD = ("gift", "hope", "interest")
"""Of what people said: no worries, and nothing said in confidence."""

LANGUAGE, SAID, GIFT, WISH, ROLE = "language", "said", "gift", "wish", "role"

GIVING, UNMET = ("waiting", "taken_up"), ("open", "planned")
"""Offers and wishes that count; what rests, is over, came about or was let go does not."""


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


def _by_gift(who: ColumnElement[bool]) -> Select[UUID, str, int]:
    """By the group of what somebody offers: a gift lies at most two below its group."""
    parent, grand = aliased(Skill), aliased(Skill)
    category = func.concat(f"{GIFT}-", func.coalesce(grand.slug, parent.slug, Skill.slug))
    offers = select(Person.place_id, category, func.count(PersonOffer.person_id.distinct())).join(
        PersonOffer, PersonOffer.person_id == Person.id
    )
    named = offers.join(Skill, Skill.slug == PersonOffer.skill).outerjoin(parent, parent.slug == Skill.parent)
    named = named.outerjoin(grand, grand.slug == parent.parent)
    return named.where(who, PersonOffer.state.in_(GIVING)).group_by(Person.place_id, category)


def _by_wish(who: ColumnElement[bool]) -> Select[UUID, str, int]:
    category = func.concat(f"{WISH}-", PersonWish.theme)
    people = func.count(PersonWish.person_id.distinct())
    asked = select(Person.place_id, category, people).join(PersonWish, PersonWish.person_id == Person.id)
    return asked.where(who, PersonWish.state.in_(UNMET), PersonWish.theme != "").group_by(Person.place_id, category)


def _by_role(who: ColumnElement[bool]) -> Select[UUID, str, int]:
    each = select(Person.id, Person.place_id, func.unnest(Person.roles).label("role")).where(who).subquery()
    category = func.concat(f"{ROLE}-", each.c.role)
    asked = select(each.c.place_id, category, func.count(each.c.id.distinct()))
    return asked.group_by(each.c.place_id, category)


def _dimension(name: str, values: tuple[str, ...], *, exclusive: bool) -> Dimension:
    return Dimension(name, tuple(f"{name}-{value}" for value in values), exclusive)


COUNTED = (
    Counted(_dimension(LANGUAGE, (*LANGUAGES, "other"), exclusive=True), _by_language),
    Counted(_dimension(SAID, TOLD, exclusive=False), _by_what_was_said),
    Counted(_dimension(GIFT, GIFT_GROUPS, exclusive=False), _by_gift),
    Counted(_dimension(WISH, THEMES, exclusive=False), _by_wish),
    Counted(_dimension(ROLE, RESIDENT_ROLES, exclusive=False), _by_role),
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
# (``db.tables.audited``). Somebody at risk is in no figure, so what is written of them changes none. Who withdrew left
# the figures on that day, and not on the day when their row went; until it does, nobody sees that they changed.
CHANGED = """
select count(*) from (
  select nullif(c.thing_id, '')::uuid as person_id,
    bool_or(c.table_name = 'person' and c.op = 'insert') as came,
    bool_or(c.table_name = 'person' and c.op = 'delete') as went,
    bool_or(c.op = 'update' and coalesce(c.after, c.before) ? 'safety_risk') as marked,
    bool_or(c.table_name = 'person' and c.op = 'update' and c.after ->> 'status' = 'withdrawn') as withdrew,
    bool_or(c.table_name = 'person' and c.op = 'delete' and c.before ->> 'status' = 'withdrawn') as was_gone
  from core.row_change c
  where c.thing_kind = 'person' and c.id > :since
    and c.table_name in ('person', 'person_note', 'person_offer', 'person_wish')
    and (c.op <> 'update' or coalesce(c.after, c.before) ?| cast(:counted as text[]))
    and (c.op <> 'delete' or c.table_name <> 'person' or c.before ->> 'organisation_id' = :organisation)
  group by 1
) changed
left join core.person p on p.id = changed.person_id and p.organisation_id = cast(:organisation as uuid)
where case when went then not came and (withdrew or not was_gone)
  else p.id is not null and (not p.safety_risk or marked) end"""

COUNTED_COLUMNS = ("place_id", "language", "status", "safety_risk", "kind", "roles", "skill", "state", "theme")


def changed_since(s: Session, organisation_id: UUID, event: int) -> int:
    """How many people of an association came, went, or changed in what is counted, after an event of the trail."""
    given = {"since": event, "organisation": str(organisation_id), "counted": list(COUNTED_COLUMNS)}
    return int(s.scalar(text(CHANGED), given) or 0)


# Of a row that is gone the trail still tells the association; whoever withdrew is seen by nobody else.
LEFT = """
select exists (
  select from core.row_change c left join core.person p on p.id = nullif(c.thing_id, '')::uuid
  where c.thing_kind = 'person' and c.table_name = 'person' and c.id > :since and (
    c.op = 'delete' and c.before ->> 'organisation_id' = :organisation
    or c.op = 'update' and p.organisation_id = cast(:organisation as uuid) and (
      p.safety_risk and coalesce(c.after, c.before) ? 'safety_risk'
      or c.after ->> 'status' in ('withdrawn', 'anonymised'))))"""


def has_somebody_left(s: Session, organisation_id: UUID, event: int) -> bool:
    """Whether somebody of an association was erased, withdrew or was marked as a safety risk after an event of the
    trail: whoever was counted before is to be in no figure that leaves from now on."""
    before = s.scalar(text("select current_setting('abcd.sees_withdrawn', true)")) or ""
    seeing = text("select set_config('abcd.sees_withdrawn', :seen, true)")
    s.execute(seeing, {"seen": "yes"})
    found = bool(s.scalar(text(LEFT), {"since": event, "organisation": str(organisation_id)}))
    s.execute(seeing, {"seen": before})
    return found


def category_name(category: str) -> str:
    """A category in words."""
    if category == TOTAL:
        return _("Neighbours we know")
    dimension, _dash, value = category.partition("-")
    if dimension == LANGUAGE:
        return _("prefer {language}").format(language=language_name(value))
    if dimension == GIFT:
        return _("offer: {gift}").format(gift=gift_group_names()[value])
    if dimension == WISH:
        return _("hope for: {theme}").format(theme=theme_words(value))
    if dimension == ROLE:
        return role_names()[value]
    return {"gift": _("told us a gift"), "hope": _("told us a hope"), "interest": _("told us an interest")}[value]


def language_name(code: str) -> str:
    """A language in the language of the screen."""
    ours = {"other": _("another language"), "bfi": _("British Sign Language")}
    return ours.get(code) or str(Locale(chosen()).languages.get(code, code))

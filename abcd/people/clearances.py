"""That a role needs a check, and until when somebody is cleared for it: never a certificate (E.2)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.session import Actor, actor_of
from abcd.db.tables import PersonCheck
from abcd.errors import BadRequest
from abcd.people.actions import GROUNDS, association_of
from abcd.people.drafts import Grounds
from abcd.people.keeping import added, edited, found, require_person, saved
from abcd.people.queries import person


@dataclass(frozen=True, repr=False)
class CheckRecord:
    """One role of a person: whether it needs a check, and until when they are cleared; none for not yet."""

    id: UUID
    person_id: UUID
    role: str
    is_required: bool
    cleared_until: date | None
    version: int

    def __repr__(self) -> str:
        return f"CheckRecord({self.id})"


def add_check(
    s: Session, person_id: UUID, role: str, grounds: Grounds, *, is_required: bool = True,
    cleared_until: date | None = None, by: Actor, key: str | None = None,
) -> CheckRecord:  # fmt: skip
    """Write down what a role needs of a person, and until when they are cleared for it.

    Raises:
        BadRequest: no role is named, or no grounds.
        NotFound, NotAllowed: as ``keeping.require_person``.
    """
    require_person(s, person_id, by)
    told = grounds.checked()
    values = {name: getattr(told, name) for name in GROUNDS} | {"is_required": is_required}
    row = PersonCheck(person_id=person_id, organisation_id=association_of(by), role=_role(role),
                      cleared_until=cleared_until, **values)  # fmt: skip
    return _record(
        found(s, PersonCheck, saved(s, key, by, lambda: added(s, row, "add_check", ("person", person_id), by=by)))
    )


def edit_check(
    s: Session, check_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> CheckRecord:
    """Change the ``role``, whether it ``is_required``, or ``cleared_until`` when.

    Raises:
        BadRequest: another column, or no role.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``abcd.db.audit.for_edit``.
    """
    row = found(s, PersonCheck, check_id)
    require_person(s, row.person_id, by)
    if not set(changes) <= {"role", "is_required", "cleared_until"}:
        raise BadRequest(_("Of a check only the role, whether it is needed and until when it holds can be changed."))
    values = dict(changes) | ({"role": _role(changes["role"])} if "role" in changes else {})
    about = ("person", row.person_id)
    saved(s, key, by, lambda: edited(s, row, values, version, "edit_check", about, by=by))
    return _record(found(s, PersonCheck, check_id))


def checks_of(s: Session, person_id: UUID) -> list[CheckRecord]:
    """The roles of a person for which somebody asked whether they need a check, by role.

    Raises:
        NotFound: there is no such person for whoever asks.
        NotAllowed: whoever asks may not read of it.
    """
    require(actor_of(s), "view", "person_note")
    person(s, person_id)
    rows = s.scalars(select(PersonCheck).where(PersonCheck.person_id == person_id).order_by(PersonCheck.role))
    return [_record(row) for row in rows]


def _role(role: str) -> str:
    told = tidy(role)
    if not told:
        raise BadRequest(_("Say which role it is, such as driving the minibus."))
    return told


def _record(row: PersonCheck) -> CheckRecord:
    return CheckRecord(**{name: getattr(row, name) for name in CheckRecord.__dataclass_fields__})

"""The register of introductions in (product.md 000-18, 19): who told us of somebody, and what came of it.

Until that person says yes there is a reference, a source and a day, and after 28 days not even a question any more.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.associations import ensure_association
from abcd.access.scope import in_own_places, places_of_place
from abcd.access.tokens import CODE_LETTERS
from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import once, record
from abcd.db.naming import called
from abcd.db.session import SYSTEM, Actor, actor_of
from abcd.db.tables import Account, IntroductionIn, Person, Place, PlaceParent
from abcd.db.tables.introductions import INTRODUCED_BY
from abcd.errors import BadRequest, NotAllowed
from abcd.people.queries import in_scope

KEPT = timedelta(days=28)
"""How long a suggestion waits for the person's yes (product.md C.3)."""


@dataclass(frozen=True)
class Suggested:
    """Somebody was suggested: by whom in general, where roughly, and when. Nothing about the person is asked."""

    source_kind: str
    place_id: UUID | None = None
    received_on: date | None = None
    coordinator: str = ""
    share_id: UUID | None = None
    kept_apart: bool = False

    def values(self) -> dict[str, Any]:
        """The columns of a new row.

        Raises:
            BadRequest: an unknown source, or a day that lies ahead.
        """
        if self.source_kind not in INTRODUCED_BY:
            raise BadRequest(_("Say who suggests it: choose one of the answers."))
        day = self.received_on or today()
        if day > today():
            raise BadRequest(_("The day cannot lie ahead."))
        return {"source_kind": self.source_kind, "place_id": self.place_id, "received_on": day,
                "expires_on": day + KEPT, "coordinator": tidy(self.coordinator), "share_id": self.share_id,
                "kept_apart": self.kept_apart}  # fmt: skip


@dataclass(frozen=True)
class InLine:
    """One introduction in; ``person_id`` is none before that person has said yes."""

    id: UUID
    reference: str
    source_kind: str
    place_name: str
    received_on: date
    expires_on: date
    state: str
    settled_on: date | None
    person_id: UUID | None
    coordinator: str
    accompaniment: str
    first_met_on: date | None
    version: int


def new_reference() -> str:
    """Eight letters to say on the telephone: ``abcd-efgh``."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(4)) for _ in range(2))


def add_introduction_in(s: Session, told: Suggested, *, by: Actor, key: str | None = None) -> str:
    """Log that somebody was suggested; the reference.

    Raises:
        BadRequest: as ``Suggested.values``.
        NotAllowed: ``by`` may not, or not there.
    """
    require_theirs(s, by, "add", told.place_id)
    if not by.organisation_id:
        raise NotAllowed(
            "Your account belongs to no association, so it keeps no introductions. Ask an owner to set it."
        )
    return _kept(s, told, UUID(by.organisation_id), key, by)


def suggest_somebody(s: Session, told: Suggested, organisation_id: UUID, *, key: str, by: Actor) -> str:
    """Keep what a partner sent by the form of a shared map; the reference. The session is signed for the association.

    Raises:
        BadRequest: as ``Suggested.values``.
    """
    return _kept(s, told, organisation_id, f"introduce {key}", by)


def _kept(s: Session, told: Suggested, organisation_id: UUID, key: str | None, by: Actor) -> str:
    values = told.values()

    def act() -> dict[str, str]:
        row = IntroductionIn(id=uuid4(), organisation_id=organisation_id, reference=new_reference(), **values)
        s.add(row)
        s.flush()
        record(s, "add", "introduction_in", row.id, by=by, after={"source_kind": told.source_kind})
        return {"reference": row.reference}

    return str(once(s, key or str(uuid4()), by, act)["reference"])


def introductions_in(
    s: Session, state: str = "suggested", place_ids: Collection[UUID] | None = None, limit: int = 200
) -> list[InLine]:
    """Introductions in of a state, the oldest first while they wait, else the newest; ``"apart"`` for what a machine
    seems to have sent.

    Raises:
        NotAllowed: whoever asks may not look at the register.
    """
    require(actor_of(s), "view", "introduction_in")
    is_over = IntroductionIn.expires_on <= today()
    which = {
        "suggested": and_(IntroductionIn.state == "suggested", ~is_over, ~IntroductionIn.kept_apart),
        "apart": and_(IntroductionIn.state == "suggested", ~is_over, IntroductionIn.kept_apart),
    }.get(state, IntroductionIn.state == state)
    order = IntroductionIn.received_on if state == "suggested" else IntroductionIn.settled_on.desc()
    columns = [getattr(IntroductionIn, name) for name in InLine.__dataclass_fields__ if name != "place_name"]
    wanted = select(*columns, called(Place)).outerjoin(Place, Place.id == IntroductionIn.place_id)
    rows = s.execute(wanted.where(which, _here(s, place_ids)).order_by(order, IntroductionIn.id).limit(limit))
    return [_line(row) for row in rows]


def _line(row: Any) -> InLine:
    told = dict(row._mapping)
    return InLine(place_name=told.pop("name") or "", **told)


def _here(s: Session, place_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    """Of these places; a coordinator of a patch also sees what was said of all that holds it, and of nowhere.

    Of whoever said yes since only their own people's coordinator sees that they did.
    """
    by, place = actor_of(s), IntroductionIn.place_id
    larger = select(PlaceParent.parent_id).where(PlaceParent.place_id.in_([UUID(one) for one in by.places]))
    whose = select(Person.id).where(Person.id == IntroductionIn.person_id, in_scope(s)).exists()
    theirs = or_(place.is_(None), in_own_places(by, place), place.in_(larger)) if by.places else true()
    scoped = and_(theirs, or_(IntroductionIn.person_id.is_(None), whose)) if by.places else theirs
    return scoped if place_ids is None else and_(scoped, place.in_(list(place_ids)))


def require_theirs(s: Session, by: Actor, verb: str, place_id: UUID | None) -> None:
    """Let a coordinator through to what was said of one of their places, of a part of it, of what holds it, or of none.

    Raises:
        NotAllowed: the role may not, or it was said of somewhere else.
    """
    require(by, verb, "introduction_in")
    if by.places and place_id:
        holding = frozenset(one for own in by.places for one in places_of_place(s, UUID(own)))
        around = by.places if str(place_id) in holding else places_of_place(s, place_id)
        require(by, verb, "introduction_in", around)


def association_of(s: Session, made_by: str) -> UUID:
    """The association to which a shared map belongs: that of the account of this name, else that of the store."""
    theirs = select(Account.organisation_id).where(Account.name == made_by, Account.organisation_id.is_not(None))
    found = [one for one in set(s.scalars(theirs)) if one]
    return found[0] if len(found) == 1 else ensure_association(s, by=SYSTEM)

"""What people outside suggest: taken in, kept until an officer has looked, and forgotten in time.

Nothing that is suggested is live: the register changes only when it is approved (``abcd.assets.moderating``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from abcd.access.sealing import SHARE_FILE, sealed
from abcd.assets.drafts import kind_of
from abcd.core.clock import now
from abcd.core.language import _
from abcd.core.text import postcode_in, tidy
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.db.tables import Contribution
from abcd.errors import BadRequest

MENDABLE = (
    "name", "opening_hours", "cost", "step_free", "status", "address", "postcode", "phone", "email", "website",
    "description",
)  # fmt: skip
"""Columns of an asset that somebody outside may suggest another value for."""

OF_A_NEW_ONE = ("name", "category", "address", "postcode", "reach", "opening_hours", "description")
"""What is asked of a group or place that is missing; ``reach`` is any way to reach it."""

CHOICES = {"step_free": ("yes", "partly", "no"), "status": ("temporarily closed", "defunct")}
LONGEST = {"description": 2_000, "own_words": 2_000, "role_words": 120, "reach": 200}
LONGEST_LINE = 200

REACH_KEPT = timedelta(days=28)
APART_KEPT = timedelta(days=28)
SETTLED_KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Suggestion:
    """What somebody sent. ``proposed`` and ``seen`` hold values by column: theirs, and what stood there.

    ``told_by`` is how to tell them what became of it, ``role_words`` who they are, both only if they like.
    """

    kind: str
    came_by: str
    proposed: Mapping[str, str] = field(default_factory=dict, repr=False)
    seen: Mapping[str, str] = field(default_factory=dict, repr=False)
    own_words: str = field(default="", repr=False)
    role_words: str = field(default="", repr=False)
    told_by: str = field(default="", repr=False)
    asset_id: UUID | None = None
    share_id: UUID | None = None
    place_ids: tuple[UUID, ...] = ()
    kept_apart: bool = False


def contribute(s: Session, suggestion: Suggestion, *, key: str, by: Actor) -> UUID:
    """Keep a suggestion until somebody has looked at it; with the same ``key`` it is kept once.

    Raises:
        BadRequest: nothing is suggested, something is missing, too long, or not one of the choices.
    """
    return UUID(once(s, f"suggest {key}", by, lambda: _kept(s, suggestion, by))["id"])


def _kept(s: Session, one: Suggestion, by: Actor) -> dict[str, Any]:
    proposed, words = told(s, one), tidy(one.own_words, lines=True)
    row = Contribution(
        kind="closing" if proposed.get("status") == "defunct" else one.kind, came_by=one.came_by, share_id=one.share_id,
        asset_id=one.asset_id, place_ids=list(one.place_ids), proposed=proposed, own_words=words,
        seen={name: one.seen.get(name, "") for name in proposed}, role_words=tidy(one.role_words),
        reach=sealed(tidy(one.told_by), SHARE_FILE) if tidy(one.told_by) else "", kept_apart=one.kept_apart,
    )  # fmt: skip
    s.add(row)
    s.flush()
    forget_old(s)
    record(s, "suggest", "contribution", row.id, by=by, after={"kind": row.kind, "about": str(one.asset_id or "")})
    return {"id": str(row.id)}


def told(s: Session, one: Suggestion) -> dict[str, str]:
    """The values that ``one`` really proposes: tidied, and other than what stood there.

    Raises:
        BadRequest: as ``contribute``.
    """
    allowed = OF_A_NEW_ONE if one.kind == "addition" else MENDABLE
    values = {name: tidy(one.proposed.get(name, ""), lines=name == "description") for name in allowed}
    _refuse_too_long(
        values | {name: getattr(one, name) for name in ("own_words", "role_words")} | {"reach": one.told_by}
    )
    proposed = {name: value for name, value in values.items() if value and value != one.seen.get(name, "")}
    for name, choices in CHOICES.items():
        if name in proposed and proposed[name] not in choices:
            raise BadRequest(_("Choose one of the answers that are offered."))
    if proposed.get("postcode") and not (full := postcode_in(proposed["postcode"])):
        raise BadRequest(
            _("This is not a full postcode. Write it like M16 7AA, or leave it out and describe the place.")
        )
    if proposed.get("postcode"):
        proposed["postcode"] = full
    if one.kind == "addition":
        _require_enough(s, proposed)
    elif not proposed and not tidy(one.own_words):
        raise BadRequest(_("Say what should be changed: fill in at least one field."))
    return proposed


def _refuse_too_long(values: Mapping[str, str]) -> None:
    for name, value in values.items():
        most = LONGEST.get(name, LONGEST_LINE)
        if len(value) > most:
            raise BadRequest(_("One answer is too long: {n} letters at most.").format(n=most))


def _require_enough(s: Session, proposed: Mapping[str, str]) -> None:
    if not proposed.get("name"):
        raise BadRequest(_("Give it a name: what do people call it?"))
    if not (proposed.get("address") or proposed.get("postcode")):
        raise BadRequest(_("Say roughly where it is: a street, a building or a postcode."))
    if proposed.get("category"):
        kind_of(s, proposed["category"])


def forget_old(s: Session) -> int:
    """Let go of what was kept long enough: ways to reach people after 28 days, what was kept apart too, and what was
    settled after a year; how many rows that touched."""
    time = now()
    ended = Contribution.settled_at < time - SETTLED_KEPT
    spam = Contribution.kept_apart & (Contribution.received_at < time - APART_KEPT)
    gone = s.execute(delete(Contribution).where(ended | spam))
    is_late = (Contribution.reach != "") & (Contribution.received_at < time - REACH_KEPT)
    blanked = s.execute(update(Contribution).where(is_late).values(reach=""))
    return int(gone.rowcount + blanked.rowcount)  # type: ignore[attr-defined]

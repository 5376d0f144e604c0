"""The week of a coach in a patch as it is meant to be: how many hours, and how many of them for being with people."""

from uuid import UUID

from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.language import _
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import PatchCoach
from abcd.errors import BadRequest, NotFound

FULL_TIME = 37.0
"""Hours of a whole week, offered where nobody has said how long it is."""
LONGEST = 60.0


def plan_week(
    s: Session,
    coach_id: UUID,
    week_hours: float,
    people_hours: float,
    *,
    version: int | None,
    by: Actor,
    key: str | None = None,
) -> None:
    """Say how many hours a week somebody has for their patch, and how many of them are for being with people.

    ``coach_id`` is that of the ``Coach``, not of an account.

    Raises:
        BadRequest: the hours make no week.
        NotFound, Conflict, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not share out patches, or not there.
    """
    week, people = _hours(week_hours, people_hours)
    held = s.get(PatchCoach, coach_id)
    if held is None:
        raise NotFound(_("Nobody holds this patch any more. Say first who is its coach."))
    require_at(s, by, "adopt", "patch", held.place_id)

    def plan() -> dict[str, str]:
        told = {"week_hours": week, "people_hours": people}
        row = for_edit(s, PatchCoach, coach_id, version, told)
        row.week_hours, row.people_hours = week, people
        s.flush()
        record(s, "plan_week", "place", row.place_id, by=by, after=told)
        return {}

    once(s, key or f"week {coach_id} {version} {week} {people}", by, plan)


def _hours(week: float, people: float) -> tuple[float, float]:
    if not 0 < week <= LONGEST:
        raise BadRequest(_("A week has more than 0 hours and at most {n}.").format(n=f"{LONGEST:.0f}"))
    if not 0 <= people <= week:
        raise BadRequest(_("The hours for being with people are a part of the week."))
    return float(week), float(people)

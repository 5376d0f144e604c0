"""A draft leaves, or is thrown away."""

from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.errors import Conflict
from abcd.maps.releases.reading import release_of, row_of
from abcd.maps.releases.records import ReleaseRecord
from abcd.people.counting import has_somebody_left


def publish(s: Session, release_id: UUID, *, by: Actor, key: str | None = None) -> ReleaseRecord:
    """Let a draft leave. From now on it never changes, and partners see it.

    Raises:
        Conflict: its figures are not those that were made, or somebody who is in them left meanwhile (trust.md P12).
        NotFound: ``by``'s association has no such release.
        NotAllowed: ``by`` may not publish releases.
    """
    require(by, "publish", "release")
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_publish(s, release_id, by))})
    return release_of(s, UUID(done["id"]), by=by)


def _publish(s: Session, release_id: UUID, by: Actor) -> UUID:
    row = row_of(s, release_id, by=by)
    s.refresh(row, with_for_update=True)
    if row.status == "published":
        return row.id
    if not release_of(s, release_id, by=by).is_whole:
        raise Conflict(_("The figures of this draft are not those that were made. Make it anew."), {}, {})
    if has_somebody_left(s, row.organisation_id, row.counted_to):
        raise Conflict(_("Somebody left the figures since this draft was made. Make it anew, and look at it."), {}, {})
    row.status, row.published_by, row.published_at = "published", by.name, func.now()
    s.flush()
    record(s, "publish", "release", row.id, by=by, after={"month": row.month.isoformat(), "sha256": row.sha256})
    return row.id


def discard(s: Session, release_id: UUID, *, by: Actor, key: str | None = None) -> None:
    """Throw a draft away.

    Raises:
        Conflict: it was published, and what left cannot be taken back.
        NotFound: ``by``'s association has no such release.
        NotAllowed: ``by`` may not make releases.
    """
    require(by, "make", "release")
    once(s, key or str(uuid4()), by, lambda: _discard(s, release_id, by))


def _discard(s: Session, release_id: UUID, by: Actor) -> dict[str, str]:
    row = row_of(s, release_id, by=by)
    if row.status == "published":
        raise Conflict(_("This release was published. What left cannot be taken back."), {}, {})
    s.delete(row)
    s.flush()
    record(s, "discard", "release", release_id, by=by)
    return {}

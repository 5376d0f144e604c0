"""Where a group meets: the tie that holds most others, kept in what is written down of the group."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.assets.rooms import GroupWords, describe_rooms, words_of
from abcd.connections.network.ties import require_tellable
from abcd.db.session import Actor


def describe_meeting_place(
    s: Session, group_id: UUID, venue_id: UUID | None, *, version: int | None, by: Actor, key: str | None = None
) -> None:
    """Write down where a group meets, None for nowhere fixed; all else that it says of itself stays.

    Raises:
        BadRequest: the place is the group itself, or one of the two was merged or is kept private.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not edit assets, or not there.
    """
    if venue_id is not None:
        require_tellable(s, group_id, venue_id)
    group, _venue = words_of(s, group_id)
    told = replace(group or GroupWords(), meets_at=venue_id)
    describe_rooms(s, group_id, told, version=version, by=by, key=key)

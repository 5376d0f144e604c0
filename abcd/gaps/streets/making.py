"""Networks are made before somebody walks on them: after a restore, on another machine, by a newer version."""

from sqlalchemy import select

from abcd.db.session import SYSTEM, session
from abcd.db.tables import StreetMap
from abcd.gaps.streets.loaded import folder_of, is_made, make


def make_ready() -> int:
    """Make the networks of the maps in use that this machine has not got, the newest first; how many."""
    with session(SYSTEM, patient=True) as s:
        wanted = select(StreetMap.id).where(StreetMap.ended_at.is_(None)).order_by(StreetMap.made_at.desc())
        missing = [map_id for map_id in s.scalars(wanted) if not is_made(folder_of(map_id))]
        for map_id in missing:
            make(s, map_id)
    return len(missing)

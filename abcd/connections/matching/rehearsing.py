"""A wish that nobody has is answered when the app has started, so that nobody's wish is the first.

The first in a process waits for the lexicon and the sense of words (0.5 s of a processor), for the lists of gifts and
categories, and for the network of streets round its patch to be opened (0.3 s for 350 thousand nodes).
"""

from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.matching.records import UNKNOWN_GRID, Sought
from abcd.connections.matching.suggesting import suggested
from abcd.core.clock import today
from abcd.db.tables import HOME_KINDS
from abcd.gaps.streets.loaded import HELD

#: One patch on each of the newest maps of streets, and one on none.
PATCHES = text("""
select id from (
  select distinct on (m.id) p.id, m.made_at from core.place p
  left join core.street_map m on m.ended_at is null and ST_Covers(m.area, ST_Envelope(p.geom))
  where p.kind = any(:kinds) and p.end_date is null order by m.id, p.id) found
order by made_at desc nulls last limit :most""")

#: For such a wish nobody ticked a gift, so that its words are looked at.
WORDS = "Company for a walk"


def rehearse(s: Session) -> int:
    """Answer a wish that nobody has in some patches; in how many. Nothing is written, and nothing is told."""
    patches = list(s.scalars(PATCHES, {"kinds": list(HOME_KINDS), "most": HELD}))
    for place_id in patches:
        suggested(s, nobodys(place_id), 1)
    return len(patches)


def nobodys(place_id: UUID) -> Sought:
    """A wish at a place that stands in no store."""
    return Sought(uuid4(), place_id, "meet", "", "", "", WORDS, UNKNOWN_GRID, None, today())

"""Open Referral UK 3.0 as one JSON document: what its ``/services`` gives page by page, as a single page.

Each entry of ``contents`` is a whole service as the profile has it (``abcd.maps.oruk``); how many there are stands at
the end, because it is known only there.
"""

from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.orm import Session

from abcd.maps.files.fields import Field
from abcd.maps.files.part import Part
from abcd.maps.oruk import feed
from abcd.maps.reader import Reader

#: Services between two notes of how far it is.
STEP = 250


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """The services of one layer; a dictionary it needs none, the profile is one.

    Raises:
        NotFound: the layer has no services.
    """
    (part,) = parts
    asked = part.selection
    places = (asked.place.id,) if asked.place else asked.within
    reader = Reader(asked.audience, (part.name,), places)
    with path.open("wb") as out, Session(part.connections[0]) as s:
        out.write(b'{"contents":[')
        for service in feed(s, reader, asked.category):
            out.write(b",\n" if part.rows else b"\n")
            out.write(orjson.dumps(service))
            part.rows += 1
            part.drawn += bool(service.get("service_at_locations"))
            if part.rows % STEP == 0:
                part.note(part.rows, part.rows)
        out.write(b"\n]," + orjson.dumps(wrapper(part.rows))[1:] + b"\n")
    return {}


def wrapper(rows: int) -> dict[str, Any]:
    """What the profile's page says of itself, when it is the only one."""
    return {
        "total_items": rows, "total_pages": min(rows, 1), "page_number": 1, "size": rows, "first_page": True,
        "last_page": True, "empty": rows == 0,
    }  # fmt: skip

"""What a file says about itself: title, publisher, licences, how much, what was left out and why (product.md H.1)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, exists, func, not_, select

from abcd.config import settings
from abcd.core import shift
from abcd.db.tables import Source
from abcd.maps.selection import Selection

SCHEMA_VERSION = 1


def metadata(
    c: Connection,
    selection: Selection,
    rows: int,
    drawn: int,
    changed: datetime | None,
    left: dict[str, int] | None = None,
) -> dict[str, Any]:
    """The foreign member ``metadata`` of ``rows`` features, of which ``drawn`` have a geometry.

    ``left`` is what was left out, counted already by somebody who sees more than the reader of the file. Its times are
    those of the last change, not the clock's, so that the same store gives the same bytes.
    """
    layer, here = selection.layer, settings()
    moment = changed.astimezone(UTC) if changed else None
    return {
        "title": layer.title,
        "description": layer.says,
        "publisher": here.publisher,
        "licence": here.licence,
        "attribution": layer.attribution,
        "generated_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None,
        "as_of": moment.date().isoformat() if moment else None,
        "crs": f"WGS84 longitude, latitude; from the British National Grid, right within {shift.accuracy_m():g} m",
        "schema": f"urn:abcd:layer:{layer.name}:{SCHEMA_VERSION}",
        "selection": selection.words(),
        "rows": rows,
        "without_geometry": rows - drawn,
        "left_out": left_out(c, selection) if left is None else left,
        "sources": sources(c, selection),
        "columns": {column.name: column.says for column in layer.columns_for(selection.audience)},
    }


def left_out(c: Connection, selection: Selection) -> dict[str, int]:
    """How many rows of the table are not in the file, by reason; only what was asked for is counted."""
    layer = selection.layer
    reasons = dict(layer.left_out)
    if layer.visibility is not None:
        reasons["not for this audience"] = layer.shown & not_(layer.seen_by(selection.audience)[-1])
    if not reasons:
        return {}
    counted = [func.count().filter(reason).label(str(position)) for position, reason in enumerate(reasons.values())]
    return dict(
        zip(reasons, c.execute(select(*counted).select_from(layer.table).where(*selection.asked)).one(), strict=True)
    )


def sources(c: Connection, selection: Selection) -> list[dict[str, str]]:
    """The sources that the rows come from, by name, each with its own licence and attribution."""
    used = exists().select_from(selection.layer.table).where(selection.layer.source == Source.id, *selection.conditions)
    facts = Source.name, Source.publisher, Source.licence, Source.attribution
    return [dict(row._mapping) for row in c.execute(select(*facts).where(used).order_by(Source.name, Source.id))]

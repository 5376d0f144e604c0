"""The whole directory, service by service, for files."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from abcd.db.tables import Asset
from abcd.maps.oruk import shape
from abcd.maps.oruk.services import told
from abcd.maps.reader import Reader

PIECE = 250
"""Services that one query brings."""


def feed(s: Session, reader: Reader, category: str = "") -> Iterator[dict[str, Any]]:
    """Every service that ``reader`` may see, in full, in the order of ids: memory stays flat however many there are.

    Raises:
        NotFound: no layer with services is open to this reader.
    """
    rows = told(reader).order_by(Asset.id).limit(PIECE)
    rows = rows.where(Asset.category == category) if category else rows
    piece = s.execute(rows).all()
    while piece:
        yield from (shape.service(row) for row in piece)
        piece = s.execute(rows.where(Asset.id > piece[-1].id)).all() if len(piece) == PIECE else []

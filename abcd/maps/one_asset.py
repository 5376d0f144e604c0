"""One asset of a shared map in full."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.db.tables import Asset
from abcd.errors import NotFound
from abcd.maps.asked import Asked
from abcd.maps.listing import NOT_HERE, Row, in_own_words, is_open, listed_layers, row_of, where
from abcd.maps.reader import Reader


def asset_of(s: Session, reader: Reader, asset_id: UUID, asked: Asked) -> Row:
    """One asset in full: every column that a layer of the reader's shows of it.

    Raises:
        NotFound: there is none such for this reader.
    """
    told: Row = {}
    seen = Asked(within=reader.places, hides_old=asked.hides_old)
    mine = [Asset.id == asset_id, Asset.status.not_in(NOT_HERE), *seen.of_assets()]
    for layer in listed_layers(reader):
        wanted = tuple(in_own_words(one) for one in layer.columns if is_open(one, reader))
        found = select(*where(asked.metres()), *(one.labelled() for one in wanted)).select_from(layer.joined(wanted))
        row = s.execute(found.where(*mine, *layer.seen_by(reader.audience))).first()
        told |= row_of(row) if row else {}
    if not told:
        raise NotFound("There is nothing at this address.")
    return told

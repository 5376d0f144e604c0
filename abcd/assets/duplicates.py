"""Pairs of records that may be one thing, side by side for a person to decide."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from abcd.assets.queries import asset
from abcd.assets.records import AssetRecord
from abcd.db.tables import Asset, DuplicatePair


@dataclass(frozen=True)
class Pair:
    """Two records that look alike: ``score`` 0 to 1, ``reasons`` in words; the older record is ``one``."""

    id: UUID
    score: float
    reasons: str
    one: AssetRecord
    other: AssetRecord


def open_pairs(s: Session, import_id: UUID | None = None, limit: int = 20, offset: int = 0) -> list[Pair]:
    """Pairs nobody has decided on, the likeliest first; of one import when it is named."""
    one, other = aliased(Asset), aliased(Asset)
    rows = (
        select(DuplicatePair)
        .join(one, one.id == DuplicatePair.asset_id)
        .join(other, other.id == DuplicatePair.other_id)
        .where(DuplicatePair.state == "open", one.merged_into.is_(None), other.merged_into.is_(None))
        .order_by(DuplicatePair.score.desc(), DuplicatePair.id)
    )
    if import_id is not None:
        rows = rows.where(DuplicatePair.import_id == import_id)
    return [_pair(s, row) for row in s.scalars(rows.limit(limit).offset(offset))]


def _pair(s: Session, row: DuplicatePair) -> Pair:
    one, other = sorted((asset(s, row.asset_id), asset(s, row.other_id)), key=lambda record: record.created_at)
    return Pair(row.id, row.score, row.reasons, one, other)


def open_count(s: Session) -> int:
    """How many pairs nobody has decided on."""
    return s.scalar(select(func.count()).where(DuplicatePair.state == "open")) or 0

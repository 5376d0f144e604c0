"""Data health: what the files had wrong, and what the register does not know."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from abcd.assets.duplicates import open_count
from abcd.assets.freshness import STATES, confidence, state
from abcd.assets.lines import asset_rows, standing
from abcd.db.tables import Asset, Import, Issue, SensitiveLocation, Source, Term

DOUBTFUL = 0.25
"""Below this confidence a record is worth a visit: open data eight months past its year, say."""


@dataclass(frozen=True)
class Health:
    """The register at a glance; ``freshness`` maps each state to how many assets are in it."""

    assets: int
    unlocated: int
    doubtful: int
    freshness: dict[str, int]
    open_issues: int
    open_duplicates: int


def health(s: Session) -> Health:
    """Counts over every standing asset."""
    counted = select(
        func.count(),
        func.count().filter(_nowhere()),
        func.count().filter(confidence() < DOUBTFUL),
        *(func.count().filter(state() == name) for name in STATES),
    ).join_from(Asset, Term, Term.slug == Asset.category)
    total, nowhere, doubtful, *by_state = s.execute(counted.where(standing())).one()
    open_issues = s.scalar(select(func.count()).where(Issue.settled_at.is_(None))) or 0
    return Health(total, nowhere, doubtful, dict(zip(STATES, by_state, strict=True)), open_issues, open_count(s))


def _nowhere() -> Any:
    hidden = select(SensitiveLocation.asset_id).where(SensitiveLocation.asset_id == Asset.id).exists()
    return Asset.point.is_(None) & ~(Asset.is_sensitive & hidden)


def issues_by_source(s: Session) -> pd.DataFrame:
    """Faults by file: ``source, file, import_id, loaded_at, kind, rows, example, what_to_do``, the worst first."""
    rows = (
        select(
            Source.name.label("source"), Import.file_name.label("file"), Import.id.label("import_id"), Import.loaded_at,
            Issue.kind, func.count().label("rows"), func.min(Issue.message).label("example"),
            func.min(Issue.what_to_do).label("what_to_do"),
        )
        .join_from(Issue, Import, Import.id == Issue.import_id)
        .join(Source, Source.id == Import.source_id)
        .where(Issue.settled_at.is_(None), Import.status.not_in(("discarded", "undone")))
        .group_by(Source.name, Import.file_name, Import.id, Import.loaded_at, Issue.kind)
        .order_by(func.count().desc(), Source.name, Issue.kind)
    )  # fmt: skip
    result = s.execute(rows)
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def unlocated() -> Select[Any]:
    """Standing assets that nobody can put on the map, as a select of lines."""
    return asset_rows().where(standing(), _nowhere()).order_by(Asset.name, Asset.id)


def doubtful() -> Select[Any]:
    """Standing assets that are least sure, as a select of lines."""
    return asset_rows().where(standing(), confidence() < DOUBTFUL).order_by(confidence(), Asset.name, Asset.id)

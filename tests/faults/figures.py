"""What a fault run is told as: one JSON row with how often, what was lost, and how long until work went on."""

import json
from statistics import quantiles
from typing import Any

from tests.faults.ledger import Verdict

#: Work goes on within so many seconds in 95 of 100 cases.
RECOVERY_GOAL = 5.0
rows: list[dict[str, Any]] = []


def percentile(seconds: list[float], percent: int) -> float:
    """The ``percent``-th percentile of some durations, 0 when there are none."""
    if len(seconds) < 2:
        return round(sum(seconds), 3)
    return round(quantiles(seconds, n=100, method="inclusive")[percent - 1], 3)


def spread(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and worst, in seconds."""
    worst = round(max(seconds, default=0.0), 3)
    return {"p50_s": percentile(seconds, 50), "p95_s": percentile(seconds, 95), "max_s": worst}


def tell(fault: str, cycles: int, verdict: Verdict | None = None, recovery: list[float] | None = None,
         **more: Any) -> dict[str, Any]:  # fmt: skip
    """Keep one row; ``./dev faults`` prints them all at the end."""
    row: dict[str, Any] = {"fault": fault, "cycles": cycles}
    if verdict:
        row |= {"acked": verdict.acked, "lost": verdict.lost, "duplicates": verdict.duplicates}
    if recovery:
        row["recovery"] = spread(recovery)
    rows.append(row | more)
    return row


def printed() -> str:
    """All rows, one a line."""
    return "\n".join(json.dumps(row) for row in rows)

"""``abcd backup --drill``: a backup counts when it has been restored, so restore it, somewhere else, and time it."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from abcd.config import settings
from abcd.db.backup import in_place, keys, reaching, remembered, restoring, taking
from abcd.db.backup.examining import examine
from abcd.db.backup.manifest import Manifest
from abcd.db.backup.rebuilding import Replay
from abcd.db.backup.steps import Steps


@dataclass(frozen=True)
class Drilled:
    """What a drill showed.

    Attributes:
        manifest: of the backup that was restored.
        where: the backup's folder, ``None`` when it was thrown away again.
        seconds: of each step.
        rpo_seconds: how far back the last kept backup would have thrown the store when the drill began, or ``None``
            when there was none: then everything would have been lost.
        events_at_risk: audit events since that backup.
        rto_seconds: from an empty machine to a store that holds and answers the same.
        erased_anew: people whose erasure was made anew.
    """

    manifest: Manifest
    where: Path | None
    seconds: dict[str, float]
    rpo_seconds: float | None
    events_at_risk: int
    rto_seconds: float
    erased_anew: int

    def as_json(self) -> str:
        """One JSON document."""
        return json.dumps(
            {
                "rows": self.manifest.rows, "tables": len(self.manifest.tables), "seconds": self.seconds,
                "folder": str(self.where) if self.where else None, "rpo_seconds": self.rpo_seconds,
                "events_at_risk": self.events_at_risk, "rto_seconds": self.rto_seconds,
                "erased_anew": self.erased_anew, "verdict": "restored and equal",
            },
            indent=1,
        )  # fmt: skip


def drill(
    folder: Path | None, replay: Replay, steps: Steps, *,
    keys_folder: Path | None = None, recipients: Sequence[str] = (),
) -> Drilled:  # fmt: skip
    """Back up (into ``folder`` when one is named), restore into a new store elsewhere, compare, and throw that away.

    Raises:
        AbcdError: some step failed: then this backup is worth nothing, and the message says why.
    """
    home, before = settings().home, remembered.age(settings().home, remembered.BACKUP)
    known = remembered.said(home, remembered.BACKUP).get("last_event", 0)
    with tempfile.TemporaryDirectory(prefix="abcd-drill-") as place:
        scratch = Path(place)
        scratch.chmod(0o755)
        with steps("The backup is made and read back"):
            into = folder or scratch / "backup"
            taken = taking.take(
                into, keys_folder=keys_folder if folder else None, recipients=recipients, lasting=folder is not None
            )
        began = datetime.now(UTC)
        recovery = keys.recovery(home)
        with steps("Signature and checksums hold"):
            source = restoring.source_of(taken.store, recovery, keys_folder if folder else None)
        erased = restoring.erased_since(source, recovery)
        again = in_place.rebuilt_in(scratch, source, erased, replay, steps)
        rto = (datetime.now(UTC) - began).total_seconds()
    if not settings().database_url:
        with steps("The data files of our own store are examined"):
            examine(reaching.owner())
        remembered.remember(home, remembered.FILES_EXAMINED)
    remembered.remember(home, remembered.DRILL, rto_seconds=rto)
    return Drilled(
        taken.manifest, folder and taken.store, steps.seconds, before.total_seconds() if before else None,
        taken.manifest.last_event - known, rto, again,
    )  # fmt: skip

"""What this home remembers of its backups, for ``abcd check`` and for people who ask how long one is kept."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

FILE = "backups.json"
BACKUP, DRILL, FILES_EXAMINED = "backup", "drill", "files examined"


def remember(home: Path, what: str, **said: object) -> None:
    """Keep the moment of a success, and what is worth saying of it."""
    kept = _kept(home) | {what: {"at": datetime.now(UTC).isoformat(timespec="seconds"), **said}}
    temporary = home / f".{FILE}"
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    temporary.replace(home / FILE)


def last(home: Path, what: str) -> datetime | None:
    """The moment of the last success, ``None`` when there was none."""
    found = _kept(home).get(what)
    return datetime.fromisoformat(found["at"]) if found else None


def said(home: Path, what: str) -> dict[str, Any]:
    """What was kept of the last success, empty when there was none."""
    return dict(_kept(home).get(what, {}))


def age(home: Path, what: str) -> timedelta | None:
    """How long ago the last success was."""
    moment = last(home, what)
    return datetime.now(UTC) - moment if moment else None


def kept_until(home: Path) -> date | None:
    """The day on which the newest backup will be gone, and with it whatever it holds; ``None`` without a backup."""
    found = _kept(home).get(BACKUP, {}).get("expires_at")
    return datetime.fromisoformat(found).date() if found else None


def _kept(home: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found

"""Who said what was saved: intents and acknowledgements on disk, compared in the end with what the store holds.

An intent is written and synced before anything is sent; an acknowledgement only when a person was told "saved". Each
intent has a word of its own that goes into the record's name, so that the store can be asked for it (trust.md 2).
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


@dataclass(frozen=True)
class Verdict:
    """What became of the intents.

    Attributes:
        intended, acked, kept: how many were meant, told as saved, and are in the store.
        lost: told as saved and not in the store.
        duplicates: in the store more than once.
        strangers: in the store and never meant.
        untraced: in the store without exactly one audit event that says so.
    """

    intended: int
    acked: int
    kept: int
    lost: int
    duplicates: int
    strangers: int
    untraced: int

    @property
    def is_right(self) -> bool:
        """Whether acknowledged is within kept is within intended, each once and traced."""
        return not (self.lost or self.duplicates or self.strangers or self.untraced)


class Ledger:
    """Intents and acknowledgements of one run, in two files of ``folder``."""

    def __init__(self, folder: Path, word: str = "") -> None:
        self.word = word or f"Ledger{uuid4().hex[:8]}"
        self._lock = Lock()
        self._intents = (folder / f"{self.word}.intents").open("a")
        self._acks = (folder / f"{self.word}.acks").open("a")

    def intend(self) -> str:
        """A new intent: the name of the record that is about to be saved; on disk before this returns."""
        name = f"{self.word} {uuid4().hex[:12]}"
        self._write(self._intents, name)
        return name

    def acknowledge(self, name: str) -> None:
        """A person was told that ``name`` is saved."""
        self._write(self._acks, name)

    @property
    def acked(self) -> int:
        """How many were told as saved so far."""
        return len(_lines(self._acks.name))

    def _write(self, file: "os.PathLike[str] | object", name: str) -> None:
        with self._lock:
            file.write(name + "\n")  # type: ignore[attr-defined]
            file.flush()  # type: ignore[attr-defined]
            os.fsync(file.fileno())  # type: ignore[attr-defined]

    def compare(self, url: str) -> Verdict:
        """The verdict on the assets in the store at ``url``."""
        names, traces = _stored(url, self.word)
        return verdict(_lines(self._intents.name), _lines(self._acks.name), names, traces)


def verdict(intents: Iterable[str], acks: Iterable[str], stored: Iterable[str], traces: dict[str, int]) -> Verdict:
    """Compare three lists of names, and the number of audit events of each stored one."""
    meant, told, kept = set(intents), set(acks), Counter(stored)
    return Verdict(
        len(meant), len(told), len(kept), len(told - set(kept)), sum(n - 1 for n in kept.values()),
        len(set(kept) - meant), sum(traces.get(name, 0) != kept[name] for name in kept),
    )  # fmt: skip


STORED = """
select a.name, (select count(*) from core.audit_event e where e.thing_id = a.id::text and e.verb = 'add')
from core.asset a where a.name like :word || ' %'"""


def _stored(url: str, word: str) -> tuple[list[str], dict[str, int]]:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        rows = connection.execute(text(STORED), {"word": word}).all()
    traces: Counter[str] = Counter()
    for name, events in rows:
        traces[name] += events
    return [name for name, _events in rows], dict(traces)


def _lines(path: str) -> list[str]:
    return Path(path).read_text().split("\n")[:-1]

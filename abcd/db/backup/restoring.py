"""What a restore begins with: the verified backup, and everybody who must not come back with it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from abcd.db.backup import bundle, keys, trusting
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.manifest import STORE, Manifest
from abcd.db.backup.rebuilding import Source
from abcd.db.erasures import Erased, forgotten
from abcd.errors import BadFile


@dataclass(frozen=True)
class Restored:
    """What was restored: the manifest, the erasures made anew, and where: a folder of ours or a new database."""

    manifest: Manifest
    with_keys: bool
    erased_anew: int
    where: str


def source_of(folder: Path, recovery: keys.RecoveryKey, keys_folder: Path | None = None) -> Source:
    """The verified backup that ``folder`` is, or the newest in it, with the newest copy of people's keys.

    Raises:
        NotFound: there is none.
        BadFile, SetupMissing: it cannot be trusted, or not be restored here; nothing was touched.
    """
    store = trusting.bundle_in(folder)
    said = trusting.verified(store, recovery)
    return Source(store, said, trusting.keys_in(keys_folder or store.folder.parent, recovery), recovery.identity)


def erased_since(source: Source, recovery: keys.RecoveryKey) -> list[Erased]:
    """Everybody erased, by this machine's list and by every signed backup beside this one.

    A machine that burned took its list with it; the newest backup still has it.
    """
    found = {each.hash: each for each in forgotten()}
    for said in [source.manifest, *_signed_beside(source.store, recovery)]:
        found |= {one: Erased(one, date.fromisoformat(day)) for one, day in said.erased.items() if one not in found}
    return list(found.values())


def _signed_beside(store: Bundle, recovery: keys.RecoveryKey) -> Iterator[Manifest]:
    for each in bundle.found_in(store.folder.parent, STORE):
        with suppress(BadFile):
            yield trusting.manifest_of(each, recovery)

"""A backup on disk: a folder with its manifest, its signature and one encrypted file.

It is written under another name, made durable, read back, and only then named: no name of a backup ever stands for
half of one.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from abcd.db.backup import manifest as words_of
from abcd.db.backup.manifest import Manifest
from abcd.errors import StoreUnavailable

MANIFEST, SIGNATURE, SEALED = "manifest.json", "manifest.sig", "data.age"
PREFIX = {words_of.STORE: "abcd-store-", words_of.PERSON_KEYS: "abcd-person-keys-"}
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Bundle:
    """The folder of one backup."""

    folder: Path

    @property
    def manifest(self) -> Path:
        """What it says of itself."""
        return self.folder / MANIFEST

    @property
    def signature(self) -> Path:
        """The signature over the manifest's bytes, as hexadecimal text."""
        return self.folder / SIGNATURE

    @property
    def sealed(self) -> Path:
        """The encrypted data."""
        return self.folder / SEALED


def name_of(kind: str, moment: datetime) -> str:
    """The name of a backup: its kind and its moment, so that names sort by time."""
    return f"{PREFIX[kind]}{moment:%Y%m%dT%H%M%S.%fZ}"


def found_in(folder: Path, kind: str) -> list[Bundle]:
    """The finished backups of ``kind`` in ``folder``, newest first."""
    return [Bundle(path) for path in sorted(folder.glob(f"{PREFIX[kind]}*"), reverse=True) if path.is_dir()]


@contextmanager
def unfinished(folder: Path, kind: str, moment: datetime) -> Iterator[Bundle]:
    """A folder to write a backup into; removed when anything fails, named when the block is left in peace.

    Raises:
        StoreUnavailable: the disk is full or cannot be written; the message says so.
    """
    name = name_of(kind, moment)
    temporary = folder / f"{UNFINISHED}{name}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        temporary.mkdir(mode=0o700)
        yield Bundle(temporary)
        sync(temporary)
        temporary.rename(folder / name)
        sync(folder)
    except OSError as error:
        raise StoreUnavailable(f"The backup could not be written to {folder}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed backup left."""
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def describe(bundle: Bundle, manifest: Manifest, sign: Callable[[bytes], bytes]) -> None:
    """Write the manifest and its signature."""
    words = words_of.as_bytes(manifest)
    for path, content in ((bundle.manifest, words), (bundle.signature, sign(words).hex().encode() + b"\n")):
        with path.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())


def sync(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

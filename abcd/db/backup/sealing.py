"""Data through age: encrypted on its way to a disk, decrypted on its way to a program, never plain on a disk."""

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyrage

from abcd.db.backup.manifest import File
from abcd.errors import BadFile

BLOCK = 1024 * 1024


class _Hashing:
    """A file that knows the size and hash of what was written to it; age asks for nothing but these two methods."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.size, self.hash = 0, hashlib.sha256()
        self.refused: OSError | None = None

    def write(self, block: bytes) -> int:
        self.size += len(block)
        self.hash.update(block)
        try:
            return self._out.write(block)
        except OSError as error:
            self.refused = error
            raise

    def flush(self) -> None:
        self._out.flush()


def seal(plain: IO[bytes], path: Path, recipients: Sequence[Any]) -> File:
    """Encrypt a stream to a new file and make it durable."""
    with path.open("xb") as out:
        hashing = _Hashing(out)
        try:
            pyrage.encrypt_io(plain, hashing, list(recipients))
        except pyrage.EncryptError as error:
            raise hashing.refused or error from error
        out.flush()
        os.fsync(out.fileno())
    return File(hashing.size, hashing.hash.hexdigest())


def file_of(path: Path) -> File:
    """The size and SHA-256 of a file as it lies on the disk."""
    with path.open("rb") as handle:
        return File(path.stat().st_size, hashlib.file_digest(handle, "sha256").hexdigest())


def require_key(path: Path, identity: Any) -> None:
    """Refuse a file that ``identity`` does not open, by its first block.

    Raises:
        BadFile: another key is needed.
    """
    try:
        with path.open("rb") as sealed:
            pyrage.decrypt_io(sealed, _Enough(), [identity])
    except _EnoughSeen:
        return
    except pyrage.DecryptError as error:
        raise BadFile(
            "This backup was encrypted for another key. Name the recovery key that was made with it: "
            "--recovery-key FILE."
        ) from error


class _EnoughSeen(Exception):  # noqa: N818
    """The key fits."""


class _Enough:
    def write(self, _block: bytes) -> int:
        raise _EnoughSeen

    def flush(self) -> None:
        raise _EnoughSeen


@contextmanager
def pouring(path: Path, identity: Any, into: IO[bytes]) -> Iterator[None]:
    """Decrypt ``path`` into a pipe, from another thread, while the block reads what the program behind it says.

    Raises:
        BadFile: the file breaks off or was changed (each block is authenticated).
    """
    failures: list[BaseException] = []

    def pour() -> None:
        try:
            with path.open("rb") as sealed, into:
                pyrage.decrypt_io(sealed, into, [identity])
        except BrokenPipeError:
            pass  # the reader has heard enough, and says why itself
        except (pyrage.DecryptError, OSError) as error:
            failures.append(error)

    thread = threading.Thread(target=pour, name="decrypting")
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failures:
        raise BadFile(f"{path} cannot be decrypted: it is damaged ({failures[0]}).") from failures[0]

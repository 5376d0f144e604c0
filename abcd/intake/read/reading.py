"""``look`` and ``open_file``: what a file is, and its rows, from the sandboxed child."""

import hashlib
import json
import os
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow as pa

from abcd.errors import BadFile, NotFound
from abcd.intake.read import sandbox
from abcd.intake.read.facts import FileLook, ReadChoice, ReadIssue, look_from_json
from abcd.intake.read.limits import FILE_BYTES, MEGABYTE


def look(path: Path | str, choice: ReadChoice | None = None) -> FileLook:
    """What ``path`` is: format, layers, columns and its first 200 rows.

    Raises:
        NotFound: there is no such file.
        BadFile: it cannot be read safely; the message says where and what to do.
    """
    with Reading(Path(path), choice or ReadChoice(), "look") as reading:
        for _ in reading:
            pass
        return replace(reading.look, bytes=reading.bytes, sha256=reading.sha256())


def open_file(path: Path | str, choice: ReadChoice | None = None) -> "Reading":
    """The rows of ``path``, as a context manager that iterates Arrow batches; raises as ``look`` does."""
    return Reading(Path(path), choice or ReadChoice(), "rows")


class Reading:
    """The rows of a file: ``for batch in reading``, at most 65,536 rows each.

    A batch has the text columns (string; ``None`` where the file has nothing), ``__row__`` (int64, 1-based below the
    headings) and ``__geom__`` (WKB in the file's CRS, may be null).

    Attributes:
        look: the facts, without a sample.
        bytes: size of the file.
        issues: faults so far; the first 1,000 of each kind, row by row.
        issue_counts: kind -> how often it was met; complete once all batches have been read, like the two below.
        rows_seen: data rows met, kept or not.
        rows_left_out: data rows that are in no batch.
    """

    look: FileLook

    def __init__(self, path: Path, choice: ReadChoice, verb: str) -> None:
        self._path, self._choice, self._verb = path, choice, verb
        self._stack = ExitStack()
        self.issues: list[ReadIssue] = []
        self.issue_counts: Counter[str] = Counter()
        self.rows_seen = self.rows_left_out = self.bytes = 0

    def __enter__(self) -> Self:
        with self._stack as stack:
            self._file = stack.enter_context(_opened(self._path))
            self.bytes = os.fstat(self._file.fileno()).st_size
            asked = sandbox.child(self._file, self._path.suffix.lower()[:12], self._verb, self._choice)
            self._child = stack.enter_context(asked)
            self._stream = self._child.opened()
            self._take_look(self._stream.schema)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        while (told := self._next()) is not None:
            batch, said = told
            self.issues += [ReadIssue(**issue) for issue in said.get("issues", ())]
            if "end" in said:
                return self._finish(said["end"])
            yield batch.replace_schema_metadata(None)

    def sha256(self) -> str:
        """The file's SHA-256, hexadecimal."""
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _take_look(self, schema: pa.Schema) -> None:
        told = json.loads((schema.metadata or {}).get(b"look", b"null"))
        if told is None:
            for _ in self:
                pass
        self.look = look_from_json(told)

    def _next(self) -> tuple[pa.RecordBatch, dict[str, Any]] | None:
        try:
            batch, told = self._stream.read_next_batch_with_custom_metadata()
            batch.validate(full=True)
        except (pa.ArrowInvalid, StopIteration, OSError) as error:
            raise self._child.failure() from error
        return batch, json.loads(told[b"told"])

    def _finish(self, told: dict[str, Any]) -> None:
        self.issues += [ReadIssue(**issue) for issue in told["issues"]]
        self.issue_counts = Counter(told["counts"])
        self.rows_seen, self.rows_left_out = told["seen"], told["left_out"]
        if "refused" in told:
            raise BadFile(told["refused"])


def _opened(path: Path) -> BinaryIO:
    """The file, opened by us so that the child never sees its name.

    Raises:
        NotFound: no such file.
        BadFile: not a file, not ours to read, or too large.
    """
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")  # a named pipe would wait for ever
    except FileNotFoundError:
        raise NotFound(f"There is no file called “{_shown(path)}”.") from None
    except (OSError, ValueError):
        raise BadFile(f"“{_shown(path)}” cannot be opened. Check that it is a file and that you may read it.") from None
    _refuse_odd(file, path)
    return file


def _refuse_odd(file: BinaryIO, path: Path) -> None:
    facts = os.fstat(file.fileno())
    if not stat.S_ISREG(facts.st_mode):
        file.close()
        raise BadFile(f"“{_shown(path)}” is not an ordinary file.")
    if facts.st_size > FILE_BYTES:
        file.close()
        raise BadFile(
            f"This file has {facts.st_size // MEGABYTE:,} MB; at most {FILE_BYTES // MEGABYTE:,} MB can be read. "
            "Split it into parts."
        )


def _shown(path: Path) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in path.name)[:80]

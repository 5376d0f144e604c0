"""The parent's half: has a child started for a file, listens to it with patience, and says why it ended."""

import json
import os
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from abcd.errors import BadFile
from abcd.intake.read.facts import ReadChoice
from abcd.intake.read.limits import PATIENCE_SECONDS, cpu_seconds
from abcd.intake.read.patience import Patient
from abcd.intake.read.starter import READERS

TOO_LONG = "Reading this file took too long, so it was stopped. Save it in smaller parts, or as CSV."
#: A guard that does not answer for so long has gone.
GUARD_SECONDS = 5.0
NOT_SAFELY = (
    "This file could not be read safely: it is damaged, too large or too complex. "
    "Open it in the program that made it, save it again, and try once more."
)


class Child:
    """A running reader; ``stream`` is its Arrow stream."""

    def __init__(self, answers: int, line: socket.socket, patience: float) -> None:
        self.stream = Patient(answers, patience)
        self._line = line
        self._ended: int | None = None

    def opened(self) -> pa.RecordBatchStreamReader:
        """The stream with its schema read.

        Raises:
            BadFile: the child ended without a word.
        """
        try:
            return pa.ipc.open_stream(pa.PythonFile(self.stream, mode="r"))
        except (pa.ArrowInvalid, OSError) as error:
            raise self.failure() from error

    def failure(self) -> BadFile:
        """Why the child ended, as a sentence."""
        ended = self.end()
        return BadFile(TOO_LONG if self.stream.was_silent or ended == -signal.SIGXCPU else NOT_SAFELY)

    def end(self) -> int:
        """End the child if it has not ended; its exit code, negative when a signal ended it."""
        if self._ended is None:
            self._ended = -signal.SIGKILL
            with suppress(OSError):  # its guard has gone, or never was
                self._line.shutdown(socket.SHUT_WR)
                self._ended = int(self._line.recv(16) or self._ended)
        return self._ended


@contextmanager
def child(file: BinaryIO, suffix: str, verb: str, choice: ReadChoice) -> Iterator[Child]:
    """A child that reads ``file``; it is gone, with its private folder, when the block ends."""
    asked = {"verb": verb, "suffix": suffix, "choice": asdict(choice)}
    with tempfile.TemporaryDirectory(prefix="abcd-read-", dir=_reachable()) as folder:
        _give_to_nobody(folder)
        with _started(file, json.dumps(asked | {"folder": folder})) as (answers, line):
            reader = Child(answers, line, PATIENCE_SECONDS + cpu_seconds(os.fstat(file.fileno()).st_size))
            try:
                yield reader
            finally:
                reader.end()


@contextmanager
def _started(file: BinaryIO, request: str) -> Iterator[tuple[int, socket.socket]]:
    """A reader of ``file``: where its answers arrive, and the line to its guard."""
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    line, theirs = socket.socketpair()
    line.settimeout(GUARD_SECONDS)
    answers, out = os.pipe()
    with line, os.fdopen(answers, "rb", buffering=0):
        with theirs, os.fdopen(out, "wb"):
            READERS.start(request, file.fileno(), out, theirs.fileno())
        yield answers, line


def _reachable() -> str:
    """Where temporary folders go; ``/tmp`` when the usual place lies in a folder that only root may enter."""
    usual = Path(tempfile.gettempdir()).resolve()
    is_open = all(folder.stat().st_mode & stat.S_IXOTH for folder in (usual, *usual.parents))
    return str(usual) if is_open or os.geteuid() != 0 else "/tmp"


def _give_to_nobody(folder: str) -> None:
    from abcd.intake.read.jail import NOBODY

    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)

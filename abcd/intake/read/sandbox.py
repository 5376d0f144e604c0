"""The parent's half: starts the child that reads, feeds it an open file, and listens with patience."""

import json
import os
import select
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from abcd.errors import BadFile
from abcd.intake.read.drivers import SKIPPED
from abcd.intake.read.facts import ReadChoice
from abcd.intake.read.limits import PATIENCE_SECONDS, cpu_seconds

ROOT = Path(__file__).parents[3]
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from abcd.intake.read.child import main; main()"

#: All that the child sees of the environment: nothing of ours, and GDAL with its doors shut before it starts.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OGR_SKIP": ",".join(SKIPPED),
    "GDAL_SKIP": ",".join(SKIPPED),
    "GDAL_HTTP_TIMEOUT": "1",
    "PROJ_NETWORK": "OFF",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "LIBKML_RESOLVE_STYLE": "NO",
    "SHAPE_RESTORE_SHX": "NO",
}


class Child:
    """A running reader; ``stream`` is its Arrow stream."""

    def __init__(self, process: subprocess.Popen[bytes], patience: float) -> None:
        self._process = process
        assert process.stdout is not None
        self.stream = _Patient(process.stdout, patience)

    def opened(self) -> pa.RecordBatchStreamReader:
        """The stream with its schema read.

        Raises:
            BadFile: the child ended without a word.
        """
        try:
            return pa.ipc.open_stream(pa.PythonFile(self.stream, mode="r"))
        except pa.ArrowInvalid as error:
            raise self.failure() from error

    def failure(self) -> BadFile:
        """Why the child ended, as a sentence."""
        self._process.kill()
        return BadFile(_sentence(self._process.wait(), self.stream.was_silent))


def _sentence(ended: int, was_silent: bool) -> str:
    if was_silent or ended == -signal.SIGXCPU:
        return "Reading this file took too long, so it was stopped. Save it in smaller parts, or as CSV."
    return (
        "This file could not be read safely: it is damaged, too large or too complex. "
        "Open it in the program that made it, save it again, and try once more."
    )


@contextmanager
def child(file: BinaryIO, suffix: str, verb: str, choice: ReadChoice) -> Iterator[Child]:
    """A child that reads ``file``; it is gone, with its private folder, when the block ends."""
    request = json.dumps({"verb": verb, "suffix": suffix, "choice": asdict(choice)})
    with tempfile.TemporaryDirectory(prefix="abcd-read-", dir=_reachable()) as folder:
        _give_to_nobody(folder)
        process = _start(file, request, folder)
        try:
            yield Child(process, PATIENCE_SECONDS + cpu_seconds(os.fstat(file.fileno()).st_size))
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _start(file: BinaryIO, request: str, folder: str) -> subprocess.Popen[bytes]:
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    return subprocess.Popen(
        [sys.executable, "-I", "-c", START, str(ROOT), request],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=ENVIRONMENT,
        start_new_session=True,
        close_fds=True,
    )


def _reachable() -> str:
    """Where temporary folders go; ``/tmp`` when the usual place lies in a folder that only root may enter."""
    usual = Path(tempfile.gettempdir()).resolve()
    is_open = all(folder.stat().st_mode & stat.S_IXOTH for folder in (usual, *usual.parents))
    return str(usual) if is_open or os.geteuid() != 0 else "/tmp"


def _give_to_nobody(folder: str) -> None:
    from abcd.intake.read.jail import NOBODY

    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)


class _Patient:
    """A pipe read with a limit on silence; ``was_silent`` tells that the limit was reached."""

    def __init__(self, pipe: Any, patience: float) -> None:
        self._pipe, self._patience = pipe, patience
        self.was_silent = False
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Exactly ``size`` bytes, fewer only at the end."""
        parts = bytearray()
        while len(parts) < size and (part := self._some(size - len(parts))):
            parts += part
        return bytes(parts)

    def _some(self, size: int) -> bytes:
        ready, _, _ = select.select([self._pipe], [], [], self._patience)
        self.was_silent = self.was_silent or not ready
        return os.read(self._pipe.fileno(), min(size, 1 << 20)) if ready else b""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True

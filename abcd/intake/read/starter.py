"""The app's end of the server that forks readers: starts it when first needed, and again when it has gone."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock

from abcd.intake.read.drivers import SKIPPED

ROOT = Path(__file__).parents[3]
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from abcd.intake.read.forkserver import load, serve; "
    "from abcd.intake.read.child import main; load(); serve(main)"
)

#: All that a reader sees of the environment: nothing of ours, and GDAL with its doors shut before it starts.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # the server must stay a single thread to be forked
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


class Starter:
    """Starts readers; safe to use from several threads and after a fork of the app."""

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self.forget()

    def forget(self) -> None:
        """Know of no server; the next request starts one."""
        self._lock = Lock()
        self._asking: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, request: str, file: int, out: int, line: int) -> None:
        """Have a reader started on descriptor ``file``; it answers on ``out`` and lives as long as ``line``."""
        with self._lock:
            try:
                self._send(request, file, out, line)
            except OSError:  # it had gone: idle too long, or killed
                self._stop()
                self._send(request, file, out, line)

    def _send(self, request: str, *descriptors: int) -> None:
        socket.send_fds(self._running(), [request.encode()], descriptors)

    def _running(self) -> socket.socket:
        if self._asking is None:
            self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = self._spawn(theirs.fileno())
        return self._asking

    def _spawn(self, theirs: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-c", self._program, str(ROOT), str(theirs)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=ENVIRONMENT,
            pass_fds=(theirs,),
            start_new_session=True,
        )

    def stop(self) -> None:
        """End the server; readers that run go on."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._asking is not None:
            self._asking.close()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._asking = self._process = None


READERS = Starter()
os.register_at_fork(after_in_child=READERS.forget)  # a forked app starts its own

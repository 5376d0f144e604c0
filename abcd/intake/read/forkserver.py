"""The process from which readers are forked: it has loaded every library once, holds nothing secret and reads no file.

The app asks over a socket, one packet a file: the request, and with it three descriptors, which are the file, a pipe
for the answer and a line. A guard stands over each reader: it ends the reader when the app hangs up the line, and says
on it how the reader ended. Each file so gets a process of its own that nothing was ever read in.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

from abcd.intake.read.sniff import READERS

REQUEST_BYTES = 64 * 1024
#: A server that nobody asks for so long goes; the next request starts another.
IDLE_SECONDS = 900.0

Read = Callable[[str], None]
"""Reads the file on standard input as its request, a JSON document, says."""


def load() -> None:
    """Import what any reader needs, and keep the collector off it, so that the pages stay shared."""
    for name in ("telling", "faults", "encoding", *sorted(set(READERS.values()))):
        import_module(f"abcd.intake.read.{name}")
    gc.collect()
    gc.freeze()


def serve(read: Read) -> None:
    """Fork a guarded ``read`` for each packet on the socket whose descriptor is the last argument, until it closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for guards
    with socket.socket(fileno=int(sys.argv[-1])) as asked:
        asked.settimeout(IDLE_SECONDS)
        while packet := _next(asked):
            request, (file, out, line) = packet
            if os.fork() == 0:
                asked.close()
                _guard(read, request, file, out, line)
            for descriptor in (file, out, line):
                os.close(descriptor)


def _next(asked: socket.socket) -> tuple[str, tuple[int, int, int]] | None:
    try:
        request, passed, _flags, _address = socket.recv_fds(asked, REQUEST_BYTES, 3)
    except TimeoutError:
        asked.shutdown(socket.SHUT_RD)  # what arrived in this very moment is still answered
        return _next(asked)
    return (request.decode(), (passed[0], passed[1], passed[2])) if len(passed) == 3 else None


def _guard(read: Read, request: str, file: int, out: int, line: int) -> None:
    """Stand over a reader until it ends or the app hangs up; say on ``line`` how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    reader = os.fork()
    if reader == 0:
        os.close(line)
        _read(read, request, file, out)
    os.close(file)
    os.close(out)
    select.select([os.pidfd_open(reader), line], [], [])
    os.kill(reader, signal.SIGKILL)
    ended = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
    with suppress(OSError):  # the app has gone altogether
        os.write(line, str(ended).encode())
    os._exit(0)


def _read(read: Read, request: str, file: int, out: int) -> None:
    """Become the reader: the file as standard input, the pipe as standard output, no line to anybody."""
    try:
        os.setsid()
        os.chdir(json.loads(request)["folder"])
        for given, standard in ((file, 0), (out, 1)):
            os.dup2(given, standard)
            os.close(given)
        read(request)
    finally:
        os._exit(1)  # ``read`` leaves by itself when it is done

"""The public process beside the officers' one: started, started again when it dies, ended with us.

The socket is opened here and handed on, so that a taken port is known at once, and whoever comes while the process
starts anew waits a moment instead of being refused.
"""

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

from abcd.api.listening import LAST_ANSWERS
from abcd.config import settings
from abcd.errors import StoreUnavailable

#: Seconds of the first pause before a process that died is started again, and of the longest.
FIRST, LONGEST = 0.5, 30.0
#: A process that lived for so many seconds had started well: the next pause is the first one again.
WELL = 60.0
BACKLOG = 512
#: What is an officer's business and no stranger's process needs to know.
KEPT_BACK = ("ABCD_OIDC_", "ABCD_PUBLIC_DATABASE_URL")

log = logging.getLogger(__name__)


def opened(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        StoreUnavailable: the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise StoreUnavailable(
            f"Port {port} of {host} for partners is taken ({error.strerror}). Stop the program that uses it, or choose "
            f"another: ./dev start --public-port {port + 1}"
        ) from error


def surroundings() -> dict[str, str]:
    """The environment of the public process: ours, without what it has no business with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(KEPT_BACK)}
    given = settings().public_database_url
    return kept | ({"ABCD_DATABASE_URL": given} if given else {})


class Kept:
    """One process that is kept running until ``stop``."""

    def __init__(self, listening: socket.socket, number: int) -> None:
        self.listening, self.number = listening, number
        self.over, self.lock = Event(), Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = Thread(target=self.keep, name=f"public-{number}", daemon=True)
        self.thread.start()

    def keep(self) -> None:
        """Start it, wait for its end, pause, and again."""
        pause = FIRST
        while process := self.begun():
            since = time.monotonic()
            code = process.wait()
            if self.over.is_set():
                return
            pause = FIRST if time.monotonic() - since > WELL else pause
            log.warning("the public process ended and is started again", extra={"ids": {"code": code, "in": pause}})
            self.over.wait(pause)
            pause = min(2 * pause, LONGEST)

    def begun(self) -> "subprocess.Popen[bytes] | None":
        """A new process, none when all is over."""
        number = self.listening.fileno()
        with self.lock:
            if self.over.is_set():
                return None
            # Its input stays open as long as we live: that is how it notices our end.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "abcd.api.public", str(number), str(self.number)],
                stdin=subprocess.PIPE, pass_fds=(number,), env=surroundings(),
            )  # fmt: skip
            return self.process

    def stop(self) -> None:
        """End it, politely first."""
        with self.lock:
            self.over.set()
            process = self.process
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(LAST_ANSWERS + 2)
            process.kill()
        self.thread.join(LAST_ANSWERS)


@contextmanager
def beside() -> Iterator[None]:
    """Keep the public processes of the settings running meanwhile; none without a public port.

    Raises:
        StoreUnavailable: the port is taken.
    """
    here = settings()
    if not here.public_port:
        yield
        return
    with opened(here.host, here.public_port) as listening:
        kept = [Kept(listening, number) for number in range(here.public_workers)]
        try:
            yield
        finally:
            for one in kept:
                one.stop()

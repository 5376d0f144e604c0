"""A store of its own with a server of its own, both as a person runs them, and ways to kill either."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from abcd.db import embedded
from tests.walks.browsing import ROOT, SERVE, free_port, wait_for
from tests.warm import WarmServer

SET_UP = """
import os
from abcd.access.accounts import ensure_owner
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.migrate import upgrade
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Postcode
from tests.builders import HERE, a_place, shape
from shapely import Point
upgrade()
with session(SYSTEM) as s:
    load_taxonomy(s)
    a_place(s, size=600)
    a_place(s, kind="lad", size=4000, name="Mill")
    s.add(Postcode(postcode="M167AA", point=shape(Point(HERE))))
    owner = ensure_owner(s, by=SYSTEM)
    print(open_session(s, owner))
"""
POSTCODE = "M16 7AA"


class Machine:
    """One machine: a home folder with its store, and the server on a port of its own.

    Attributes:
        cookie: of the owner, signed in.
    """

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ABCD_")}
        self.env = kept | {"ABCD_HOME": str(home), "ABCD_PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        self.server: subprocess.Popen[bytes] | WarmServer | None = None
        embedded.up(home)
        self.cookie = self.python(SET_UP).strip().splitlines()[-1]

    @property
    def address(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The store, as its owner."""
        return embedded.url(self.home)

    def python(self, code: str) -> str:
        """What a Python program of its own prints on this machine."""
        program = [sys.executable, "-c", code]
        done = subprocess.run(program, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def command(self, *words: str) -> "subprocess.Popen[str]":
        """``abcd`` with these words, running."""
        program = [sys.executable, "-c", "from abcd.cli import main; main()", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(program, env=self.env, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)

    def serve(self, spoilt: str = "") -> float:
        """Start the server; seconds until it answers. ``spoilt`` is code that breaks it first."""
        begun = time.monotonic()
        with (self.home / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-c", f"{spoilt}\n{SERVE}"], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        wait_for(self.address + "/health", self.server)
        return time.monotonic() - begun

    def serve_warm(self) -> float:
        """Start the server from a process that has loaded the libraries; seconds until it answers."""
        begun = time.monotonic()
        self.server = WarmServer(self.env)
        wait_for(self.address + "/health", self.server)
        return time.monotonic() - begun

    @property
    def is_serving(self) -> bool:
        """Whether the server runs."""
        return self.server is not None and self.server.poll() is None

    def kill_server(self) -> None:
        """``kill -9`` the server."""
        assert self.server
        self.server.kill()
        self.server.wait()

    def stop_server(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Ask the server to end; seconds until it did."""
        if self.server is None:
            return 0.0
        begun = time.monotonic()
        self.server.send_signal(how)
        self.server.wait(30)
        return time.monotonic() - begun

    def kill_store(self) -> None:
        """``kill -9`` the database server and all its children."""
        until = time.monotonic() + 20
        # On a crowded machine it may just be coming back from the last time.
        while (pid := embedded.status(self.home).pid) is None and time.monotonic() < until:
            time.sleep(0.1)
        assert pid is not None, "the store does not run"
        postmaster = psutil.Process(pid)
        for process in [postmaster, *postmaster.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def kill_one_backend(self) -> None:
        """``kill -9`` one process that serves the app: the database server then restarts all the others."""
        pids = self.ask("select pid from pg_stat_activity where usename = 'abcd_app_rw' order by random() limit 1")
        if pids:
            psutil.Process(int(pids[0])).kill()

    def ask(self, query: str) -> list[object]:
        """The first column of a query of the store's owner, committed."""
        with create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
            found = connection.execute(text(query))
            return list(found.scalars()) if found.returns_rows else []

    def words_of_the_server(self) -> str:
        """Its log."""
        log = self.home / "server.log"
        return log.read_text(errors="replace") if log.exists() else ""


@contextmanager
def a_machine() -> Iterator[Machine]:
    """A machine, switched off and thrown away in the end."""
    with tempfile.TemporaryDirectory(prefix="abcd-fault-") as name:
        Path(name).chmod(0o755)
        with a_machine_in(Path(name)) as machine:
            yield machine


@contextmanager
def a_machine_in(home: Path) -> Iterator[Machine]:
    """A machine with this home folder, switched off in the end."""
    try:
        machine = Machine(home)
        try:
            yield machine
        finally:
            machine.stop_server(signal.SIGKILL)
    finally:
        if embedded.status(home).running:
            embedded.down(home)

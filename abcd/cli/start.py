"""``abcd start``: the store up and migrated, the invented borough when it is empty, the server until Ctrl-C."""

import fcntl
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from abcd.errors import StoreUnavailable

app = typer.Typer(help="Start the store and the server, and print a sign-in link.")


@app.command()
def start(
    public_port: Annotated[
        int,
        typer.Option(envvar="ABCD_PUBLIC_PORT", help="answer partners and the public in a process of its own, here"),
    ] = 0,
) -> None:
    """Start the store and the server, and print a one-time sign-in link; stop with Ctrl-C."""
    from abcd.config import settings

    os.environ["ABCD_PUBLIC_PORT"] = str(public_port)
    here = settings()
    with _only_instance(here.home), _stoppable():
        _require_free(here.host, here.port)
        with _store(here.home, embedded_one=not here.database_url):
            _prepare()
            _serve()


@contextmanager
def _only_instance(home: Path) -> Iterator[None]:
    """Hold the home folder for one server, because two would answer with one another's sessions."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.lock").open("a+") as handle:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise StoreUnavailable(
                f"abcd already runs on {home} (process {handle.read().strip()}). Use that one, stop it with Ctrl-C, "
                "or set ABCD_HOME to another folder."
            ) from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StoreUnavailable(
                f"Port {port} of {host} is taken ({error.strerror}). Stop the program that uses it, "
                f"or choose another: ABCD_PORT={port + 1} ./dev start"
            ) from error


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM leave as Ctrl-C does: by the way out, with everything closed behind us."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    with suppress(KeyboardInterrupt):
        yield
    typer.echo("Stopped.")


@contextmanager
def _store(home: Path, *, embedded_one: bool) -> Iterator[None]:
    """The embedded store, up; stopped again when this command started it."""
    from abcd.db import embedded

    started = embedded_one and embedded.up(home)
    try:
        yield
    finally:
        for impatient in (signal.SIGINT, signal.SIGTERM):
            signal.signal(impatient, signal.SIG_IGN)
        if started:
            embedded.down(home)


def _prepare() -> None:
    from abcd.assets.taxonomy import load_taxonomy
    from abcd.cli.millfield import is_half_told, tell
    from abcd.cli.people import local_actor
    from abcd.db.migrate import upgrade
    from abcd.db.session import SYSTEM, session
    from abcd.intake.millfield import is_wanted, load
    from abcd.people.skills import load_skills
    from abcd.people.wordings import load_wordings

    upgrade()
    with session(SYSTEM) as s:
        load_taxonomy(s)
        load_skills(s)
        load_wordings(s)
    with session(SYSTEM) as s:
        wanted, half_told = is_wanted(s), is_half_told(s)
    if wanted:
        typer.echo("The store is empty: loading the invented borough of Millfield.")
        load(actor=SYSTEM)
    if wanted or half_told:
        tell(actor=local_actor())


def _serve() -> None:
    from abcd.api.beside import beside
    from abcd.api.server import serve
    from abcd.cli.access import owner_link
    from abcd.config import settings

    here = settings()
    with beside():
        if here.public_port:
            typer.echo(f"Partners and the public are answered at {here.public_url}")
        typer.echo(f"abcd is at http://{here.host}:{here.port}\nSign in once with this link:\n  {owner_link()}")
        serve()

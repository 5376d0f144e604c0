"""The embedded store: a private PostGIS cluster on a unix socket, run by the system's own PostgreSQL."""

import fcntl
import pwd
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from abcd.db import ballast, server, swap
from abcd.db.cluster import (
    DATABASE,
    DURABLE,
    NOT_DURABLE,
    SUPERUSER,
    Cluster,
    bindir,
    cluster_of,
    short_name,
    write_settings,
)
from abcd.db.owner import is_reachable, own_folder, owner_of, run_as
from abcd.errors import StoreUnavailable

#: Where the files go when the service account cannot reach the home folder (root's own is closed).
REACHABLE = Path("/var/lib/abcd")
LOCK_SECONDS = 60


@dataclass(frozen=True)
class Status:
    """How the embedded store is: the server's process id or ``None``, its data and its socket's folder."""

    pid: int | None
    data: Path
    sockets: Path

    @property
    def running(self) -> bool:
        """Whether the server is up."""
        return self.pid is not None


def data_dir(home: Path) -> Path:
    """Where the cluster's files lie."""
    return cluster_of(home).data


def socket_dir(home: Path) -> Path:
    """The folder of the unix socket."""
    return cluster_of(home).sockets


def url(home: Path, role: str = SUPERUSER, database: str = DATABASE) -> str:
    """The SQLAlchemy URL of ``database`` in the store of ``home`` as ``role``."""
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(socket_dir(home)))}"


def status(home: Path) -> Status:
    """Whether the store of ``home`` runs, and where it is. Starts nothing."""
    cluster = cluster_of(home)
    return Status(server.postmaster(cluster), cluster.data, cluster.sockets)


def up(home: Path, *, durable: bool = True) -> bool:
    """Start the store of ``home``, making it first when there is none. True when this call started it.

    ``durable=False`` is for tests alone: faster, and not safe against a power cut.

    Raises:
        StoreUnavailable: it cannot start, is not durable, or belongs to somebody else; the message says what to do.
        SetupMissing: PostgreSQL is not installed.
    """
    with _alone(home):
        _stopped_on_purpose(home).unlink(missing_ok=True)
        cluster = _settled(home)
        started = not _answers(cluster)
        if started:
            _start(cluster, durable=durable)
        _prove(cluster, DURABLE if durable else NOT_DURABLE)
        return started


def down(home: Path) -> bool:
    """Stop the store of ``home``; connections are closed, work in hand is rolled back. True when it ran."""
    with _alone(home):
        cluster = cluster_of(home)
        if server.postmaster(cluster) is None:
            return False
        _stopped_on_purpose(home).touch()
        server.stop(cluster, owner_of(cluster))
        return True


def folder_of(home: Path) -> Path:
    """The folder of the store, where it is or will be: a place that the account which runs it can reach."""
    with _alone(home):
        return _settled(home).folder


def exchange(home: Path, move: Callable[[Path], None]) -> None:
    """Stop the store and let ``move`` put other files in the place of its folder; ``up`` starts what is there then."""
    with _alone(home):
        cluster = _settled(home)
        if server.postmaster(cluster) is not None:
            server.stop(cluster, owner_of(cluster))
        move(cluster.folder)


def up_again(home: Path) -> None:
    """Start a store that was killed; one that was stopped with ``down``, or is no longer there, stays as it is.

    Raises:
        StoreUnavailable: it was stopped on purpose, or cannot start.
    """
    if not cluster_of(home).exists:
        raise StoreUnavailable(f"There is no store in {home} any more.")
    if _stopped_on_purpose(home).exists():
        raise StoreUnavailable("The store was stopped with 'abcd db down'. Start it with 'abcd db up'.")
    up(home)


def _stopped_on_purpose(home: Path) -> Path:
    """The file that tells a stop from a crash."""
    return home / "store.stopped"


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the lock of ``home``, so that two starts never race."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "store.lock").open("w") as handle:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _locked(handle.fileno()):
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"Another abcd is starting or stopping the store in {home}. Try again in a minute."
                )
            time.sleep(0.05)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _settled(home: Path) -> Cluster:
    """The cluster of ``home``, placed once and for all where the account that runs it can reach it."""
    store = home / "store"
    swap.mended(cluster_of(home).folder)
    if not store.exists() and not store.is_symlink():
        user = owner_of(cluster_of(home))
        if is_reachable(home.resolve(), user):
            own_folder(store, user)
        else:
            REACHABLE.mkdir(exist_ok=True)
            elsewhere = REACHABLE / f"{home.name}-{short_name(home.resolve())}"
            own_folder(elsewhere, user)
            store.symlink_to(elsewhere)
    return cluster_of(home)


def _start(cluster: Cluster, *, durable: bool) -> None:
    user = owner_of(cluster)
    for folder in (cluster.folder, cluster.sockets, cluster.log, cluster.proj):
        own_folder(folder, user)
    if not cluster.exists:
        _initdb(cluster, user, "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "peer", "-k",
                *([] if durable else ["--no-sync"]))  # fmt: skip
    write_settings(cluster, user.pw_name, durable=durable)
    ballast.release_when_full(cluster.folder)
    server.start(cluster, user)
    if durable:
        ballast.keep(cluster.folder)
    _make_database(cluster)


def _initdb(cluster: Cluster, user: pwd.struct_passwd, *options: str) -> None:
    done = run_as(user, [str(bindir() / "initdb"), "-D", str(cluster.data), *options])
    if done.returncode:
        raise StoreUnavailable(f"The store could not be made in {cluster.data}: {done.stderr.strip()}")


def make_durable(home: Path) -> None:
    """Bring every file of a stopped store onto the disk, after it was filled with ``durable=False``."""
    with _alone(home):
        cluster = cluster_of(home)
        _initdb(cluster, owner_of(cluster), "--sync-only")


def _answers(cluster: Cluster) -> bool:
    """Whether a server runs and answers; one that is being killed or is recovering gets its time."""
    deadline = time.monotonic() + server.SECONDS_TO_RECOVER
    while server.postmaster(cluster) is not None:
        try:
            _connect(cluster).close()
            return True
        except StoreUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    return False


def _connect(cluster: Cluster) -> "psycopg.Connection[tuple[str]]":
    try:
        return psycopg.connect(host=str(cluster.sockets), user=SUPERUSER, dbname="postgres", autocommit=True)
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"The store in {cluster.data} runs but does not answer: {error}") from error


def _make_database(cluster: Cluster) -> None:
    with _connect(cluster) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            connection.execute(f"create database {DATABASE} template template0")


def _prove(cluster: Cluster, expected: dict[str, str]) -> None:
    """Refuse to work on a cluster that would lose what was saved (no test by killing can find that out)."""
    with _connect(cluster) as connection:
        for name, value in {**expected, "data_checksums": "on", "listen_addresses": ""}.items():
            found = connection.execute("select current_setting(%s)", (name,)).fetchone()
            if found is None or found[0] != value:
                raise StoreUnavailable(
                    f"The store in {cluster.data} runs with {name}={found and found[0]}; it must be '{value}'. "
                    "Run 'abcd db down', then 'abcd db up'."
                )

"""The embedded store: a private PostGIS cluster on a unix socket, run by the system's own PostgreSQL."""

import fcntl
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from abcd.db.cluster import (
    DATABASE,
    DURABLE,
    HOST_RULES,
    NOT_DURABLE,
    SUPERUSER,
    Cluster,
    bindir,
    cluster_of,
    identity_map,
    is_reachable,
    owner_of,
    server_settings,
    short_name,
)
from abcd.errors import StoreUnavailable

#: Where the files go when the service account cannot reach the home folder (root's own is closed).
REACHABLE = Path("/var/lib/abcd")
LOCK_SECONDS = 60
START_TRIES = 15
SECONDS_TO_RECOVER = 600


@dataclass(frozen=True)
class Status:
    """How the embedded store is: its folders, and the postmaster's process id or ``None``."""

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
    return Status(_postmaster(cluster), cluster.data, cluster.sockets)


def up(home: Path, *, durable: bool = True) -> bool:
    """Start the store of ``home``, making it first when there is none. True when this call started it.

    ``durable=False`` is for tests alone: faster, and not safe against a power cut.

    Raises:
        StoreUnavailable: it cannot start, is not durable, or belongs to somebody else; the message says what to do.
        SetupMissing: PostgreSQL is not installed.
    """
    with _alone(home):
        cluster = _settled(home)
        user = owner_of(cluster)
        started = _postmaster(cluster) is None
        if started:
            _make(cluster, user)
            _configure(cluster, user, durable=durable)
            _start(cluster, user)
        _prove(cluster, DURABLE if durable else NOT_DURABLE)
        _make_database(cluster)
        return started


def down(home: Path) -> bool:
    """Stop the store of ``home``; connections are closed, work in hand is rolled back. True when it ran."""
    with _alone(home):
        cluster = cluster_of(home)
        if _postmaster(cluster) is None:
            return False
        done = _pg_ctl(cluster, owner_of(cluster), "stop", "-m", "fast", "-t", "120")
        if done.returncode:
            raise StoreUnavailable(f"The store did not stop: {done.stderr.strip()} See the log in {cluster.log}.")
        return True


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
    if not store.exists() and not store.is_symlink():
        user = owner_of(cluster_of(home))
        if is_reachable(home.resolve(), user):
            _folder(store, user)
        else:
            REACHABLE.mkdir(exist_ok=True)
            elsewhere = REACHABLE / f"{home.name}-{short_name(home.resolve())}"
            _folder(elsewhere, user)
            store.symlink_to(elsewhere)
    return cluster_of(home)


def _folder(path: Path, user: pwd.struct_passwd) -> None:
    """Make ``path`` a folder that only ``user`` can enter; refuse one that somebody else has put there."""
    if not path.is_symlink():
        path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in (user.pw_uid, os.geteuid()):
        raise StoreUnavailable(f"{path} was made by somebody else. Remove it, then start again.")
    if os.geteuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def _make(cluster: Cluster, user: pwd.struct_passwd) -> None:
    for folder in (cluster.sockets, cluster.log):
        _folder(folder, user)
    if cluster.exists:
        return
    done = _as(
        user,
        [
            bindir() / "initdb",
            "-D",
            cluster.data,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "peer",
            "-k",
        ],
    )
    if done.returncode:
        raise StoreUnavailable(f"The store could not be made in {cluster.data}: {done.stderr.strip()}")


def _configure(cluster: Cluster, user: pwd.struct_passwd, *, durable: bool) -> None:
    texts = {
        "postgresql.conf": server_settings(cluster, durable=durable),
        "pg_hba.conf": HOST_RULES,
        "pg_ident.conf": identity_map([user.pw_name, pwd.getpwuid(os.geteuid()).pw_name]),
    }
    for name, content in texts.items():
        (cluster.data / name).write_text(content, encoding="utf-8")


def _start(cluster: Cluster, user: pwd.struct_passwd) -> None:
    """Start the server, waiting for what a killed one left behind to go away."""
    for _ in range(START_TRIES):
        _clear_what_was_left(cluster)
        done = _pg_ctl(cluster, user, "start", "-t", str(SECONDS_TO_RECOVER), "-l", str(cluster.log / "start.log"))
        if done.returncode == 0:
            return
        time.sleep(1)
    raise StoreUnavailable(f"The store in {cluster.data} does not start. {_last_words(cluster)}")


def _clear_what_was_left(cluster: Cluster) -> None:
    """After a crash: ask orphaned server processes to end, and drop a process id file that names a stranger."""
    orphans = _server_processes(cluster)
    for process in orphans:
        process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(orphans, timeout=5)
    if not alive and _postmaster(cluster) is None:
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)


def _server_processes(cluster: Cluster) -> list[psutil.Process]:
    """Server processes at work in this data directory (PostgreSQL changes into it)."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and Path(process.cwd()) == cluster.data:
                found.append(process)
        except psutil.Error:
            continue
    return found


def _postmaster(cluster: Cluster) -> int | None:
    """The process id of the running server, or ``None``; a file that names a stranger counts as none."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        process = psutil.Process(pid)
        ours = process.name() == "postgres" and Path(process.cwd()) == cluster.data
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return pid if ours else None


def _last_words(cluster: Cluster) -> str:
    logs = sorted(cluster.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in logs for line in path.read_text(errors="replace").splitlines() if line][-3:]
    return f"The log in {cluster.log} ends: {' / '.join(lines)}"


def _pg_ctl(cluster: Cluster, user: pwd.struct_passwd, verb: str, *options: str) -> "subprocess.CompletedProcess[str]":
    major = (cluster.data / "PG_VERSION").read_text().strip()
    return _as(user, [bindir(major) / "pg_ctl", verb, "-D", cluster.data, "-w", "-s", *options])


def _as(user: pwd.struct_passwd, command: list[str | Path]) -> "subprocess.CompletedProcess[str]":
    """Run a program as ``user``, in a clean environment, with nothing of ours left open to it."""
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    change = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.run(
        command,
        cwd="/",
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        **change,
    )


def _connect(cluster: Cluster, database: str) -> psycopg.Connection[tuple[str]]:
    try:
        return psycopg.connect(
            host=str(cluster.sockets), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=10
        )
    except psycopg.OperationalError as error:
        raise StoreUnavailable(f"The store in {cluster.data} runs but does not answer: {error}") from error


def _prove(cluster: Cluster, expected: dict[str, str]) -> None:
    """Refuse to work on a cluster that would lose what was saved (no test by killing can find that out)."""
    with _connect(cluster, "postgres") as connection:
        for name, value in {**expected, "data_checksums": "on", "listen_addresses": ""}.items():
            found = connection.execute("select current_setting(%s)", (name,)).fetchone()
            if found is None or found[0] != value:
                raise StoreUnavailable(
                    f"The store in {cluster.data} runs with {name}={found and found[0]}, it must be '{value}'. "
                    "Run 'abcd db down', then 'abcd db up'."
                )


def _make_database(cluster: Cluster) -> None:
    with _connect(cluster, "postgres") as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
            connection.execute(f"create database {DATABASE} template template0")

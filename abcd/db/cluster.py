"""The files of the embedded store: which PostgreSQL, which folders, which settings, whose they are."""

import grp
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from abcd.errors import SetupMissing, StoreUnavailable

DATABASE = "abcd"
SUPERUSER = "postgres"
#: Every role that a person or process on this machine may connect as.
ROLES = (SUPERUSER, "abcd_migrator", "abcd_app_rw", "abcd_share_ro", "abcd_backup")
#: Operating system accounts that may own the cluster when we are started as root, best first.
SERVICE_USERS = ("abcd", "postgres")
#: A unix socket's whole path must be shorter than this (``sun_path`` of unix(7), with its closing zero).
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
NOT_DURABLE = dict.fromkeys(DURABLE, "off")
#: Logs carry no personal data: no statements, parameters or row details (a constraint error prints the row).
QUIET_LOGS = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}
#: Modest on a machine of 2 cores and 24 GiB, and still safe on a small one.
SIZES = {
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "60",
    "random_page_cost": "1.1",
    "jit": "off",
}
WORDS = {"timezone": "UTC", "log_timezone": "UTC", "default_text_search_config": "pg_catalog.english"}
LOG_FILES = {
    "logging_collector": "on",
    "log_filename": "store-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}


@dataclass(frozen=True)
class Cluster:
    """The embedded store of one home folder. ``folder`` is where its files really lie."""

    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The folder of the server's logs, one file a weekday."""
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        """The 0700 folder of the unix socket; a short one under /tmp when the usual path is too long."""
        usual = self.folder / "run"
        if len(os.fsencode(usual / SOCKET_NAME)) < SOCKET_PATH_LIMIT:
            return usual
        return Path("/tmp") / f"abcd-{short_name(self.folder)}"

    @property
    def exists(self) -> bool:
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()


def short_name(path: Path) -> str:
    """Sixteen characters that stand for ``path`` alone."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def cluster_of(home: Path) -> Cluster:
    """The cluster of ``home``; ``home/store`` may be a link to where the files had to be put."""
    return Cluster((home / "store").resolve())


def bindir(major: str = "") -> Path:
    """The programs of PostgreSQL ``major``, or of the newest one installed.

    Raises:
        SetupMissing: that PostgreSQL server is not installed.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    fitting = [path for path in found if not major or path.parts[-3] == major]
    if fitting:
        return fitting[-1].parent
    on_path = shutil.which("postgres")
    if on_path and not major:
        return Path(on_path).resolve().parent
    raise SetupMissing(_how_to_install(major))


def _how_to_install(major: str) -> str:
    if major:
        return (
            f"The store was made with PostgreSQL {major}, which is no longer installed. "
            f"Run 'apt-get install postgresql-{major} postgresql-{major}-postgis-3'."
        )
    return (
        "PostgreSQL with PostGIS is not installed. Run './dev setup', or "
        "'apt-get install postgresql postgresql-postgis' (any version from 14)."
    )


def owner_of(cluster: Cluster) -> pwd.struct_passwd:
    """The operating system account that runs the cluster: ours, or a service account when we are root.

    Raises:
        StoreUnavailable: the files belong to somebody else; the message says how to mend that.
        SetupMissing: no service account exists and none could be made.
    """
    wanted = _service_user(cluster) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    if cluster.data.exists() and cluster.data.stat().st_uid != wanted.pw_uid:
        raise StoreUnavailable(_wrong_owner(cluster, wanted.pw_name))
    return wanted


def _service_user(cluster: Cluster) -> pwd.struct_passwd:
    known = [user for user in pwd.getpwall() if user.pw_name in SERVICE_USERS and user.pw_uid != 0]
    known.sort(key=lambda user: SERVICE_USERS.index(user.pw_name))
    if cluster.data.exists():
        known.sort(key=lambda user: user.pw_uid != cluster.data.stat().st_uid)
    elif not any(user.pw_name == SERVICE_USERS[0] for user in known):
        known = _made_user() or known
    if known:
        return known[0]
    raise SetupMissing("PostgreSQL must not run as root. Run 'useradd --system abcd', then start again.")


def _made_user() -> list[pwd.struct_passwd]:
    name, program = SERVICE_USERS[0], shutil.which("useradd", path="/usr/sbin:/usr/bin:/sbin")
    if program is None:
        return []
    command = [program, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    done = subprocess.run(command, capture_output=True, check=False)
    return [pwd.getpwnam(name)] if done.returncode == 0 else []


def _wrong_owner(cluster: Cluster, wanted: str) -> str:
    uid = cluster.data.stat().st_uid
    names = [user.pw_name for user in pwd.getpwall() if user.pw_uid == uid]
    return (
        f"The store's files in {cluster.data} belong to '{names[0] if names else uid}', but it runs as '{wanted}'. "
        f"Nothing was touched. Either start abcd as their owner, or run 'chown -R {wanted}: {cluster.folder}'."
    )


def is_reachable(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether ``user`` may walk down to ``folder`` (execute permission on it and all folders above)."""
    groups = {user.pw_gid, *(group.gr_gid for group in grp.getgrall() if user.pw_name in group.gr_mem)}
    return all(_may_enter(step.stat(), user.pw_uid, groups) for step in (folder, *folder.parents))


def _may_enter(status: os.stat_result, uid: int, groups: set[int]) -> bool:
    if status.st_uid == uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid in groups:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def server_settings(cluster: Cluster, *, durable: bool) -> str:
    """The text of ``postgresql.conf``, written anew at each start."""
    places = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{cluster.sockets}"',
        "unix_socket_permissions": "0700",
        "log_directory": str(cluster.log),
    }
    settled = places | (DURABLE if durable else NOT_DURABLE) | QUIET_LOGS | SIZES | WORDS | LOG_FILES
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settled.items()]
    return "\n".join(["# Written by abcd at each start: changes here are lost.", *lines, ""])


HOST_RULES = "# Written by abcd at each start.\nlocal all all peer map=abcd\n"


def identity_map(users: list[str]) -> str:
    """The text of ``pg_ident.conf``: each of these operating system accounts may be any of our roles."""
    pairs = [f"abcd {user} {role}" for user in dict.fromkeys(users) for role in ROLES]
    return "\n".join(["# Written by abcd at each start.", *pairs, ""])

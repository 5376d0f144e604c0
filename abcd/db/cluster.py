"""The files of the embedded store: which PostgreSQL, which folders, which settings."""

import hashlib
import os
import platform
import pwd
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from abcd.errors import SetupMissing

DATABASE = "abcd"
SUPERUSER = "postgres"
#: Every role that a person or process on this machine may connect as.
ROLES = (SUPERUSER, "abcd_migrator", "abcd_app_rw", "abcd_share_ro", "abcd_backup")
#: A unix socket's whole path must be shorter than this (``sun_path`` of unix(7), with its closing zero).
SOCKET_PATH_LIMIT = 107
SOCKET_NAME = ".s.PGSQL.5432"

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
NOT_DURABLE = dict.fromkeys(DURABLE, "off")
#: Logs carry no personal data: no statements, parameters or row details (a constraint error prints the row), and no
#: errors of statements at all, since some quote the value they do not like. The app logs those, without values.
QUIET_LOGS = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}
#: A segment of the log that is kept for reuse keeps its old bytes, an erased person's too: it is removed instead.
FORGETTING_LOG = {"wal_recycle": "off"}
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
LEAST_SHARED_MEMORY = 1024**3
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
    def proj(self) -> Path:
        """The folder of the shift grid for the server's coordinate conversion."""
        return self.folder / "proj"

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


def write_settings(cluster: Cluster, service_user: str, *, durable: bool) -> None:
    """Write the server's settings, who may connect (this machine's socket alone) and as whom."""
    texts = {
        "postgresql.conf": server_settings(cluster, durable=durable),
        "pg_hba.conf": "# Written by abcd at each start.\nlocal all all peer map=abcd\n",
        "pg_ident.conf": identity_map([service_user, pwd.getpwuid(os.geteuid()).pw_name]),
    }
    for name, content in texts.items():
        (cluster.data / name).write_text(content, encoding="utf-8")


def _room_for_parallel_queries(folder: Path = Path("/dev/shm")) -> dict[str, str]:
    """Where workers share memory: containers often give ``/dev/shm`` 64 MB, which one parallel query can fill."""
    is_roomy = folder.is_dir() and shutil.disk_usage(folder).total >= LEAST_SHARED_MEMORY
    return {"dynamic_shared_memory_type": "posix" if is_roomy else "sysv"}


def _quick_recovery(kernel: str = "") -> dict[str, str]:
    """After a crash every file is synced before work goes on: in one call instead of one a file, several times faster.

    Before Linux 5.8 that call did not tell of a failing disk, so there it is not used.
    """
    told = re.match(r"(\d+)\.(\d+)", kernel or platform.release())
    tells_of_errors = platform.system() == "Linux" and told is not None and (int(told[1]), int(told[2])) >= (5, 8)
    return {"recovery_init_sync_method": "syncfs"} if tells_of_errors else {}


def server_settings(cluster: Cluster, *, durable: bool) -> str:
    """The text of ``postgresql.conf``, written anew at each start."""
    places = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{cluster.sockets}"',
        "unix_socket_permissions": "0700",
        "log_directory": str(cluster.log),
    }
    settled = (
        places
        | (DURABLE if durable else NOT_DURABLE)
        | QUIET_LOGS
        | FORGETTING_LOG
        | SIZES
        | _room_for_parallel_queries()
        | _quick_recovery()
        | WORDS
        | LOG_FILES
    )
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settled.items()]
    return "\n".join(["# Written by abcd at each start: changes here are lost.", *lines, ""])


def identity_map(users: list[str]) -> str:
    """The text of ``pg_ident.conf``: each of these operating system accounts may be any of our roles."""
    pairs = [f"abcd {user} {role}" for user in dict.fromkeys(users) for role in ROLES]
    return "\n".join(["# Written by abcd at each start.", *pairs, ""])

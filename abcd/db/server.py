"""The server process of the embedded store: start, stop, and tidy up after one that was killed."""

import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil

from abcd.db.cluster import SOCKET_NAME, Cluster, bindir
from abcd.db.owner import run_as
from abcd.errors import StoreUnavailable

START_TRIES, FIRST_PAUSE = 8, 0.1
SECONDS_TO_RECOVER = 600
SECONDS_TO_STOP = 120
#: Where Linux distributions keep PROJ's own files.
SYSTEM_PROJ = Path("/usr/share/proj")


def start(cluster: Cluster, user: pwd.struct_passwd) -> None:
    """Start the server, waiting for what a killed one left behind to go away."""
    _give_grid(cluster)
    for attempt in range(START_TRIES):
        _clear_what_was_left(cluster, user)
        done = _pg_ctl(cluster, user, "start", "-t", str(SECONDS_TO_RECOVER), "-l", str(cluster.log / "start.log"))
        if done.returncode == 0:
            return
        time.sleep(min(1.0, FIRST_PAUSE * 2**attempt))
    raise StoreUnavailable(f"The store in {cluster.data} does not start. {_last_words(cluster)}")


def stop(cluster: Cluster, user: pwd.struct_passwd) -> None:
    """Stop the server: connections are closed, work in hand is rolled back."""
    done = _pg_ctl(cluster, user, "stop", "-m", "fast", "-t", str(SECONDS_TO_STOP))
    if done.returncode:
        raise StoreUnavailable(f"The store did not stop: {done.stderr.strip()} See the log in {cluster.log}.")


def _give_grid(cluster: Cluster) -> None:
    """Put the OSTN15 grid where the server's PROJ can read it."""
    # Imported late: it brings numpy and pyproj, which a process that only asks the store does without.
    from abcd.core.ostn15 import FILE_NAME, grid_folder

    target = cluster.proj / FILE_NAME
    if not target.exists():
        shutil.copyfile(grid_folder() / FILE_NAME, target)
        target.chmod(0o644)


def _clear_what_was_left(cluster: Cluster, user: pwd.struct_passwd) -> None:
    """After a crash: ask orphaned server processes to end, and drop a process id file that names a stranger."""
    orphans = server_processes(cluster, user)
    for process in orphans:
        process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(orphans, timeout=5)
    if not alive and postmaster(cluster) is None:
        # A killed server that nobody has buried yet (init is slow in some containers) still counts as alive to the
        # next one. The folders are ours alone and no process works in them, so its files are leftovers.
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        (cluster.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def server_processes(cluster: Cluster, user: pwd.struct_passwd) -> list[psutil.Process]:
    """Processes of ``user`` at work in this data directory (PostgreSQL changes into it).

    ``user`` itself must look: in a container even root may not see where another account's process works.

    Raises:
        StoreUnavailable: the processes cannot be listed.
    """
    pattern = re.sub(r"([][*?\\])", r"\\\1", str(cluster.data))
    search = 'find /proc -mindepth 2 -maxdepth 2 -name cwd -user "$1" -lname "$2" 2>/dev/null; [ -r /proc/self/cwd ]'
    done = run_as(user, ["sh", "-c", search, "sh", str(user.pw_uid), pattern])
    if done.returncode:
        raise StoreUnavailable("The running processes cannot be listed: /proc is not readable here.")
    pids = [int(line.split("/")[2]) for line in done.stdout.split()]
    return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]


def postmaster(cluster: Cluster) -> int | None:
    """The process id of the running server, or ``None``; a file that names a stranger counts as none."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
        words = psutil.Process(pid).cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return pid if words and Path(words[0]).name == "postgres" and str(cluster.data) in words else None


def _last_words(cluster: Cluster) -> str:
    logs = sorted(cluster.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    lines = [line for path in logs for line in path.read_text(errors="replace").splitlines() if line][-3:]
    return f"The log in {cluster.log} ends: {' / '.join(lines)}"


def _pg_ctl(cluster: Cluster, user: pwd.struct_passwd, verb: str, *options: str) -> "subprocess.CompletedProcess[str]":
    major = (cluster.data / "PG_VERSION").read_text().strip()
    folders = f"{cluster.proj}:{SYSTEM_PROJ}" if (SYSTEM_PROJ / "proj.db").exists() else str(cluster.proj)
    program = [str(bindir(major) / "pg_ctl"), verb, "-D", str(cluster.data), "-w", "-s", *options]
    return run_as(user, program, {"PROJ_DATA": folders, "PROJ_LIB": folders})

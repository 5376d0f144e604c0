"""The server process of the embedded store: start, stop, and tidy up after one that was killed."""

import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil

from abcd.db.cluster import Cluster, bindir
from abcd.db.owner import run_as
from abcd.errors import StoreUnavailable

START_TRIES = 5
SECONDS_TO_RECOVER = 600
SECONDS_TO_STOP = 120
#: Where Linux distributions keep PROJ's own files.
SYSTEM_PROJ = Path("/usr/share/proj")


def start(cluster: Cluster, user: pwd.struct_passwd) -> None:
    """Start the server, waiting for what a killed one left behind to go away."""
    _give_grid(cluster)
    for _ in range(START_TRIES):
        _clear_what_was_left(cluster)
        done = _pg_ctl(cluster, user, "start", "-t", str(SECONDS_TO_RECOVER), "-l", str(cluster.log / "start.log"))
        if done.returncode == 0:
            return
        time.sleep(1)
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


def _clear_what_was_left(cluster: Cluster) -> None:
    """After a crash: ask orphaned server processes to end, and drop a process id file that names a stranger."""
    orphans = _server_processes(cluster)
    for process in orphans:
        process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(orphans, timeout=5)
    if not alive and postmaster(cluster) is None:
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


def postmaster(cluster: Cluster) -> int | None:
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
    folders = f"{cluster.proj}:{SYSTEM_PROJ}" if (SYSTEM_PROJ / "proj.db").exists() else str(cluster.proj)
    program = [str(bindir(major) / "pg_ctl"), verb, "-D", str(cluster.data), "-w", "-s", *options]
    return run_as(user, program, {"PROJ_DATA": folders, "PROJ_LIB": folders})

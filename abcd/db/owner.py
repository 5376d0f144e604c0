"""Who runs the embedded store: our own account, or an unprivileged one when we are root (PostgreSQL refuses root)."""

import grp
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

from abcd.db.cluster import Cluster
from abcd.errors import SetupMissing, StoreUnavailable

#: Operating system accounts that may own the cluster when we are started as root, best first.
SERVICE_USERS = ("abcd", "postgres")
CLEAN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


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


def own_folder(path: Path, user: pwd.struct_passwd) -> None:
    """Make ``path`` a folder that only ``user`` can enter; refuse one that somebody else has put there."""
    if not path.is_symlink():
        path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in (user.pw_uid, os.geteuid()):
        raise StoreUnavailable(f"{path} was made by somebody else. Remove it, then start again.")
    if os.geteuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def unprivileged() -> pwd.struct_passwd:
    """An account with no rights over our files: ours when we are not root, else the service account."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    known = [user for user in pwd.getpwall() if user.pw_name in SERVICE_USERS and user.pw_uid != 0]
    return min(known or _made_user() or [pwd.getpwnam("nobody")], key=lambda user: user.pw_name)


def run_as(
    user: pwd.struct_passwd, command: list[str], environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program as ``user``, in a clean environment, with nothing of ours left open to it."""
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **_as(user, environment)
    )


def started_as(user: pwd.struct_passwd, command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a program as ``user`` in a clean environment, with a pipe to and from it."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=1024 * 1024, **_as(user))


def _as(user: pwd.struct_passwd, environment: dict[str, str] | None = None) -> dict[str, Any]:
    root = os.geteuid() == 0
    return {
        "cwd": "/",
        "env": CLEAN | (environment or {}),
        "umask": 0o077,
        "user": user.pw_uid if root else None,
        "group": user.pw_gid if root else None,
        "extra_groups": [] if root else None,
    }

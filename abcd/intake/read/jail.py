"""The walls round the child that reads: no network, no rights, no core, little memory, little time.

Each wall stands alone: limits always; an empty network and another user where the system allows it; a fence round
files where the kernel has one; a filter on system calls where the processor is known; an audit hook for anything that
Python itself would do.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path

from abcd.intake.read.landlock import fence
from abcd.intake.read.limits import FILE_BYTES, MEMORY_BYTES, UNZIPPED_BYTES, cpu_seconds

NOBODY = 65_534
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1

#: machine -> (audit architecture, number of seccomp, numbers of socket, connect, execve, execveat, ptrace, fork, vfork)
SYSTEM_CALLS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 317, (41, 42, 59, 322, 101, 57, 58)),
    "aarch64": (0xC00000B7, 277, (198, 203, 221, 281, 117)),
}
#: Where libraries may yet load parts of themselves from; nothing secret is there.
LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share")
FORBIDDEN_EVENTS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "ctypes.",
    "urllib.",
    "ftplib.",
    "pty.",
)


def limit(file_bytes: int) -> None:
    """Set the limits of memory, time, files and cores for a file of ``file_bytes``."""
    seconds = cpu_seconds(file_bytes)
    _cap(resource.RLIMIT_CPU, seconds, seconds + 2)
    _cap(resource.RLIMIT_AS, 3 * MEMORY_BYTES)
    _cap(resource.RLIMIT_DATA, MEMORY_BYTES)
    _cap(resource.RLIMIT_FSIZE, FILE_BYTES + UNZIPPED_BYTES)
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_NOFILE, 64)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def _cap(what: int, soft: int, hard: int | None = None) -> None:
    hard = soft if hard is None else hard
    allowed = resource.getrlimit(what)[1]
    most = hard if allowed == resource.RLIM_INFINITY else min(hard, allowed)
    resource.setrlimit(what, (min(soft, most), most))


def leave_network() -> None:
    """Move into a network without interfaces; to be called before any thread starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def lock() -> None:
    """Give up every right that reading does not need; nothing may be imported for the first time after this."""
    with suppress(OSError):  # not root, or no right to change user
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    fence(Path(), map(Path, (*LIBRARIES, sys.prefix, sys.base_prefix)))
    _filter_calls(libc)
    sys.addaudithook(_refuse_event)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter_calls(libc: ctypes.CDLL) -> None:
    if platform.machine() not in SYSTEM_CALLS:
        return
    architecture, seccomp, calls = SYSTEM_CALLS[platform.machine()]
    code = call_filter(architecture, calls)
    program = _Program(len(code) // 8, code)
    libc.syscall(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(program))


def call_filter(architecture: int, calls: tuple[int, ...]) -> bytes:
    """A BPF program that answers ``calls`` of ``architecture`` with EPERM, and any other architecture too."""
    load, equal, give = 0x20, 0x15, 0x06
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, REFUSE), (load, 0, 0, 0)]
    steps += [(equal, len(calls) - at, 0, call) for at, call in enumerate(calls)]
    steps += [(give, 0, 0, ALLOW), (give, 0, 0, REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _refuse_event(event: str, _args: tuple[object, ...]) -> None:
    if event.startswith(FORBIDDEN_EVENTS):
        raise PermissionError(f"{event} is not allowed while reading a file")

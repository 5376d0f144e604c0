"""Linux's own fence round files: after it, this process opens only what lies beneath the named folders.

Needs no rights; kernels before 5.13 do not have it, and then the other walls stand alone.
Source: https://docs.kernel.org/userspace-api/landlock.html (ABI 1).
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PATH_BENEATH = 1
#: Every right of ABI 1: execute, write and read files, read folders, remove and make things.
EVERYTHING = 0x1FFF
READING = 0b1101


def fence(writable: Path, readable: Iterable[Path]) -> bool:
    """Keep this process to ``writable`` and, for reading, ``readable``; False where the kernel cannot.

    ``PR_SET_NO_NEW_PRIVS`` must have been set.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    handled = struct.pack("Q", EVERYTHING)
    ruleset = libc.syscall(CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return False
    _allow(libc, ruleset, writable, EVERYTHING)
    for folder in readable:
        _allow(libc, ruleset, folder, READING)
    is_fenced = bool(libc.syscall(RESTRICT_SELF, ruleset, 0) == 0)
    os.close(ruleset)
    return is_fenced


def _allow(libc: ctypes.CDLL, ruleset: int, folder: Path, rights: int) -> None:
    try:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # a folder that is not there needs no leave
        return
    libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    os.close(opened)

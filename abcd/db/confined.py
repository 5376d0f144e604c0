"""A process that strangers reach takes the role of strangers alone (trust.md R9).

The process for partners and the public calls ``confine``: from then on it is an error to ask for any role that sees
more, except inside ``a_door``, which the few addresses stand in that write down what a partner sends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

APP_ROLE = "abcd_app_rw"
SHARE_ROLE = "abcd_share_ro"

_roles: list[str] = []
_door: ContextVar[str] = ContextVar("door", default="")


def confine(*roles: str) -> None:
    """From here on this process may take ``roles`` and no other."""
    _roles[:] = roles


def role_here() -> str:
    """The role in which this process asks whether the store is well."""
    return _roles[0] if _roles else APP_ROLE


def is_confined() -> bool:
    """Whether this process may take some roles alone."""
    return bool(_roles)


@contextmanager
def a_door(role: str) -> Iterator[None]:
    """What is called in here may also take ``role``."""
    before = _door.set(role)
    try:
        yield
    finally:
        _door.reset(before)


def require_role(role: str) -> None:
    """Refuse a role that this process may not take.

    Raises:
        PermissionError: it is confined to others. It is a defect of ours, and never a partner's fault.
    """
    if _roles and role not in _roles and role != _door.get():
        raise PermissionError(f"this process may read as {', '.join(sorted(_roles))} and not as {role}")

"""A clock that can be moved."""

from tests.access.conftest import later

__all__ = ["later"]

"""Who is asking, and what they may do."""

from abcd.access.policy import can, require
from abcd.access.scope import can_at, require_at

__all__ = ["can", "can_at", "require", "require_at"]

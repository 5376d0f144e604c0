"""Who is asking, and what they may do."""

from abcd.access.policy import can, require

__all__ = ["can", "require"]

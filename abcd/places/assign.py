"""Give each asset its places; the statement lies in ``abcd.db.holding``, where the assets room reaches it too."""

from abcd.db.holding import assign

__all__ = ["assign"]

"""The page that a partner opens: a list with a map beside it, plain HTML that works without a script."""

from abcd.api.shared_map.routes import ROUTES

__all__ = ["ROUTES"]

"""Who and what could answer a wish: hard filters, a score with its parts, community first (product.md E.1, E.2)."""

from abcd.connections.matching.records import Match
from abcd.connections.matching.suggesting import suggestions_for_group_wish, suggestions_for_wish

__all__ = ["Match", "suggestions_for_group_wish", "suggestions_for_wish"]

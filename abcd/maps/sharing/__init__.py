"""Sharing: what leaves as a map or a feed, to whom, until when."""

from abcd.maps.sharing.opening import share_by_slug, share_by_token
from abcd.maps.sharing.record import Share

__all__ = ["Share", "share_by_slug", "share_by_token"]

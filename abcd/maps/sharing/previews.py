"""Shares to look at before they are made: kept in this process for a while, and shown to whoever is making them alone.

A preview is no deed: nothing of it goes into the store, and nobody outside can open one.
"""

import secrets
import time
from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from abcd.maps.sharing.record import PREVIEW, Share

PREFIX = f"{PREVIEW}-"
#: Seconds for which a preview can be looked at, and how many are kept.
KEPT_FOR, MOST = 1_800.0, 200

_kept: OrderedDict[str, tuple[Share, str, float]] = OrderedDict()
_lock = Lock()


def keep_preview(share: Share, account_id: str) -> Share:
    """``share`` as a preview for this account, with a name that ends with it; the same share keeps its name."""
    plain = replace(share, slug="", kind=PREVIEW)
    with _lock:
        for slug, (known, whose, _since) in _kept.items():
            if whose == account_id and replace(known, slug="") == plain:
                _kept[slug] = (known, whose, time.monotonic())
                return known
        made = replace(plain, slug=PREFIX + secrets.token_urlsafe(16))
        _kept[made.slug] = (made, account_id, time.monotonic())
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def preview(slug: str) -> tuple[Share, str] | None:
    """The preview of this name and the account that may look at it, when it was made here not long ago."""
    with _lock:
        found = _kept.get(slug)
    if found is None or time.monotonic() - found[2] > KEPT_FOR:
        return None
    return found[:2]

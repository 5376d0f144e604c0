"""Which live share a secret or a name opens: asked of the store each time, so that one that ended ends at once.

It is asked as the role that cannot read ``core``, through the one function that it may call, in one round trip. What
cannot be a secret or a name at all is not put to the store; a word of our own making is, so that it takes as long.
"""

import re
import secrets
from typing import Any

from abcd.access.moments import at_least, name_of, tell
from abcd.access.tokens import fingerprint, is_share_token, new_share_token
from abcd.db.glance import glance
from abcd.db.session import SHARE_ROLE, reached
from abcd.maps.sharing.record import Share

SLUG = re.compile(r"[A-Za-z0-9_-]{22}")
QUESTION = """
select * from pub.opened_share(%(kind)s::text, %(slug)s::text, %(hash)s::text, %(at_least)s::timestamptz)"""


def new_slug() -> str:
    """A fresh name of 128 random bits (22 characters)."""
    return secrets.token_urlsafe(16)


def share_by_token(token: str, kind: str = "link") -> Share | None:
    """The live share of ``kind`` that this secret opens; ``None`` whatever the reason.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    sought = token if is_share_token(token) else new_share_token()
    return _opened(kind, None, fingerprint(sought))


def share_by_slug(slug: str, kind: str = "open") -> Share | None:
    """The live share of ``kind`` with this name; ``None`` whatever the reason. Whoever asks for a ``link`` has shown
    before that they may.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    return _opened(kind, slug if SLUG.fullmatch(slug) else new_slug(), None)


def _opened(kind: str, slug: str | None, hashed: str | None) -> Share | None:
    store = name_of(reached(SHARE_ROLE).engine)
    values = {"kind": kind, "slug": slug, "hash": hashed, "at_least": at_least(store)}
    time, *found = glance(QUESTION, values, SHARE_ROLE)
    tell(store, time)
    return None if found[0] is None else shared(*found)


def shared(*columns: Any) -> Share:
    """The columns of ``db.migrations.opening.ANSWER`` as a record."""
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in columns]
    return Share(*values)

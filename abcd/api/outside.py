"""Which addresses are for partners and the public: those that ask for no session, but for a link, a key or nothing.

What stands here is open in the gate; the doors behind it decide by themselves what they show (``abcd.api.sharing``).
"""

from functools import lru_cache

#: Prefixes: shared maps and their links, embeds, feeds, calendars, one-click answers of a group's own
#: contact, residents' own pages.
OUTSIDE = (
    "/s/", "/shared/", "/open/", "/embed/", "/ogc", "/ogc/", "/oruk", "/oruk/", "/ical/", "/still-right/",
    "/mine/",
)  # fmt: skip
#: What an officer looks at before it is shared, in the process where they are signed in.
PREVIEWS = "/shared/preview-"
#: What any of our processes hands out: our own files, and whether we are well.
EVERYWHERE = ("/health", "/web/", "/vendor/")
#: What a browser without a session may fetch: the way in, our style sheets and scripts, whether we are up, and what
#: is for partners and the public, whose doors ask by themselves.
OPEN = (
    "/_stcore/health", "/sign-in", "/sign-in/", "/invitation/", "/oidc/", "/favicon.png", *EVERYWHERE, *OUTSIDE,
)  # fmt: skip


@lru_cache
def _folders(known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in known if one.endswith("/"))


def is_below(path: str, known: tuple[str, ...]) -> bool:
    """Whether ``path`` is one of these, or below one that ends in a slash."""
    return path.startswith(_folders(known)) or path in known


def is_outside(path: str) -> bool:
    """Whether an address is for partners and the public."""
    return is_below(path, OUTSIDE)


def is_file(path: str) -> bool:
    """Whether a whole layer is made into a file at this address, which may take a minute."""
    return is_below(path, ("/shared/", "/open/")) and path.split("/")[3:4] == ["files"]

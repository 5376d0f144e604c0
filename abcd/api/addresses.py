"""Where this server is reached: the hosts and origins that are our own, from the settings."""

from urllib.parse import urlsplit

from abcd.config import Settings

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "")
"""Addresses that bind to every interface: then only ``ABCD_URL`` says by which names we are reached."""


def is_named(here: Settings) -> bool:
    """Whether the names that browsers use are known; a wildcard address alone names none."""
    return host_of(here.url) not in EVERYWHERE


def own_hosts(here: Settings) -> list[str]:
    """Host names that a browser may call us by, ``["*"]`` when they are not known."""
    if not is_named(here):
        return ["*"]
    return sorted({bare(host_of(origin)) for origin in own_origins(here)})


def own_origins(here: Settings) -> list[str]:
    """Origins of our own pages: the public one, and the loopback where the server binds to it."""
    local = [host_of(here.url) if here.host in EVERYWHERE else here.host]
    names = LOOPBACK if here.host in (*LOOPBACK, *EVERYWHERE, "::1") else local
    origins = {here.url} if is_named(here) else set()
    return sorted(origins | {f"http://{name}:{here.port}" for name in names})


def host_of(url: str) -> str:
    """The host of an address, in brackets when it is of the sixth version."""
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name and name != "::" else name


def bare(host: str) -> str:
    """A host without brackets."""
    return host.strip("[]")

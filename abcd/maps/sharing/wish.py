"""What somebody wishes to share, and whether that may be."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.core.language import LANGUAGES
from abcd.db.tables import SHARE_AUDIENCES, SHARE_KINDS, Place
from abcd.errors import BadRequest, NotFound
from abcd.maps.layer import Layer, reaches
from abcd.maps.layers import BACKGROUND, LAYERS

DAYS, MOST_DAYS = 90, 365
#: The most letters of a field, and the most places and hosts.
MOST = {"title": 120, "words": 2_000, "partner": 120, "contact": 200}
MOST_PLACES, MOST_HOSTS = 200, 20
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True)
class Wish:
    """What is to be shared, as ``Share`` has it; ``days`` is how long."""

    kind: str
    title: str
    audience: str
    layers: tuple[str, ...]
    places: tuple[UUID, ...] = ()
    words: str = ""
    partner: str = ""
    days: int = DAYS
    language: str = ""
    embed_hosts: tuple[str, ...] = ()
    contact: str = ""


def layers_for(audience: str) -> tuple[Layer, ...]:
    """The layers that may be shared with ``audience``: none that is only a map's background."""
    return tuple(
        one for name, one in LAYERS.items() if name not in BACKGROUND and reaches(one.audience, audience)
    )  # fmt: skip


def checked(s: Session, wish: Wish) -> Wish:
    """The wish with its texts trimmed and its hosts as origins.

    Raises:
        BadRequest: something is missing, too long, or does not go together.
        NotFound: a place is not there.
    """
    said = {name: getattr(wish, name).strip() for name in MOST}
    if not said["title"]:
        raise BadRequest("Give it a title: it stands above the map.")
    if long := [name for name, most in MOST.items() if len(said[name]) > most]:
        raise BadRequest(f"This is longer than fits ({long[0]}: {MOST[long[0]]} letters at most).")
    if wish.language not in ("", *LANGUAGES):
        raise BadRequest(f"There is no language “{wish.language}”. There are: {', '.join(LANGUAGES)}.")
    check_days(wish.days)
    check_audience(wish)
    check_places(s, wish.places)
    return replace(wish, **said, embed_hosts=origins(wish))


def check_days(days: int) -> None:
    """Nothing is shared for ever.

    Raises:
        BadRequest: this is no length of a share.
    """
    if not 1 <= days <= MOST_DAYS:
        raise BadRequest(f"A share lasts 1 to {MOST_DAYS} days. It can be extended when they are nearly over.")


def check_audience(wish: Wish) -> None:
    """The kind, the audience and the layers go together.

    Raises:
        BadRequest: they do not.
    """
    if wish.kind not in SHARE_KINDS or wish.audience not in SHARE_AUDIENCES:
        raise BadRequest(f"Choose one of {', '.join(SHARE_KINDS)}, for one of {', '.join(SHARE_AUDIENCES)}.")
    if wish.kind == "open" and wish.audience != "public":
        raise BadRequest("What opens without a link or key is for the public. Choose a link, or the audience “public”.")
    if not wish.layers:
        raise BadRequest("Choose at least one layer to share.")
    allowed = {one.name for one in layers_for(wish.audience)}
    if others := [name for name in wish.layers if name not in allowed]:
        raise BadRequest(f"The layer “{others[0]}” is not for this audience ({wish.audience}).")


def check_places(s: Session, places: tuple[UUID, ...]) -> None:
    """Each place is there.

    Raises:
        BadRequest: too many.
        NotFound: one is not there any more.
    """
    if len(places) > MOST_PLACES:
        raise BadRequest(f"Choose {MOST_PLACES} places at most, or a larger place that holds them.")
    if places and s.scalar(select(func.count()).where(Place.id.in_(places))) != len(set(places)):
        raise NotFound("One of these places is no longer there. Choose the places again.")


def origins(wish: Wish) -> tuple[str, ...]:
    """The hosts that may frame it, as origins.

    Raises:
        BadRequest: one is no host, or the share is not open.
    """
    if wish.embed_hosts and wish.kind != "open":
        raise BadRequest("Only an open map can stand inside another site's page. Choose an open one, or name no sites.")
    if len(wish.embed_hosts) > MOST_HOSTS:
        raise BadRequest(f"Name {MOST_HOSTS} sites at most.")
    return tuple(dict.fromkeys(map(origin, wish.embed_hosts)))


def origin(said: str) -> str:
    """``https://host`` of a host or web address that somebody typed; it goes into a header, so nothing else passes.

    Raises:
        BadRequest: it is no host.
    """
    words = said.strip()
    try:
        parts = urlsplit(words if "//" in words else f"https://{words}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        host, port = "", None
    if not HOST.fullmatch(host) or parts.scheme != "https" or parts.username is not None:
        raise BadRequest(f"“{said}” is no site. Write it like: www.partner.example")
    return f"https://{host}" + (f":{port}" if port else "")


def hosts_in(words: str) -> tuple[str, ...]:
    """The hosts in a text, one a line or between commas and blanks."""
    return tuple(filter(None, re.split(r"[\s,;]+", words)))


def places_in(ids: Iterable[str]) -> tuple[UUID, ...]:
    """Ids of places, each once, in their order."""
    return tuple(dict.fromkeys(map(UUID, ids)))

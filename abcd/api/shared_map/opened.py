"""A shared map that somebody has open: the share, who reads, what is asked, and the addresses of its parts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from babel import negotiate_locale
from starlette.requests import Request

from abcd.api.shared_map.asking import Query
from abcd.api.sharing import share_of
from abcd.core.language import LANGUAGES, use
from abcd.maps.listing import MOST_PAGES
from abcd.maps.reader import Reader
from abcd.maps.sharing import Share

EMBED = "/embed/"


@dataclass(frozen=True)
class Opened:
    """One request of a shared map.

    ``base`` is the address of the map, below which its parts lie; ``lang`` the language that the address names, ``""``
    for none; ``is_list`` an embedded list without a map.
    """

    share: Share
    reader: Reader
    base: str
    query: Query
    page: int = 1
    lang: str = ""
    is_list: bool = False

    @property
    def is_embedded(self) -> bool:
        """Whether it stands on somebody else's page."""
        return self.base.startswith(EMBED)

    @property
    def home(self) -> str:
        """The address of the list itself."""
        return self.base + ("/list" if self.is_list else "")

    def at(self, query: Query | None = None, *, path: str = "", page: int = 1) -> str:
        """The address of a part of the map with a query, the one that is asked unless another is given."""
        text = (self.query if query is None else query).text(page=str(page) if page > 1 else "", lang=self.lang)
        return (self.base + path if path else self.home) + (f"?{text}" if text else "")

    def asset(self, asset_id: Any) -> str:
        """The address of one asset, from which the way back leads to the same list."""
        return self.at(path=f"/asset/{asset_id}", page=self.page)

    def suggest(self, asset_id: Any) -> str:
        """Where to say what is wrong with an asset; from somebody else's page, on a page of our own."""
        base = self.base.replace(EMBED, "/open/", 1)
        return f"{base}/suggest?{urlencode({'asset': asset_id} | ({'lang': self.lang} if self.lang else {}))}"

    def times(self, asset_id: Any) -> str:
        """The times of an asset, for somebody's own calendar."""
        return f"{self.base.replace(EMBED, '/open/', 1)}/ical/{asset_id}.ics"

    def spoken(self, language: str) -> str:
        """This list in another language."""
        return f"{self.home}?{self.query.text(page=str(self.page) if self.page > 1 else '', lang=language)}"


def opened(request: Request) -> Opened:
    """The map that was asked for, in the language of whoever asks.

    Raises:
        ShareEnded: there is none; asked before anything else, for each answer.
    """
    share = share_of(request)
    asked, path = request.query_params, request.scope["path"]
    lang = asked.get("lang", "") if asked.get("lang") in LANGUAGES else ""
    if share.language and not lang and not is_choosy(request):
        use(share.language)
    base = f"/{path.split('/')[1]}/{share.slug}"
    return Opened(share, share.reader(), base, Query.of(asked), page_in(asked.get("page", "")), lang,
                  is_list=path.startswith(f"{base}/list"))  # fmt: skip


def is_choosy(request: Request) -> bool:
    """Whether the browser asks for a language that we speak."""
    wanted = [part.split(";")[0].strip().lower() for part in request.headers.get("accept-language", "").split(",")]
    return negotiate_locale(wanted, list(LANGUAGES), sep="-") is not None


def page_in(text: str) -> int:
    """The number of a page; the first when it is none."""
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and int(text) else 1

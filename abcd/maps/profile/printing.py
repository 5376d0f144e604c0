"""A profile as PDF that everybody can read: tagged (PDF/UA), in letters that are brought along, nothing fetched."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

FONTS = {
    "DejaVuSans.ttf": "font-weight: normal; font-style: normal",
    "DejaVuSans-Bold.ttf": "font-weight: bold; font-style: normal",
}
FAMILIES = ("Abcd Sans", "DejaVu Sans")
"""The page asks for the first, the charts for the second."""

FONT = "abcd-font:"
_one_at_a_time = Lock()


def pdf_of(html: str) -> tuple[bytes, int]:
    """An HTML page as PDF/UA-1, and how many sheets it has; the same page gives the same bytes.

    Only what stands in the page and the letters that come with a library are read: any other address is refused.
    """
    with _one_at_a_time:  # each takes a processor for itself, and letters belong to the whole process
        return _set(html)


def _set(html: str) -> tuple[bytes, int]:
    from weasyprint import HTML  # type: ignore[import-untyped]

    letters, fonts = _letters()
    options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": sha256(html.encode()).digest()[:16]}
    page = HTML(string=html, url_fetcher=fetcher())
    document = page.render(stylesheets=[letters], font_config=fonts, **options)
    return document.write_pdf(**options), len(document.pages)


@cache
def _letters() -> tuple[Any, Any]:
    """The style sheet of the letters, and where they are kept: once, as what holds letters is never given back."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    fonts = FontConfiguration()
    return CSS(string=faces(), url_fetcher=fetcher(), font_config=fonts), fonts


def faces() -> str:
    """The letters as a style sheet."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{FONT}{file}"); {look}; }}'
        for family in FAMILIES
        for file, look in FONTS.items()
    )


def letters_of(file: str) -> bytes:
    """A file of letters that matplotlib brings along (DejaVu, free to embed).

    Raises:
        ValueError: it is none of ours.
    """
    import matplotlib

    if file not in FONTS:
        raise ValueError(f"no letters of ours: {file}")
    return (Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file).read_bytes()


@cache
def fetcher() -> Any:
    """What answers the addresses on a sheet: our letters and pictures within it, and nothing from anywhere."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

    class OnlyOurs(URLFetcher):  # type: ignore[misc]
        """Answers our letters and what an address itself holds, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(FONT):
                return URLFetcherResponse(url, letters_of(url.removeprefix(FONT)), {"Content-Type": "font/ttf"})
            if url.startswith("data:image/svg+xml;base64,"):
                return super().fetch(url, headers)
            raise ValueError("A profile fetches nothing.")

    return OnlyOurs(allowed_protocols=("data",))

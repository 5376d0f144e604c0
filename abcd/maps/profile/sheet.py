"""A profile as HTML made for print: everything inside, nothing fetched, no script."""

from base64 import b64encode

from markupsafe import Markup

from abcd.core.html import WEB, page
from abcd.maps.profile.records import Picture, Profile


def html_of(profile: Profile) -> str:
    """The profile as one HTML page; the same profile gives the same text."""
    return page(
        "profile.html",
        profile=profile,
        style=Markup((WEB / "profile.css").read_text(encoding="utf-8")),
        map_url=address_of(profile.map),
        themes_url=address_of(profile.themes),
    )


def address_of(picture: Picture) -> str:
    """A picture as an address that holds all of it; shown as an image nothing in it can act."""
    return f"data:image/svg+xml;base64,{b64encode(picture.svg.encode()).decode()}"

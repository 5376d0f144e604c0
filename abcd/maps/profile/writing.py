"""A profile written to a file or handed to a browser: as much as fits on one sheet, and one event in the trail."""

from dataclasses import dataclass
from hashlib import sha256
from os import PathLike
from pathlib import Path

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.maps.export import opened
from abcd.maps.profile.found import Found, found_of
from abcd.maps.profile.page import ROOMS, profile_of
from abcd.maps.profile.printing import pdf_of
from abcd.maps.profile.sheet import html_of

FORMS = {"pdf": "application/pdf", "html": "text/html"}


@dataclass(frozen=True)
class Written:
    """A profile as bytes of one of ``FORMS``, and how many sheets it takes on paper."""

    reference: str
    form: str
    content: bytes
    sheets: int


def profile_file(s: Session, reference: str, form: str, *, by: Actor) -> Written:
    """The profile of a place as the public may see it; leaves an audit event.

    Raises:
        NotFound: no such place.
        NotAllowed: ``by`` may not export.
        BadRequest: neither ``pdf`` nor ``html``.
    """
    require(by, "export", "layer")
    if form not in FORMS:
        raise BadRequest(f"A profile is a .pdf or an .html file, not .{form}.")
    found = found_of(s, reference, by=by)
    html, pdf, sheets = fitted(found)
    content = pdf if form == "pdf" else html.encode()
    after = {"place": found.place.reference, "format": form, "sha256": sha256(content).hexdigest()}
    record(s, "export", "layer", "profile", by=by, after=after | {"rows": len(found.assets)})
    return Written(found.place.reference, form, content, sheets)


def fitted(found: Found) -> tuple[str, bytes, int]:
    """HTML and PDF with as much as fits on one sheet, and how many sheets the barest takes when none fits."""
    html, pdf, sheets = "", b"", 0
    for room in ROOMS:
        html = html_of(profile_of(found, room))
        pdf, sheets = pdf_of(html)
        if sheets == 1:
            break
    return html, pdf, sheets


def write_profile(s: Session, reference: str, path: str | PathLike[str], *, by: Actor) -> Written:
    """Write the profile of a place to ``path``, whole or not at all; its ending says which form.

    Raises:
        NotFound, NotAllowed, BadRequest: as ``profile_file``, or there is no such folder.
    """
    done = profile_file(s, reference, Path(path).suffix.lstrip(".").lower(), by=by)
    with opened(path) as file:
        file.write(done.content)
    return done

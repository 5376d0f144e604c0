"""Languages by name: what a BCP 47 code is called in the language in use."""

from babel import Locale, UnknownLocaleError

from abcd.core.language import _, chosen

SIGNED = "bfi"
"""British Sign Language, which lists of spoken languages leave out."""


def tongue_name(code: str) -> str:
    """A language as its readers call it; a code that nobody knows is shown as it is written."""
    if code == SIGNED:
        return _("British Sign Language")
    try:
        return (Locale.parse(code, sep="-").get_display_name(chosen()) or code).capitalize()
    except (UnknownLocaleError, ValueError):
        return code

"""The words on screen, through gettext: English is the message itself, Welsh is a catalogue.

``use("cy")`` chooses the language of this thread or task; ``_("Find")`` gives the words in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
CATALOGUES = Path(__file__).parent.parent / "locale"

_chosen: ContextVar[str] = ContextVar("language", default="en")


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    file = CATALOGUES / language / "LC_MESSAGES" / "abcd.po"
    if not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def use(language: str) -> None:
    """Speak ``language`` from here on; one we do not have becomes English."""
    _chosen.set(language if language in LANGUAGES else "en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``language`` for a few lines: what is kept has a language of its own, whoever is looking."""
    before = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(before)


def chosen() -> str:
    """The language in use."""
    return _chosen.get()


def _(message: str) -> str:
    """``message`` in the language in use."""
    return _catalogue(chosen()).gettext(message)


def in_each(message: str) -> set[str]:
    """``message`` in every language that we speak, itself among them."""
    return {message, *(_catalogue(language).gettext(message) for language in LANGUAGES)}


def ngettext(one: str, many: str, n: int) -> str:
    """``one`` or ``many`` for ``n`` things, in the language in use."""
    return _catalogue(chosen()).ngettext(one, many, n)

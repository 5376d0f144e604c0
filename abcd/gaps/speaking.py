"""Words for what is kept: files keep English, pages are given the words of whoever reads them."""

from collections.abc import Callable
from typing import TypeVar

from abcd.core.language import LANGUAGES, speaking

Kept = TypeVar("Kept")


def spoken(language: str, act: Callable[[], Kept]) -> Kept:
    """What ``act`` gives back, its words in ``language`` whatever is spoken here."""
    with speaking(language):
        return act()


def in_english(act: Callable[[], Kept]) -> Kept:
    """What ``act`` gives back in English."""
    return spoken("en", act)


def in_every_language(act: Callable[[], str]) -> dict[str, str]:
    """The words of ``act`` by language."""
    return {language: spoken(language, act) for language in LANGUAGES}

"""Which gift of the list somebody's own words name, so that nobody has to look for it in a list."""

import re
from collections.abc import Mapping
from functools import lru_cache

from abcd.core.text import plain
from abcd.people.skills import SkillRecord

WORD = re.compile(r"[a-z0-9]+")


def gift_said(words: str, known: Mapping[str, SkillRecord]) -> SkillRecord | None:
    """The gift whose longest name, in English or Welsh, stands whole among ``words``; none when none does.

    A gift comes before the group it lies in when both have names of one length.
    """
    said = f" {_bare(words)} "
    named = [
        (len(name), gift.parent is not None, gift)
        for gift in known.values()
        for name in _names(gift)
        if f" {name} " in said
    ]
    return max(named, key=lambda one: one[:2], default=(0, False, None))[2]


@lru_cache(maxsize=1024)
def _names(gift: SkillRecord) -> tuple[str, ...]:
    return tuple(filter(None, map(_bare, (gift.name, gift.name_cy, *gift.synonyms))))


def _bare(words: str) -> str:
    return " ".join(WORD.findall(plain(words)))

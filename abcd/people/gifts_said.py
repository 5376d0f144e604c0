"""Which gift of the list somebody's own words name, so that nobody has to look for it in a list."""

import re
from collections.abc import Mapping
from functools import lru_cache

from abcd.core.text import plain
from abcd.people.skills import SkillRecord

WORD = re.compile(r"[a-z0-9]+")
AND, AND_CY = re.compile(r",|\b(?:and|or)\b"), re.compile(r",|\b(?:a|ac|neu)\b")
FEW_WORDS, LONG_WORD = 3, 6


def gift_said(words: str, known: Mapping[str, SkillRecord]) -> SkillRecord | None:
    """The gift whose longest name, in English or Welsh, stands whole among ``words``; none when none does.

    A gift comes before the group it lies in when both have names of one length. A short synonym says it in a short
    answer alone: "chair" in "yoga on a chair" chairs no meeting.
    """
    bare = _bare(words)
    said, is_short = f" {bare} ", bare.count(" ") < FEW_WORDS
    named = [
        (len(name), gift.parent is not None, gift)
        for gift in known.values()
        for name in _names(gift, is_short)
        if f" {name} " in said
    ]
    return max(named, key=lambda one: one[:2], default=(0, False, None))[2]


@lru_cache(maxsize=1024)
def _names(gift: SkillRecord, is_short: bool) -> tuple[str, ...]:
    """What a gift is called; each half of a name such as "piano and keyboard" by itself as well."""
    parts = ((gift.name, AND), (gift.name_cy, AND_CY))
    halves = [half for name, between in parts for half in (name, *between.split(name))]
    others = [one for one in gift.synonyms if is_short or " " in one or len(one) >= LONG_WORD]
    return tuple(name for name in map(_bare, (*halves, *others)) if len(name) > 2)


def _bare(words: str) -> str:
    return " ".join(WORD.findall(plain(words)))

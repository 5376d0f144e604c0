"""The telling words of what somebody said, in English or Welsh, so that different endings and beginnings compare alike.

English words are cut to their stem (Snowball's second English stemmer); Welsh ones are led back from their mutations
("gerdded" to "cerdded"), as far as some word is known that they could come from.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

import snowballstemmer

from abcd.core.text import plain

WORD = re.compile(r"[^\W_]+")
SHORTEST = 4
"""Shorter words keep their ending: "aed" without its "ed" would be the article."""

# What everybody says whatever they wish for: it tells one wish from another as little as "the".
LITTLE_ENGLISH = """
a about after again ago all also always am an and any anybody anyone anything are area around as ask at away back be
because been being best better bit both but by came can cannot cant come comes coming could couldnt couple dad day days
did didnt do does doesnt doing done dont down dozen each else enough even ever every everybody everyone everything few
find first five for four free from gave get gets getting give given gives go goes going gone good got had half happy has
hasnt have havent having he help helped helping helps her here hers herself hes him himself his home house how hundred i
id if ill im in into is isnt it its ive just keep keeps kept kind know last late learn let like likes little local look
looking looks lot lots love made make makes mam many may maybe me might mine month more most much mum must my myself nan
near nearby need needed needs never new next nice no nobody nor not nothing now of off often old on once one ones only
or other others our ours ourselves out over own people perhaps person place please put puts quite rather ready really
right round same say says see seen she should show since six so some somebody someone something sometimes somewhere soon
spare start started still stuff such sure take takes teach teaches tell than thank that thats the their them then there
theres these they theyre thing things this those three through time times to today together too try trying two under
until up us use used very wanted want wants was wasnt way we week weeks well went were weve what whatever when where
which while who whole whos why will willing with without wont would wouldnt year years yes yet you youll your youre
yours yourself youve able else folk against before between enough
monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays
weekend weekends morning mornings afternoon afternoons evening evenings night nights
"""
LITTLE_WELSH = """
a ac am ar arall arna at au bob bod byddai byddwn bydd chi dan dim dod dros drwy dw dwi efo ei eich ein eisiau er eraill
eu fel fod fy fyddwn gael gallaf gallai gallu gan gen ges gyda hapus hefyd helpu help hi hoff hoffai hoffi hoffwn hon
hwn hyn i iawn ie in la lle llawer maen mae mewn mi mor na neu newydd nhw ni nid o oes on os pawb pob pobl rhai rhaid
rhywbeth rhywle rhywun roi rwyn rydw rydyn sydd sy un unrhyw wedi wrth y ydw yma ym yn yna ynglyn yr ag amser
dydd diwrnod wythnos mis blwyddyn llun mawrth mercher iau gwener sadwrn sul bore prynhawn nos noson penwythnos
"""
SAID_IN_WELSH = frozenset(
    "dw dwi mae maen yn yr rwyn rydw hoffwn hoffai byddwn gallaf gyda eisiau sydd rhywun mewn".split()
)
LITTLE = frozenset(LITTLE_ENGLISH.split()) | frozenset(LITTLE_WELSH.split())

#: What a word may have begun with before its mutation, the longest beginnings first.
RADICALS = (
    ("ngh", ("c",)), ("mh", ("p",)), ("nh", ("t",)), ("ng", ("g",)), ("ch", ("c",)), ("ph", ("p",)), ("th", ("t",)),
    ("dd", ("d",)), ("g", ("c",)), ("b", ("p",)), ("d", ("t",)), ("f", ("b", "m")), ("m", ("b",)), ("n", ("d",)),
    ("l", ("ll", "gl")), ("r", ("rh", "gr")), ("w", ("gw",)), ("a", ("ga",)), ("e", ("ge",)), ("i", ("gi",)),
    ("o", ("go",)), ("u", ("gu",)), ("y", ("gy",)),
)  # fmt: skip

_english = snowballstemmer.stemmer("english")


def words_of(said: str) -> list[str]:
    """All words of a text in small letters without accents, in their order."""
    return WORD.findall(plain(said))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word without its English ending; short words as they are."""
    cut = str(_english.stemWord(word)) if len(word) >= SHORTEST else word
    return cut if len(cut) >= SHORTEST - 1 else word


def is_telling(word: str) -> bool:
    """Whether a word tells one wish from another."""
    return len(word) > 1 and word not in LITTLE and not word.isdigit()


def is_welsh(words: Collection[str]) -> bool:
    """Whether somebody speaks Welsh, by the little words."""
    return len(SAID_IN_WELSH.intersection(words)) > 1 or (len(words) < 4 and not SAID_IN_WELSH.isdisjoint(words))


def unmutated(words: list[str], known: Collection[str]) -> list[str]:
    """The words of somebody who speaks Welsh, each led back to a ``known`` word that it can be a mutation of.

    >>> unmutated(["hoffwn", "gerdded"], {"cerdded"})
    ['hoffwn', 'cerdded']
    """
    return [next((before for before in _before(word) if before in known), word) for word in words]


def _before(word: str) -> Iterator[str]:
    yield word
    for beginning, radicals in RADICALS:
        if word.startswith(beginning) and len(word) > SHORTEST:
            rest = word[len(beginning) :] if beginning not in ("a", "e", "i", "o", "u", "y") else word[1:]
            yield from (radical + rest for radical in radicals)

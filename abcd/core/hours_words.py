"""The words of opening times: days, clocks, spans of time, and the small words between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

DAY = (
    r"(?P<day>mondays?|mon|tuesdays?|tues|tue|wednesdays?|weds|wed|thursdays?|thurs|thur|thu|fridays?|fri|saturdays?|sat|"
    r"sundays?|sun|llun|mawrth|mercher|iau|gwener|sadwrn|sul|weekdays?|weekends?|daily|every ?day|all week|"
    r"(?:7|seven) days(?: a week| per week)?)\b\.?"
)
CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\b\.?|noon|midday|midnight)?|noon|midday|midnight)"
SURE_CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\b\.?|noon|midday|midnight)|\d{1,2}:\d{2}|noon|midday|midnight)"
TO = r"\s*(?:-|–|—|=|\bto\b|\buntil\b|\btill\b|\bi\b)\s*"
TOKEN = re.compile(
    rf"(?P<always>\b24\s*/\s*7\b|\b24[ -]?(?:hours?|hrs?)\b)|"
    rf"(?P<nth>\b(?:1st|2nd|3rd|4th|first|second|third|fourth|last)\b)|"
    rf"(?P<other>\b(?:every other|alternate|alternating|fortnightly|bi-?weekly)\b)|"
    rf"(?P<except>\bexcept\b|\bexcluding\b|\bnot\b|\bheblaw\b)|(?P<closed>\bclosed\b|\bar gau\b)|"
    rf"\b(?:dydd\s+)?{DAY}|"
    rf"(?P<span>(?<![\d£.:])\b(?P<from>{CLOCK}){TO}(?P<to>{CLOCK})(?!\s*(?:(?:years?|yrs|items?|months?|weeks?|miles?)\b|%|\d)))|"
    rf"(?P<clock>(?<![\d£.:]){SURE_CLOCK})|"
    rf"(?P<part>\bmornings?|\bafternoons?|\bevenings?)|"
    rf"(?P<range>-|–|—|\bto\b|\btill?\b|\bi\b)|(?P<and>,|&|/|\+|\band\b|\ba\b)|(?P<stop>[;\n])|(?P<word>\w+)",
    re.IGNORECASE,
)
FIRST_LETTERS = ("mo", "tu", "we", "th", "fr", "sa", "su")
WELSH = ("llun", "mawrth", "mercher", "iau", "gwener", "sadwrn", "sul")
LATEST_BARE_START = 7
"""An hour under this without am or pm is in the afternoon: nobody opens at 2 in the morning."""


@dataclass(frozen=True)
class Token:
    """A piece of a text: a ``day`` with its weekdays, a ``span`` with its times, or a word of its ``kind``."""

    kind: str
    text: str
    days: tuple[int, ...] = ()
    span: tuple[time | None, time | None] = (None, None)


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a text in order."""
    for found in TOKEN.finditer(text):
        kind = found.lastgroup or "word"
        if found["day"]:
            yield Token("day", found["day"], _days(found["day"].lower()))
        elif found["span"]:
            span = span_of(found["from"], found["to"])
            yield Token("span", found["span"], (), span) if span[0] else Token("word", found["span"])
        elif found["clock"]:
            yield Token("span", found["clock"], (), (_clock(found["clock"]), None))
        else:
            yield Token(kind, found[0].lower())


def _days(word: str) -> tuple[int, ...]:
    if word.startswith("weekday"):
        return (0, 1, 2, 3, 4)
    if word.startswith("weekend"):
        return (5, 6)
    if word in WELSH:
        return (WELSH.index(word),)
    return (FIRST_LETTERS.index(word[:2]),) if word[:2] in FIRST_LETTERS else tuple(range(7))


def span_of(start: str, end: str) -> tuple[time | None, time | None]:
    """Two clock texts as times; a missing am or pm follows from the other and from the order.

    >>> [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in (span_of("11", "1pm"), span_of("9", "5"))]
    ['11:00-13:00', '09:00-17:00']
    """
    opens, closes = _clock(start), _clock(end)
    if opens is None or closes is None:
        return None, None
    bare_start, bare_end = _is_bare(start), _is_bare(end)
    if bare_end and not bare_start and closes <= opens:
        closes = _later(closes)
    elif bare_start and bare_end and "0" not in (start.strip()[:1], end.strip()[:1]):
        opens = _later(opens) if opens.hour < LATEST_BARE_START else opens
        closes = _later(closes) if closes <= opens else closes
    elif bare_start and not bare_end:
        later = _later(opens)
        opens = later if opens < later < closes or (opens > closes and later < closes) else opens
    return opens, closes


def _is_bare(clock: str) -> bool:
    """Whether neither am nor pm is said."""
    return not re.search(r"[ap]\.?m|noon|midday|midnight", clock, re.IGNORECASE)


def _later(at: time) -> time:
    return at.replace(hour=at.hour + 12) if at.hour < 12 else at


def _clock(text: str) -> time | None:
    """A clock text as a time, ``None`` when there is no such time."""
    told = text.lower().replace(" ", "")
    hour, minute = (int(part or 0) for part in re.findall(r"^(\d{1,2})?(?:[:.](\d{2}))?", told)[0])
    if "noon" in told or "midday" in told:
        return time(12, 0)
    if "midnight" in told:
        return time(0, 0)
    if re.search(r"p\.?m", told) and hour < 12:
        hour += 12
    if re.search(r"a\.?m", told) and hour == 12:
        hour = 0
    if hour == 24 and minute == 0:
        return time(23, 59)
    return time(hour, minute) if hour < 24 and minute < 60 else None

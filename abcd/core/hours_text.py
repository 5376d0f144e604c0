"""A small grammar for opening times as people write them: days, times, "except", "closed", "first Saturday"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
NTH = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "last": -1}
LATEST_BARE_START = 7
"""An hour under this without am or pm is in the afternoon: nobody opens at 2 in the morning."""


@dataclass(frozen=True)
class Span:
    """One opening on one weekday (Monday 0); ``nth`` of the month, ``every`` so many weeks."""

    day: int
    opens: time | None = None
    closes: time | None = None
    nth: int = 0
    every: int = 1
    part: str = ""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    days: tuple[int, ...] = ()
    span: tuple[time | None, time | None] = (None, None)


def read_spans(text: str) -> tuple[Span, ...]:
    """Every opening that a text tells, day by day; what cannot be read is left out."""
    return _Reader(list(_tokens(text))).spans()


def _tokens(text: str) -> Iterator[_Token]:
    for found in TOKEN.finditer(text):
        kind = found.lastgroup or "word"
        if found["day"]:
            yield _Token("day", found["day"], _days(found["day"].lower()))
        elif found["span"]:
            span = span_of(found["from"], found["to"])
            yield _Token("span", found["span"], (), span) if span[0] else _Token("word", found["span"])
        elif found["clock"]:
            yield _Token("span", found["clock"], (), (_clock(found["clock"]), None))
        else:
            yield _Token(kind, found[0].lower())


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


class _Reader:
    """Pairs days with the times that follow them, or with those that stand before the first day."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.found: list[Span] = []
        self.days: list[int] = []
        self.waiting: list[_Token] = []
        self.nth: list[int] = []
        self.every = 1
        self.has_times = False
        self.is_times_first = False
        self.excepted: list[int] = []

    def spans(self) -> tuple[Span, ...]:
        """Every span, in order, without repeats."""
        at = 0
        while at < len(self.tokens):
            at = self._step(at)
        self.is_times_first = False
        for token in self.waiting if self.days else []:
            self._give(token)
        return tuple(dict.fromkeys(self.found))

    def _step(self, at: int) -> int:
        token = self.tokens[at]
        if token.kind == "always":
            self.found += [Span(day, time(0, 0), time(23, 59)) for day in self.days or range(7)]
        elif token.kind == "day":
            return self._day_list(at)
        elif token.kind in ("span", "part"):
            self._give(token)
        elif token.kind == "nth":
            self.nth = ([] if self.has_times else self.nth) + [NTH[token.text]]
        elif token.kind == "other":
            self.every = 2
        elif token.kind == "closed":
            self._close()
        elif token.kind == "except":
            return self._except(at)
        return at + 1

    def _day_list(self, at: int) -> int:
        """Take a run of days such as ``Mon, Wed-Fri and Sun``; return where it ends."""
        days, end = self._run(at)
        if self.waiting:
            self.days, self.is_times_first = days, False
            for token in self.waiting:
                self._give(token)
            self.waiting, self.is_times_first = [], True
        else:
            fresh = self.has_times or not self.days or self._kind_before(at) in ("word", "stop")
            self.days, self.has_times = (days, False) if fresh else (self.days + days, False)
            self.nth = self.nth if at and self.tokens[at - 1].kind == "nth" else []
        return end

    def _kind_before(self, at: int) -> str:
        """What stands before a list of days, an "and" passed over."""
        before = [token.kind for token in self.tokens[:at] if token.kind != "and"]
        return before[-1] if before else ""

    def _run(self, at: int) -> tuple[list[int], int]:
        days = list(self.tokens[at].days)
        at += 1
        while at + 1 < len(self.tokens) and self.tokens[at].kind in ("range", "and"):
            joint, follow = self.tokens[at].kind, at + 1
            while follow + 1 < len(self.tokens) and self.tokens[follow].kind in ("and", "range"):
                follow += 1
            if self.tokens[follow].kind != "day":
                break
            nexts = self.tokens[follow].days
            days += _between(days[-1], nexts[0]) if joint == "range" and len(nexts) == 1 else list(nexts)
            at = follow + 1
        return days, at

    def _give(self, token: _Token) -> None:
        """Give a time to the days it belongs to; keep it when no day was named yet."""
        if (self.is_times_first or not self.days) and not self.excepted:
            self.waiting.append(token)
            return
        days = self.excepted or self.days
        if self.excepted:
            self.found = [span for span in self.found if span.day not in self.excepted]
        part = token.text.rstrip("s") if token.kind == "part" else ""
        spans = [Span(day, *token.span, every=self.every, part=part) for day in days]
        if part and self.has_times:
            return
        self.found += [replace(span, nth=nth) for nth in self.nth or [0] for span in spans]
        self.has_times = True
        self.excepted = []

    def _close(self) -> None:
        if not self.has_times:
            self.found = [span for span in self.found if span.day not in self.days]
            self.has_times = bool(self.days)

    def _except(self, at: int) -> int:
        """Take days out; times that follow at once are theirs when the others have times already."""
        if at + 1 >= len(self.tokens) or self.tokens[at + 1].kind != "day":
            return at + 1
        days, end = self._run(at + 1)
        if self.has_times:
            self.excepted = days
            self.found = [span for span in self.found if span.day not in days]
        else:
            self.days = [day for day in self.days if day not in days]
        return end


def _between(first: int, last: int) -> list[int]:
    """The days after ``first`` up to ``last``, over the end of the week if need be."""
    return [(first + step) % 7 for step in range(1, (last - first) % 7 + 1)]

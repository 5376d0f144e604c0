"""Pairing days with times in opening times as people write them: "except", "closed", "first Saturday"."""

from dataclasses import dataclass, replace
from datetime import time

from abcd.core.hours_words import Token, tokens

NTH = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "last": -1}


@dataclass(frozen=True)
class Span:
    """One opening on one weekday (Monday 0); ``nth`` of the month, ``every`` so many weeks."""

    day: int
    opens: time | None = None
    closes: time | None = None
    nth: int = 0
    every: int = 1
    part: str = ""


def read_spans(text: str) -> tuple[Span, ...]:
    """Every opening that a text tells, day by day; what cannot be read is left out."""
    return _Reader(list(tokens(text))).spans()


class _Reader:
    """Pairs days with the times that follow them, or with those that stand before the first day."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.found: list[Span] = []
        self.days: list[int] = []
        self.waiting: list[Token] = []
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

    def _give(self, token: Token) -> None:
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

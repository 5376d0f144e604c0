"""What the values of a column look like, from a sample: postcodes, telephone numbers, dates, words, numbers."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from abcd.core.text import OUTWARD, POSTCODE
from abcd.intake.headers import DAY_WORDS
from abcd.intake.strings import NOTHING
from abcd.intake.vocabulary import Found, vocabulary

EMAIL = r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"
WEB = (
    r"(?i)(https?://\S+|www\.[\w-]+(\.[\w-]+)+|[\w-]+(\.[\w-]+)*\.(uk|com|org|net|info|wales|cymru|gov|coop|co))(/\S*)?"
)
PHONE = r"\+?[\d()\[\] .\-/]{9,22}(\s*(x|ext\.?|extension)\s*\d{1,6})?"
DATE = r"\d{4}-\d{2}(-\d{2})?([T ][\d:.Z+]+)?|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2} \w{3,9} \d{2,4}"
CODE = r"[EWSNKJ]\d{8}|E0800\d+"
NUMBER = r"[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?"
CLOCK = r"\d{1,2}([:.]\d{2})?\s*(am|pm|noon)\b|\d{1,2}[:.]\d{2}|\b24/7\b|\b24 hours\b|\bclosed\b"
DAY = r"\b(mon|tue|wed|thu|fri|sat|sun)(day|s|sday|nesday|rsday|urday|rs)?s?\b|\bdaily\b|\bweekdays?\b|\bweekends?\b"
LETTER = re.compile(r"[^\W\d_]")
YES_NO = frozenset({"yes", "no", "y", "n", "x", "true", "false", "0", "1", "✓", "✔", "t", "f", "partly", "unknown"})

Test = Callable[[str], object]


@dataclass(frozen=True)
class Profile:
    """A column of the sample: its values that say something, and how many rows there were."""

    column: str
    values: tuple[str, ...]
    rows: int

    @classmethod
    def of(cls, column: str, cells: Iterable[str | None]) -> "Profile":
        """The profile of a column's cells."""
        told = [(cell or "").strip() for cell in cells]
        return cls(column, tuple(cell for cell in told if cell and cell.lower() not in NOTHING), len(told))

    @cached_property
    def _times(self) -> Counter[str]:
        """Each value with how often it occurs: what is repeated is looked at once."""
        return Counter(self.values)

    @cached_property
    def _known(self) -> dict[tuple[str, bool], float]:
        """What ``like`` and ``holds`` have answered: a dozen fields ask the same of a column."""
        return {}

    def share(self, test: Test) -> float:
        """The part of the values that pass a test; 0 when there are none."""
        passed = sum(times for value, times in self._times.items() if test(value))
        return passed / len(self.values) if self.values else 0.0

    def like(self, pattern: str) -> float:
        """The part of the values that match a pattern as a whole."""
        return self._matching(pattern, is_whole=True)

    def holds(self, pattern: str) -> float:
        """The part of the values that hold a pattern somewhere."""
        return self._matching(pattern, is_whole=False)

    def _matching(self, pattern: str, is_whole: bool) -> float:
        if (pattern, is_whole) not in self._known:
            found = re.compile(pattern, re.IGNORECASE)
            self._known[pattern, is_whole] = self.share(found.fullmatch if is_whole else found.search)
        return self._known[pattern, is_whole]

    @cached_property
    def distinct(self) -> float:
        """Distinct values among all, 0 to 1."""
        return len(set(self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def length(self) -> float:
        """Mean number of characters."""
        return sum(map(len, self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def numeric(self) -> float:
        """The part that are plain numbers."""
        return self.like(NUMBER)

    @cached_property
    def codes(self) -> float:
        """The part that are statistical area codes."""
        return self.like(CODE)

    @cached_property
    def is_yes_no(self) -> bool:
        """Whether every value is a kind of yes or no."""
        return bool(self.values) and {value.lower() for value in self.values} <= YES_NO

    @cached_property
    def wordy(self) -> float:
        """The part that are words: neither web addresses, e-mail addresses, codes, postcodes nor dates."""
        if not self.values:
            return 0.0
        words = self.share(LETTER.search) - self.like(WEB) - self.like(EMAIL)
        return max(0.0, words - self.codes - self.like(POSTCODE) - self.like(DATE))

    @cached_property
    def _found(self) -> Found:
        return vocabulary().read(pa.array(self.values, pa.string()))

    @cached_property
    def known_words(self) -> float:
        """The part of the values that name a category of the taxonomy other than "other"."""
        if not self.values:
            return 0.0
        term = self._found.term
        return float(((term >= 0) & (term != vocabulary().index["other"])).mean())

    @cached_property
    def whole_words(self) -> float:
        """The part of the values that are nothing but a category's word, as "Youth group" in a column of kinds."""
        return float(self._found.is_whole.mean()) if self.values else 0.0


def fits(field: str, profile: Profile) -> float:
    """How well a column's values suit a field, 0 to 1; 0.5 where the values cannot tell."""
    return FITS[field](profile) if profile.values and field in FITS else 0.5


def _text(profile: Profile) -> float:
    return profile.wordy


def _name(profile: Profile) -> float:
    long = 0.5 if profile.length > 90 else 1.0
    constant = 0.0 if profile.distinct * len(profile.values) <= 1 and len(profile.values) > 5 else 1.0
    return _text(profile) * long * constant * (0.5 + 0.5 * min(1.0, profile.distinct * 1.5))


def _reference(profile: Profile) -> float:
    wordy = profile.share(lambda value: value.count(" ") > 2)
    return (
        max(0.0, profile.distinct - wordy - profile.like(POSTCODE) - profile.like(WEB)) if profile.codes < 0.5 else 0.0
    )


def _category(profile: Profile) -> float:
    is_varied = profile.distinct > 0.8 and len(profile.values) > 10 and profile.whole_words < 0.6
    if profile.is_yes_no or profile.numeric > 0.5 or is_varied:
        return 0.0
    return _text(profile) * profile.known_words


FITS: dict[str, Callable[[Profile], float]] = {
    "name": _name,
    "description": lambda profile: _text(profile) * min(1.0, profile.length / 30),
    "address": _text,
    "postcode": lambda profile: profile.holds(POSTCODE) + 0.5 * profile.like(OUTWARD),
    "uprn": lambda profile: profile.like(r"\d{1,12}(\.0+)?"),
    "phone": lambda profile: profile.like(PHONE) - profile.like(DATE) - 0.5 * profile.like(r"[1-9][\d.]*"),
    "email": lambda profile: profile.holds(EMAIL),
    "website": lambda profile: profile.holds(WEB) - profile.holds(EMAIL),
    "opening_hours": lambda profile: profile.holds(f"{CLOCK}|{DAY}|appointment|24 hours|evenings") - profile.like(DATE),
    "category": _category,
    "reference": _reference,
    "place_name": _text,
    "organisation": _text,
    "serves": _text,
    "name_cy": _text,
    "status": lambda profile: 0.0 if profile.numeric > 0.5 else float(profile.distinct < 0.5 or profile.rows < 10),
    "assured_on": lambda profile: profile.like(DATE),
    "weekday": lambda profile: profile.share(lambda value: value.strip(" .").lower().rstrip("s") in DAY_WORDS),
}

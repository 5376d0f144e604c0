"""What a coordinator asks in one line, such as "piano Tuesday evening step-free within 15 minutes", in two languages.

Each pattern takes its own words out of the line; what is left is what the line is about. Nothing is guessed: a word
that can mean two things ("free", "Mawrth") counts only beside words that settle it.
"""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from abcd.core.text import POSTCODE, postcode_in, tidy
from abcd.db.tables import ACCESS_NEEDS

LONGEST = 300
"""Letters of a line that are read."""

DAYS = (
    r"mondays?|llun", r"tuesdays?|tues|f?mawrth|fawrth", r"wednesdays?|weds|f?mercher|fercher",
    r"thursdays?|thurs|iau", r"fridays?|g?wener", r"saturdays?|sadwrn", r"sundays?|sul",
)  # fmt: skip
#: Days that are other words too, so that one of these must stand before them: day, morning, afternoon, evening of.
ONLY_AFTER = r"(?:dydd|dyddiau|bore|prynhawn|pnawn|nos)\s+"
WELSH_DAYS = ("llun", "mawrth", "fawrth", "mercher", "fercher", "iau", "gwener", "wener", "sadwrn", "sul")
PARTS = (
    r"(?<!coffee )mornings?|bore(?:au)?(?! coffi)|before noon",
    r"afternoons?|prynhawn(?:iau)?|pnawn",
    r"evenings?|nights?|nos(?:on|au|weithiau)?|after work|ar ôl gwaith",
)
WEEKEND = r"(?:at (?:the )?)?weekends?|(?:dros y |ar y )?penwythnos(?:au)?"
WEEKDAYS = r"weekdays?|on working days?|yn ystod yr wythnos"

MINUTES = (
    r"(?:(?:with)?in|under|less than|no (?:more|further) than|up to|o fewn|dim mwy na|llai na)?\s*(?:a |an )?"
    r"(?P<n>\d{1,3}|quarter of an|half an|chwarter|hanner)[\s-]*(?:minutes?|mins?|munud(?:au)?|hours?|awr)\b(?:['’]s?)?"
    r"(?:\s*(?:walk|on foot|away|ar droed|o gerdded))?"
)
NUMBERS = {"quarter of an": 15, "chwarter": 15, "half an": 30, "hanner": 30}
FURTHEST = 60

ACCESS = {
    "step_free": r"step[\s-]?free|no steps|without steps|level access|wheelchair[\s-]?(?:access(?:ible)?|friendly)"
    r"|(?:for|in|with) (?:a )?wheelchairs?|heb risiau|di-?risiau|(?:i|mewn) gadair olwyn",
    "hearing_loop": r"hearing loop|induction loop|dolen (?:sain|glyw)",
    "accessible_toilet": r"(?:accessible|disabled) (?:toilets?|loos?)|(?:toiled|tai bach) (?:hygyrch|i bobl anabl)",
    "quiet": r"(?:somewhere )?quiet (?:room|space|place)|(?:lle|ystafell) tawel",
    "parking": r"(?:with |blue badge )?parking|lle i barcio|maes parcio",
}
FREE = (
    r"(?<!step )(?<!step-)(?<!sugar )(?<!smoke )\b(?:for free|free of charge|no charge|costs? nothing|for nothing"
    r"|am ddim|yn rhad ac am ddim|heb dâl|free)\b(?!\s+(?:on|in|at|time|for|this|next|every|of|from|mon|tue|wed|thu|fri"
    r"|sat|sun|morning|afternoon|evening|night|and available))"
)
SPOKEN = {
    "cy": "welsh|(?:y )?g?gymraeg|(?:y )?cymraeg", "en": "english|saesneg", "ur": "urdu|wrdw", "pa": "punjabi|panjabi",
    "bn": "bengali|bangla", "ar": "arabic|arabeg", "pl": "polish|pwyleg|bwyleg", "ro": "romanian|rwmaneg",
    "so": "somali", "fa": "farsi|persian|dari", "uk": "ukrainian|wcreineg", "es": "spanish|sbaeneg",
    "fr": "french|ffrangeg", "pt": "portuguese", "zh": "chinese|mandarin", "tr": "turkish", "gu": "gujarati",
    "bfi": "bsl|british sign language|sign language|iaith arwyddion",
}  # fmt: skip
SPEAKING = (
    r"\b(?:in|through|who speaks?|speaks?|yn|drwy gyfrwng|trwy gyfrwng|sy'n siarad)\s+(?:{0})\b"
    r"|\b(?:{0})[\s-]speaking\b"
)
JOINERS = r"(?:^|\s)(?:on|in|at|and|with|or|a|the|for|by|near|ar|yn|am|gyda|a|ac|neu|o)$"
NEAR = r"\b(?:near(?: to)?|close to|around|by|ger|yn agos at|o gwmpas)\s+(?P<where>[^,;]{2,60})$"


@dataclass(frozen=True, repr=False)
class Asked:
    """What was understood of a line.

    ``about`` are the words that no pattern took; ``grid`` the 7 x 3 parts of days in which it should be (bit
    ``3 * weekday + part``), 0 for any; ``minutes`` the longest walk; ``near`` a postcode or the name of a place, ""
    when none is said; ``access`` some of ``ACCESS_NEEDS``; ``languages`` BCP 47 codes.
    """

    about: str
    grid: int = 0
    minutes: int | None = None
    near: str = ""
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    is_free: bool = False

    def __repr__(self) -> str:
        return "Asked()"


def understand(line: str) -> Asked:
    """What a line of plain words asks for.

    >>> asked = understand("piano Tuesday evening step-free within 15 minutes")
    >>> asked.about, asked.grid == 1 << 3 * 1 + 2, asked.access, asked.minutes
    ('piano', True, ('step_free',), 15)
    """
    left = _Left(tidy(line)[:LONGEST])
    near = _postcode(left)
    access = tuple(need for need in ACCESS_NEEDS if need in ACCESS and left.take(rf"\b(?:{ACCESS[need]})(?!\w)"))
    is_free = left.take(FREE) is not None
    languages = tuple(code for code, names in SPOKEN.items() if left.take(SPEAKING.format(names)))
    minutes = _minutes(left)
    grid = _grid(left)
    near = near or _place(left)
    return Asked(left.rest(), grid, minutes, near, access, languages, is_free)


class _Left:
    """A line from which patterns take what they understand."""

    def __init__(self, line: str) -> None:
        self.line = line

    def take(self, pattern: str) -> re.Match[str] | None:
        """The first place where ``pattern`` fits, taken out with the little word that led to it."""
        found = re.search(pattern, self.line, re.IGNORECASE)
        if found:
            before = re.sub(JOINERS, "", self.line[: found.start()].rstrip(), flags=re.IGNORECASE)
            self.line = f"{before} {self.line[found.end() :]}"
        return found

    def rest(self) -> str:
        """What nobody took."""
        left = re.sub(r"\s+([,.;?!])", r"\1", " ".join(self.line.split()))
        return re.sub(JOINERS, "", left.strip(" ,.:;?!"), flags=re.IGNORECASE).strip(" ,.:;?!")


def _postcode(left: _Left) -> str:
    found = postcode_in(left.line)
    if found:
        left.take(rf"(?:\b(?:near|from|of|round|ger|o)\s+)?{POSTCODE.removeprefix('(?i)')}")
    return found


def _place(left: _Left) -> str:
    found = left.take(NEAR)
    return (
        found["where"].strip(" .?!")
        if found and found["where"].strip().lower() not in ("me", "here", "us", "fi")
        else ""
    )


def _minutes(left: _Left) -> int | None:
    found = left.take(rf"\b{MINUTES}")
    if not found:
        return None
    said = found["n"].lower()
    minutes = NUMBERS.get(said) or int(said) * (60 if re.search(r"hour|awr", found[0]) else 1)
    return min(max(minutes, 1), FURTHEST)


def _grid(left: _Left) -> int:
    """The parts of days that a line names: each day with its part, any part of a day, or a part of any day."""
    days = _days(left)
    parts = [
        part for part, words in enumerate(PARTS) if left.take(rf"\b(?:in the |of an |yn y |gyda'r )?(?:{words})\b")
    ]
    if not days and not parts:
        return 0
    cells = (1 << 3 * day + part for day in days or range(7) for part in parts or range(3))
    return reduce(or_, cells, 0)


def _days(left: _Left) -> list[int]:
    found = {day for day, words in enumerate(DAYS) if _day(left, words)}
    if left.take(rf"\b(?:{WEEKEND})\b"):
        found |= {5, 6}
    if left.take(rf"\b(?:{WEEKDAYS})\b"):
        found |= {0, 1, 2, 3, 4}
    return sorted(found)


def _day(left: _Left, words: str) -> bool:
    """Take a day's name; a Welsh one only after "dydd", "bore" and their like, of which the part of the day stays."""
    english = "|".join(word for word in words.split("|") if not _is_welsh_day(word))
    welsh = "|".join(word for word in words.split("|") if _is_welsh_day(word))
    found = left.take(rf"\b(?P<before>{ONLY_AFTER})(?:{welsh})\b")
    if found:
        left.line += f" {found['before'].strip().replace('dyddiau', '').replace('dydd', '')}"
    return bool(found or left.take(rf"\b(?:{english})\b"))


def _is_welsh_day(word: str) -> bool:
    return any(re.fullmatch(word, day) for day in WELSH_DAYS)

"""What a profile holds: words ready to show, and two pictures."""

from dataclasses import dataclass
from typing import Any

from abcd.maps.marks import Mark


@dataclass(frozen=True)
class Named:
    """An asset of the list: ``number`` as on the map, 0 when it is not drawn there."""

    number: int
    name: str
    category: str


@dataclass(frozen=True)
class Strong:
    """One kind of strength with how many there are, and the first of them."""

    mark: Mark
    picture: Any
    count: int
    named: tuple[Named, ...]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.named)


@dataclass(frozen=True)
class Possible:
    """Something that may be missing, as a statement: of what, how big, judged by what, how sure."""

    name: str
    shown: str
    how_big: str
    judged_by: str
    how_sure: str


@dataclass(frozen=True)
class Picture:
    """A picture as SVG text, and what it shows in a sentence."""

    svg: str
    said: str


@dataclass(frozen=True)
class Profile:
    """A place on one page; lists are cut to what a page holds, and say how many more there are."""

    title: str
    facts: tuple[str, ...]
    as_of: str
    strengths: tuple[Strong, ...]
    map: Picture
    themes: Picture
    possible: tuple[Possible, ...]
    possible_more: int
    questions: tuple[str, ...]
    questions_more: int
    helps: str
    sources: tuple[str, ...]
    sources_more: int
    walk: str

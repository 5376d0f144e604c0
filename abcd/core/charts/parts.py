"""What charts are drawn from: rows, points and cells with the words that are said beside them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One thing with a value a series; ``None`` is not known and draws no bar. ``words`` stand at its end."""

    label: str
    values: tuple[float | None, ...]
    words: str = ""


@dataclass(frozen=True)
class Dot:
    """One thing as it is and as it would be; ``None`` is not known."""

    label: str
    before: float | None
    after: float | None = None
    words: str = ""


@dataclass(frozen=True)
class Series:
    """A line of points ``(across, up)``, from left to right."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Panel:
    """A small picture of many: its line of points ``(across, up)``, what is said beside it, and a value across."""

    label: str
    points: tuple[tuple[float, float], ...]
    words: str = ""
    wall: float | None = None


@dataclass(frozen=True)
class Cell:
    """A field of a grid: how much, said as ``words``; a gap is outlined and crossed out."""

    value: float | None
    words: str = ""
    is_gap: bool = False


@dataclass(frozen=True)
class Limit:
    """A value to be judged by, drawn as a broken line with its words."""

    value: float
    words: str

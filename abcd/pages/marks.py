"""The six kinds of asset as people see them: a word, a letter, a shape and a colour, never a colour alone."""

from dataclasses import asdict, dataclass

from abcd.core.language import _


@dataclass(frozen=True)
class Mark:
    """How one kind is drawn. Colours hold white text at 4.5:1 and stand out from the paper at 3:1 or more."""

    kind: str
    title: str
    letter: str
    shape: str
    colour: str


def marks() -> list[Mark]:
    """Every kind in the order of the place page, in the language in use."""
    return [
        Mark("association", _("Groups"), "G", "circle", "#14568f"),
        Mark("physical", _("Places and spaces"), "P", "house", "#1d6b3f"),
        Mark("institution", _("Institutions"), "I", "square", "#7d4a12"),
        Mark("economic", _("Local economy"), "E", "diamond", "#6a3391"),
        Mark("story", _("Stories and heritage"), "S", "bubble", "#9b1c4f"),
        Mark("individual", _("Neighbours' gifts"), "N", "heart", "#4a5560"),
    ]


def mark_of(kind: str) -> Mark:
    """The mark of one kind."""
    return next(mark for mark in marks() if mark.kind == kind)


def legend() -> list[dict[str, str]]:
    """The marks that a map may show, ready for its component: people are never drawn."""
    return [asdict(mark) for mark in marks() if mark.kind != "individual"]

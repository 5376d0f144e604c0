"""The six kinds of asset as people see them: a word, a letter, a shape and a colour, never a colour alone."""

from dataclasses import asdict, dataclass

from abcd.assets.taxonomy import kind_name


@dataclass(frozen=True)
class Mark:
    """How one kind is drawn. Colours hold white text at 4.5:1 and stand out from the paper at 3:1 or more."""

    kind: str
    title: str
    letter: str
    shape: str
    colour: str


LOOKS = {
    "association": ("G", "circle", "#14568f"),
    "physical": ("P", "house", "#1d6b3f"),
    "institution": ("I", "square", "#7d4a12"),
    "economic": ("E", "diamond", "#6a3391"),
    "story": ("S", "bubble", "#9b1c4f"),
    "individual": ("N", "heart", "#4a5560"),
}
"""Letter, shape and colour by kind, in the order of the place page."""

OUTLINES = {
    "circle": "M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21Z",
    "square": "M4.5 2.5h15a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2Z",
    "house": "M12 1L23 9.6V21a1.5 1.5 0 0 1-1.5 1.5h-19A1.5 1.5 0 0 1 1 21V9.6Z",
    "diamond": "M12 .5L23.5 12L12 23.5L.5 12Z",
    "bubble": "M4 2h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-7l-5.5 5V18H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2Z",
    "heart": "M12 22.5C5 17 1.2 13.3 1.2 8.6C1.2 5 4 2.2 7.2 2.2c2 0 3.8 1 4.8 2.8c1-1.8 2.8-2.8 4.8-2.8"
    "c3.2 0 6 2.8 6 6.4c0 4.7-3.8 8.4-10.8 13.9Z",
}
"""Shapes on a field of 24 x 24; the map is told them too."""

MIDDLES = {"house": 15.5, "bubble": 10.2, "heart": 10.8}


def marks() -> list[Mark]:
    """Every kind in the order of the place page, in the language in use."""
    return [Mark(kind, kind_name(kind), *look) for kind, look in LOOKS.items()]


def mark_of(kind: str) -> Mark:
    """The mark of one kind."""
    return Mark(kind, kind_name(kind), *LOOKS[kind])


def picture(kind: str) -> str:
    """The mark of a kind as SVG text; nothing in it comes from data."""
    letter, shape, colour = LOOKS[kind]
    middle = MIDDLES.get(shape, 12.2)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 26 26" width="26" height="26">'
        f'<path d="{OUTLINES[shape]}" fill="{colour}"/>'
        f'<text x="12" y="{middle}" fill="#fff" text-anchor="middle" dominant-baseline="central" '
        f'font-family="sans-serif" font-size="12" font-weight="700">{letter}</text></svg>'
    )


def legend() -> list[dict[str, str]]:
    """The marks that a map may show, ready for its component: people are never drawn."""
    return [
        asdict(mark) | {"outline": OUTLINES[mark.shape], "middle": str(MIDDLES.get(mark.shape, 12.2))}
        for mark in marks()
        if mark.kind != "individual"
    ]


BAR = ("#1d6b3f", "#c99a2e", "#b4572a", "#8a8f94")
"""Colours of fresh, due, stale and hidden; the words beside a bar say the same."""


def bar(parts: list[int], height: int = 16) -> str:
    """Counts side by side as one bar, as SVG text."""
    whole, left = max(sum(parts), 1), 0.0
    drawn = []
    for part, colour in zip(parts, BAR, strict=True):
        drawn.append(f'<rect x="{left:.2f}" width="{100 * part / whole:.2f}" height="{height}" fill="{colour}"/>')
        left += 100 * part / whole
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 {height}" width="1000" height="{height}" '
        f'preserveAspectRatio="none">{"".join(drawn)}</svg>'
    )

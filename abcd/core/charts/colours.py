"""The colours of charts: told apart by their lightness too, and dark enough to be seen on white (WCAG 1.4.11)."""

INK, QUIET, RULE, PAPER = "#22313a", "#4d5a62", "#c9c4b8", "#ffffff"
SERIES = ("#12395b", "#c25608", "#4f8f88", "#8a6fb3")
"""Fills of the first, second, third and fourth series."""

HATCHES = ("", "////", "\\\\\\\\", "xx")
"""The same series as patterns, for whoever does not see the colours."""

SHAPES = ("o", "D", "s", "^")
"""The same series as marks on a line."""

DASHES: tuple[tuple[float, ...], ...] = ((), (6, 3), (2, 2), (8, 2, 2, 2))
"""The same series as lines."""

GAP = "#9c3d0c"
RAMP = ("#eef4f2", "#0b4f4b")
"""From none to most, in a grid."""


def shade(share: float) -> str:
    """The colour of a share between none (0) and most (1)."""
    ends = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in RAMP)
    return "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in zip(*ends, strict=True))


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1. Source: WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21. Source: WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def readable_on(colour: str) -> str:
    """Black or paper, whichever is easier to read on ``colour``; one of them is at least 4.5:1 on any."""
    return max(("#000000", PAPER), key=lambda ink: contrast(ink, colour))

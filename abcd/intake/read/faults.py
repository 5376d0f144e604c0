"""The faults met while reading: every one counted, the first of each kind told row by row."""

from collections import Counter

from abcd.intake.read.facts import ReadIssue
from abcd.intake.read.limits import TOLD_OF_A_KIND

SHOWN_CHARACTERS = 200

#: kind -> (what is wrong, what to do)
SENTENCES: dict[str, tuple[str, str]] = {
    "short_row": (
        "The row has fewer cells than the headings; the missing cells at its end are empty.",
        "Check that no cell has slipped into the wrong column.",
    ),
    "ragged_row": (
        "The row has more cells than the headings, so it was left out.",
        "Put quotation marks round cells that hold the delimiter, or remove the extra cells.",
    ),
    "nul": (
        "The row holds a NUL character, which no database can keep, so it was left out.",
        "Remove the character and bring the file in again.",
    ),
    "undecodable": (
        "The row has letters in another encoding than the rest of the file, so it was left out.",
        "Save the file again as UTF-8, or choose another encoding.",
    ),
    "long_cell": (
        "The cell is longer than 32,768 characters and was cut.",
        "Shorten the text, or move it to a web page.",
    ),
    "bad_coordinates": (
        "The coordinates are missing or are not numbers, so the row has no place on the map.",
        "Mend the coordinates, or give an address or postcode.",
    ),
    "bad_geometry": (
        "The shape cannot be understood, so the row has no place on the map.",
        "Draw the shape again, or give an address or postcode.",
    ),
    "no_geometry": (
        "The entry has no shape, so the row has no place on the map.",
        "Draw it, or give an address or postcode.",
    ),
    "curved_geometry": (
        "The shape has curves, which cannot be shown; the row has no place on the map.",
        "Save the layer with straight segments.",
    ),
    "too_many_vertices": (
        "The shape has more than 100,000 points, so the row has no place on the map.",
        "Simplify the shape and bring the file in again.",
    ),
    "repaired_geometry": (
        "The outline was not valid (it crosses itself or is not closed) and was repaired.",
        "Look at the shape on the map.",
    ),
    "bad_feature": ("The entry is not a GeoJSON feature, so it was left out.", "Give it a geometry and properties."),
}


class Faults:
    """Collects faults; ``take`` hands over those not yet told.

    Attributes:
        counts: kind -> how often it was met, told or not.
        left_out: rows that were kept out.
        seen: data rows met, kept or not.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.left_out = 0
        self.seen = 0
        self._told: list[ReadIssue] = []

    def add(self, kind: str, row: int | None, column: str = "", value: str = "") -> None:
        """Note a fault; the sentences are those of its kind."""
        self.counts[kind] += 1
        if self.counts[kind] <= TOLD_OF_A_KIND:
            self._told.append(ReadIssue(kind, row, column, shown(value), *SENTENCES[kind]))

    def leave_out(self, kind: str, row: int, column: str = "", value: str = "") -> None:
        """Note a fault that keeps its row out."""
        self.left_out += 1
        self.add(kind, row, column, value)

    def take(self) -> list[ReadIssue]:
        """The faults since the last call."""
        told, self._told = self._told, []
        return told


def shown(value: str) -> str:
    """``value`` short and printable, with what cannot be printed made visible."""
    printable = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value[: SHOWN_CHARACTERS + 1]
    )
    return printable if len(printable) <= SHOWN_CHARACTERS else printable[:SHOWN_CHARACTERS] + "…"

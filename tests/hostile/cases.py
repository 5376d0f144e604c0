"""The 72 hostile and broken inputs (H1 to H72) as files made by code, each with what the person must be told."""

from collections.abc import Callable
from dataclasses import dataclass, field

Content = bytes | str | Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """One file and its outcome at the door.

    Attributes:
        row: which of the 72 it is, from 1.
        name: what the file is called.
        content: its bytes, or what makes them.
        refused: the sentence of the refusal holds this; nothing at all is written.
        issue: (kind, row below the headings or None, column or "") of a fault that is listed.
        note: what is said about the file as a whole before it is confirmed.
        kept: field of an asset -> the value that it holds once loaded, or the values of several assets.
        gone: names that no asset may have.
        variant: tells cases of one row apart.
    """

    row: int
    name: str
    content: Content
    refused: str = ""
    issue: tuple[str, int | None, str] | None = None
    note: str = ""
    kept: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    variant: str = ""

    def __str__(self) -> str:
        return f"H{self.row}" + (f"-{self.variant}" if self.variant else "")

    def bytes(self) -> bytes:
        """What is in the file."""
        made = self.content() if callable(self.content) else self.content
        return made.encode() if isinstance(made, str) else made

    def wanted(self) -> list[dict[str, str]]:
        """What the register must hold once the file is loaded: the facts of one asset each."""
        several = {name: values for name, values in self.kept.items() if isinstance(values, tuple)}
        if several:
            return [{name: value} for name, values in several.items() for value in values]
        return [{name: value for name, value in self.kept.items() if isinstance(value, str)}]

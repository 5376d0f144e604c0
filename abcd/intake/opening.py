"""Opening times of rows: from one column, or one column per weekday."""

from abcd.intake.chunk import Chunk


def hours(chunk: Chunk) -> None:
    """The opening times as published, and the 7 x 3 grid of when something is open."""
    chunk.parts["opening_hours"] = chunk.column("opening_hours")

"""Many rows on one point, seen over a whole file."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from abcd.intake.issues import Issues

CROWD = 10
"""Rows on one point that are worth telling."""

NORTHINGS = 10_000_000
"""More than any northing, so that easting and northing make one number."""

Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass
class Crowds:
    """The points of a file to the metre, 16 bytes a row."""

    points: list[Numbers] = field(default_factory=list)
    rows: list[Numbers] = field(default_factory=list)

    def add(self, row: Numbers, easting: Floats, northing: Floats) -> None:
        """Remember where these rows are; rows without a place do not count."""
        found = ~np.isnan(easting)
        metres = np.rint(easting[found]) * NORTHINGS + np.rint(northing[found])
        self.points.append(metres.astype(np.int64))
        self.rows.append(row[found])

    def tell(self, issues: Issues) -> None:
        """One issue for each point that ``CROWD`` rows or more share, with the first of those rows."""
        if not self.points:
            return
        points, rows = np.concatenate(self.points), np.concatenate(self.rows)
        shared, first, count = np.unique(points, return_index=True, return_counts=True)
        for place in np.flatnonzero(count >= CROWD):
            where = f"{shared[place] // NORTHINGS}, {shared[place] % NORTHINGS}"
            _tell(issues, where, int(rows[first[place]]), int(count[place]), len(points))


def _tell(issues: Issues, where: str, row: int, count: int, located: int) -> None:
    most = count * 2 > located
    meaning = "the coordinates of the file are not to be trusted" if most else "a shared site, or a default"
    message = f"{count} of the {located} located rows lie on one point, from this row on: {meaning}."
    advice = "Ask the publisher for the true coordinates." if most else "Check that they are really on one site."
    issues.add("repeated_point", message, advice, row=row, column="easting northing", value=where, rows=count)

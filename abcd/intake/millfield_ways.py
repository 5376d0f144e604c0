"""Millfield's streets and paths, its railway with two crossings, and a towpath that people avoid after dark."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from abcd.db.session import Actor, session
from abcd.intake.millfield import FOLDER
from abcd.intake.streets_file import import_streets
from abcd.places.barrier_deeds import BarrierDraft, add_barrier
from abcd.places.crossing_deeds import CrossingDraft, add_crossing

VINTAGE = "invented"
SOURCE = "the invented borough"


def lay_ways(*, actor: Actor, folder: Path = FOLDER) -> None:
    """Bring the streets in and draw the barriers; the same call again changes nothing of them."""
    import_streets(folder / "ways.geojson", actor=actor, vintage=VINTAGE)
    features = json.loads((folder / "barriers.geojson").read_text("utf-8"))["features"]
    with session(actor, patient=True) as s:
        drawn: dict[str, UUID] = {}
        for feature in features:
            told, shape = feature["properties"], feature["geometry"]
            key = f"millfield {told['name']}"
            if shape["type"] == "LineString":
                drawn[told["name"]] = add_barrier(s, barrier_of(told, shape), by=actor, key=key)
            else:
                lon, lat = shape["coordinates"]
                draft = CrossingDraft(told["name"], lon, lat, told["step_free"])
                add_crossing(s, drawn[told["barrier"]], draft, by=actor, key=key)


def barrier_of(told: dict[str, str], line: dict[str, Any]) -> BarrierDraft:
    """A barrier of the file."""
    return BarrierDraft(told["name"], line, told["nature"], told["hard"] == "yes", SOURCE)

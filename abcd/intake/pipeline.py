"""From rows as read to rows as assets: an ordered list of small steps over some thousand rows at a time."""

import logging
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from abcd.intake import contacts, fields, opening, rest, strings, unpack
from abcd.intake.chunk import GEOM, ROW, Chunk
from abcd.intake.classify import SURE, classify
from abcd.intake.crowds import Crowds
from abcd.intake.frame import ASSET_FRAME
from abcd.intake.issues import Issues
from abcd.intake.locate import locate
from abcd.intake.mapping import Mapping
from abcd.intake.vocabulary import vocabulary

log = logging.getLogger(__name__)

IN_LINES = ("description", "opening_hours")
"""Fields whose line breaks mean something."""


def clean(batches: Iterable[pa.RecordBatch], mapping: Mapping, issues: Issues) -> Iterator[pd.DataFrame]:
    """Rows under ``ASSET_FRAME``, one for each row of each batch, in order.

    Faults go to ``issues``; those of the file as a whole are there after the last frame. Memory does not grow
    with the file, but for 16 bytes a row that tell repeated points.
    """
    crowds = Crowds()
    if not mapping.column("name"):
        issues.add("no_name_column", "No column holds names, so each row is called by its category.",
                   "Add a column with names.")  # fmt: skip
    for batch in batches:
        chunk = chunk_of(batch, mapping, issues)
        for step in STEPS:
            step(chunk)
        frame = ASSET_FRAME.complete({"row": chunk.row, **chunk.parts}, len(chunk))
        crowds.add(chunk.row, frame["easting"].to_numpy(), frame["northing"].to_numpy())
        yield frame
    crowds.tell(issues)


def chunk_of(batch: pa.RecordBatch, mapping: Mapping, issues: Issues) -> Chunk:
    """A batch with its parcel opened and its texts tidied."""
    told = {name: strings.filled(batch.column(name)) for name in batch.schema.names if name not in (ROW, GEOM)}
    if mapping.unpack in told:
        told |= unpack.open_column(told.pop(mapping.unpack), mapping.labels)
    lines = {column for wanted in IN_LINES for column in mapping.columns(wanted)}
    text = {
        name: strings.cleaned(values, name in lines) for name, values in told.items() if name not in mapping.ignored
    }
    row = batch.column(ROW).to_numpy(zero_copy_only=False).astype(np.int64)
    geom = batch.column(GEOM) if GEOM in batch.schema.names else pa.nulls(len(row), pa.binary())
    return Chunk(row, text, geom, mapping, issues)


def place(chunk: Chunk) -> None:
    """Where each row is, as far as the row itself says."""
    places = locate(chunk)
    has_shape = ~pd.isna(places.shape)
    geom = np.full(len(chunk), None, dtype=object)
    geom[has_shape] = shapely.to_wkb(places.shape[has_shape])
    chunk.parts |= {"easting": places.easting, "northing": places.northing, "geom": geom,
                    "located_by": places.located_by, "precision_m": places.precision_m}  # fmt: skip


def sort(chunk: Chunk) -> None:
    """The category and kind of each row; what is not sure goes to the review list."""
    values = [strings.without_nothing(one) for one in chunk.columns("category")]
    name, description = chunk.parts["name"], chunk.parts["description"]
    verdict = classify(len(chunk), chunk.mapping, values, name, description)
    terms = vocabulary().terms
    which = pa.array(np.where(verdict.term < 0, vocabulary().index["other"], verdict.term))
    slugs, kinds = (pa.array([getattr(term, what) for term in terms]) for what in ("slug", "asset_kind"))
    chunk.parts |= {"category": slugs.take(which), "asset_kind": kinds.take(which),
                    "category_by": verdict.by, "confidence": verdict.confidence}  # fmt: skip
    told = strings.first_filled([*values, name, chunk.blank()])
    chunk.fault("unsure_category", verdict.confidence < SURE, chunk.mapping.column("category") or "name", told,
                "Nothing in the row says surely what it is.", "Choose a category on the review list.")  # fmt: skip


def call(chunk: Chunk) -> None:
    """A row without a name is called by its category, and told."""
    name, names = chunk.parts["name"], {term.slug: term.name for term in vocabulary().terms}
    has_name = strings.is_filled(name)
    slugs = chunk.parts["category"]
    chunk.parts["is_named"] = has_name
    chunk.parts["name"] = pc.if_else(pa.array(has_name), name, strings.each_distinct(slugs, lambda slug: names[slug]))
    if column := chunk.mapping.column("name"):
        chunk.fault("no_name", ~has_name, column, chunk.text[column], "The row has no name: its category stands in.",
                    "Give the name that people use.")  # fmt: skip


STEPS = (
    fields.names, fields.texts, fields.addresses, fields.references, contacts.contacts, opening.hours,
    place, sort, call, rest.guard, rest.facilities, rest.extra, rest.keys,
)  # fmt: skip
"""The steps in order: each reads the chunk and adds finished columns to its ``parts``."""

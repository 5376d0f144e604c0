"""A file of lines that is brought in: barriers are looked at before they count, streets take an older map's place."""

from pathlib import Path
from uuid import UUID

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import BARRIER_NATURES
from abcd.intake import barriers_stage, streets_file
from abcd.intake.barrier_rows import BarrierRow, CrossingRow, Usual
from abcd.intake.read import FileLook, ReadChoice
from abcd.pages.forms_barriers import hard_name, nature_name, step_free_name, titles
from abcd.pages.map_view import Box, MapLayer, MapView, ground, show_map
from abcd.pages.panels_barrier import kind_of
from abcd.pages.panels_intake import go_to_import
from abcd.pages.panels_map import box_of
from abcd.pages.saving import job_button
from abcd.pages.words import joined, number, verbatim

LINES = ("network", "barriers", "streets")
"""Kinds of file that hold lines, or points on lines."""

SAMPLE = 12


def lines_panel(actor: Actor, path: Path, name: str, choice: ReadChoice, facts: FileLook, kind: str) -> None:
    """What the lines of a file are, and the button that brings them in."""
    named = {
        "barriers": _("Barriers: nobody walks across them, or people rather avoid them"),
        "streets": _("Streets and paths that people walk along"),
    }  # fmt: skip
    if facts.format == "osm":
        st.write(_("It is an extract of OpenStreetMap: its streets and paths come in, and walks follow them."))
        streets_form(actor, path, name, choice)
        return
    index = list(named).index(kind) if kind in named else None
    what = st.radio(_("What are these lines?"), list(named), index, named.__getitem__, key="what lines")
    if what:
        (barriers_form if what == "barriers" else streets_form)(actor, path, name, choice)


def barriers_form(actor: Actor, path: Path, name: str, choice: ReadChoice) -> None:
    """What rows are that do not say it themselves, and the check of all."""
    one, two, three = st.columns(3)
    asked = _("Rows that do not say what they are")
    nature = one.selectbox(asked, BARRIER_NATURES, len(BARRIER_NATURES) - 1, nature_name, key="nature of lines")
    asked = _("Rows that do not say whether one can walk across")
    is_hard = two.radio(asked, (True, False), 0, hard_name, key="hard lines")
    source = three.text_input(_("Who publishes it?"), key="source", placeholder=_("As the file's name says"))
    st.caption(
        _("A newer file of the same publisher changes what differs; what people changed since stays as they left it.")
    )

    def check(by: Actor, _key: str) -> UUID:
        return barriers_stage.stage_barriers(
            path, Usual(nature, is_hard), actor=by, choice=choice, source=source or None, file_name=name
        ).import_id

    form, done = f"lines {path.stem}", _("Checked. Nothing has changed yet: look at the lines, then confirm.")
    go_to_import(form)
    job_button(form, _("Check the lines"), check, actor, done, _("Reading and checking…"), type="primary")


def streets_form(actor: Actor, path: Path, name: str, choice: ReadChoice) -> None:
    """From when a map of streets is, and the button that brings it in."""
    vintage = st.text_input(_("Year or release of the map"), key="vintage of streets")
    st.caption(
        _("It takes the place of an older map of the same name, which undo brings back. A county may take minutes.")
    )

    def bring(by: Actor, _key: str) -> UUID:
        report = streets_file.import_streets(path, actor=by, vintage=vintage, choice=choice, file_name=name)
        return report.import_id

    form, done = f"streets {path.stem}", _("The streets are in. Walks follow them from now on.")
    go_to_import(form)
    job_button(form, _("Bring the streets in"), bring, actor, done, _("Reading and checking…"), type="primary")


def look_at_lines(actor: Actor, import_id: UUID) -> None:
    """Some lines as they would be loaded, and all of them on a map."""
    with session(actor) as s:
        lines, points = barriers_stage.waiting(s, import_id)
    st.subheader(_("Some of its lines"), anchor=False)
    rows = [told(row) for row in lines[:SAMPLE]] + [told(row) for row in points[:SAMPLE]]
    st.table(rows, hide_index=True, border="horizontal")
    st.subheader(_("Where they are"), anchor=False)
    layers = [
        MapLayer("staged lines", "barrier", _("Barriers"), whole=True, address=f"/imports/{import_id}/lines.geojson"),
        MapLayer(
            "staged crossings",
            "crossing",
            _("Crossings"),
            whole=True,
            address=f"/imports/{import_id}/crossings.geojson",
        ),
    ]
    view = MapView(_("Map of the lines"), [*ground(), *layers], around(lines, points), height=380)
    show_map(f"staged {import_id}", view)


def told(row: BarrierRow | CrossingRow) -> dict[str, str]:
    """A line or a crossing as a row of a table."""
    if isinstance(row, BarrierRow):
        metres = _("{metres} metres long").format(metres=number(round(row.line.length)))
        what = joined([nature_name(row.nature), kind_of(row.is_hard), metres])
    else:
        what = joined([_("Crossing"), step_free_name(row.step_free)])
    return {_("Row"): str(row.row), _("Name"): verbatim(row.name), titles()["nature"]: what}


def around(lines: list[BarrierRow], points: list[CrossingRow]) -> Box | None:
    """The box round all of them, in degrees."""
    boxes = [*(row.line.bounds for row in lines), *(row.point.bounds for row in points)]
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return box_of((min(wests), min(souths), max(easts), max(norths)))

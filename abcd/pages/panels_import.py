"""One import before and after it was confirmed, and the list of earlier ones."""

from uuid import UUID

import pandas as pd
import streamlit as st

from abcd.access import can
from abcd.core.clock import LOCAL
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.intake import run
from abcd.intake.ledger import ImportLine, imports
from abcd.intake.preview import preview
from abcd.pages.map_view import MapLayer, MapView, ground, show_map
from abcd.pages.panels_lines import look_at_lines
from abcd.pages.saving import job_button
from abcd.pages.words import joined, number, verbatim

ADD_PAGE, ASSETS_PAGE = "abcd/pages/add_data.py", "abcd/pages/assets.py"
BARRIERS_PAGE = "abcd/pages/barriers.py"
SAMPLE = 12
FIGURE = 108
"""Points that a figure is wide: three stand side by side on a telephone, six on a screen."""


def import_panel(actor: Actor, import_id: UUID) -> None:
    """What an import understood, found wrong and would do; then the decision."""
    line = next((one for one in imports(actor=actor) if one.id == import_id), None)
    if line is None:
        st.write(_("There is no such import."))
        return
    st.header(verbatim(line.file_name), anchor=False)
    counts(line)
    faults(line)
    if line.state == "staged":
        (look_at_lines if line.kind == "barriers" else look_at_rows)(actor, import_id)
        decide(actor, line)
    elif line.state == "loaded":
        afterwards(actor, line)
    st.link_button(
        _("Download the issues for the publisher"), f"/imports/{import_id}/issues.csv", icon=":material/download:"
    )


def counts(line: ImportLine) -> None:
    """The rows of the file by what becomes of them, and how they were located."""
    report = line.report
    figures = {
        _("Rows"): report["rows"], _("New"): report["added"], _("Changed"): report["changed"],
        _("As before"): report["unchanged"], _("The same again"): report["duplicates"],
        _("Cannot be used"): report["rejected"],
    }  # fmt: skip
    with st.container(horizontal=True):
        for name, count in figures.items():
            st.metric(name, number(count), width=FIGURE)
    ways = [f"{way.replace('_', ' ')}: {number(n)}" for way, n in report["located_by"].items()]
    if report["unlocated"]:
        ways.append(_("nobody knows where: {n}").format(n=number(report["unlocated"])))
    st.write(_("Located by {ways}.").format(ways=verbatim("; ".join(ways))) if ways else "")
    for note in report.get("notes", ()):
        st.info(verbatim(note), icon=":material/info:")


def faults(line: ImportLine) -> None:
    """Issues by kind, with an example of each."""
    found = line.report["issues"]
    if not found:
        return
    st.subheader(_("What is wrong with the file"), anchor=False)
    rows = [
        {
            _("Kind"): verbatim(one["kind"].replace("_", " ")),
            _("Rows"): number(one["rows"]),
            _("For example"): verbatim(one["example"]),
        }
        for one in found
    ]
    st.table(rows, hide_index=True, border="horizontal")


def look_at_rows(actor: Actor, import_id: UUID) -> None:
    """Some rows as they would be loaded, and their points on a map."""
    with session(actor) as s:
        shown = preview(s, import_id, rows=SAMPLE)
    st.subheader(_("Some of its rows"), anchor=False)
    st.table(sample(shown.rows), hide_index=True, border="horizontal")
    st.subheader(_("Where they are"), anchor=False)
    points = shown.points["features"]
    st.write(_("{n} of its points are on this map.").format(n=number(len(points))))
    layer = MapLayer("staged", "asset", whole=True, address=f"/imports/{import_id}/points.geojson")
    show_map(f"staged {import_id}", MapView(_("Map of the rows"), [*ground(), layer], box_of(points), height=380))


def sample(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Rows for a person: what each became, or why it cannot be used."""
    return [
        {
            _("Row"): str(row["row"]), _("Name"): verbatim(row["name"]), _("What it is"): verbatim(row["category"]),
            _("Where"): verbatim(joined([row["address"], row["postcode"]])[:80]),
            _("Located by"): verbatim((row["located_by"] or "–").replace("_", " ")),
            _("Refused because"): verbatim(row["reject"]),
        }
        for row in rows.astype(object).fillna("").to_dict("records")
    ]  # fmt: skip


def box_of(points: list[dict[str, object]]) -> tuple[float, float, float, float] | None:
    """The box round most of the points: one that is far away must not hide the others."""
    if not points:
        return None
    frame = pd.DataFrame([point["geometry"]["coordinates"] for point in points], columns=["lon", "lat"])  # type: ignore[index]
    low, high = frame.quantile(0.02), frame.quantile(0.98)
    return float(low["lon"]), float(low["lat"]), float(high["lon"]), float(high["lat"])


def decide(actor: Actor, line: ImportLine) -> None:
    """Confirm or discard; both are one call."""
    import_id = line.id

    def confirm(by: Actor, _key: str) -> None:
        run.confirm(import_id, actor=by)

    def discard(by: Actor, _key: str) -> None:
        run.discard(import_id, actor=by)

    with st.container(horizontal=True):
        done = _("Loaded. Every place it touches has been brought up to date.")
        if line.kind == "barriers":
            done = _("Loaded. Walks go round these lines from now on.")
        ask, busy = _("Confirm: load these rows"), _("Loading…")
        job_button(f"confirm {import_id}", ask, confirm, actor, done, busy, type="primary")
        job_button(f"discard {import_id}", _("Discard"), discard, actor, _("Discarded. Nothing was changed."), busy)


def afterwards(actor: Actor, line: ImportLine) -> None:
    """What can be done about an import that was loaded."""
    if line.report.get("possible_duplicates"):
        st.page_link(ASSETS_PAGE, label=_("Decide on the look-alikes it brought"), icon=":material/compare_arrows:")
    if line.kind == "barriers":
        st.page_link(BARRIERS_PAGE, label=_("Look at the barriers"), icon=":material/fence:")
    if can(actor, "undo", "import"):

        def undo(by: Actor, _key: str) -> None:
            run.undo(line.id, actor=by)

        done = _("Undone, exactly; what people changed since was kept.")
        job_button(f"undo {line.id}", _("Undo this import"), undo, actor, done, _("Undoing…"))


def imports_panel(actor: Actor) -> None:
    """Earlier imports, the newest first."""
    st.header(_("Earlier imports"), anchor=False)
    known = imports(actor=actor)
    if not known:
        st.write(_("None yet."))
    with st.container(key="rows-imports"):
        for line in known[:30]:
            label = f"**{verbatim(line.file_name)}** · {state_names().get(line.state, line.state)}"
            st.page_link(ADD_PAGE, label=label, query_params={"import": str(line.id)})
            when = f"{line.created_at.astimezone(LOCAL):%d/%m/%Y %H:%M}"
            st.caption(
                verbatim(
                    joined([held(line.kind), when, line.by, _("{n} rows").format(n=number(line.report.get("rows")))])
                )
            )


def state_names() -> dict[str, str]:
    """How an import stands, in words."""
    return {
        "staged": _("waits to be confirmed"), "loaded": _("loaded"), "discarded": _("discarded"), "undone": _("undone"),
        "lost": _("interrupted; nothing was changed"),
    }  # fmt: skip


def held(kind: str) -> str:
    """What a file of a kind holds, in words."""
    return {
        "assets": _("Assets"), "places": _("Places"), "households": _("Households"), "postcodes": _("Postcodes"),
        "properties": _("Property references"), "dwellings": _("Homes"), "people": _("Residents"),
        "streets": _("Streets"), "barriers": _("Barriers"),
    }.get(kind, kind)  # fmt: skip

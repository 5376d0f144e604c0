"""Add data: bring a file, see what was understood, change it, look at the rows and the map, confirm, undo."""

from uuid import UUID

import streamlit as st

from abcd.access import can
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.session import Actor
from abcd.intake.columns import understand
from abcd.intake.mapping import Mapping
from abcd.intake.read import FileLook, ReadChoice, look
from abcd.intake.sources import find as description_of
from abcd.pages.panels_import import import_panel, imports_panel
from abcd.pages.panels_intake import areas_panel, choose, file_facts, stage_panel
from abcd.pages.panels_lines import LINES, lines_panel
from abcd.pages.saving import say_what_was_done
from abcd.pages.uploads import keep, path_of
from abcd.pages.visit import telling, visitor
from abcd.pages.words import verbatim

TAKEN = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "geojson", "json", "gpkg", "zip", "kml", "kmz", "gpx", "pbf", "osm"]

OF_OPENSTREETMAP = (".pbf", ".osm")


def bring() -> None:
    """Take a file and go on with it."""
    st.write(
        _("Spreadsheets, CSV, GeoJSON, GeoPackage, zipped Shapefile, KML or GPX. Nothing changes before you confirm.")
    )
    st.caption(_("Also railways, rivers and main roads, and streets as lines or as an extract of OpenStreetMap."))
    uploaded = st.file_uploader(_("Choose a file"), type=TAKEN, key="file")
    if uploaded:
        kept = keep(uploaded).name
        st.session_state["brought"] = {"path": kept, "name": tidy(uploaded.name) or kept}
        go_on(actor)


def go_on(actor: Actor) -> None:
    """What was understood of the file that was brought, and what to do with it."""
    brought = st.session_state["brought"]
    path = path_of(brought["path"])
    if path is None:
        st.write(_("This file is no longer kept. Choose it again."))
        return
    st.header(verbatim(brought["name"]), anchor=False)
    choice = ReadChoice(
        layer=st.session_state.get("layer"), encoding=st.session_state.get("encoding"),
        streets=path.suffix in OF_OPENSTREETMAP,
    )  # fmt: skip
    facts, mapping = understood(str(path), brought["name"], choice)
    file_facts(facts, mapping)
    if mapping.kind == "assets":
        stage_panel(actor, path, brought["name"], choice, choose(facts, mapping))
    elif mapping.kind in LINES and facts.geometry_type:
        lines_panel(actor, path, brought["name"], choice, facts, mapping.kind)
    else:
        areas_panel(actor, path, brought["name"], choice, mapping.kind)


def understood(path: str, name: str, choice: ReadChoice) -> tuple[FileLook, Mapping]:
    """What the file is and what its columns hold; looked at once, and again when something else is chosen."""
    asked, known = (path, name, choice), st.session_state.get("understood")
    if known and known[0] == asked:
        return known[1], known[2]
    facts = look(path, choice)
    mapping = understand(facts, name, description_of(facts.columns, name))
    # Rows of residents stay in nobody's memory.
    st.session_state["understood"] = None if mapping.kind == "people" else (asked, facts, mapping)
    return facts, mapping


actor = visitor()
st.title(_("Add data"))
say_what_was_done()
asked = st.query_params.get("import")
with telling():
    if asked:
        st.page_link(
            "abcd/pages/add_data.py", label=_("Bring another file"), icon=":material/arrow_back:", query_params={}
        )
        import_panel(actor, UUID(asked))
    elif can(actor, "stage", "import"):
        bring()
with telling():
    if not asked:
        imports_panel(actor)

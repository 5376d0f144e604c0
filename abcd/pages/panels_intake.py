"""What was understood of a file, and every part of it that a person may change before its rows are checked."""

from datetime import date
from pathlib import Path
from uuid import UUID

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from abcd.assets.taxonomy import categories
from abcd.core.language import _
from abcd.db.session import Actor, session
from abcd.db.tables import PLACE_KINDS
from abcd.intake import run
from abcd.intake.mapping import FIELDS, Mapping
from abcd.intake.read import FileLook, ReadChoice
from abcd.pages.panels_people_file import foresee
from abcd.pages.saving import job_button, saved
from abcd.pages.words import field_names, joined, kind_of_place, names_of, number, percent, verbatim

ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16")
AREAS = tuple(kind for kind in PLACE_KINDS if kind not in ("greenspace", "water"))


def file_facts(facts: FileLook, mapping: Mapping) -> None:
    """What the file is, which of its sheets or layers is read, and in which letters."""
    rows = "" if facts.row_count is None or facts.format == "osm" else _("{n} rows").format(n=number(facts.row_count))
    st.write(verbatim(joined([facts.format.upper(), rows, facts.encoding, where(mapping), facts.geometry_type])))
    # What has a door of its own is told of it there.
    notes = mapping.notes if mapping.kind in ("assets", "lookup") else ()
    for warning in (*facts.warnings, *notes):
        st.info(verbatim(warning), icon=":material/info:")
    left, right = st.columns(2)
    names = [layer.name for layer in facts.layers]
    if len(names) > 1:
        left.selectbox(_("Sheet or layer"), names, names.index(facts.layer), key="layer")
    if facts.encoding:
        known = list(dict.fromkeys([facts.encoding, *ENCODINGS]))
        right.selectbox(_("Letters are written in"), known, key="encoding")


def where(mapping: Mapping) -> str:
    """Where the rows say they are, in words."""
    found = mapping.coordinates
    if found.kind == "none":
        return _("located by postcode, address or place name")
    system = f"EPSG:{found.epsg}" if found.epsg else ""
    return joined(
        [_("located by {columns}").format(columns=", ".join(filter(None, (found.x, found.y))) or found.kind), system]
    )


def choose(facts: FileLook, mapping: Mapping) -> Mapping:
    """The mapping as a table with its confidence, and below it every choice that can be changed."""
    st.header(_("What was understood"), anchor=False)
    st.table(understood_rows(facts, mapping), hide_index=True, border="horizontal")
    with st.expander(_("Change what a column means"), icon=":material/edit:"):
        columns = st.columns(3)
        for position, name in enumerate(FIELDS):
            mapping = field_choice(columns[position % 3], name, facts, mapping)
    return mapping


def understood_rows(facts: FileLook, mapping: Mapping) -> list[dict[str, str]]:
    """One row for each field that was found: its column, how sure, why, and a value from the file."""
    names = field_names()
    return [
        {
            _("Field"): names[name], _("Column"): verbatim(pick.column), _("How sure"): percent(pick.confidence),
            _("Because"): verbatim(pick.why), _("For example"): verbatim(example(facts, pick.column)),
        }
        for name, picks in mapping.fields.items()
        for pick in picks
    ]  # fmt: skip


def example(facts: FileLook, column: str) -> str:
    """The first value that a column holds in the sample."""
    return next((str(row[column])[:60] for row in facts.sample if row.get(column)), "")


def field_choice(place: DeltaGenerator, name: str, facts: FileLook, mapping: Mapping) -> Mapping:
    """The column of one field, as chosen by a person."""
    now = mapping.column(name)
    options = ["", *facts.columns]
    index = options.index(now) if now in options else 0
    chosen = place.selectbox(
        field_names()[name], options, index, key=f"column of {name}", format_func=lambda one: one or "–"
    )
    return mapping if chosen == now else mapping.with_column(name, *([chosen] if chosen else []))


def stage_panel(actor: Actor, path: Path, name: str, choice: ReadChoice, mapping: Mapping) -> None:
    """Whose file it is, what all of it is about, and the check of its rows."""
    with session(actor) as s:
        names = names_of(categories(s))
    one, two, three = st.columns(3)
    slugs = list(names)
    about = slugs.index(mapping.category) if mapping.category in slugs else None
    category = one.selectbox(
        _("Every row is"), slugs, about, names.__getitem__, key="about", placeholder=_("It differs by row")
    )
    source = two.text_input(_("Who publishes it?"), key="source", placeholder=_("As the file's name says"))
    as_of = three.date_input(_("As of"), value=None, key="as of")

    def check(by: Actor, _key: str) -> UUID:
        return run.stage(
            path, actor=by, choice=choice, mapping=mapping, source=source or None, category=category,
            as_of=as_of if isinstance(as_of, date) else None, file_name=name,
        ).import_id  # fmt: skip

    form, done = f"stage {path.stem}", _("Checked. Nothing has changed yet: look at the rows, then confirm.")
    go_to_import(form)
    icon = ":material/fact_check:"
    busy = _("Reading, locating and checking…")
    job_button(form, _("Check the rows"), check, actor, done, busy, type="primary", icon=icon)


def go_to_import(form: str) -> None:
    """Show the import that the last press made; what was said of it is said there."""
    made = saved(form)
    if made:
        st.session_state["said"] = st.session_state.get("said lately", (0.0, (), ""))[2]
        st.query_params["import"] = made
        st.rerun()


def areas_panel(actor: Actor, path: Path, name: str, choice: ReadChoice, kind: str) -> None:
    """A file of boundaries, households, homes or postcodes: it goes in by its own door."""
    titles = {
        "places": _("It holds boundaries of places."), "households": _("It holds households by small area."),
        "postcodes": _("It holds postcodes and where they are."), "statistics": _("It holds statistics by area."),
        "dwellings": _("It holds homes, or how many households each postcode has. Who lives there is never read."),
        "people": _("It is a list of residents, with the day on which each agreed. Nothing is guessed: whoever agreed "
                    "to nothing clear is left out, and told by the row's number."),
    }  # fmt: skip
    st.write(titles.get(kind, _("It is not a list of things that are somewhere, so it cannot come in here.")))
    of = (
        ""
        if kind in ("postcodes", "people", "dwellings")
        else st.selectbox(_("Kind of place"), AREAS, format_func=kind_of_place, key="areas of")
    )
    if kind not in titles:
        return
    if kind == "people":
        foresee(actor, path)

    def bring(by: Actor, _key: str) -> str:
        return bring_areas(path, name, choice, "households" if kind == "statistics" else kind, of or "", by)

    form = f"areas {path.stem}"
    go_to_import(form)
    busy = _("Reading and checking…")
    job_button(form, _("Bring it in"), bring, actor, _("It is in."), busy, type="primary")


def bring_areas(path: Path, name: str, choice: ReadChoice, kind: str, of: str, actor: Actor) -> str:
    """Bring places, households, homes or postcodes in from a file that was called ``name``; the id of the import."""
    from abcd.intake import dwellings_file, households_file, people_file, places_file, postcodes_file

    if kind == "people":
        done = str(people_file.import_people(path, actor=actor).import_id)
        # Neither its name nor its bytes are kept: the file says more of more people than anybody needs twice.
        path.unlink(missing_ok=True)
        return done
    if kind == "places":
        return str(places_file.import_places(path, of, actor=actor, choice=choice, file_name=name).import_id)
    if kind == "households":
        return str(households_file.import_households(path, of, actor=actor, choice=choice, file_name=name).import_id)
    if kind == "dwellings":
        return str(dwellings_file.import_dwellings(path, actor=actor, choice=choice, file_name=name).import_id)
    return str(postcodes_file.import_postcodes(path, actor=actor, choice=choice, file_name=name).import_id)

"""Panels of exports: how far a file is, what is in it and what is not, and what was taken away before."""

from typing import Any

import streamlit as st

from abcd.core.language import _, ngettext
from abcd.db.session import Actor, session
from abcd.db.trail import Deed, Wanted, deeds
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.jobs import Job
from abcd.maps.layers import LAYERS
from abcd.pages.panels_history import by_the_clock
from abcd.pages.words import joined, number, verbatim

#: Seconds between two looks at a file that is being made.
LOOK_AGAIN = 1.5


def reading_of() -> dict[str, str]:
    """Who may be meant by a file."""
    return {"public": _("Everybody"), "partner": _("Partners"), "council": _("The council"), "officer": _("Officers")}


def titles(layers: tuple[str, ...]) -> dict[str, str]:
    """Layers by their titles."""
    return {name: _(LAYERS[name].title) for name in layers}


def reasons() -> dict[str, str]:
    """Why a row is not in a file."""
    return {
        "merged into another record": _("merged into another record"),
        "gift of a resident, never placed": _("gift of a resident, never placed"),
        "not for this audience": _("not for this audience"),
    }


def show_job(job: Job) -> None:
    """One file: how far it is; when it is there, the way to it and what is in it."""
    if job.state == "failed":
        st.error(verbatim(job.error), icon=":material/info:")
    elif job.state == "stopped":
        st.info(_("This was stopped."))
    elif job.state == "waiting":
        st.progress(0.0, _("Waiting for its turn."))
    elif job.state == "writing":
        told = _("{n} of about {of} rows.").format(n=number(job.rows), of=number(max(job.of, job.rows)))
        st.progress(min(job.rows / job.of, 1.0) if job.of else 0.0, told)
    else:
        finished(job)


def finished(job: Job) -> None:
    """The way to a file, and what is in it and what is not."""
    if job.written is None:
        return
    st.success(_("The file is ready. It is kept for an hour."), icon=":material/check:")
    st.link_button(_("Download {file}").format(file=verbatim(job.name)), f"/export/files/{job.id}",
                   icon=":material/download:")  # fmt: skip
    names = titles(job.order.layers)
    for layer, rows in job.written.rows.items():
        told = ngettext("{layer}: {n} row, {without} without a place on the map.",
                        "{layer}: {n} rows, {without} without a place on the map.", rows)  # fmt: skip
        without = number(rows - job.written.drawn[layer])
        st.markdown(verbatim(told.format(layer=names.get(layer, layer), n=number(rows), without=without)))
        for line in left(job.written.left_out[layer]):
            st.caption(verbatim(line))
    st.caption(verbatim(f"SHA-256 {job.written.sha256}"))


def left(counted: dict[str, int]) -> list[str]:
    """What was left out, and why."""
    named = reasons()
    return [
        _("Left out: {n} ({reason})").format(n=number(n), reason=named.get(reason, reason))
        for reason, n in counted.items()
        if n
    ]


def past(actor: Actor) -> None:
    """What was taken away before, newest first, with its fingerprint."""
    st.header(_("Taken away before"), anchor=False)
    with session(actor) as s:
        found = deeds(s, Wanted("layer", organisation_id=actor.organisation_id, people=False)).deeds
    rows = [row_of(deed) for deed in found if deed.verb in ("export", "publish")]
    if rows:
        st.table(rows, hide_index=True, border="horizontal")
    else:
        st.write(_("Nothing was taken away lately."))


def what_left(said: str) -> str:
    """What was taken away by its titles: layers, or a page, a sheet, a site, a plan."""
    known = titles(tuple(LAYERS)) | {
        "map": _("Map of a place as one page"), "profile": _("A place on one sheet"),
        "site": _("A map as a site of its own"), "plan": _("Plan of patches"),
    }  # fmt: skip
    return ", ".join(known.get(one, one) for one in said.split(","))


def form_names() -> dict[str, str]:
    """Formats that are none of a layer's."""
    return {"html": "HTML", "pdf": "PDF"}


def row_of(deed: Deed) -> dict[str, str]:
    """One line of the list."""
    facts: dict[str, Any] = deed.after
    named = facts.get("format") or "geojson"
    what = joined([what_left(deed.thing_id), FORMATS[named].title if named in FORMATS else form_names().get(named, "")])
    return {
        _("When"): by_the_clock(deed.at), _("Who"): verbatim(deed.by), _("What"): verbatim(what),
        _("For whom"): reading_of().get(str(facts.get("audience", "public")), ""),
        _("Rows"): number(int(facts.get("rows") or 0)), "SHA-256": verbatim(str(facts.get("sha256", ""))[:16]),
    }  # fmt: skip

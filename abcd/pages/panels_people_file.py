"""What a list of residents would do, before it does it."""

from pathlib import Path

import streamlit as st

from abcd.core.language import _
from abcd.db.session import Actor
from abcd.intake.people_file import rehearse_people
from abcd.intake.report import ImportReport
from abcd.pages.words import number, verbatim

FIRST = 20


def foresee(actor: Actor, path: Path) -> None:
    """How many residents of a list would be written down, who is known already, and which rows are left out and why."""
    with st.spinner(_("Reading and checking…")):
        report = rehearse_people(path, actor=actor)
    figures = {
        _("Rows"): report.rows, _("New"): report.added, _("Known already"): report.unchanged,
        _("Left out"): report.rejected,
    }  # fmt: skip
    for column, (name, count) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(name, number(count))
    _faults(report)


def _faults(report: ImportReport) -> None:
    for issue in report.issues[:FIRST]:
        rows = _("{n} rows").format(n=number(int(str(issue["rows"]))))
        st.warning(verbatim(f"{rows}: {issue['example']}"), icon=":material/info:")

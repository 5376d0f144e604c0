"""Patch work: whether patches leave coaches room to know people, the same faces, and time for being with people."""

import streamlit as st

from abcd.core.language import _
from abcd.db.session import session
from abcd.pages.panels_patch_work import as_a_table, figures, hours_panel, named_panel, sizes_panel, worked_out
from abcd.pages.saving import say_what_was_done
from abcd.pages.visit import for_those_who_may, telling, visitor
from abcd.patches.work import patch_work

PATCHES = "abcd/pages/patches.py"

actor = visitor()
st.title(_("Patch work"))
for_those_who_may(actor, "adopt", "patch")
say_what_was_done()
st.caption(
    _("For this team’s eyes, to make room with: figures of patches and never of a colleague, and never a target.")
)
with telling():
    with session(actor, patient=True) as s:
        work = patch_work(s)
    if work:
        figures(work)
        named_panel(work)
        sizes_panel(work)
        hours_panel(actor, work)
        as_a_table(work)
        worked_out()
    else:
        st.write(_("No patches stand yet. Draw a plan and adopt it: then this page shows how the work is laid out."))
    st.page_link(PATCHES, label=_("Draw and adopt patches"), icon=":material/grid_view:")

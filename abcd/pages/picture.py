"""A chart on a page: the picture, the same figures as a table, and both to keep."""

from collections.abc import Sequence

import streamlit as st

from abcd.core.language import _
from abcd.core.spreadsheet import as_csv
from abcd.core.text import slug
from abcd.pages.words import verbatim

_KEEP = st.components.v2.component(
    "abcd_keep",
    js="""
export default function ({ data, parentElement }) {
  const made = data.files.map(({ name, kind, label, about, text }) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: kind }));
    link.download = name;
    link.textContent = label;
    link.setAttribute("aria-label", about);
    link.className = "abcd-keep";
    return link;
  });
  parentElement.replaceChildren(...made);
  return () => made.forEach((link) => URL.revokeObjectURL(link.href));
}
""",
    isolate_styles=False,
)

Rows = Sequence[dict[str, object]]


def picture(svg: str, alt: str, table_rows: Rows, caption: str = "", *, title: str = "", key: str = "") -> None:
    """A chart (``core.charts``) with its equal table folded under it, and links that keep it as SVG and as CSV.

    ``alt`` says in a sentence what the picture shows. ``table_rows`` are its figures, the same columns in each row.
    ``title`` names the fold and the files and is to be unlike that of any other picture of the page (else ``alt``).
    """
    name = title or alt
    with st.container(key=f"picture-{slug(key or name)}"):
        st.image(svg, alt=alt)
        if caption:
            st.caption(verbatim(caption))
        with st.expander(_("The figures: {title}").format(title=verbatim(name)), icon=":material/table_rows:"):
            st.table([{verbatim(head): _shown(cell) for head, cell in row.items()} for row in table_rows],
                     hide_index=True, border="horizontal")  # fmt: skip
            _KEEP(key=f"keep {key or name}", data={"files": _files(svg, name, table_rows)}, width="content")


def _files(svg: str, name: str, rows: Rows) -> list[dict[str, str]]:
    """The picture and its figures, as the browser is to keep them."""
    titles = list(rows[0]) if rows else []
    table = "\ufeff" + as_csv(titles, (row.values() for row in rows))
    file = slug(name)[:60] or "picture"
    return [
        {"name": f"{file}.svg", "kind": "image/svg+xml", "label": _("Keep the picture (SVG)"), "text": svg,
         "about": _("Keep the picture (SVG): {title}").format(title=name)},
        {"name": f"{file}.csv", "kind": "text/csv", "label": _("Keep the figures (CSV)"), "text": table,
         "about": _("Keep the figures (CSV): {title}").format(title=name)},
    ]  # fmt: skip


def _shown(cell: object) -> str:
    """A cell for a table that reads Markdown."""
    return "–" if cell is None else verbatim(str(cell))

"""The words of the one map, for the pages and for shared maps."""

from abcd.core.language import _


def words() -> dict[str, str]:
    """Every word the map module shows, in the language in use."""
    return {
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "legend": _("What the marks mean"),
        "layers": _("Also show"),
        "shown": _("{n} shown in this view."),
        "nothing": _("Nothing recorded in this view yet."),
        "failed": _("The map could not be fetched. The list beside it still works."),
        "heap": _("{n} things here. Press to look closer."),
        "open": _("Open its page"),
        "fresh_fresh": _("Checked lately"),
        "fresh_due": _("Due for a check"),
        "fresh_stale": _("Was here – check"),
        "fresh_hidden": _("Not checked for a long time"),
        "place_middle": _("Put the pin in the middle of the map"),
        "draw": _("Draw the edge"),
        "draw_line": _("Draw the line"),
        "mend": _("Move the corners"),
        "draw_how": _("Press each corner in turn; press twice to finish."),
        "mend_how": _("Drag a corner to move it. Press “Move the corners” again when you are done."),
        "draw_first": _("Draw it first, then move its corners."),
        "picked": _("Chosen on the map: {n}"),
        "search_here": _("Search this part of the map"),
    }

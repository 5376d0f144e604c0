"""Kinds, audiences and states of shares in everyday words."""

from abcd.core.language import _


def kind_name(kind: str) -> str:
    """A kind of share, for people."""
    names = {
        "link": _("A map that opens by a link"), "open": _("A map that is open to anybody"),
        "feed": _("A key for feeds (QGIS, ArcGIS, other programs)"),
    }  # fmt: skip
    return names.get(kind, kind)


def audience_name(audience: str) -> str:
    """An audience, for people."""
    names = {"public": _("The public"), "partner": _("Partner organisations"), "council": _("The council")}
    return names.get(audience, audience)


def state_name(state: str) -> str:
    """How a share stands, for people."""
    return {"live": _("open"), "over": _("its days are over"), "revoked": _("taken back")}.get(state, state)

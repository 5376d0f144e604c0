"""The pages of the feed, for a person who opens one of its addresses; every value is escaped by the template."""

from typing import Any

import orjson

from abcd.api.ogc.answers import Link, root
from abcd.config import settings
from abcd.core import language as speech
from abcd.core.html import page as from_template
from abcd.core.language import _, ngettext
from abcd.maps.items import Page, Question
from abcd.maps.layer import Column, Layer

#: Columns of a table of features; a feature's own page has them all.
AT_A_GLANCE = 6
Cell = Any


def language() -> str:
    """The language in use, because a kept page is in one."""
    return speech.chosen()


def to(words: str, href: str) -> dict[str, str]:
    """A cell or fact that leads somewhere."""
    return {"words": words, "href": href}


def drawn(title: str, trail: list[tuple[str, str]], **parts: Any) -> bytes:
    """A page with what it has of sentences, facts, a table, a next page and links."""
    empty: dict[str, Any] = {"sentences": (), "facts": (), "head": (), "rows": (), "onwards": "", "links": ()}
    return from_template("feed.html", title=title, trail=trail, **(empty | parts)).encode()


def named(links: list[Link]) -> list[dict[str, str]]:
    """Links with words of their own."""
    words = {"self": _("This page"), "alternate": _("The same as JSON"), "collection": _("The collection"),
             "items": _("Features"), "next": _("Next page")}  # fmt: skip
    return [
        one | {"words": one.get("title") or words.get(one["rel"], one["rel"])} for one in links if one["rel"] != "self"
    ]


def home() -> list[tuple[str, str]]:
    """Where every page of the feed lies below."""
    return [(_("Maps of {publisher}").format(publisher=settings().publisher), f"{root()}?f=html")]


def below(layer: Layer | None = None) -> list[tuple[str, str]]:
    """The way to a collection, or to what lies below it."""
    where = f"{root()}/collections"
    found = [*home(), (_("Collections"), f"{where}?f=html")]
    return [*found, (layer.title, f"{where}/{layer.name}?f=html")] if layer else found


def landing(document: dict[str, Any], layers: tuple[Layer, ...]) -> bytes:
    """The landing page."""
    how = _("In QGIS or ArcGIS add a layer of the kind OGC API - Features with this address: {address}").format(
        address=root()
    )
    rows = [[to(one.title, f"{root()}/collections/{one.name}?f=html"), one.says] for one in layers]
    sentences = (document["description"], how, *nothing_open(rows))
    return drawn(document["title"], [], sentences=sentences, links=named(document["links"]), **listed(rows))


def nothing_open(rows: list[Any]) -> tuple[str, ...]:
    """What is said where there are no ``rows``."""
    return () if rows else (_("Nothing is open to everybody at present. With a key you see what was shared with you."),)


def listed(rows: list[Any]) -> dict[str, Any]:
    """The table of collections, when there are any."""
    return {"head": (_("Collection"), _("What it holds")), "rows": rows} if rows else {}


def conformance(conforms: list[str]) -> bytes:
    """The standards."""
    return drawn(_("Standards"), home(), head=(_("Standard"),), rows=[[each] for each in conforms])


def collections(found: list[dict[str, Any]]) -> bytes:
    """All collections."""
    rows = [[to(one["title"], f"{root()}/collections/{one['id']}?f=html"), one["description"]] for one in found]
    return drawn(_("Collections"), home(), sentences=nothing_open(rows), **listed(rows))


def collection(layer: Layer, document: dict[str, Any], columns: tuple[Column, ...]) -> bytes:
    """One collection: what it is and what each of its properties says."""
    box = document["extent"].get("spatial", {}).get("bbox", [[]])[0]
    facts = [
        (_("Licence"), layer.licence),
        (_("Attribution"), layer.attribution),
        (_("Lies within"), ", ".join(f"{edge:.4f}" for edge in box) or _("nowhere yet")),
        (
            _("Features"),
            to(_("Look at them one page after the other"), f"{root()}/collections/{layer.name}/items?f=html"),
        ),
    ]
    rows = [[column.name, column.says] for column in columns]
    return drawn(
        layer.title, below(), sentences=(layer.says,), facts=facts, head=(_("Property"), _("What it says")), rows=rows,
        links=named(document["links"]),
    )  # fmt: skip


def schema(layer: Layer, typed: dict[str, dict[str, Any]], which: str) -> bytes:
    """What each property is, or by which of them one can filter."""
    title = _("Properties to filter by") if which == "queryables" else _("Properties")
    rows = [[name, one["type"], one["title"]] for name, one in typed.items()]
    return drawn(title, below(layer), head=(_("Property"), _("Type"), _("What it says")), rows=rows)


def items(layer: Layer, found: Page, links: list[Link], question: Question) -> bytes:
    """A page of features as a table of their first properties."""
    features = orjson.loads(f"[{found.text}]")
    columns = layer.columns_for(question.reader.audience)
    names = [one.name for one in (*(c for c in columns if c.on_map), *(c for c in columns if not c.on_map))][
        :AT_A_GLANCE
    ]
    where = f"{root()}/collections/{layer.name}/items"
    rows = [
        [to(said(one["properties"][names[0]]) or one["id"], f"{where}/{one['id']}?f=html"),
         *(said(one["properties"][name]) for name in names[1:])]
        for one in features
    ]  # fmt: skip
    n = ngettext("{n} feature on this page.", "{n} features on this page.", found.rows).format(n=found.rows)
    following = next((one["href"] for one in links if one["rel"] == "next"), "")
    rest = [one for one in links if one["rel"] != "next"]
    return drawn(_("Features"), below(layer), sentences=(n,), head=names if rows else (), rows=rows, onwards=following,
                 links=named(rest))  # fmt: skip


def item(layer: Layer, found: Page, links: list[Link]) -> bytes:
    """One feature with all that is said of it."""
    one = orjson.loads(found.text)
    properties = one["properties"]
    shape = one["geometry"]
    where = (
        ", ".join(map(str, shape["coordinates"]))
        if shape and shape["type"] == "Point"
        else (shape or {}).get("type", "")
    )
    facts = [(name, said(value)) for name, value in properties.items() if value is not None]
    trail = [*below(layer), (_("Features"), f"{root()}/collections/{layer.name}/items?f=html")]
    title = str(properties.get("name") or one["id"])
    return drawn(title, trail, facts=[*facts, (_("Geometry"), where or _("none"))], links=named(links))


def said(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()

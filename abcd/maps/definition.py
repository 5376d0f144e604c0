"""Map definitions as plain files (``maps/*.toml``): which layers, in which order, with which words and colours."""

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from abcd.core.language import LANGUAGES
from abcd.errors import BadFile, NotFound
from abcd.maps.files.formats import FORMATS
from abcd.maps.layers import AUDIENCES, LAYERS, reaches
from abcd.maps.marks import LOOKS

COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Definition:
    """A map that can be published.

    Attributes:
        title, words: what stands above the list, by language.
        place: reference or id of the place that it shows, ``""`` for everywhere.
        audience: for whom it is; never ``officer``.
        languages: one page each, the first is ``index.html``.
        kinds: kinds of asset in the order of the list; what is not named is not shown.
        categories: only these, when any is named.
        outlines: kinds of place whose edges are drawn, each with its colour.
        layers: what lies beside the page as data, in ``formats``.
    """

    title: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    place: str = ""
    audience: str = "public"
    languages: tuple[str, ...] = ("en", "cy")
    kinds: tuple[str, ...] = tuple(kind for kind in LOOKS if kind != "individual")
    categories: tuple[str, ...] = ()
    outlines: dict[str, str] = field(default_factory=lambda: {"estate": "#0b5c58"})
    layers: tuple[str, ...] = ("assets",)
    formats: tuple[str, ...] = ("geojson", "csv")

    def said(self, what: str, language: str) -> str:
        """``title`` or ``words`` in a language, else in any, else ``""``."""
        told: dict[str, str] = getattr(self, what)
        return told.get(language) or next(iter(told.values()), "")


def definition_in(path: Path) -> Definition:
    """The definition in a file.

    Raises:
        NotFound: there is no such file.
        BadFile: it is not TOML, or says something that a definition does not have.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"There is no file “{path}”. Definitions of maps are in the folder maps.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadFile(f"“{path.name}” cannot be read as TOML: {error}.") from error
    return understood(given, path.name)


def understood(given: dict[str, Any], name: str) -> Definition:
    """What a file says, checked.

    Raises:
        BadFile: it says something that a definition does not have.
    """
    known = {one.name for one in fields(Definition)}
    if unknown := sorted(set(given) - known):
        raise BadFile(f"“{name}”: there is no “{unknown[0]}”. A map has: {', '.join(sorted(known))}.")
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in given.items()}
    made = Definition(**values)
    for what, named, allowed in (
        ("languages", made.languages, LANGUAGES), ("kinds", made.kinds, [one for one in LOOKS if one != "individual"]),
        ("formats", made.formats, FORMATS),
        ("audience", (made.audience,), [one for one in AUDIENCES if one != "officer"]),
        ("layers", made.layers, [one for one, layer in LAYERS.items() if reaches(layer.audience, made.audience)]),
    ):  # fmt: skip
        if wrong := [value for value in named if value not in allowed]:
            raise BadFile(f"“{name}”: {what} cannot be “{wrong[0]}”. It may be: {', '.join(allowed)}.")
    if wrong := [colour for colour in made.outlines.values() if not COLOUR.fullmatch(str(colour))]:
        raise BadFile(f"“{name}”: “{wrong[0]}” is no colour. Write it as #0b5c58.")
    return made

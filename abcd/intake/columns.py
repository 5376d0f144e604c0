"""Understanding a file: which column holds what, from its headings and its values."""

from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import NamedTuple

import pyarrow as pa

from abcd.intake import headers, nature, placement, unpack
from abcd.intake.headers import heading, says, weekday_of
from abcd.intake.mapping import Coordinates, Mapping, Pick
from abcd.intake.read.facts import FileLook
from abcd.intake.sources import Description
from abcd.intake.values import Profile, fits
from abcd.intake.vocabulary import vocabulary

HEADING_WEIGHT, VALUE_WEIGHT, ENOUGH = 0.65, 0.35, 0.45
"""How much heading and values count, and from which sum on a column is taken."""

STRICT = frozenset(
    {"postcode", "uprn", "phone", "email", "website", "opening_hours", "category", "assured_on", "weekday"}
)
"""Fields whose values show what they are: a column without such values is not taken, whatever its heading."""

BY_VALUES = {"postcode": 0.8, "email": 0.6, "website": 0.8, "phone": 0.9, "weekday": 0.95, "category": 0.5}
"""Fields that values alone may tell, from which part of the rows on."""

SEVERAL = frozenset({"category"})
STYLING = frozenset(
    "marker color|marker size|marker symbol|stroke|stroke width|stroke opacity|fill|fill opacity|style url|stylehash|"
    "shape length|shape area|shape leng|styleurl|icon|tessellate|extrude|visibility|draw order|timestamp|begin|end|"
    "altitude mode".split("|")
)


class Claim(NamedTuple):
    """A column that could hold a field."""

    score: float
    field: str
    column: str
    why: str


def understand(look: FileLook, file_name: str = "", source: Description | None = None) -> Mapping:
    """What each column of a file holds, where its coordinates are and what its rows are about.

    Args:
        look: the file's headings and first rows.
        file_name: its name, whose words may say the category.
        source: a description of a known kind of file, which goes before guesses.
    """
    columns, sample, blob, labels = unpack.opened(look)
    profiles = {column: Profile.of(column, (row.get(column) for row in sample)) for column in columns}
    kind = source.kind if source and source.kind else nature.nature(look, profiles, file_name)
    ways = placement.ways(look, profiles)
    free = {column: profile for column, profile in profiles.items()
            if column not in placement.used(ways) and column not in placement.spent(look)}  # fmt: skip
    weekdays = _weekdays(free)
    free = {column: profile for column, profile in free.items() if column not in weekdays.values()}
    fields = _with_source(_assigned(free), source, free)
    key = headers.header_key(look.columns, bool(look.geometry_type))
    mapping = Mapping(kind=kind, fields=fields, coordinates=ways[0], spare=tuple(ways[1:]), weekdays=weekdays,
                      unpack=blob, labels=labels, header_key=key)  # fmt: skip
    return _about_names(_about_rest(_about_category(mapping, file_name, look, source), free), profiles)


def _assigned(profiles: dict[str, Profile]) -> dict[str, tuple[Pick, ...]]:
    """Each field's columns, the name first, then the surest claim; a column serves one field."""
    fields: dict[str, tuple[Pick, ...]] = {}
    taken: set[str] = set()
    claims = sorted(_claims(profiles), key=lambda one: (one.field != "name", -one.score))
    for claim in _with_own_reference(claims):
        if claim.column in taken or (claim.field in fields and claim.field not in SEVERAL):
            continue
        fields[claim.field] = (*fields.get(claim.field, ()), Pick(claim.column, round(claim.score, 2), claim.why))
        taken.add(claim.column)
    return _with_address(fields, {name: one for name, one in profiles.items() if name not in taken}, profiles)


def _with_own_reference(claims: list[Claim]) -> list[Claim]:
    """``Recipient Org:Identifier`` before ``Identifier`` when the names are in ``Recipient Org:Name``."""
    own = heading(claims[0].column).removesuffix("name").strip() if claims and claims[0].field == "name" else ""
    theirs = [one for one in claims if own and one.field == "reference" and heading(one.column).startswith(f"{own} ")]
    return [*claims[:1], *theirs, *claims[1:]] if theirs else claims


def _claims(profiles: dict[str, Profile]) -> list[Claim]:
    named = (field for field in headers.words_of_fields() if field != "address_part")
    found = [_claim(field, profile) for field in named for profile in profiles.values()]
    return [claim for claim in found if claim.score >= ENOUGH]


def _claim(field: str, profile: Profile) -> Claim:
    """How much speaks for a column as a field."""
    told = says(field, profile.column)
    if field == "name" and not told and _is_category_word(heading(profile.column)):
        told = headers.HOLDS
    if not told and field not in BY_VALUES:
        return Claim(0.0, field, profile.column, "")
    fit = fits(field, profile)
    if told and not (fit < 0.05 or (fit < 0.25 and field in STRICT)):
        why = "heading and values" if profile.values else "heading; the first rows are empty"
        return Claim(HEADING_WEIGHT * told + VALUE_WEIGHT * fit, field, profile.column, why)
    if field == "category" and not told:
        fit *= profile.whole_words
    if fit >= BY_VALUES.get(field, 2.0) and len(set(profile.values)) > 1:
        return Claim(0.6 * fit, field, profile.column, "values alone")
    return Claim(0.0, field, profile.column, "")


@lru_cache(maxsize=4096)
def _is_category_word(told: str) -> bool:
    """Whether a heading is a category's own word, as ``community_hub`` over the names of hubs."""
    return bool(vocabulary().read(pa.array([told])).is_whole[0])


def _with_address(fields: dict[str, tuple[Pick, ...]], free: dict[str, Profile],
                  profiles: dict[str, Profile]) -> dict[str, tuple[Pick, ...]]:  # fmt: skip
    """The parts of an address in the order of the file, where there is no whole one."""
    if "address" in fields:
        return fields
    towns = [pick.column for pick in fields.get("place_name", ())]
    parts = [column for column in profiles if (column in free or column in towns) and says("address_part", column)]
    if not parts:
        return fields
    return fields | {"address": tuple(Pick(column, 0.8, "part of an address") for column in parts)}


def _weekdays(profiles: dict[str, Profile]) -> dict[str, str]:
    """Weekday to the column with that day's times, when there are at least five such columns."""
    found = {day: column for column in profiles if (day := weekday_of(column))}
    return found if len(found) >= 5 else {}


def _with_source(fields: dict[str, tuple[Pick, ...]], source: Description | None,
                 profiles: dict[str, Profile]) -> dict[str, tuple[Pick, ...]]:  # fmt: skip
    """What a description says of columns goes before what we made of them."""
    for field, columns in (source.columns if source else {}).items():
        known = [column for column in columns if column in profiles]
        fields = {name: tuple(pick for pick in picks if pick.column not in known) for name, picks in fields.items()}
        fields = {name: picks for name, picks in fields.items() if picks}
        fields |= {field: tuple(Pick(column, 1.0, "described") for column in known)} if known else {}
    return fields


def _about_category(mapping: Mapping, file_name: str, look: FileLook, source: Description | None) -> Mapping:
    """The category of the file as a whole, from its description, its name or its layer's."""
    if source and source.category:
        return replace(mapping, category=source.category, category_confidence=1.0, category_why=source.title)
    words, titles = vocabulary(), [PurePath(file_name).stem, look.layer]
    found = words.read(pa.array([heading(title) for title in titles]))
    for place, title in enumerate(titles):
        if found.term[place] >= 0:
            slug = words.terms[found.term[place]].slug
            return replace(mapping, category=slug, category_confidence=0.9, category_why=f"the name '{title}'")
    return mapping


def _about_rest(mapping: Mapping, free: dict[str, Profile]) -> Mapping:
    """Columns with no field: facilities, kept as they are, or left out."""
    taken = {pick.column for picks in mapping.fields.values() for pick in picks}
    rest = [profile for column, profile in free.items() if column not in taken]
    ignored = tuple(one.column for one in rest if heading(one.column) in STYLING or one.codes > 0.9)
    flags = tuple(one.column for one in rest if one.is_yes_no and one.column not in ignored)
    kept = tuple(one.column for one in rest if one.column not in (*ignored, *flags))
    return replace(mapping, ignored=ignored, flags=flags, kept=kept)


def _about_names(mapping: Mapping, profiles: dict[str, Profile]) -> Mapping:
    """Whether names are all in capitals, and what a person should know before confirming."""
    names = profiles.get(mapping.column("name"))
    shouting = (
        bool(names and names.values) and names is not None and names.share(str.isupper) > 0.9 and names.length > 6
    )
    notes = tuple(_notes(mapping))
    return replace(mapping, is_shouting=shouting, notes=notes)


def _notes(mapping: Mapping) -> list[str]:
    notes = []
    if mapping.kind != "assets":
        notes.append(nature.SENTENCES[mapping.kind])
    if not mapping.column("name"):
        notes.append("No column holds names: each row is called by its category.")
    if mapping.coordinates == Coordinates() and not mapping.column("postcode"):
        notes.append("No column says where the rows are.")
    if not mapping.category and not mapping.column("category"):
        notes.append("Neither the file's name nor a column says what the rows are about; only words in names can tell.")
    return notes

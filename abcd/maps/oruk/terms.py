"""The two taxonomies of the directory: the categories with their groups, and the kinds of strength."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from abcd.db.tables import ASSET_KINDS, Term
from abcd.errors import NotFound
from abcd.maps.oruk.ids import derived

Json = dict[str, Any]

TAXONOMIES = {
    "categories": ("Categories of community assets", "What an asset is, in two levels: a group and a category."),
    "kinds": ("Kinds of strength", "The kinds of community asset in asset-based community development."),
}
"""Name and description of each."""

#: Nobody's gift is in the directory, so the kind of individuals is not in its list.
KINDS = tuple(kind for kind in ASSET_KINDS if kind != "individual")


def taxonomies() -> list[Json]:
    """Both taxonomies."""
    return [
        {"id": derived("taxonomy", slug), "name": name, "description": says, "version": "1"}
        for slug, (name, says) in TAXONOMIES.items()
    ]


def taxonomy(asked: str) -> Json:
    """The taxonomy with this id.

    Raises:
        NotFound: there is none.
    """
    return _with_id(taxonomies(), asked)


def taxonomy_terms(s: Session) -> list[Json]:
    """All terms of both taxonomies, each after what it belongs to."""
    rows = s.execute(select(*_FACTS).order_by(Term.parent.is_not(None), Term.position, Term.slug))
    return [*(_category(row) for row in rows), *(_kind(kind) for kind in KINDS)]


def taxonomy_term(s: Session, asked: str) -> Json:
    """The term with this id.

    Raises:
        NotFound: there is none.
    """
    return _with_id(taxonomy_terms(s), asked)


def slugs_of(s: Session, asked: str) -> tuple[str, tuple[str, ...]]:
    """The taxonomy and the slugs that the id of a term stands for: a group of categories stands for those in it.

    Raises:
        NotFound: there is no such term.
    """
    kind = next((kind for kind in KINDS if term_id("kinds", kind) == asked), "")
    if kind:
        return "kinds", (kind,)
    rows = s.execute(select(Term.slug, Term.parent)).all()
    slug = next((row.slug for row in rows if term_id("categories", row.slug) == asked), None)
    if slug is None:
        raise NotFound("There is no such taxonomy term.")
    return "categories", (slug, *(row.slug for row in rows if row.parent == slug))


def attributes(row: Row[Any]) -> list[Json]:
    """What a service is, in both taxonomies."""
    category = _term("categories", row.category, row.term)
    return [_attribute(row, category), _attribute(row, _kind(row.asset_kind))]


def term_id(taxonomy: str, slug: str) -> str:
    """The id of a term."""
    return derived("taxonomy_term", taxonomy, slug)


_FACTS = Term.slug, Term.parent, Term.name, Term.oruk_term, Term.uri


def _category(row: Any) -> Json:
    made = _term("categories", row.slug, row.name)
    if row.oruk_term and row.oruk_term != row.name:
        made["description"] = f"{row.name}: {row.oruk_term}"
    if row.parent:
        made["parent_id"] = term_id("categories", row.parent)
    return made | ({"term_uri": row.uri} if row.uri else {})


def _kind(kind: str) -> Json:
    return _term("kinds", kind, kind.capitalize())


def _term(taxonomy: str, slug: str, name: str) -> Json:
    return {
        "id": term_id(taxonomy, slug), "code": slug, "name": name, "description": name, "term": name,
        "taxonomy": TAXONOMIES[taxonomy][0], "taxonomy_id": derived("taxonomy", taxonomy),
    }  # fmt: skip


def _attribute(row: Row[Any], term: Json) -> Json:
    return {
        "id": derived("attribute", row.id, term["id"]), "link_id": str(row.id), "link_entity": "service",
        "link_type": "taxonomy", "taxonomy_term_id": term["id"], "taxonomy_term": term,
    }  # fmt: skip


def _with_id(known: list[Json], asked: str) -> Json:
    for one in known:
        if one["id"] == asked:
            return one
    raise NotFound("There is nothing at this address.")

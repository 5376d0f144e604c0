"""Which assets are services of the directory for a reader, and all that is told of one, in one row."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Select, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from abcd.db.spatial import in_degrees
from abcd.db.tables import Activity, Asset, Group, Organisation, Place, PlaceAsset, Term
from abcd.errors import NotFound
from abcd.maps.asset_layer import with_consent
from abcd.maps.layer import AUDIENCES, Layer, reaches
from abcd.maps.reader import Reader
from abcd.maps.within import held_by

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
"""The profile knows no other; what is only planned is not in the directory yet."""

SHARED = ("credit-union", "library-of-things", "timebank")
"""Categories of exchange that are a service to neighbours rather than a trade."""

#: Layers that hold services; another layer opens no part of the directory.
LAYERS = ("assets", "activities", "groups")

Where = aliased(Asset, name="venue_asset")
"""The asset in which a service happens, when it is another one."""

By = aliased(Asset, name="group_asset")
"""The group that does it."""

IS_SERVICE = or_(
    Activity.asset_id.is_not(None),
    Asset.asset_kind.in_(("association", "institution")),
    (Asset.asset_kind == "story") & (Asset.opening_hours != ""),
    Asset.category.in_(SHARED),
)
"""What happens or is offered. The query must be ``joined``."""


def may_see(reader: Reader) -> list[ColumnElement[bool]]:
    """The conditions on assets that keep the services which ``reader`` may see.

    Raises:
        NotFound: no layer with services is open to this reader.
    """
    return [*_seen_in(reader, [one for one in reader.published() if one.name in LAYERS]), IS_SERVICE]


def may_see_any(reader: Reader) -> list[ColumnElement[bool]]:
    """The same of all assets, be they a service or a building with opening times.

    Raises:
        NotFound: no layer with assets is open to this reader.
    """
    return _seen_in(reader, [one for one in reader.published() if one.table is Asset.__table__])


def _seen_in(reader: Reader, layers: list[Layer]) -> list[ColumnElement[bool]]:
    if not layers:
        raise NotFound("There is nothing at this address.")
    seen = or_(*[and_(*one.seen_by(reader.audience)) for one in layers])
    inside = [held_by(*reader.places)] if reader.places else []
    return [seen, Asset.status.in_(STATUSES), *inside]


def _where_it_is(reader: Reader) -> ColumnElement[bool]:
    """Which asset is the venue of a service: one that has a place and that the reader may see as well."""
    stands = Where.point.is_not(None), ~Where.is_sensitive
    return and_(Where.id == func.coalesce(Activity.venue_id, Group.meets_at), *stands, *_seen_as_well(Where, reader))


def _seen_as_well(other: Any, reader: Reader) -> list[ColumnElement[bool]]:
    """The conditions that keep another asset, such as a venue, out of what this reader may not see."""
    audiences = [name for name in AUDIENCES if reaches(name, reader.audience)]
    found = [other.merged_into.is_(None), other.asset_kind != "individual", other.visibility.in_(audiences)]
    if reader.places:
        held = PlaceAsset.place_id.in_(reader.places), PlaceAsset.relation == "within"
        found.append(exists().where(PlaceAsset.asset_id == other.id, *held))
    return found


def joined(rows: Select[Any], reader: Reader, *, where: bool = True) -> Select[Any]:
    """The assets with what is said of them as an activity; with ``where`` they happen as well, which costs more."""
    found = rows.select_from(Asset).outerjoin(Activity, Activity.asset_id == Asset.id)
    if not where:
        return found
    return found.outerjoin(Group, Group.asset_id == Asset.id).outerjoin(Where, _where_it_is(reader))


HAS_PLACE = or_(Where.id.is_not(None), Asset.point.is_not(None))
"""Whether a service happens somewhere; a sensitive one has no place in the store. For a query ``joined`` with where."""

_PLACE = func.coalesce(Where.point, Asset.point)


def _there(name: str) -> ColumnElement[Any]:
    """A column of where it happens: the venue's, else the service's own."""
    return case((Where.id.is_not(None), getattr(Where, name)), else_=getattr(Asset, name))


def _cleared(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What tells the door: of halls and institutions; where a group meets or somebody trades may be a home."""
    return case((_there("asset_kind").in_(("physical", "institution")), column))


def _of_activity() -> list[Any]:
    return [Activity.minimum_age, Activity.maximum_age, Activity.referral_needed]


def _of_organisation() -> list[Any]:
    """Who is responsible: the organisation, else the group that does it."""
    contact = [
        case((Organisation.contact_public, getattr(Organisation, name))).label(f"by_{name}")
        for name in ("email", "phone")
    ]
    return [
        func.coalesce(Organisation.id, By.id).label("by_id"),
        func.coalesce(Organisation.name, By.name).label("by_name"),
        func.coalesce(Organisation.description, By.description).label("by_description"),
        func.coalesce(Organisation.website, By.website).label("by_website"),
        Organisation.logo.label("by_logo"), Organisation.uri.label("by_uri"),
        Organisation.identifiers.label("by_identifiers"), *contact,
    ]  # fmt: skip


def _borough() -> ColumnElement[Any]:
    """The council's area in which it happens, by name."""
    holds = PlaceAsset.asset_id == func.coalesce(Where.id, Asset.id), PlaceAsset.relation == "within"
    named = select(Place.name).join(PlaceAsset, PlaceAsset.place_id == Place.id).where(*holds, Place.kind == "lad")
    return named.order_by(Place.vintage.desc(), Place.id).limit(1).scalar_subquery().label("borough")


def _of_place() -> list[Any]:
    degrees = in_degrees(_PLACE)
    return [
        func.coalesce(Where.id, Asset.id).label("there_id"), Where.id.label("venue_id"), Where.name.label("venue_name"),
        cast(func.ST_X(degrees), Float).label("lon"), cast(func.ST_Y(degrees), Float).label("lat"),
        *[_cleared(_there(name)).label(f"there_{name}") for name in ("uprn", "address", "postcode")],
        *[_there(name).label(f"there_{name}") for name in ("step_free", "facilities")],
        _borough(), func.greatest(Asset.updated_at, Where.updated_at).label("changed"),
    ]  # fmt: skip


def told(reader: Reader) -> Select[Any]:
    """All that the directory tells of a service, one row for each that ``reader`` may see."""
    return facts(reader).where(*may_see(reader))


def facts(reader: Reader) -> Select[Any]:
    """The same of every asset; who may see which is still to be said."""
    mine = [
        Asset.id, Asset.name, Asset.name_cy, Asset.description, Asset.website, Asset.status, Asset.is_sensitive,
        Asset.asset_kind, Asset.category, Asset.opening_hours, Asset.cost, Asset.languages, Asset.serves,
        Asset.assured_on, Asset.start_date, Asset.end_date, Asset.created_at, Asset.version, Term.name.label("term"),
    ]  # fmt: skip
    contact = [with_consent(Asset.phone).label("phone"), with_consent(Asset.email).label("email")]
    columns: Any = select(*mine, *contact, *_of_activity(), *_of_organisation(), *_of_place())
    return (
        joined(columns, reader)
        .join(Term, Term.slug == Asset.category)
        .outerjoin(Organisation, Organisation.id == Asset.organisation_id)
        .outerjoin(By, and_(By.id == Activity.group_id, *_seen_as_well(By, reader)))
    )


def told_of(reader: Reader, ids: list[UUID]) -> Select[Any]:
    """The same of those with these ids, in the order of ids."""
    return told(reader).where(Asset.id.in_(ids)).order_by(Asset.id)

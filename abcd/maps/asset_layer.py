"""The layer of assets: what each property says, and which are for whom (product.md H.1).

No property comes from a resident: gifts of individuals are counts by place and never a row of this layer; a contact
appears only with its group's consent; a sensitive asset has no shape in the store to begin with.
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, Text, case, cast, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, array

from abcd.db.consent import may_show_contact
from abcd.db.tables import Activity, Asset, Organisation, Place, PlaceAsset, Source, Term
from abcd.maps.layer import Column, Join, Layer

SMALL_AREAS = ("oa", "lsoa", "ward", "lad")
NAMED_AREAS = (*SMALL_AREAS, "estate")


def newest(kind: str, *values: Any) -> ColumnElement[Any]:
    """The newest place of ``kind`` round an asset: its vintage, then ``values``, as an array."""
    known = func.max(array([Place.vintage, *values]), type_=ARRAY(Text)).filter(Place.kind == kind)
    return known.label(kind)


CODE = func.coalesce(func.nullif(Place.gss_code, ""), Place.reference)
AREAS = (
    select(*[newest(kind, CODE) for kind in SMALL_AREAS], newest("estate", Place.reference, Place.name))
    .join(PlaceAsset, PlaceAsset.place_id == Place.id)
    .where(
        PlaceAsset.asset_id == Asset.id,
        PlaceAsset.relation == "within",
        Place.kind.in_(NAMED_AREAS),
        ~Asset.is_sensitive,
    )
    .lateral("areas")
)


def part(kind: str, position: int) -> ColumnElement[Any]:
    """One of the values of ``newest``: 1 is the vintage."""
    return given(AREAS.c[kind][position])


def given(words: Any) -> ColumnElement[Any]:
    """Text, or null where nothing was given."""
    return func.nullif(words, "")


def day(moment: Any) -> ColumnElement[Any]:
    """The day of a moment in UTC, whatever the server's time zone is."""
    return cast(func.timezone("UTC", moment), Date)


def with_consent(contact: Any) -> ColumnElement[Any]:
    """A contact, only where it may be shown: an office's, or with a consent that holds today."""
    return case((may_show_contact(), given(contact)))


IS_NO_HOME = Asset.asset_kind.in_(("physical", "institution"))


def at_no_home(words: Any) -> ColumnElement[Any]:
    """Where a hall or an institution stands; where somebody trades or meets may be a home."""
    return case((IS_NO_HOME, given(words)))


REFERENCE = case(
    (Asset.source_ref.is_not(None), func.concat_ws(":", Source.slug, Asset.source_ref)), else_=cast(Asset.id, String)
)
ELIGIBILITY = given(
    func.concat_ws(
        "; ",
        case((Activity.minimum_age.is_not(None), func.concat("from age ", Activity.minimum_age))),
        case((Activity.maximum_age.is_not(None), func.concat("to age ", Activity.maximum_age))),
        case((Activity.referral_needed == "yes", "referral needed")),
    )
)
HOW_PLACED = case(
    (Asset.is_sensitive, "The place is kept private."),
    (Asset.point.is_(None), "The place is not known."),
    else_=func.concat_ws(
        "",
        func.concat("Placed by ", func.replace(func.coalesce(given(Asset.located_by), "hand"), "_", " ")),
        case(
            (
                Asset.precision_m.is_not(None),
                func.concat(", right within about ", cast(Asset.precision_m, Integer), " m"),
            )
        ),
        ".",
    ),
)


def freshness() -> ColumnElement[str]:
    """How lately an asset was checked, as of today."""
    # Imported late: it brings pandas with it, and an export should hold little memory.
    from abcd.assets.freshness import state

    return state()


def _area_columns(kind: str) -> tuple[Column, Column]:
    code = Column(f"{kind}_code", part(kind, 2), f"Code of the {kind.upper()} that holds it.", via="areas")
    return code, Column(f"{kind}_year", part(kind, 1), f"Year of that {kind.upper()}'s boundary.", via="areas")


COLUMNS = (
    Column("reference", REFERENCE, "Lasting reference: the source and its own reference, or our id.", via="source"),
    Column("name", Asset.name, "Name.", on_map=True),
    Column("name_cy", given(Asset.name_cy), "Name in Welsh."),
    Column("asset_kind", Asset.asset_kind, "One of the six kinds of asset.", on_map=True),
    Column("category", Asset.category, "Category of our taxonomy.", on_map=True),
    Column("category_name", Term.name, "Name of the category.", on_map=True, in_files=False, via="term"),
    Column("category_uri", given(Term.uri), "The category in a public vocabulary.", via="term"),
    Column("description", given(Asset.description), "What it is."),
    Column("organisation", Organisation.name, "Who runs it.", via="organisation"),
    # Reference numbers of homes stay inside: a group may meet in somebody's front room (product.md H.3).
    Column("uprn", case((IS_NO_HOME, Asset.uprn)), "Unique Property Reference Number of a hall or institution."),
    Column("place_reference", part("estate", 2), "Reference of the estate that holds it.", via="areas"),
    Column("place_name", part("estate", 3), "Name of that estate.", via="areas"),
    *(column for kind in reversed(SMALL_AREAS) for column in _area_columns(kind)),
    Column("status", Asset.status, "Open Referral UK service status, or planned.", on_map=True),
    Column("step_free", Asset.step_free, "Step-free: yes, partly, no or unknown."),
    Column("access_facilities", func.nullif(Asset.facilities, text("'{}'::jsonb")), "Access facilities, by name."),
    Column("schedule_text", given(Asset.opening_hours), "When it is open, in OpenStreetMap's notation."),
    Column("cost", given(Asset.cost), "What it costs."),
    Column("open_to_new", Asset.open_to_new, "Whether newcomers are welcome: yes, ask, no or unknown."),
    Column("eligibility", ELIGIBILITY, "For whom it is.", via="activity"),
    Column("languages", func.nullif(Asset.languages, text("'{}'::text[]")), "Languages spoken, as BCP 47 codes."),
    Column("website", given(Asset.website), "Web address."),
    Column("phone", with_consent(Asset.phone), "Telephone, only with consent to publish it."),
    Column("email", with_consent(Asset.email), "E-mail, only with consent to publish it."),
    Column("source_kind", Asset.source_kind, "Who told us: open data, the group itself, a visit, and so on."),
    Column("source", Source.name, "The publisher's file it came from.", via="source"),
    Column("assured_date", Asset.assured_on, "When somebody last checked it.", on_map=True),
    Column("confidence", Asset.confidence, "How sure we are that the record is right, 0 to 1.", on_map=True),
    Column("entry-date", day(Asset.updated_at), "When this record last changed."),
    Column("start-date", Asset.start_date, "When it began."),
    Column("end-date", Asset.end_date, "When it ended."),
    Column("notes", HOW_PLACED, "How it was placed on the map."),
    Column("licence", given(Source.licence), "Licence of its source.", via="source"),
    Column("theme", Term.theme, "Theme of its category.", on_map=True, in_files=False, via="term"),
    Column("fresh", freshness, "fresh, due, stale or hidden.", on_map=True, in_files=False, via="term"),
    Column(
        "venue_address", at_no_home(Asset.address), "Address of a hall or institution.", on_map=True, in_files=False
    ),
    Column("venue_postcode", at_no_home(Asset.postcode), "Its postcode.", on_map=True, in_files=False),
    Column("address", given(Asset.address), "Address.", "officer", on_map=True, in_files=False),
    Column("postcode", given(Asset.postcode), "Postcode.", "officer", on_map=True, in_files=False),
)

#: The same as ``abcd.db.tables.cells.ON_MAP``, by which squares are counted.
ON_SCREEN = (
    Asset.point.is_not(None)
    & Asset.merged_into.is_(None)
    & Asset.status.not_in(("inactive", "defunct"))
    & (Asset.asset_kind != "individual")
)

ASSETS = Layer(
    name="assets",
    title="Community assets",
    says="What is good here: groups, places, organisations, exchange and stories, with where each record comes from.",
    table=Asset.__table__,
    id=Asset.id,
    geom=func.coalesce(Asset.geom, Asset.point),
    point=Asset.point,
    changed=Asset.updated_at,
    source=Asset.source_id,
    columns=COLUMNS,
    shown=(Asset.merged_into.is_(None)) & (Asset.asset_kind != "individual"),
    on_screen=ON_SCREEN,
    left_out={
        "merged into another record": Asset.merged_into.is_not(None),
        "gift of a resident, never placed": Asset.asset_kind == "individual",
    },
    licence="Open Government Licence v3.0",
    attribution="Contains data of the sources listed, each under its own licence.",
    visibility=Asset.visibility,
    category=Asset.category,
    joins={
        "term": Join(Term.__table__, Term.slug == Asset.category),
        "organisation": Join(Organisation.__table__, Organisation.id == Asset.organisation_id),
        "source": Join(Source.__table__, Source.id == Asset.source_id),
        "activity": Join(Activity.__table__, Activity.asset_id == Asset.id),
        "areas": Join(AREAS),
    },
)

"""Every table of the store, by theme: places, register, intake, trail."""

from abcd.db.tables.base import GRID, Base
from abcd.db.tables.cells import asset_cell
from abcd.db.tables.intake import ColumnMapping, DuplicatePair, Import, ImportBefore, ImportChange, Issue, Source
from abcd.db.tables.places import PLACE_KINDS, Households, Place, PlaceAsset, PlaceLandlord, PlaceParent, Postcode, Property
from abcd.db.tables.register import (
    ASSET_KINDS,
    SOURCE_KINDS,
    STATUSES,
    VISIBILITIES,
    Activity,
    Asset,
    Group,
    NotSame,
    Organisation,
    Schedule,
    SearchEffort,
    SearchWord,
    SensitiveLocation,
    Term,
    Venue,
    Verification,
)
from abcd.db.tables.trail import ROLES, Account, AppSession, AuditEvent, Operation, Setting, SignInLink



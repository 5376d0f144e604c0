"""Add, edit, confirm and retire assets; each action leaves one audit event."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import require, require_at
from abcd.assets.drafts import AssetDraft, asset_of, kind_of, location
from abcd.assets.freshness import WEIGHTS
from abcd.assets.merging import merge_assets, say_not_same, unmerge_assets
from abcd.assets.queries import asset
from abcd.assets.records import AssetRecord
from abcd.assets.sensitive import hide, reveal
from abcd.assets.words import learn_words
from abcd.core.clock import now, today
from abcd.db.audit import for_edit, once, record
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import STATUSES, Asset, Verification
from abcd.db.tables.audited import AUDITED, UNSAID
from abcd.errors import BadRequest

__all__ = [
    "AssetDraft", "add_asset", "confirm_asset", "edit_asset", "merge_assets", "retire_asset", "say_not_same",
    "unmerge_assets",
]  # fmt: skip

EDITABLE = frozenset((
    "name", "name_cy", "description", "category", "asset_kind", "phone", "email", "website", "contact_public",
    "opening_hours", "open_grid", "cost", "step_free", "open_to_new", "languages", "serves", "facilities", "extra",
    "status", "visibility", "start_date", "end_date", "uprn",
))  # fmt: skip
WHERE = frozenset(("easting", "northing", "postcode", "address"))


def add_asset(s: Session, draft: AssetDraft, *, by: Actor, key: str | None = None) -> AssetRecord:
    """A new asset, assigned to its places at once; ``key`` makes a second press of the button do nothing.

    Raises:
        BadRequest: one of the four fields is missing or not known.
        NotAllowed: ``by`` may not add assets.
    """
    require(by, "add", "asset")
    return _saved(s, key, by, lambda: _add(s, draft, by))


def _add(s: Session, draft: AssetDraft, by: Actor) -> UUID:
    row = asset_of(s, draft)
    row.id, row.assured_on, row.assured_by = uuid4(), today(), draft.source_kind
    row.edited_at = now()
    s.add(row)
    s.flush()
    if draft.is_sensitive:
        hide(s, row)
    s.add(Verification(asset_id=row.id, method=draft.source_kind, by_kind=by.role, checked_on=today(), result="added"))
    record(s, "add", "asset", row.id, by=by, after={"name": row.name, "category": row.category})
    _follow(s, row.id)
    require_at(s, by, "add", "asset", row.id)
    return row.id


def edit_asset(
    s: Session, asset_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> AssetRecord:
    """Change named columns; ``easting`` with ``northing``, ``postcode`` or ``address`` move it; so does
    ``is_sensitive``, which hides or gives back where it is.

    Raises:
        BadRequest: a column that cannot be edited, or a value that cannot be.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not edit assets.
    """
    require(by, "edit", "asset")
    return _saved(s, key, by, lambda: _edit(s, asset_id, dict(changes), version, by))


def _edit(s: Session, asset_id: UUID, changes: dict[str, Any], version: int | None, by: Actor) -> UUID:
    require_at(s, by, "edit", "asset", asset_id)
    _check(s, changes)
    row = for_edit(s, Asset, asset_id, version, {name: changes[name] for name in changes if name in EDITABLE})
    told = [name for name in changes if name in EDITABLE]
    before = plain_values({name: getattr(row, name) for name in told})
    for name in told:
        setattr(row, name, changes[name])
    moved = _move(s, row, changes)
    row.edited_at = row.updated_at = now()
    s.flush()
    after = plain_values({name: changes[name] for name in told}) | ({"moved": True} if moved else {})
    if "is_sensitive" in changes:
        before["is_sensitive"], after["is_sensitive"] = not changes["is_sensitive"], changes["is_sensitive"]
    record(s, "edit", "asset", asset_id, by=by, before=before, after=after)
    _follow(s, asset_id)
    # Once more where it lies now: nobody moves a thing out of their places, or into others'.
    require_at(s, by, "edit", "asset", asset_id)
    return asset_id


def _check(s: Session, changes: dict[str, Any]) -> None:
    unknown = set(changes) - EDITABLE - WHERE - {"is_sensitive"}
    if unknown:
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    if not str(changes.get("name", "x")).strip():
        raise BadRequest("Give it a name: what do people call it?")
    if changes.get("status", "active") not in STATUSES:
        raise BadRequest(f"The status can be: {', '.join(STATUSES)}.")
    if "category" in changes:
        kind_of(s, changes["category"])


def _move(s: Session, row: Asset, changes: dict[str, Any]) -> bool:
    """Give ``row`` its new place; a sensitive one is opened for the edit and closed again within the transaction."""
    sensitive = bool(changes.get("is_sensitive", row.is_sensitive))
    moves = bool(WHERE & set(changes))
    if row.is_sensitive and (moves or not sensitive):
        reveal(s, row)
    if moves:
        _place(s, row, changes)
    if sensitive and not row.is_sensitive:
        hide(s, row)
    return moves


def _place(s: Session, row: Asset, changes: dict[str, Any]) -> None:
    address = changes.get("address", row.address)
    postcode = changes.get("postcode", row.postcode)
    points_somewhere = changes.get("easting") is not None
    if points_somewhere or changes.get("postcode", row.postcode) != row.postcode:
        where = location(s, changes.get("easting"), changes.get("northing"), postcode, address)
        row.geom = None
    else:
        where = {"address": address}
    for name, value in where.items():
        setattr(row, name, value)


def confirm_asset(
    s: Session, asset_id: UUID, *, version: int | None, by: Actor, method: str = "desk", note: str = "",
    on: date | None = None, key: str | None = None,
) -> AssetRecord:  # fmt: skip
    """Somebody checked the record and it is still right; ``method`` says how (a key of ``freshness.WEIGHTS``).

    ``on`` is the day they did, today unless it is said. A later check that is on record stands.

    Raises:
        BadRequest: a method we do not know, or a day to come.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not confirm assets.
    """
    require(by, "confirm", "asset")
    if method not in WEIGHTS:
        raise BadRequest(f"Say how it was checked: {', '.join(WEIGHTS)}.")
    day = on or today()
    if day > today():
        raise BadRequest("This day is still to come. When was it checked?")
    return _saved(s, key, by, lambda: _confirm(s, asset_id, version, by, method, note, day))


def _confirm(s: Session, asset_id: UUID, version: int | None, by: Actor, method: str, note: str, day: date) -> UUID:
    require_at(s, by, "confirm", "asset", asset_id)
    checked(s, for_edit(s, Asset, asset_id, version, {"assured_on": day}), method, note, by, day)
    return asset_id


def checked(s: Session, row: Asset, method: str, note: str, by: Actor, on: date | None = None) -> None:
    """Write down that a record that is locked, and whose version was raised, was found still right, today or ``on``.

    For whoever was let in already: by ``confirm_asset``, or by a group's own link.
    """
    day = on or today()
    before = {"assured_on": row.assured_on and str(row.assured_on), "assured_by": row.assured_by}
    if row.assured_on is None or row.assured_on <= day:
        row.assured_on, row.assured_by = day, method
    row.updated_at = now()
    found = {"checked_on": day, "result": "still right", "note": note}
    s.add(Verification(asset_id=row.id, method=method, by_kind=by.role, **found))
    s.flush()
    record(s, "confirm", "asset", row.id, by=by, before=before, after={"method": method, "note": note})


def retire_asset(
    s: Session, asset_id: UUID, reason: str, *, version: int | None, by: Actor, key: str | None = None
) -> AssetRecord:
    """The asset is no more: it leaves lists and maps and keeps its history.

    Raises:
        BadRequest: no reason.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not retire assets.
    """
    require(by, "retire", "asset")
    if not reason.strip():
        raise BadRequest("Say why it is retired, so that nobody has to find out again.")
    return _saved(s, key, by, lambda: _retire(s, asset_id, reason.strip(), version, by))


def _retire(s: Session, asset_id: UUID, reason: str, version: int | None, by: Actor) -> UUID:
    require_at(s, by, "retire", "asset", asset_id)
    row = for_edit(s, Asset, asset_id, version, {"status": "defunct"})
    before = {"status": row.status}
    row.status, row.end_date = "defunct", today()
    row.edited_at = row.updated_at = now()
    s.flush()
    record(s, "retire", "asset", asset_id, by=by, before=before, after={"status": "defunct", "reason": reason})
    return asset_id


def _saved(s: Session, key: str | None, by: Actor, act: Callable[[], UUID]) -> AssetRecord:
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(act())})
    return asset(s, UUID(done["id"]))


def _follow(s: Session, asset_id: UUID) -> None:
    assign(s, asset_ids=[asset_id])
    learn_words(s, asset_ids=[asset_id])


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Values as the trail keeps them: dates become text, and of a contact only is told that there is one."""
    kept = (bool, int, float, str, list, dict, type(None))
    plain = {name: value if isinstance(value, kept) else str(value) for name, value in values.items()}
    return {name: UNSAID if name in AUDITED["asset"].secret else value for name, value in plain.items()}

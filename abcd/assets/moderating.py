"""Settling what people outside suggest: approve in part or whole, refuse, tell them, take an approval back.

An approval goes through the ordinary actions of assets, so it has their version, history and checks; until then the
last approved version stays live.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.assets.actions import add_asset, confirm_asset, edit_asset, retire_asset
from abcd.assets.drafts import AssetDraft
from abcd.assets.queries import asset
from abcd.assets.records import AssetRecord
from abcd.assets.suggested import suggested
from abcd.core.clock import now
from abcd.core.language import _
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import Asset, Contribution
from abcd.errors import BadRequest

METHODS = {"shared map": "partner list", "open map": "hearsay", "group": "group", "walk": "staff visit"}
"""How a record counts as checked that was mended on somebody's word, by the door it came through: a partner's name
stands behind a shared map, nobody's behind an open one, one of us behind a walk."""

OF_THE_LINE = ("name", "address", "postcode", "status")


def live_values(one: AssetRecord) -> dict[str, Any]:
    """What stands in the register now, by the columns that somebody may suggest to change."""
    named = {name: getattr(one.line, name) for name in OF_THE_LINE}
    of_record = ("opening_hours", "cost", "step_free", "phone", "email", "website", "description")
    return named | {name: getattr(one, name) for name in of_record}


def approve_contribution(
    s: Session, contribution_id: UUID, taken: dict[str, Any], *, version: int | None, by: Actor,
    asset_version: int | None = None, method: str = "", key: str | None = None,
) -> UUID | None:  # fmt: skip
    """Let ``taken`` (values by column, as suggested or as mended by the officer) into the register.

    ``asset_version`` is that of the asset the officer looked at; ``method`` how it counts as checked, by default by the
    door it came through. Returns the asset.

    Raises:
        BadRequest: nothing is taken, it was settled before, or the register does not take a value.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``, for the suggestion or its asset.
        NotAllowed: ``by`` may not, or not there.
    """
    require(by, "settle", "contribution")
    done = once(
        s,
        key or str(uuid4()),
        by,
        lambda: _approve(s, contribution_id, dict(taken), version, asset_version, method, by),
    )
    return UUID(done["id"]) if done["id"] else None


def _approve(
    s: Session, contribution_id: UUID, taken: dict[str, Any], version: int | None, asset_version: int | None,
    method: str, by: Actor,
) -> dict[str, Any]:  # fmt: skip
    row = _waiting(s, contribution_id, version, by)
    if row.proposed and not taken:
        raise BadRequest(_("Nothing of it is taken. Then refuse it, and say why."))
    way = method or METHODS[row.came_by]
    if row.kind == "addition":
        row.asset_id = add_asset(s, AssetDraft(**taken, source_kind=way), by=by).id
    elif taken and row.asset_id:
        row.before = _mend(s, row.asset_id, taken, asset_version, way, by)
    is_whole = all(taken.get(name) == value for name, value in row.proposed.items())
    _settle(s, row, "approved" if is_whole else "partly", "", by)
    record(s, "approve", "contribution", row.id, by=by, after={"state": row.state, "took": sorted(taken)})
    return {"id": str(row.asset_id or "")}


def _mend(
    s: Session, asset_id: UUID, taken: dict[str, Any], version: int | None, way: str, by: Actor
) -> dict[str, Any]:
    """Change what differs, then write down that it was checked; what it was and what it became, by column."""
    one = asset(s, asset_id)
    live = live_values(one)
    was = {name: live[name] for name in taken} | {
        "assured_on": str(one.line.assured_on or ""),
        "assured_by": one.assured_by,
    }
    changes = {name: value for name, value in taken.items() if value != live[name]}
    closes = changes.get("status") == "defunct" and changes.pop("status") == "defunct"
    if "postcode" in changes and one.line.easting is not None:
        was |= {"easting": one.line.easting, "northing": one.line.northing}
    if changes:
        version = edit_asset(s, asset_id, changes, version=version, by=by).version
    if closes:
        retire_asset(s, asset_id, _("Somebody told us that it has closed."), version=version, by=by)
        was |= {"end_date": None}
    else:
        confirm_asset(s, asset_id, version=version, by=by, method=way, note="suggested from outside")
    return {"was": was, "became": dict(taken)}


def refuse_contribution(
    s: Session, contribution_id: UUID, reason: str, *, version: int | None, by: Actor, key: str | None = None
) -> None:
    """Leave the register as it is, and say why.

    Raises:
        BadRequest: no reason, or it was settled before.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not.
    """
    require(by, "settle", "contribution")
    if not reason.strip():
        raise BadRequest(_("Say why, in a sentence that you could tell them."))

    def act() -> dict[str, Any]:
        row = _waiting(s, contribution_id, version, by)
        _settle(s, row, "refused", reason.strip(), by)
        record(s, "refuse", "contribution", row.id, by=by)
        return {}

    once(s, key or str(uuid4()), by, act)


def let_in_contribution(s: Session, contribution_id: UUID, *, version: int | None, by: Actor) -> None:
    """What fell into the trap for machines was a person's after all: it goes to the others.

    Raises:
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not.
    """
    require(by, "settle", "contribution")
    row = _waiting(s, contribution_id, version, by)
    row.kept_apart = False
    record(s, "let_in", "contribution", row.id, by=by)


def tell_contribution(s: Session, contribution_id: UUID, *, version: int | None, by: Actor) -> None:
    """They were told what became of it: how to reach them is forgotten at once.

    Raises:
        BadRequest: it still waits.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not.
    """
    require(by, "settle", "contribution")
    suggested(s, contribution_id, by=by)
    row = for_edit(s, Contribution, contribution_id, version, {})
    if row.state == "waiting":
        raise BadRequest(_("Settle it first, then tell them what became of it."))
    row.reach, row.told_at = "", now()
    record(s, "tell", "contribution", row.id, by=by)


def take_back_contribution(
    s: Session, contribution_id: UUID, *, version: int | None, by: Actor, key: str | None = None
) -> None:
    """Undo an approval or a refusal: the register is as it was before it, and the suggestion waits again.

    Raises:
        BadRequest: it waits already, or somebody changed the same values since.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not, or not there.
    """
    require(by, "settle", "contribution")
    once(s, key or str(uuid4()), by, lambda: _take_back(s, contribution_id, version, by))


def _take_back(s: Session, contribution_id: UUID, version: int | None, by: Actor) -> dict[str, Any]:
    suggested(s, contribution_id, by=by)
    row = for_edit(s, Contribution, contribution_id, version, {})
    if row.state == "waiting":
        raise BadRequest(_("This suggestion waits already."))
    if row.state != "refused" and row.asset_id:
        _undo(s, row, asset(s, row.asset_id), by)
    row.state, row.settled_at, row.settled_by, row.reason, row.before = "waiting", None, "", "", {}
    s.flush()
    record(s, "take_back", "contribution", row.id, by=by)
    return {}


def _undo(s: Session, row: Contribution, one: AssetRecord, by: Actor) -> None:
    if row.kind == "addition":
        retire_asset(s, one.id, _("The suggestion it came from was taken back."), version=one.version, by=by)
        row.asset_id = None
    elif row.before:
        live, was = live_values(one), dict(row.before["was"])
        if any(live[name] != value for name, value in row.before["became"].items()):
            raise BadRequest(_("Somebody changed the same things since. Mend the record on its own page."))
        on, method = was.pop("assured_on"), was.pop("assured_by")
        changes = {name: value for name, value in was.items() if name not in live or live[name] != value}
        if changes:
            edit_asset(s, one.id, changes, version=one.version, by=by)
        again = s.get_one(Asset, one.id)
        again.assured_on, again.assured_by = (date.fromisoformat(on) if on else None), method


def _waiting(s: Session, contribution_id: UUID, version: int | None, by: Actor) -> Contribution:
    """The suggestion to settle, locked; one of another place is not there for ``by``."""
    suggested(s, contribution_id, by=by)
    row = for_edit(s, Contribution, contribution_id, version, {})
    if row.state != "waiting":
        raise BadRequest(_("Somebody has settled this already."))
    return row


def _settle(s: Session, row: Contribution, state: str, reason: str, by: Actor) -> None:
    row.state, row.settled_at, row.settled_by, row.reason = state, now(), by.name, reason
    s.flush()

"""Typing in what a walk found, in one go: records checked, what has changed or closed, and what was looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import can_at, require_at
from abcd.assets.actions import confirm_asset
from abcd.assets.contributions import Suggestion, contribute
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import AskingSheet, Asset
from abcd.errors import BadRequest, Conflict, NotFound
from abcd.gaps.searching import Look, record_searches

SAID = ("right", "changed", "gone")
"""What is found at a stop; a stop without one of these was not reached."""

WAYS = {"field walk": "staff visit", "connectors": "connector", "residents' meeting": "resident"}
"""How the answers of a sheet were found -> how a record counts as checked by that."""


@dataclass(frozen=True)
class Found:
    """What was found at one stop: one of ``SAID``, and a few words about what has changed."""

    said: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answers:
    """The answers of a sheet: ``stops`` by asset, ``looks`` for what was really looked for."""

    walked_on: date
    method: str
    stops: Mapping[UUID, Found]
    looks: Sequence[Look]


def answer_sheet(
    s: Session, sheet_id: UUID, answers: Answers, *, version: int | None, by: Actor, key: str | None = None
) -> dict[str, Any]:
    """Do what the answers of a sheet say; counts ``checked``, ``told``, ``looked``, and ``passed_by`` (names).

    What is still right counts as checked on the day of the walk. What has changed or closed waits under *To check*,
    where somebody sets it right. A record that somebody else changed since the sheet was made is passed by: whether
    the new words are right, nobody asked.

    Raises:
        BadRequest: no answer, an unknown one, a day to come, or an unknown way of looking.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``, for the sheet.
        NotAllowed: ``by`` may not note searches or confirm records here.
    """
    return once(s, key or str(uuid4()), by, lambda: _answered(s, sheet_id, answers, version, by))


def _answered(s: Session, sheet_id: UUID, answers: Answers, version: int | None, by: Actor) -> dict[str, Any]:
    kept = s.get(AskingSheet, sheet_id)
    if kept is not None:
        require_at(s, by, "record", "search_effort", kept.place_id)
    row = for_edit(s, AskingSheet, sheet_id, version, {"answered_on": answers.walked_on})
    _refuse(row, answers)
    if answers.looks:
        record_searches(s, row.place_id, answers.looks, answers.method, answers.walked_on, by=by)
    seen = {UUID(one["asset"]): int(one["version"]) for one in row.stops}
    done = {asset_id: _stop(s, asset_id, seen[asset_id], found, answers, by)
            for asset_id, found in answers.stops.items() if asset_id in seen}  # fmt: skip
    row.answered_on = answers.walked_on
    result = {name: sum(what == name for what, _name in done.values()) for name in ("checked", "told")}
    told = result | {"looked": len(answers.looks)}
    record(s, "answer sheet", "search_effort", row.id, by=by, after=told)
    return told | {"passed_by": [name for what, name in done.values() if what == "passed by"]}


def _stop(s: Session, asset_id: UUID, version: int, found: Found, answers: Answers, by: Actor) -> tuple[str, str]:
    """What was done about one stop (``checked``, ``told`` or ``passed by``), and the name of its record."""
    asset = s.get(Asset, asset_id)
    if asset is None:
        return "passed by", ""
    if found.said != "right":
        contribute(s, _told(asset, found), key=str(uuid4()), by=by)
        return "told", asset.name
    if not can_at(s, by, "confirm", "asset", asset_id):
        # The nearest of a kind may lie beyond somebody's own places: what they saw waits for those who may say so.
        contribute(s, Suggestion("correction", "walk", own_words=_("Still right"), asset_id=asset.id), key=str(uuid4()),
                   by=by)  # fmt: skip
        return "told", asset.name
    try:
        confirm_asset(s, asset_id, version=version, by=by, method=WAYS[answers.method], on=answers.walked_on)
    except (Conflict, NotFound):
        return "passed by", asset.name
    return "checked", asset.name


def _told(asset: Asset, found: Found) -> Suggestion:
    if found.said == "gone":
        seen, closed = {"status": asset.status}, {"status": "defunct"}
        return Suggestion("closing", "walk", closed, seen, own_words=found.words, asset_id=asset.id)
    return Suggestion("correction", "walk", own_words=found.words or _("Something has changed."), asset_id=asset.id)


def _refuse(row: AskingSheet, answers: Answers) -> None:
    if answers.method not in WAYS:
        raise BadRequest(f"“{answers.method}” is not a way to answer a sheet. Choose from: {', '.join(WAYS)}.")
    if row.answered_on is not None:
        raise BadRequest(_("The answers of this sheet were typed in already."))
    if not answers.stops and not answers.looks:
        raise BadRequest(_("Nothing is answered yet. Choose an answer at one question at least."))
    if answers.walked_on > today():
        raise BadRequest(_("This day is still to come. When did you look?"))
    if any(found.said not in SAID for found in answers.stops.values()):
        raise BadRequest(_("Choose one of the answers that are offered."))

"""What has happened to a record, in sentences: what people did and which files touched it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from abcd.assets.records import HistoryEvent
from abcd.core.language import _
from abcd.db.tables import Asset, AuditEvent, Import, ImportChange, Source
from abcd.db.tables.audited import UNSAID
from abcd.errors import NotFound

LONGEST = 80
"""Characters of a value shown in a sentence."""


def history(s: Session, asset_id: UUID) -> list[HistoryEvent]:
    """Everything that happened to an asset, the latest first. Of a sensitive one, values are never told.

    Raises:
        NotFound: there is no such asset.
    """
    row = s.get(Asset, asset_id)
    if row is None:
        raise NotFound("This asset is not in the register.")
    events = [*_by_files(s, row), *_by_people(s, asset_id, row.is_sensitive)]
    return sorted(events, key=lambda event: event.at)[::-1]


def _by_people(s: Session, asset_id: UUID, silent: bool) -> Iterator[HistoryEvent]:
    events = select(AuditEvent).where(AuditEvent.thing_id == str(asset_id), AuditEvent.thing_kind == "asset")
    for event in s.scalars(events.order_by(AuditEvent.id)):
        yield HistoryEvent(event.at, event.by, _sentence(event.verb, event.before or {}, event.after or {}, silent))


def _sentence(verb: str, before: dict[str, Any], after: dict[str, Any], silent: bool) -> str:
    told = {name: str(value)[:LONGEST] for name, value in after.items() if not isinstance(value, (dict, list))}
    if verb == "edit":
        return _edited(before, after, silent)
    sentences = {
        "add": _("Added as “{name}”."),
        "confirm": _("Confirmed as still right ({method})."),
        "retire": _("Retired: {reason}"),
        "merge": _("Merged into another record."),
        "take_over": _("Took over the record “{name}”."),
        "unmerge": _("The merge was undone."),
        "say_not_same": _("Said to be different from a record that looks alike."),
        "see_sensitive_location": _("Its hidden place was looked at."),
        "agree_to_show": _("It was agreed that its contact is shown."),
        "hide_contact": _("Its contact is no longer shown."),
        "ask_group": _("A link to ask the group was made."),
        "end_group_link": _("The link to ask the group was ended."),
    }
    return sentences.get(verb, verb.replace("_", " ").capitalize() + ".").format_map(_Blank(told))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _edited(before: dict[str, Any], after: dict[str, Any], silent: bool) -> str:
    if silent:
        return _("Changed: {what}.").format(what=", ".join(sorted(name.replace("_", " ") for name in after)))
    changed = {name: value for name, value in after.items() if value == UNSAID or before.get(name) != value}
    parts = [_change(name, before.get(name), value) for name, value in changed.items()]
    return _("Changed: {what}.").format(what="; ".join(parts) or _("nothing"))


def _change(name: str, old: Any, new: Any) -> str:
    if name == "moved":
        return _("where it is")
    if new == UNSAID:
        return name.replace("_", " ")
    words = {"what": name.replace("_", " "), "old": _shown(old), "new": _shown(new)}
    return _("{what} from {old} to {new}").format(**words)


def _shown(value: Any) -> str:
    return _("nothing") if value in (None, "", [], {}) else f"“{str(value)[:LONGEST]}”"


def _by_files(s: Session, row: Asset) -> Iterator[HistoryEvent]:
    touched = select(ImportChange.import_id).where(ImportChange.asset_id == row.id)
    known = [key for key in (row.first_import_id, row.last_import_id) if key is not None]
    imports = (
        select(Import, Source.name, ImportChange.op)
        .join(Source, Source.id == Import.source_id)
        .outerjoin(ImportChange, (ImportChange.import_id == Import.id) & (ImportChange.asset_id == row.id))
        .where(or_(Import.id.in_(touched), Import.id.in_(known)))
    )
    for brought, source, op in s.execute(imports):
        first = brought.id == row.first_import_id
        sentence = _("Came with {file} ({source}).") if first else _("{op} by {file} ({source}).")
        words = {"file": brought.file_name, "source": source, "op": (op or _("Seen again")).capitalize()}
        yield HistoryEvent(brought.loaded_at or brought.created_at, brought.by, sentence.format(**words))

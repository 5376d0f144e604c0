"""Why the database refused, in a sentence a person can act on, by PostgreSQL's own code of the error."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from abcd.core.language import _
from abcd.errors import OutcomeUnknown, StoreBusy, StoreDamaged, StoreLost, StoreUnavailable

#: Codes (SQLSTATE) of errors after which the same work may succeed in a moment: a lock, a time limit, a deadlock,
#: no connection left.
BUSY = {"55P03", "57014", "40P01", "40001", "53300"}
#: Codes with which the server ends a connection: shutting down, crashed, starting, or our transaction stood idle.
ENDED = {"57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"}
FULL, READ_ONLY = "53100", "25006"
DAMAGED = {"XX001", "XX002"}


def code_of(error: SQLAlchemyError) -> str:
    """PostgreSQL's code of an error, ``""`` when it never got as far as the server."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def is_lost(error: SQLAlchemyError) -> bool:
    """Whether the connection is gone, so that nobody hears an answer any more."""
    if not isinstance(error, DBAPIError):
        return False
    code = code_of(error)
    return (
        error.connection_invalidated
        or code in ENDED
        or code.startswith("08")
        or (not code and type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout"))
    )


def explained(error: SQLAlchemyError, *, at_commit: bool = False) -> StoreUnavailable | None:
    """What to tell the person, or ``None`` when the error is a defect of ours and no trouble of the store's.

    ``at_commit`` means that the transaction was being committed: when the connection is lost then, nobody knows yet
    whether it was saved.
    """
    if isinstance(error, NoConnectionFree) or code_of(error) in BUSY:
        return StoreBusy(_("The database is busy. Nothing was changed; your text is kept. Try again in a moment."))
    if is_lost(error):
        return unknown() if at_commit else lost()
    code = code_of(error)
    if code == FULL:
        return StoreUnavailable(_("The disk of the database is full. Nothing was changed; your text is kept. "
                                  "Ask your administrator to free space."))  # fmt: skip
    if code == READ_ONLY:
        return StoreUnavailable(_("The database can be read but not changed just now. Your text is kept."))
    if code in DAMAGED:
        return StoreDamaged(_("Part of the data is damaged. Ask your administrator to run 'abcd check' and to "
                              "restore the newest backup."))  # fmt: skip
    return None


def lost() -> StoreLost:
    """The connection went away; nothing was saved."""
    return StoreLost(_("The connection to the database was lost. Your text is kept; it comes back by itself, "
                       "usually within seconds. Then try again."))  # fmt: skip


def unknown() -> OutcomeUnknown:
    """The connection went away in the very moment of saving."""
    return OutcomeUnknown(_("The connection to the database was lost at the very moment of saving, so it may be saved "
                            "or not. Your text is kept: press the button again, and it is saved once."))  # fmt: skip

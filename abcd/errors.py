"""Every error a person may meet, each with the exit code and HTTP status its doors answer with.

A message is a sentence that says what is wrong, where, and what to do. Anything that is not an
``AbcdError`` is a defect of ours and may crash.
"""


class AbcdError(Exception):
    """A request that cannot be met, told in a sentence a person can act on."""


class BadRequest(AbcdError):
    """Something in the request is malformed or missing."""


class TooBig(AbcdError):
    """More was sent than is taken in at once."""


class BadFile(AbcdError):
    """A file cannot be read safely or is not what its name says."""


class NotFound(AbcdError):
    """The named thing is not in the store."""


class ShareEnded(NotFound):
    """No live share opens here, and which of all reasons it is nobody is told (trust.md P14)."""


class NotAllowed(AbcdError):
    """The actor may not do this."""


class Conflict(AbcdError):
    """Somebody else changed the record since it was read.

    Attributes:
        theirs: the stored values now, by column.
        ours: the values that could not be saved, by column.
    """

    def __init__(self, message: str, theirs: dict[str, object], ours: dict[str, object]) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.ours = ours


class VersionMissing(AbcdError):
    """An edit came without the version it was made from."""


class StoreUnavailable(AbcdError):
    """The database cannot be reached or is busy."""


class StoreBusy(StoreUnavailable):
    """The database answers, but not now: a lock, a slow query, or every connection is taken. Nothing was saved."""


class StoreLost(StoreUnavailable):
    """The connection to the database was lost before the end of the transaction. Nothing was saved."""


class OutcomeUnknown(StoreUnavailable):
    """The connection was lost in the very moment of saving: it was saved, or it was not. The same key makes sure."""


class StoreDamaged(StoreUnavailable):
    """Part of the data is damaged on the disk; what is damaged is named and no longer written to."""


class StoreOutdated(StoreUnavailable):
    """The database is at another schema than this version needs."""


class ProviderUnavailable(AbcdError):
    """The organisation's sign-in cannot be reached."""


class SetupMissing(AbcdError):
    """Something that the product needs is not installed; the message says how to install it."""


#: One table from error class to (exit code, HTTP status); the nearest class in the MRO wins.
ANSWERS: dict[type[AbcdError], tuple[int, int]] = {
    AbcdError: (1, 400),
    BadRequest: (2, 400),
    TooBig: (2, 413),
    BadFile: (3, 422),
    NotFound: (4, 404),
    NotAllowed: (5, 403),
    Conflict: (6, 409),
    VersionMissing: (6, 428),
    StoreUnavailable: (7, 503),
    ProviderUnavailable: (7, 503),
    SetupMissing: (8, 500),
}


def answer_for(error: AbcdError) -> tuple[int, int]:
    """The (exit code, HTTP status) of ``error``."""
    return next(ANSWERS[cls] for cls in type(error).__mro__ if cls in ANSWERS)

"""Which tables leave a trace of every changed row, and how; which do not, and why. Each table is in one of two lists.

``migrations.auditing`` lays the triggers, ``abcd check`` finds a table that is in neither list or has lost a trigger.
"""

from dataclasses import dataclass

from abcd.db.tables.consents import PERSONAL_IN_CONSENTS
from abcd.db.tables.introductions import PERSONAL_IN_CONVERSATIONS, PERSONAL_IN_FOLLOW_UPS
from abcd.db.tables.offers import PERSONAL_IN_OFFERS, PERSONAL_IN_WISHES
from abcd.db.tables.people import PERSONAL, PERSONAL_IN_NOTES

UNSAID = {"hidden": True}
"""What the trail says of a secret value: that there was one (``core.shown``)."""


@dataclass(frozen=True)
class Audited:
    """How the changes of a table are written down.

    Attributes:
        kind: what a row tells about: changes of a venue are told in the history of its asset.
        key: columns that name that thing; of people's tables the person.
        personal: columns whose values are written sealed with the person's key, and not at all on deletion.
        secret: columns of which only is written that they changed.
        unwatched: columns a change of which is no news (worked out from others, or a mere clock).
        in_bulk: loads write many rows in one statement, so that triggers look at each statement, not at each row.
    """

    kind: str
    key: tuple[str, ...] = ("id",)
    personal: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    in_bulk: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments of the trigger functions: kind, key, personal, secret, unwatched."""
        return self.kind, *(",".join(names) for names in (self.key, self.personal, self.secret, self.unwatched))


def _of_person(*personal: str, secret: tuple[str, ...] = (), unwatched: tuple[str, ...] = ()) -> Audited:
    return Audited("person", key=("person_id",), personal=personal, secret=secret, unwatched=unwatched)


def _of_asset(*, key: str = "asset_id") -> Audited:
    return Audited("asset", key=(key,))


AUDITED: dict[str, Audited] = {
    "account": Audited(
        "account", secret=("passphrase_hash", "totp_secret", "totp_waiting"), unwatched=("totp_counter",)
    ),
    "account_place": Audited("account", key=("account_id",)),
    "activity": _of_asset(),
    "app_session": Audited("account", key=("account_id",), secret=("token_hash",), unwatched=("seen_at",)),
    # How to reach somebody is theirs to take back, and the trail forgets nothing: only that it changed stays written.
    "asking_sheet": Audited("search_effort"),
    "asset": Audited("asset", secret=("phone", "email", "extra"), unwatched=("search", "updated_at"), in_bulk=True),
    "barrier": Audited("barrier", unwatched=("updated_at",)),
    "check_link": Audited("asset", key=("asset_id",), secret=("token_hash",)),
    "column_mapping": Audited("column_mapping"),
    "community_group": _of_asset(),
    # Ids and states alone: who these people are is in their own rows.
    "connection": Audited("connection"),
    "connection_step": Audited("connection", key=("connection_id",)),
    "consent": _of_person(*PERSONAL_IN_CONSENTS),
    "consent_withdrawn": _of_person("how"),
    "consent_wording": Audited("consent_wording", key=("purpose", "version")),
    "contact_consent": _of_asset(),
    # What strangers wrote may name somebody, and they may ask for it to be forgotten.
    "contribution": Audited(
        "contribution", secret=("proposed", "seen", "before", "own_words", "role_words", "reach", "reason")
    ),
    "conversation": _of_person(*PERSONAL_IN_CONVERSATIONS),
    "crossing": Audited("barrier", key=("barrier_id",), unwatched=("updated_at",)),
    "dwelling": Audited("dwelling", key=("reference",), in_bulk=True),
    # What shows a tie is written by hand and may name somebody.
    "edge": Audited("edge", secret=("evidence",)),
    "follow_up": _of_person(*PERSONAL_IN_FOLLOW_UPS),
    "households": Audited("place", key=("place_id",), in_bulk=True),
    # A report and an issue quote the rows of other people's files, and what the trail holds nobody can take back.
    "import": Audited("import", secret=("mapping", "report")),
    "introduction_in": Audited("introduction_in"),
    "invitation": Audited("invitation", secret=("token_hash",)),
    "issue": Audited("import", key=("import_id",), secret=("message", "value"), in_bulk=True),
    "not_same": _of_asset(),
    # A meeting's own words may name somebody.
    "offer": Audited("offer", secret=("own_words", "conditions")),
    "organisation": Audited("organisation", secret=("phone", "email"), in_bulk=True),
    "patch_coach": Audited("place", key=("place_id",)),
    "patch_lock": Audited("patch_lock"),
    "patch_plan": Audited("patch_plan"),
    "person": Audited("person", personal=PERSONAL),
    "person_avoids": _of_person("other_id", "asset_id"),
    "person_check": _of_person("role", "is_required", "cleared_until", "source"),
    "person_note": _of_person(*PERSONAL_IN_NOTES),
    "person_offer": _of_person(*PERSONAL_IN_OFFERS),
    "person_wish": _of_person(*PERSONAL_IN_WISHES),
    "place": Audited("place", unwatched=("updated_at",), in_bulk=True),
    "place_landlord": Audited("place", key=("place_id",)),
    "place_threshold": Audited("place", key=("place_id",)),
    "plan_action": Audited("wish_plan", secret=("what", "owner_words", "supporter", "blocker_words")),
    "postcode": Audited("postcode", key=("postcode",), in_bulk=True),
    "property": Audited("property", key=("uprn",), in_bulk=True),
    "recovery_code": Audited("account", key=("account_id",), secret=("code_hash",)),
    "release": Audited("release", secret=("attack",)),
    "release_area": Audited("release", key=("release_id",), in_bulk=True),
    "release_figure": Audited("release", key=("release_id",), in_bulk=True),
    "resident_link": _of_person(secret=("token_hash",), unwatched=("last_used_day",)),
    "schedule": _of_asset(),
    "search_effort": Audited("place", key=("place_id",), in_bulk=True),
    "sensitive_location": Audited("asset", key=("asset_id",), secret=("geom", "address", "postcode")),
    "setting": Audited("setting", key=("name",)),
    "share": Audited("share", secret=("token_hash",), unwatched=("last_used_day",)),
    "sign_in_link": Audited("account", key=("account_id",), secret=("token_hash",)),
    "skill": Audited("skill", key=("slug",), in_bulk=True),
    "source": Audited("source"),
    "term": Audited("taxonomy", key=("slug",)),
    "venue": _of_asset(),
    "verification": _of_asset(),
    "wish": Audited("wish", secret=("own_words",)),
}

#: Tables of residents: row security is forced on each of them.
PEOPLES = (
    *(name for name, audited in AUDITED.items() if audited.kind == "person"),
    "connection", "connection_step", "introduction_in", "person_suggestion", "plan_action", "wish",
)  # fmt: skip

#: Tables without a trace of their own, each with the reason.
UNAUDITED: dict[str, str] = {
    "asset_cell": "counts by grid square, worked out from the assets",
    "attempt": "how often somebody tried to sign in; gone within the hour",
    "audit_day": "the trail itself: written by its own function alone",
    "audit_event": "the trail itself: append only",
    "audit_mark": "the trail itself: written by its own function alone",
    "audit_seal": "the trail itself: written by its own function alone",
    "draft": "what somebody is typing: no deed yet, and theirs alone",
    "duplicate_pair": "proposals worked out from the register; what people decide is in not_same and merged_into",
    "import_before": "itself what was there before: the app may add to it and never change it",
    "import_change": "itself what was there before: the app may add to it and never change what it says",
    "operation": "receipts of saves, each of which has its event",
    "patch_block": "what a plan is drawn on, written once with its ground",
    "patch_ground": "what plans are drawn on, worked out from homes, streets and barriers; each plan has its event",
    "person_suggestion": "worked out each night from wishes and offers, which have theirs",
    "place_asset": "worked out from the places and the assets",
    "place_measure": "worked out from the register",
    "place_measured": "when a place was worked out",
    "place_parent": "worked out from the shapes of the places",
    "row_change": "the trail itself: append only",
    "search_word": "words of names, worked out from the assets",
    "street": "edges of a map that was brought in whole, which has its event",
    "street_map": "a file that was brought in, which has its event",
    "set_aside": "indexes set aside by a load, empty outside its transaction",
}

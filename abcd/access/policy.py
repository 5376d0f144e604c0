"""The one written policy table: which role may do what to which kind of thing.

Read it as sentences: "an officer may edit an asset". What is not written is not allowed. Two things narrow it: an
account that is scoped to places acts only on what lies in them, and nobody gives a role that they may not give.
"""

from collections.abc import Collection

from abcd.db.session import Actor
from abcd.errors import NotAllowed

OWNER = ("owner",)
LEADERS = ("owner", "manager")
STEWARDS = ("owner", "manager", "data_officer")
KEEPERS = ("owner", "data_officer")
OFFICERS = ("owner", "manager", "officer", "data_officer")
CASEWORK = ("owner", "manager", "officer", "coach")
TEAM = ("owner", "manager", "officer", "coach", "data_officer")
EVERYONE = ("owner", "manager", "officer", "coach", "data_officer", "partner_viewer")

#: thing -> verb -> the roles that may.
POLICY: dict[str, dict[str, tuple[str, ...]]] = {
    "asset": {
        "view": EVERYONE,
        "add": TEAM,
        "edit": TEAM,
        "confirm": TEAM,
        "retire": OFFICERS,
        "merge": OFFICERS,
        "say_not_same": OFFICERS,
        "see_contact": TEAM,
        "see_sensitive_location": LEADERS,
    },
    "contribution": {"view": TEAM, "settle": TEAM},
    "check_link": {"make": TEAM, "end": TEAM},
    "contact_consent": {"view": TEAM, "record": TEAM, "withdraw": TEAM},
    "place": {"view": EVERYONE, "add": OFFICERS, "edit": OFFICERS, "end": STEWARDS},
    "barrier": {"view": TEAM, "add": TEAM, "edit": TEAM, "end": OFFICERS},
    "dwelling": {"view": TEAM},
    "threshold": {"view": EVERYONE, "edit": STEWARDS},
    "patch": {"view": TEAM, "add": OFFICERS, "edit": OFFICERS, "adopt": LEADERS},
    "import": {"view": TEAM, "stage": OFFICERS, "confirm": OFFICERS, "discard": OFFICERS, "undo": STEWARDS},
    "issue": {"view": TEAM, "settle": OFFICERS},
    "search_effort": {"view": EVERYONE, "record": TEAM},
    "layer": {"view": EVERYONE, "export": OFFICERS},
    "share": {"view": TEAM, "add": OFFICERS, "extend": OFFICERS, "revoke": OFFICERS},
    "release": {"view": TEAM, "make": STEWARDS, "publish": LEADERS},
    "person": {
        "view": TEAM,
        "add": CASEWORK,
        "edit": CASEWORK,
        "see_safety_risk": LEADERS,
        "give_all_data": KEEPERS,
        "erase": KEEPERS,
    },
    "person_note": {"view": CASEWORK, "add": CASEWORK},
    "consent": {"view": CASEWORK, "record": CASEWORK, "withdraw": CASEWORK},
    "consent_wording": {"view": TEAM, "edit": STEWARDS},
    "resident_link": {"view": CASEWORK, "make": CASEWORK, "end": CASEWORK},
    "conversation": {"view": CASEWORK, "add": CASEWORK, "edit": CASEWORK},
    "offer": {"view": TEAM, "add": TEAM, "edit": TEAM, "end": TEAM},
    "wish": {"view": TEAM, "add": TEAM, "edit": TEAM, "settle": TEAM},
    "introduction_in": {"view": CASEWORK, "add": CASEWORK, "settle": CASEWORK},
    "connection": {"view": CASEWORK, "suggest": CASEWORK, "step": CASEWORK, "follow_up": CASEWORK},
    "funnel": {"view": TEAM},
    "edge": {"view": EVERYONE, "add": TEAM, "edit": TEAM, "remove": OFFICERS},
    "draft": {"view": EVERYONE, "save": EVERYONE},
    "taxonomy": {"view": EVERYONE, "edit": STEWARDS},
    "setting": {"view": TEAM, "edit": OWNER},
    "account": {"view": LEADERS, "add": LEADERS, "edit": LEADERS, "disable": LEADERS, "sign_in": EVERYONE},
    "own_account": {"view": EVERYONE, "edit": EVERYONE},
    "session": {"view": LEADERS, "end": LEADERS},
    "invitation": {"view": LEADERS, "add": LEADERS, "revoke": LEADERS},
    "policy": {"view": LEADERS},
    "history": {"view": STEWARDS, "view_person": KEEPERS},
    "audit": {"view": LEADERS, "verify": STEWARDS},
    "backup": {"view": STEWARDS, "make": OWNER, "restore": OWNER},
}

#: What concerns every place at once: an account that is scoped to places may look at these and no more.
EVERYWHERE = ("import", "release", "taxonomy", "setting", "backup")

#: role -> the roles it may give, change and take away; so nobody rises by an invitation of their own.
GIVES: dict[str, tuple[str, ...]] = {
    "owner": EVERYONE,
    "manager": ("officer", "coach", "partner_viewer"),
}


def has_right(role: str, verb: str, thing_kind: str) -> bool:
    """Whether the table names ``role`` for this verb and kind of thing."""
    return role in POLICY.get(thing_kind, {}).get(verb, ())


def can(actor: Actor, verb: str, thing_kind: str, places: Collection[str] | None = None) -> bool:
    """Whether ``actor`` may ``verb`` a thing of ``thing_kind``, by the policy table.

    ``places`` are the ids of the places that hold the thing, ``None`` when the question is not about one thing. An
    actor scoped to places may act where one of them is among these, so nowhere when the thing lies in none.
    """
    if not has_right(actor.role, verb, thing_kind):
        return False
    if actor.places and thing_kind in EVERYWHERE:
        return verb == "view"
    return places is None or not actor.places or not actor.places.isdisjoint(places)


def require(actor: Actor, verb: str, thing_kind: str, places: Collection[str] | None = None) -> None:
    """Let the actor through or say no; ``places`` as in ``can``.

    Raises:
        NotAllowed: the policy table does not name this role for this verb and kind of thing, or the thing lies outside
            the places of the actor.
    """
    if can(actor, verb, thing_kind, places):
        return
    deed, thing = verb.replace("_", " "), thing_kind.replace("_", " ")
    if has_right(actor.role, verb, thing_kind):
        raise NotAllowed(
            f"This lies outside your places, so you may look but not {deed}: {thing}. "
            "Ask a manager to do it, or to widen your places."
        )
    role = actor.role.replace("_", " ")
    raise NotAllowed(f"Your role ({role}) may not {deed}: {thing}. Ask a manager to do it, or to change your role.")


def may_give(actor: Actor, role: str) -> bool:
    """Whether ``actor`` may give ``role`` to somebody, or take it away."""
    return role in GIVES.get(actor.role, ())

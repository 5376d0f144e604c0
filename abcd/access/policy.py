"""The one written policy table: which role may do what to which kind of thing.

Read it as sentences: "an officer may edit an asset". What is not written is not allowed.
"""

from abcd.db.session import Actor
from abcd.errors import NotAllowed

OWNER = ("owner",)
LEADERS = ("owner", "manager")
STEWARDS = ("owner", "manager", "data_officer")
OFFICERS = ("owner", "manager", "officer", "data_officer")
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
    "place": {"view": EVERYONE, "add": OFFICERS, "edit": OFFICERS, "end": STEWARDS},
    "import": {"view": TEAM, "stage": OFFICERS, "confirm": OFFICERS, "discard": OFFICERS, "undo": STEWARDS},
    "issue": {"view": TEAM, "settle": OFFICERS},
    "search_effort": {"view": EVERYONE, "record": TEAM},
    "layer": {"view": EVERYONE, "export": OFFICERS},
    "taxonomy": {"view": EVERYONE, "edit": STEWARDS},
    "setting": {"view": TEAM, "edit": OWNER},
    "account": {"view": LEADERS, "add": OWNER, "disable": OWNER, "sign_in": EVERYONE},
    "audit": {"view": LEADERS},
}


def can(actor: Actor, verb: str, thing_kind: str) -> bool:
    """Whether ``actor`` may ``verb`` a thing of ``thing_kind``, by the policy table."""
    return actor.role in POLICY.get(thing_kind, {}).get(verb, ())


def require(actor: Actor, verb: str, thing_kind: str) -> None:
    """Let the actor through or say no.

    Raises:
        NotAllowed: the policy table does not name this role for this verb and kind of thing.
    """
    if not can(actor, verb, thing_kind):
        deed, thing = verb.replace("_", " "), thing_kind.replace("_", " ")
        role = actor.role.replace("_", " ")
        raise NotAllowed(f"Your role ({role}) may not {deed}: {thing}. Ask a manager to do it, or to change your role.")

"""Roles, verbs and kinds of thing in everyday words, so that the policy can be read as sentences."""

from abcd.access.policy import EVERYWHERE, GIVES, POLICY
from abcd.core.language import _
from abcd.db.tables import ROLES


def role_name(role: str) -> str:
    """A role, for people."""
    names = {
        "owner": _("Owner"), "manager": _("Manager"), "officer": _("Community officer"),
        "coach": _("Neighbourhood coach"), "data_officer": _("Data officer"), "partner_viewer": _("Partner (may look)"),
    }  # fmt: skip
    return names.get(role, role)


def thing_name(thing: str) -> str:
    """A kind of thing, for people."""
    names = {
        "asset": _("Assets"), "place": _("Places"), "patch": _("Coaches' patches"), "import": _("Files brought in"),
        "issue": _("Faults of files"), "search_effort": _("Searches: who looked for what"),
        "layer": _("Maps and their files"), "release": _("Published figures"), "person": _("Residents"),
        "person_note": _("Notes of conversations"), "draft": _("Own drafts"), "taxonomy": _("Kinds of asset"),
        "setting": _("Settings"), "account": _("Accounts"), "own_account": _("One's own account"),
        "session": _("Signed-in browsers"), "invitation": _("Invitations"), "policy": _("This table"),
        "contribution": _("Suggestions from outside"), "check_link": _("Links that ask a group"),
        "contact_consent": _("Consent to show a contact"),
        "share": _("Shared maps and feeds"),
        "consent": _("What residents agreed to"), "consent_wording": _("The words in which they are asked"),
        "resident_link": _("Links to residents' own pages"), "conversation": _("Talks with residents"),
        "offer": _("Offers"), "wish": _("Wishes"), "introduction_in": _("Who told us of somebody"),
        "connection": _("Introductions of two sides"), "funnel": _("Figures of introductions"),
        "edge": _("Ties between groups and venues"),
        "barrier": _("Barriers and where they can be crossed"), "dwelling": _("Homes of a landlord's list"),
        "threshold": _("What counts as near in a place"),
        "history": _("History of records"), "audit": _("The trail of what was done"), "backup": _("Backups"),
    }  # fmt: skip
    return names.get(thing, thing.replace("_", " "))


def verb_name(verb: str) -> str:
    """A verb, for people."""
    names = {
        "view": _("look at"), "add": _("add"), "edit": _("change"), "confirm": _("confirm"), "retire": _("retire"),
        "merge": _("join two"), "say_not_same": _("say that two differ"), "see_contact": _("see how to reach them"),
        "see_sensitive_location": _("see a place kept private"), "end": _("end"), "adopt": _("adopt"),
        "stage": _("bring in for a look"), "discard": _("discard"), "undo": _("take back"), "settle": _("settle"),
        "record": _("write down"), "export": _("take away as a file"), "make": _("make"),
        "see_safety_risk": _("see who is at risk"), "give_all_data": _("give a person all their data"),
        "erase": _("erase"), "save": _("keep"), "disable": _("close and open"), "sign_in": _("sign in"),
        "revoke": _("take back"), "view_person": _("look at a resident's"), "verify": _("check"),
        "restore": _("restore"), "withdraw": _("take back when they ask"), "extend": _("let last longer"),
        "publish": _("let leave for good"), "suggest": _("begin with an idea"), "step": _("take a step on"),
        "follow_up": _("write down how it goes"), "remove": _("remove"),
    }  # fmt: skip
    return names.get(verb, verb.replace("_", " "))


def policy_rows() -> list[tuple[str, str, tuple[bool, ...]]]:
    """The policy table as it is: thing, verb, and for each role whether it may."""
    return [
        (thing_name(thing), verb_name(verb), tuple(role in roles for role in ROLES))
        for thing, verbs in POLICY.items()
        for verb, roles in verbs.items()
    ]


def rules() -> list[str]:
    """What narrows the table, in sentences."""
    shut = ", ".join(thing_name(thing).lower() for thing in EVERYWHERE)
    gives = [
        _("{role} may give these roles: {roles}.").format(
            role=role_name(role), roles=", ".join(role_name(given).lower() for given in given_roles)
        )
        for role, given_roles in GIVES.items()
    ]
    return [
        _("Somebody with named places may look everywhere, and act only on what lies in their places."),
        _("With named places, these can be looked at and no more: {things}.").format(things=shut),
        *gives,
        _("Nobody gives more than their own organisation and places, and nobody changes their own role."),
    ]

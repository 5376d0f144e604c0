"""People's things in everyday words: what they are to us, what they need, how to reach them, why we keep it."""

from babel import Locale

from abcd.core.language import _, chosen

#: What Babel does not name, and residents speak: signs.
SIGNED = "bfi"
#: Offered first in lists of languages (product.md C.2); any other code may be written.
LANGUAGES = ("en", "cy", "ur", "pa", "bn", "ar", "pl", "ro", "so", "fa", "uk", SIGNED)


def role_names() -> dict[str, str]:
    """What residents are and do here."""
    return {
        "decision_maker": _("Helps to decide"), "designer": _("Designs"), "developer": _("Develops"),
        "builder": _("Builds"), "caretaker": _("Takes care of things"), "fixer": _("Fixes"),
        "counsellor": _("Listens and counsels"), "advocate": _("Speaks up for others"),
        "connector": _("Knows everybody"), "peer_researcher": _("Asks as a peer researcher"),
        "e_journalist": _("Writes and films"),
    }  # fmt: skip


def need_names() -> dict[str, str]:
    """What somebody may need to take part."""
    return {
        "step_free": _("A way without steps"), "hearing_loop": _("A hearing loop"),
        "accessible_toilet": _("An accessible toilet"), "quiet": _("A quiet room"), "parking": _("Parking"),
        "interpreter": _("An interpreter"), "company_there": _("Company on the way"),
    }  # fmt: skip


def route_names() -> dict[str, str]:
    """How somebody likes to be reached."""
    return {
        "in_person": _("In person"), "phone": _("By telephone"), "text": _("By text message"), "email": _("By e-mail"),
        "through_somebody": _("Through somebody they trust"),
    }  # fmt: skip


def basis_names() -> dict[str, str]:
    """The lawful bases of Article 6 in words."""
    return {
        "consent": _("They agreed"), "contract": _("A contract with them"), "legal_obligation": _("A legal duty"),
        "vital_interests": _("To protect a life"), "public_task": _("A public task"),
        "legitimate_interests": _("Legitimate interests"),
    }  # fmt: skip


def note_names() -> dict[str, str]:
    """Kinds of what people say, gifts first and worries last."""
    return {
        "gift": _("Gifts"), "hope": _("Hopes"), "interest": _("What they care about"),
        "own_words": _("In their own words"), "conversation": _("From a talk"), "worry": _("Worries"),
    }  # fmt: skip


def own_note_names() -> dict[str, str]:
    """The same kinds, as they are called to whoever said it."""
    return note_names() | {"interest": _("What you care about"), "own_words": _("In your own words")}


def wish_kind_names() -> dict[str, str]:
    """What somebody hopes for, as what they would say after "I wish to"."""
    return {
        "do": _("do something"), "learn": _("learn something"), "meet": _("meet people"),
        "change": _("change something"), "fix": _("get something fixed"), "have_nearby": _("have something nearby"),
    }  # fmt: skip


def standing_names() -> dict[str, str]:
    """How a person's record stands."""
    return {
        "active": _("With us"), "inactive": _("To be asked whether it is still right"),
        "anonymised": _("Made anonymous"), "withdrawn": _("Withdrawn"),
    }  # fmt: skip


def language_name(code: str) -> str:
    """A language in the language in use; a code that nobody knows is its own name."""
    if code == SIGNED:
        return _("British Sign Language")
    names = Locale(chosen()).languages
    name = str(names.get(code, names.get(code.partition("-")[0], code)))
    return name[:1].upper() + name[1:]


def person_titles() -> dict[str, str]:
    """The columns of a person in words."""
    return {
        "roles": _("What they are and do here"), "speaks": _("Languages besides"), "language": _("Speaks with us in"),
        "max_walk_minutes": _("Walks up to, minutes one way"), "access_needs": _("To take part they need"),
        "wants_alike": _("Asked to meet only people like themselves"), "preferred_name": _("Likes to be called"),
        "place_id": _("Patch or estate"), "contact_route": _("Likes to be reached"), "phone": _("Telephone"),
        "email": _("E-mail"), "comms_needs": _("What helps them to follow"),
        "adult_confirmed": _("They are 18 or older, and said so"), "purpose": _("Purpose"),
        "lawful_basis": _("Lawful basis"), "consent_on": _("Agreed, or were told, on"), "source": _("Who told us"),
    }  # fmt: skip

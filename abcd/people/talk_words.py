"""Talks in everyday words, and open questions to take along: they begin with what somebody can do and hopes for."""

from abcd.core.language import _


def kind_names() -> dict[str, str]:
    """The kinds of conversations."""
    return {"listening": _("Listening"), "coaching": _("Coaching"), "practical": _("Something practical")}


def mode_names() -> dict[str, str]:
    """How somebody worked."""
    return {
        "did_with": _("We did it together"), "did_for": _("I did it for them"),
        "stood_back": _("They did it, I stood back"),
    }  # fmt: skip


def titles() -> dict[str, str]:
    """The columns of a conversation in words."""
    return {
        "kind": _("What kind of conversation was it?"), "mode": _("How did you work?"),
        "minutes": _("How many minutes?"), "held_on": _("On which day?"),
        "proactive": _("Nobody had to ask for it: I went by myself"),
        "summary": _("In a few words (for casework alone)"),
        "themes": _("What was it about?"), "next_on": _("If you both agreed to talk again: on which day?"),
    }  # fmt: skip


def questions(kind: str | None) -> list[str]:
    """Open questions for a kind of conversation; without one, those with which anything can begin."""
    return {"listening": listening, "coaching": coaching, "practical": practical}.get(kind or "", listening)()


def listening() -> list[str]:
    """To get to know somebody."""
    return [
        _("What does a good day look like for you here?"),
        _("What do people come to you for?"),
        _("When did you last forget the time, and what were you doing?"),
        _("Whom here would you miss if they moved away?"),
        _("What has this street done well that nobody ever wrote down?"),
    ]


def coaching() -> list[str]:
    """To walk beside somebody who wants to get somewhere."""
    return [
        _("What have you tried already, and what did it teach you?"),
        _("What would be a first step so small that you would enjoy it?"),
        _("Who around here might like to come along?"),
        _("What would you like to be able to say half a year from now?"),
        _("What do you want from me, and what should I leave alone?"),
    ]


def practical() -> list[str]:
    """When something has to be done."""
    return [
        _("Which part of this would you like to do yourself?"),
        _("Who near by has done this before, and might show us?"),
        _("Shall we do it together this time, and you lead next time?"),
        _("What would make it easier when I am not there?"),
    ]


def time_words(minutes: int) -> str:
    """A length of time: ``3 h 20 min``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{m} min").format(m=rest)
    return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)

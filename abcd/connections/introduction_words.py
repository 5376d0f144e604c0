"""Introductions in everyday words: where they stand, what comes next, why not, and what changed for somebody."""

from collections.abc import Mapping

from abcd.core.language import _


def state_names() -> dict[str, str]:
    """Where an introduction stands, for a coordinator."""
    return {
        "idea": _("An idea"), "asked_a": _("The first was asked"), "yes_a": _("The first said yes"),
        "asked_b": _("The second was asked"), "yes_b": _("Both said yes"), "introduced": _("Introduced"),
        "met": _("They met"), "going_at_4w": _("Going after 4 weeks"), "going_at_12w": _("Going after 12 weeks"),
        "settled": _("Settled: they need nobody in between"), "not_now": _("Not now"),
        "not_for_me": _("Not for them"), "no_reply": _("No reply"), "stopped": _("It came to an end"),
        "stopped_unsafe": _("Stopped: it was not safe"),
        "ended": _("It did not come about, or came to an end"),
    }  # fmt: skip


def seen_names() -> dict[str, str]:
    """Where an introduction stands as one side may know it; ``ended`` says nothing of the other."""
    return state_names() | {
        "asked_a": _("They were asked"), "yes_a": _("They said yes; we are asking round"),
        "asked_b": _("They were asked"), "not_now": _("They said: not now"), "not_for_me": _("They said: not for me"),
        "no_reply": _("They did not answer"),
    }  # fmt: skip


def step_names() -> dict[str, str]:
    """What the button for a step says."""
    return {
        "idea": _("Take it up again"), "asked_a": _("The first was asked"), "yes_a": _("The first said yes"),
        "asked_b": _("The second was asked"), "yes_b": _("The second said yes"), "introduced": _("They are introduced"),
        "met": _("They met"), "going_at_4w": _("It goes on after 4 weeks"),
        "going_at_12w": _("It goes on after 12 weeks"), "settled": _("They need nobody in between any more"),
    }  # fmt: skip


def what_next() -> Mapping[str, str]:
    """What a coordinator may do next; there is no hurry in any of it."""
    return {
        "idea": _("Tell {a} of it when you meet: what it is about, and that a no is as good as a yes."),
        "asked_a": _("Leave {a} time. Then write down what they said."),
        "yes_a": _("Ask {b} in general terms: that a neighbour hopes for something like this. Say no name."),
        "asked_b": _("Leave {b} time. Then write down what they said. Nobody else learns of a no."),
        "yes_b": _("Both said yes. Give each what is below, in the way they like, or bring them together yourself."),
        "introduced": _("Step back a little. When you hear that they met, write it down."),
        "met": _("Let it be theirs. After four weeks ask each how it goes."),
        "going_at_4w": _("It goes on. Ask each again after twelve weeks."),
        "going_at_12w": _("It goes on. Settle it when nobody in between is needed any more."),
        "not_now": _("It rests. Take it up again when the time is right."),
        "no_reply": _("It rests. Take it up again when you meet."),
    }


def reason_names() -> dict[str, str]:
    """Why not, in a choice of words: each tells us something about what we offer."""
    return {
        "": _("They did not say"), "no_time": _("No time for it"), "too_far": _("Too far"),
        "other_times": _("Other times would suit"), "not_what_i_hoped": _("Not what they hoped for"),
        "know_each_other": _("They know each other already"), "access": _("Getting in or taking part is hard"),
        "cost": _("What it costs"), "not_ready": _("Not ready yet"), "rather_not_say": _("They would rather not say"),
        "other": _("Something else"),
    }  # fmt: skip


def domain_names() -> dict[str, str]:
    """What may have changed for somebody, in their own opinion (product.md 001-16)."""
    return {
        "health": _("Health"), "confidence": _("Confidence"), "skills": _("Skills"), "employment": _("Work"),
        "belonging": _("Belonging"), "purpose": _("Purpose"), "loneliness": _("Feeling less lonely"),
        "safety": _("Feeling safe"), "influence": _("Having a say"),
    }  # fmt: skip


def weeks_names() -> dict[int, str]:
    """When a follow-up is."""
    return {0: _("At the start"), 4: _("After 4 weeks"), 12: _("After 12 weeks")}

"""For what something is kept and who told us, in everyday words: what is kept is one word whatever language it was in.

Both are free text. What is usually said is a word of ours, kept in English and shown in the language in use; whatever
else somebody wrote stays as they wrote it.
"""

from abcd.core.language import _, in_each
from abcd.people.consent_words import purpose_names

#: Kept as they stand here.
PURPOSES = ("introductions", "being_found", "sharing", "story", "photo")
SOURCES = (
    "the person", "the person, in conversation", "the person, on a paper form", "a neighbour", "a connector",
    "a councillor", "a faith leader", "a peer researcher", "a colleague", "a group", "retention",
)  # fmt: skip


def grounds_names() -> dict[str, str]:
    """Each purpose and each source that is usual, in the language in use."""
    return {name: told for name, told in purpose_names().items() if name != "introductions"} | {
        "introductions": _("introductions"), "the person": _("the person"),
        "the person, in conversation": _("the person, in conversation"),
        "the person, on a paper form": _("the person, on a paper form"), "a neighbour": _("a neighbour"),
        "a connector": _("a connector"), "a councillor": _("a councillor"), "a faith leader": _("a faith leader"),
        "a peer researcher": _("a peer researcher"), "a colleague": _("a colleague"), "a group": _("a group"),
        "retention": _("nobody any more: it was made anonymous"),
    }  # fmt: skip


def grounds_said(kept: str) -> str:
    """What is kept, in words."""
    return grounds_names().get(kept, kept)


def grounds_kept(said: str) -> str:
    """What was written, as it is kept: a word of ours in any of our languages is that word.

    >>> grounds_kept("Y person"), grounds_kept("her sister")
    ('the person', 'her sister')
    """
    asked, names = " ".join(said.split()), grounds_names()
    for word in (*PURPOSES, *SOURCES):
        if asked.lower() in {told.lower() for told in in_each(word)} or asked == names[word]:
            return word
    return asked

"""Which columns of a file of residents say who they are, what they give and hope for, and what they agreed to."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from abcd.errors import BadFile
from abcd.intake.headers import heading

#: Field -> headings it is known by, as comparable words, in English and Welsh.
HEADINGS = {
    "name": r"(preferred |first |full |resident s? ?|your |known )*(name|as)|enw( .*)?|what .* like to be called",
    "place": r"(home )?(patch|estate|place|neighbourhood|ystad|stad|ardal|lle)( (name|reference|ref|id))?",
    "phone": r"(mobile|tele)? ?(phone|number|mobile|tel)( (number|no))?|ffon|rhif ffon",
    "email": r"e ?mail( address)?|e ?bost",
    "language": r"(main |preferred |first )?(language|iaith)",
    "adult": r"(is )?(an )?(adult|over 18|18 or over|aged 18 or over|oedolyn)( confirmed)?",
    "gifts": r"(i|they) can|(what )?(i |they )?(can )?(gifts?|offers?|skills?|share|give|can do|do well)"
    r"|doniau|cynigion|sgiliau",
    "teaches": r"(i |they )?(can|could|would|will|like to) teach( others)?|gallu dysgu eraill",
    "learns": r"(i |they )?(want|wants|would like|like) to learn|(hoffwn|eisiau) ddysgu",
    "hopes": r"(hopes?|wish|wishes|dreams?|would like|hopes? and wishes|gobeithion|dymuniadau)( .*)?",
    "interests": r"interests?|likes|diddordebau",
    "walk": r"(max(imum)? |longest )?walk(ing)?( minutes| in minutes| mins)?|cerdded",
    "when": r"when( .*)?|availability|available|free( times?)?|times|pryd",
    "agreed_on": r"(date |day )?(agreed|consented|signed)( on)?|consent (date|on|given on|given)|date of consent"
    r"|dyddiad cytuno",
    "agreed_to": r"(agreed|agrees|consented|consents?) (to|for)|consents?|cytuno i",
    "how": r"how( it was| they| was)? ?(agreed|said|told|consent( was)? given|asked)|consent how|sut",
    "basis": r"(lawful|legal) basis",
    "source": r"source|who told us|told (us )?by|collected by|filled in by|ffynhonnell",
}  # fmt: skip
NEEDED = ("name", "place", "agreed_on")
TELLING = frozenset(("gifts", "teaches", "learns", "hopes", "interests"))


@dataclass(frozen=True)
class PeopleColumns:
    """Field -> the file's columns for it, in their order; a field that the file does not have is not among them."""

    fields: dict[str, tuple[str, ...]]

    def told(self) -> dict[str, str]:
        """Field -> columns in words, for the report."""
        return {field: " and ".join(columns) for field, columns in self.fields.items()}


def recognised(columns: Collection[str]) -> PeopleColumns:
    """What each column of a file is, by its heading."""
    fields: dict[str, tuple[str, ...]] = {}
    for column in columns:
        field = next((name for name, pattern in HEADINGS.items() if re.fullmatch(pattern, heading(column))), "")
        if field:
            fields[field] = (*fields.get(field, ()), column)
    return PeopleColumns(fields)


def is_about_people(columns: Collection[str]) -> bool:
    """Whether the headings are those of a list of residents: a name, and what they agreed to or have to give."""
    fields = recognised(columns).fields
    return "name" in fields and "agreed_on" in fields and bool(fields.keys() & (TELLING | {"agreed_to"}))


def understand_people(columns: Collection[str], file_name: str) -> PeopleColumns:
    """The columns of a file of residents.

    Raises:
        BadFile: it lacks one that nobody may be written down without.
    """
    found = recognised(columns)
    missing = [name.replace("_", " ") for name in NEEDED if name not in found.fields]
    if missing:
        raise BadFile(
            f"“{file_name}” has no column for: {', '.join(missing)}. A person is kept with a name, a patch or estate, "
            "and the day they agreed; name the columns so, such as “name”, “estate” and “agreed on”."
        )
    return found

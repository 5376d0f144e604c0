"""What somebody began to write of a resident's talk or wish is kept under the resident, so that it goes with them."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from abcd.access.drafts import Writing
from abcd.pages.fields import split
from abcd.pages.forms_conversations import BLANK, of_talk, told_in
from abcd.pages.forms_plan import of_wish
from abcd.people.conversations import ConversationRecord
from abcd.people.gift_records import WishRecord

PERSON = UUID(int=7)
TALK = ConversationRecord(
    UUID(int=8), PERSON, date(2026, 6, 1), 5, "listening", "did_with", False, "", (), None, "Cara", 1
)
WISH = WishRecord(UUID(int=9), "resident", PERSON, None, None, "learn", "", "", None, None, None, None, 1, "", "open",
                  date(2026, 6, 1), None, 1)  # fmt: skip


@pytest.mark.parametrize(
    "form", [of_talk(TALK), of_wish("urgent", WISH), of_wish("plan", WISH)], ids=["talk", "urgent", "plan"]
)
def test_a_draft_is_about_the_person(form: str) -> None:
    named, record = split(form)
    assert record == str(PERSON)
    assert Writing(named, record, "0" * 32).checked().form.split()[0] in ("mend", "urgent", "plan")


def test_two_talks_of_one_person_are_two_forms() -> None:
    other = ConversationRecord(
        uuid4(), PERSON, date(2026, 6, 1), 5, "listening", "did_with", False, "", (), None, "", 1
    )
    assert split(of_talk(TALK))[0] != split(of_talk(other))[0]


def test_what_nobody_chose_is_empty_for_the_room_to_say_so() -> None:
    told = told_in(dict(BLANK))
    assert (told["kind"], told["mode"], told["minutes"], told["themes"]) == ("", "", 0, ())

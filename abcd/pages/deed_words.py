"""What is done and to what, in everyday words: for the history, which keeps short codes."""

from abcd.core.language import _


def kind_names() -> dict[str, str]:
    """The kinds of thing that something can be done to, for people."""
    return {
        "account": _("Account"), "asset": _("Asset"), "audit": _("Trail"), "backup": _("Backup"),
        "barrier": _("Barrier"), "connection": _("Introduction"), "consent_wording": _("Words of a consent"),
        "edge": _("Tie"), "introduction_in": _("Somebody told us"), "patch_lock": _("Homes kept together"),
        "release": _("Release"),
        "column_mapping": _("Columns of a file"), "contribution": _("Suggestion"), "import": _("File"),
        "invitation": _("Invitation"),
        "issue": _("Issue"), "layer": _("Map or file to take away"), "offer": _("Offer"),
        "organisation": _("Organisation"),
        "patch_plan": _("Plan of patches"), "person": _("Person"), "place": _("Place"),
        "search_effort": _("Search"), "setting": _("Setting"), "share": _("Shared map or feed"),
        "source": _("Source"), "taxonomy": _("Category"), "wish": _("Wish"), "wish_plan": _("Plan of a wish"),
    }  # fmt: skip


def table_names() -> dict[str, str]:
    """The tables in which something changes with a deed, for people."""
    return kind_names() | {
        "sign_in_link": _("Link to sign in"), "app_session": _("Time signed in"), "conversation": _("Conversation"),
        "consent": _("Consent"), "person_note": _("Words of a person"), "person_offer": _("Gift"),
        "person_wish": _("Hope"), "connection_step": _("Step of an introduction"),
        "place_asset": _("Where an asset belongs"), "place_parent": _("What a place lies in"),
    }  # fmt: skip


def verb_names() -> dict[str, str]:
    """What can be done, for people."""
    return {
        "accept": _("Accepted"), "add": _("Added"), "add_note": _("Wrote down what they said"),
        "add_offer": _("Wrote down a gift"), "edit_offer": _("Mended a gift"), "add_wish": _("Wrote down a hope"),
        "edit_wish": _("Mended a hope"), "add_check": _("Wrote down what a role needs"),
        "edit_check": _("Mended what a role needs"), "offer_waiting": _("Offered again"),
        "offer_taken_up": _("An offer was taken up"), "offer_resting": _("An offer rests"),
        "offer_ended": _("An offer is over"), "wish_open": _("Hoped for again"), "wish_planned": _("A wish is planned"),
        "wish_met": _("A wish came about"), "wish_let_go": _("A wish was let go"), "finish": _("Done"),
        "block": _("Said what stands in the way"), "unblock": _("Nothing stands in the way any more"),
        "agree_to_show": _("Agreed that the contact is shown"), "approve": _("Approved"),
        "ask_group": _("Made a link to ask the group"), "end_group_link": _("Ended the link to the group"),
        "hide_contact": _("The contact is no longer shown"), "let_in": _("Put with the others"),
        "refuse": _("Refused"), "suggest": _("Suggested"), "take_back": _("Took back"),
        "tell": _("Told them what became of it"), "rematch": _("Matched every wish anew"),
        "mark_urgent": _("Said that a wish cannot wait"), "unmark_urgent": _("Said that a wish can wait again"),
        "adopt": _("Adopted"), "anonymise": _("Made anonymous"), "confirm": _("Confirmed as still right"),
        "begin": _("Began"), "name_coach": _("Said who is to be the coach"), "disable": _("Closed"),
        "discard": _("Discarded"), "edit": _("Changed"), "enable": _("Opened again"), "end": _("Ended"),
        "erase": _("Erased"), "export": _("Took away"), "extend": _("Let last longer"),
        "forget": _("Removed the oldest days"),
        "give_all_data": _("Gave them all we hold"), "import": _("Brought in"), "join": _("Joined"),
        "make_sign_in_link": _("Made a sign-in link"), "merge": _("Merged into another"),
        "forget threshold": _("Went back to the usual threshold"), "set threshold": _("Set a threshold of its own"),
        "record search": _("Looked for something"), "make sheet": _("Printed a sheet of questions"),
        "answer sheet": _("Typed in the answers of a sheet"), "throw sheet away": _("Threw a sheet away"),
        "remove_second_factor": _("Removed the second step"),
        "retire": _("Retired"), "revoke": _("Took back"), "say_not_same": _("Said they are different"),
        "see_sensitive_location": _("Looked at its hidden place"), "set_passphrase": _("Set a passphrase"),
        "set_second_factor": _("Set up a second step"), "sign_in": _("Signed in"), "sign_out": _("Signed out"),
        "sign_out_everywhere": _("Signed out everywhere"), "take_over": _("Took another record over"),
        "undo": _("Took back"), "unmerge": _("Undid a merge"),
        **verbs_with_people(), **verbs_of_work(),
    }  # fmt: skip


def verbs_with_people() -> dict[str, str]:
    """What is done with people, in words that say nothing of what was said."""
    return {
        "add_conversation": _("Wrote down a conversation"), "edit_conversation": _("Mended a conversation"),
        "give_consent": _("Wrote down a yes"), "withdraw_consent": _("Took a yes back"),
        "withdraw_everything": _("Took everything back"), "add_wording": _("New words for a consent"),
        "make_resident_link": _("Made a link to their own page"),
        "end_resident_link": _("Ended the link to their page"),
        "take_own_data": _("Took all that we keep of them"), "avoid": _("Asked not to meet somebody"),
        "avoid_no_more": _("May meet somebody again"), "step": _("Went a step on"),
        "pass_contact": _("Said that each has the other’s details"), "look_into": _("Looked into it"),
        "follow_up": _("Wrote down how it goes"), "edit_follow_up": _("Mended how it goes"),
        "expire": _("Its days were over"),
        "said_yes": _("They said yes"), "said_no": _("They said no"), "note_first_met": _("First met"),
    }  # fmt: skip


def verbs_of_work() -> dict[str, str]:
    """What is done with patches, streets, ties and releases."""
    return {
        "assign_coach": _("Said who is the coach"), "plan_week": _("Planned a week"), "correct": _("Corrected"),
        "lock": _("Kept homes together"), "unlock": _("Let homes go apart again"), "remove": _("Removed"),
        "make": _("Made the draft"), "publish": _("Published"), "make_ready": _("Made ready"),
        "add_crossing": _("Added a crossing"),
    }  # fmt: skip

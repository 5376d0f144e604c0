"""``abcd person``: write down a resident, give them all we hold about them, erase them.

What is personal is asked for or read from a file, never taken from the command line: the shell keeps a history of that,
and everybody on the machine can see it.
"""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM, Actor, session
from abcd.errors import BadRequest

if TYPE_CHECKING:
    from abcd.people.drafts import PersonDraft

app = typer.Typer(no_args_is_help=True, help="Write down a resident, give them their data, erase them.")

Person = Annotated[UUID, typer.Argument(help="The person's id.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]
ASKED = (
    ("preferred_name", "How do they like to be called?", ""),
    ("phone", "Telephone (may be empty)", ""),
    ("email", "E-mail (may be empty)", ""),
    ("contact_route", "How do they want to be reached?", "in_person"),
    ("language", "Which language do they speak with us?", "en"),
    ("comms_needs", "What helps them to follow? (may be empty)", ""),
    ("purpose", "For what purpose is this kept?", "introductions"),
    ("lawful_basis", "On which lawful basis?", "consent"),
    ("consent_on", "On which day did they agree? (YYYY-MM-DD)", ""),
    ("source", "Who told us?", "the person"),
)


def local_actor() -> Actor:
    """Whoever runs this machine, as the owner of its association."""
    from abcd.access.associations import ensure_association

    with session(SYSTEM) as s:
        return Actor("owner of this machine", organisation_id=str(ensure_association(s, by=SYSTEM)))


@app.command()
def add(
    place: Annotated[str, typer.Option(help="Their patch or estate: its reference or id.")],
    file: Annotated[Path | None, typer.Option("--from", help="A JSON object, '-' for stdin; else it is asked.")] = None,
) -> None:
    """Write down a resident; what is personal is asked for, or read from a file."""
    from abcd.people.actions import add_person
    from abcd.people.queries import might_be_same
    from abcd.places.queries import place as place_called

    told, actor = _told(file), local_actor()
    with session(actor) as s:
        draft = _draft(told, place_called(s, place).id)
        alike = might_be_same(s, draft)
        added = add_person(s, draft, by=actor)
    for one in alike:
        typer.echo(_("Perhaps the same as {id}.").format(id=one.id), err=True)
    typer.echo(str(added.id))


@app.command()
def show(
    person_id: Person,
    contact: Annotated[bool, typer.Option("--contact", help="Also how to reach them.")] = False,
) -> None:
    """Show who somebody is, and no more than that."""
    from abcd.people.queries import person

    with session(local_actor()) as s:
        found = person(s, person_id)
    names = ("preferred_name", "place_name", "contact_route", "status", "retention_review_on", "version")
    for name in (*names, *(("phone", "email", "language", "comms_needs") if contact else ())):
        typer.echo(f"{name.replace('_', ' ')}: {getattr(found, name)}")


@app.command()
def data(
    person_id: Person,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The folder to write into.")] = None,
) -> None:
    """Write everything held about a person into a folder, as JSON and as a page to read."""
    from abcd.people.giving import give

    actor = local_actor()
    with session(actor, patient=True) as s:
        folder = give(s, person_id, output, by=actor)
    typer.echo(str(folder))
    typer.echo(_("This folder holds personal data. Give it to the person, then remove it."), err=True)


@app.command()
def erase(
    person_id: Person,
    reason: Annotated[str, typer.Option(help="asked, withdrew, moved, died or mistake.")],
    as_json: AsJson = False,
) -> None:
    """Erase a person: every row, their key, every copy, every byte."""
    from abcd.people.erasing import erase as erase_person

    done = erase_person(person_id, reason, actor=local_actor())
    if as_json:
        typer.echo(json.dumps(done.to_json()))
        return
    typer.echo("\n".join(done.sentences))


@app.command()
def retention(
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if it were this day.")] = None,
) -> None:
    """Let the retention clocks strike: long silent people are asked again, then made anonymous."""
    from abcd.people.retention import run_retention

    done, rewritten = run_retention(today.date() if today else None)
    told = _("{anonymised} made anonymous, {to_review} to be asked again, {notes} notes removed.")
    typer.echo(told.format(anonymised=done.anonymised, to_review=done.to_review, notes=done.notes))
    more = _("{talks} talks without their words, {introductions} suggestions ended without a yes.")
    typer.echo(more.format(talks=done.talks, introductions=done.introductions))
    for sentence in rewritten.left if rewritten else ():
        typer.echo(sentence)


def _told(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {name: typer.prompt(_(question), default=given) for name, question, given in ASKED}
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadRequest(f"This is not JSON: line {error.lineno}, column {error.colno}.") from error
    if not isinstance(told, dict):
        raise BadRequest("Give one JSON object with the fields of a person.")
    return told


def _draft(told: dict[str, Any], place_id: UUID) -> "PersonDraft":
    from abcd.people.drafts import Grounds, PersonDraft

    fields = {name: value for name, value in told.items() if name in PersonDraft.__dataclass_fields__}
    grounds = {name: str(told.get(name, "")) for name in ("purpose", "lawful_basis", "source")}
    unknown = set(told) - set(fields) - set(grounds) - {"consent_on"}
    if unknown:
        raise BadRequest(f"A person has no such field: {', '.join(sorted(unknown))}.")
    try:
        day = date.fromisoformat(str(told.get("consent_on", "")))
    except ValueError as error:
        raise BadRequest("Say on which day they agreed, or were told, as YYYY-MM-DD.") from error
    name = fields.pop("preferred_name", "")
    return PersonDraft(name, **fields | {"place_id": place_id, "grounds": Grounds(**grounds, consent_on=day)})

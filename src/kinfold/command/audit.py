"""`kinfold audit`: verify the chains, cut and sign a month's heads, list who looked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import typer

from kinfold.command.line import DONE, FOUND, answer, start_service

audit_app = typer.Typer(add_completion=False, no_args_is_help=True, help="The audit chains.")


@audit_app.command()
def verify(
    holder: str = typer.Option("", help="The three-digit code of one council; all when left out."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Verify every link of the audit chains, their contents, their ends, and the signed heads outside the database.

    Exit code 1 when a chain does not hold.

    Example: kinfold audit verify --holder 990
    """
    start_service()
    from kinfold.service.records.audit_heads import verify_all
    from kinfold.service.records.setting_up import ready

    ready()
    found = verify_all(holder or None)
    lines = []
    for one in found:
        state = "holds" if not one.faults else f"DOES NOT HOLD in {len(one.faults)} places"
        lines.append(f"{one.holder}: {one.entries:,} links, {one.cuts} signed heads: {state}")
        lines += [f"  {fault.message}" for fault in one.faults[:20]]
        lines += [f"  {note}" for note in one.notes]
    whole = all(not one.faults for one in found)
    answer(
        {"whole": whole, "chains": [one.as_json() for one in found]}, as_json=as_json,
        text="\n".join(lines) or "There is no chain yet.", code=DONE if whole else FOUND,
    )  # fmt: skip


@audit_app.command()
def cut(
    month: str = typer.Option("", help="One month, such as 2026-03; left out, every month that is over and not cut."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    Sign the last link of each month and write it outside the database, to audit-heads/ beside the data.

    Copy that folder to where the database's owner cannot write.

    Example: kinfold audit cut --month 2026-03
    """
    start_service()
    from kinfold.service.records.audit_heads import cut as run
    from kinfold.service.records.audit_heads import heads_folder
    from kinfold.service.records.setting_up import ready

    ready()
    made = run(now=datetime.now(UTC), month=month or None)
    document = {
        "folder": str(heads_folder()),
        "heads": [{"held_by": c.head.held_by, "month": c.head.month, "seq": c.head.seq} for c in made],
    }
    text = f"{len(made)} heads were signed. They are in {heads_folder()}." if made else "Every month is cut already."
    answer(document, as_json=as_json, text=text)


@audit_app.command()
def looks(
    child: str = typer.Argument(..., help="The child's id, or the council's own number for the child."),
    by: str = typer.Option(..., "--as", help="The e-mail address of the user who asks. The question is recorded."),
    reason: str = typer.Option("", help="Why you ask, where your role asks for it."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document."),
) -> None:
    """
    List who has looked at a child's record, newest first, to a user who may audit it.

    Example: kinfold audit looks C100234 --as ines.duarte@elmshire.example
    """
    start_service()
    from kinfold.service.records.reads import person, reader
    from kinfold.service.records.reads.looks import StaffLook, looks_at
    from kinfold.service.records.scope import set_reader

    def as_document(look: StaffLook) -> dict[str, Any]:
        return {"at": look.at.isoformat(), "who": look.who, "organisation": look.organisation, "role": look.role,
                "action": look.action, "reason": look.reason, "held_back": look.hidden}  # fmt: skip

    looking = reader.reader_named(by)
    looking.reason = reason
    set_reader(looking.account)
    uid = person.find_child(looking, child)
    found = looks_at(looking, uid)
    looking.looked(person.find_person(uid).held_by_id, "command line: who has looked", [uid])
    lines = [
        f"{look.at:%Y-%m-%d %H:%M}  {look.who}, {look.organisation}: {look.action}"
        + (f" ({look.reason})" if look.reason else "") + (" [held back from the family]" if look.hidden else "")
        for look in found
    ]  # fmt: skip
    answer({"child": uid, "looks": [as_document(look) for look in found]}, as_json=as_json,
           text="\n".join(lines) or "Nobody has looked yet.")  # fmt: skip

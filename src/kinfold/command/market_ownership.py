"""`kinfold market`: who owns whom, from statements, the companies register's files, FollowTheMoney and declarations of tax."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from kinfold.command.line import answer

ownership_app = typer.Typer(add_completion=False)  # its commands are those of `kinfold market`
_JSON = typer.Option(False, "--json", help="Answer as one JSON document.")


bods_app = typer.Typer(
    no_args_is_help=True, help="Beneficial Ownership Data Standard 0.4, in and out with nothing lost."
)
ownership_app.add_typer(bods_app, name="bods")


@bods_app.command("in")
def bods_in(
    file: Path = typer.Argument(..., help="Statements: a JSON list, or one on each line."), as_json: bool = _JSON
) -> None:
    """
    Take ownership statements in, beside those that are there; one with a known identifier replaces it.

    Example: kinfold market bods in statements.json
    """
    from kinfold.market.ownership.store import keep_statements

    said = keep_statements(file)
    text = f"{said['statements']:,} statements, {said['new']:,} of them new; {said['entities']:,} entities and {said['interests']:,} interests."
    answer(said, as_json=as_json, text="\n".join([text, *said["problems"]]))


@bods_app.command("out")
def bods_out(file: Path = typer.Argument(..., help="Where to write the statements."), as_json: bool = _JSON) -> None:
    """
    Write every ownership statement that is held, each exactly as it came.

    Example: kinfold market bods out statements.json
    """
    from kinfold.market.ownership.store import write_statements

    count = write_statements(file)
    answer({"statements": count, "out": str(file)}, as_json=as_json, text=f"{count:,} statements written to {file}.")


ftm_app = typer.Typer(no_args_is_help=True, help="FollowTheMoney entities, one on a line, in and out.")
ownership_app.add_typer(ftm_app, name="ftm")


@ftm_app.command("in")
def ftm_in(
    file: Path = typer.Argument(..., help="Entities, a JSON object on each line."), as_json: bool = _JSON
) -> None:
    """
    Take FollowTheMoney companies, people, ownership and directorships in as ownership statements, beside those that are held.

    Example: kinfold market ftm in entities.ftm.json
    """
    from kinfold.market.ownership.follow_the_money import read_follow_the_money

    _keep_read([read_follow_the_money(file)], as_json=as_json)


@ftm_app.command("out")
def ftm_out(file: Path = typer.Argument(..., help="Where to write the entities."), as_json: bool = _JSON) -> None:
    """
    Write what is held as FollowTheMoney entities. Statements go out without loss with `kinfold market bods out`.

    Example: kinfold market ftm out entities.ftm.json
    """
    from kinfold.market.ownership.follow_the_money import written_follow_the_money
    from kinfold.market.ownership.store import write_text
    from kinfold.market.ownership.tax import understood_held

    found = understood_held()
    write_text(file, written_follow_the_money(found.entities, found.interests))
    said = {"entities": len(found.entities), "interests": len(found.interests), "out": str(file)}
    answer(
        said,
        as_json=as_json,
        text=f"{said['entities']:,} entities and {said['interests']:,} interests written to {file}.",
    )


def _keep_read(read: list[Any], *, as_json: bool) -> None:
    """Keep what files in another form say as statements of our own, and answer with what is held now."""
    from datetime import UTC

    from kinfold.market.ownership.bods import as_statements
    from kinfold.market.ownership.store import keep

    given = [
        one
        for found in read
        for one in as_statements(
            found.entities, found.interests, datetime.now(UTC).date(), disclosures=found.disclosures
        )
    ]
    problems = [one for found in read for one in found.problems]
    said = keep(given)
    said["problems"] = [*problems, *said["problems"]]
    text = f"{said['entities']:,} entities and {said['interests']:,} interests are held; {said['new']:,} statements were new."
    answer(said, as_json=as_json, text="\n".join([text, *said["problems"][:20]]))


@ownership_app.command("tax")
def tax(
    file: Path = typer.Argument(..., help="A CSV file with the columns entity, year, residence, source."),
    as_json: bool = _JSON,
) -> None:
    """
    Take in where owners say that they pay tax; the latest year is shown with each of them. An entity is a company number or identifier.

    Example: kinfold market tax declarations.csv
    """
    from kinfold.market.ownership.tax import keep_declarations, read_declarations

    count = keep_declarations(read_declarations(file))
    answer({"declarations": count}, as_json=as_json, text=f"{count:,} declarations are held.")


@ownership_app.command()
def companies(
    paths: list[Path] = typer.Argument(
        ..., help="Companies House: BasicCompanyData (CSV), significant control (JSON lines); the ZIPs as published."
    ),
    only_owners: bool = typer.Option(
        False,
        "--only-owners",
        help="Take in only owners of settings in the register, and who holds them: for the files of all companies.",
    ),
    as_json: bool = _JSON,
) -> None:
    """
    Take the companies register's bulk files in as ownership statements, beside those that are held.

    Example: kinfold market companies BasicCompanyData.csv persons-with-significant-control.txt
    """
    from kinfold.market.ownership.companies_house import connected, lines_of
    from kinfold.market.store import open_register

    if not only_owners:
        _keep_read(list(lines_of(paths)), as_json=as_json)
        return
    owners = open_register().sightings["owner"].drop_nulls().unique().to_list()
    _keep_read(list(lines_of(paths, connected(paths, owners))), as_json=as_json)


@ownership_app.command()
def owners(
    entity: str = typer.Argument(..., help="The entity's identifier, such as GB-COH-01234567."),
    on: datetime = typer.Option(None, "--on", formats=["%Y-%m-%d"], help="The day; today without it."),
    as_json: bool = _JSON,
) -> None:
    """
    Say who controls an entity, who has what interest in it and who is registered: three answers, and what is not known.

    Example: kinfold market owners GB-COH-01234567 --json
    """
    from datetime import UTC

    from kinfold.market.ownership.chain import owners_of
    from kinfold.market.ownership.tax import understood_held

    found = understood_held()
    day = on.date() if on else datetime.now(UTC).date()
    said = owners_of(found.entities, found.interests, entity, day, disclosures=found.disclosures)
    controller = said["control"]["by"]
    lines = [f"Controlled by: {controller['name'] or controller['uid'] if controller else 'nobody for certain'}"]
    lines += [
        f"Interest: {one['low']:.1%} to {one['high']:.1%}  {one['name'] or one['uid']}"
        for one in said["economic_interest"]["owners"]
    ]
    lines += [f"Registered: {one['name'] or one['uid']}: {', '.join(one['natures'])}" for one in said["registered"]]
    lines += [f"{one['name'] or one['uid']} says: {one['words']}." for one in said["said"]]
    answer(said, as_json=as_json, text="\n".join([*lines, *said["not_known"]]))

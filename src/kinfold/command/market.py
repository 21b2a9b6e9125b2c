"""`kinfold market`: the register of providers, groups, ownership, scores and exits. None of it needs the service to run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typer

from kinfold.command.line import answer, start_service
from kinfold.command.market_foretold import foretold_app
from kinfold.command.market_ownership import ownership_app
from kinfold.terms.errors import InputError

market_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="The market: who owns this home, how is the group doing, is it failing?",
)

_JSON = typer.Option(False, "--json", help="Answer as one JSON document.")
_ON = typer.Option(..., "--on", formats=["%Y-%m-%d"], help="The day, such as 2023-03-31.")


@market_app.command()
def load(
    paths: list[Path] = typer.Argument(
        None,
        help="Ofsted's provider-level files (CSV, ODS, XLSX, Parquet), companies' tagged accounts (HTML, XML, ZIP), or folders.",
    ),
    invented: bool = typer.Option(False, "--invented", help="Load an invented register of the same shape instead."),
    as_json: bool = _JSON,
) -> None:
    """
    Take published provider files into the register, and companies' tagged accounts beside it. Loading again changes nothing.

    Example: kinfold market load provider_level_at_31_march_2025.ods Accounts_Bulk_Data-2026-04-01.zip
    """
    from kinfold.market import store

    if invented == bool(paths):
        raise InputError("Name the files to load, or say --invented, and not both.")
    said = store.keep(invented_england()) if invented else load_published(paths)
    answer(said, as_json=as_json, text=_loaded_in_words(said))


def load_published(paths: list[Path]) -> dict[str, Any]:
    """Take in what is named: accounts by their endings, everything else as files of the register. Each part is whole or not at all."""
    from kinfold.market import store
    from kinfold.market.accounts.store import accounts_under, load_accounts
    from kinfold.market.published import files_under

    accounts = accounts_under(paths)
    others = [one for one in files_under(paths) if one not in set(accounts)]
    said = store.load(others) if others or not accounts else {}
    if accounts:
        said["accounts"] = load_accounts(accounts, today=datetime.now(UTC).date())
    return said


def invented_england() -> Any:
    """Return the register of the invented England: its settings have the numbers that its children's placements name."""
    from kinfold.market.invented import Invented, invented_register
    from kinfold.synthetic.market import register_of
    from kinfold.terms.places import demo_authorities

    types = {"home": "Children's home", "secure": "Secure children's home", "supported": "Supported Accommodation",
             "fostering": "Independent Fostering Agency", "adoption": "Voluntary Adoption Agency"}  # fmt: skip
    sectors = {"PR1": "Local Authority", "PR4": "Private", "PR5": "Voluntary"}
    names = {one.la_code: one.name for one in demo_authorities()}
    # a council's own fostering and adoption services are not registered as agencies
    settings = [
        Invented(one.urn, types[one.sort], sectors[one.provider], one.owner, one.la_code, names[one.la_code], one.region,
                 one.places, one.name)
        for one in register_of(1)
        if not (one.sort in ("fostering", "adoption") and one.provider == "PR1")
    ]  # fmt: skip
    return invented_register(settings, last_year=2025, seed=1)


def _loaded_in_words(said: dict[str, Any]) -> str:
    lines = _register_in_words(said) if "files" in said else []
    if found := said.get("accounts"):
        lines.append(
            f"{found['accounts']:,} accounts of {found['companies']:,} companies were read, with {found['figures']:,} tagged figures."
        )
        lines += [f"Not read: {one}" for one in found["refused"][:20]]
        lines += [f"Note: {one}" for one in found["problems"][:20]]
    return "\n".join(lines)


def _register_in_words(said: dict[str, Any]) -> list[str]:
    lines = [f"{one['file']}: {one['table']}, {one['rows']:,} rows" for one in said["files"]]
    lines.append(
        f"The register holds {said['settings']:,} settings on {len(said['days'])} days ({said['days'][0]} to "
        f"{said['days'][-1]}), {said['inspections']:,} inspections and {said['joiners_and_leavers']:,} joiners and leavers."
        if said["days"]
        else "No file of settings on a day has been loaded yet."
    )
    return [*lines, *(f"Note: {note}" for note in said["notes"])]


@market_app.command("penalty-grid")
def penalty_grid(
    file: Path = typer.Argument(..., help="A TOML file with the amounts and their source."), as_json: bool = _JSON
) -> None:
    """
    Check a grid of penalties and put it in use. None is part of Kinfold: amounts are fixed by regulations.

    Example: kinfold market penalty-grid amounts.toml
    """
    from kinfold.market.penalty_grid import keep_grid

    grid = keep_grid(file)
    said = {"source": grid.source, "base": len(grid.base), "factors": sorted({*grid.aggravating, *grid.mitigating})}
    answer(said, as_json=as_json, text=f"{len(grid.base)} base amounts are in use. Their source: {grid.source}.")


@market_app.command()
def register(on: datetime = _ON, as_json: bool = _JSON) -> None:
    """
    Count the settings and places registered on a day, by type, sector and region.

    Example: kinfold market register --on 2023-03-31 --json
    """
    from kinfold.market.register import totals
    from kinfold.market.store import open_register

    held = open_register()
    rows = totals(held.on(on.date()))
    said = {"on": on.date().isoformat(), "files": [day.isoformat() for day in held.days], "totals": rows}
    lines = [
        f"{row['settings']:>6,} settings {row['places']:>7,} places  "
        + "; ".join(row[name] or f"{name} not known" for name in ("type", "sector", "region"))
        for row in rows
    ]
    if on.date() > held.days[-1]:
        lines.append(f"No file is later than {held.days[-1]:%d %B %Y}: these are the settings that it has.")
    answer(said, as_json=as_json, text="\n".join(lines))


@market_app.command()
def groups(
    on: datetime = _ON,
    at_least: int = typer.Option(1, min=1, help="Leave out owners with fewer settings than this."),
    by_name: bool = typer.Option(
        False, "--by-name", help="Tell owners apart by name alone, whatever is known of who owns them."
    ),
    as_json: bool = _JSON,
) -> None:
    """
    List the owners of settings on a day, the largest first, and how concentrated private children's homes are.

    Owners whom the companies register's numbers, or matches that an officer accepted, show to have one controller count as one
    group, as on the pages. All others are told apart by name: companies of one parent may count as several, a floor.

    Example: kinfold market groups --on 2023-03-31 --at-least 10
    """
    from kinfold.market.groups import groups_in
    from kinfold.market.ownership.roll_up import regrouped
    from kinfold.market.store import open_register

    settings, day = open_register().on(on.date()), on.date()
    joint = () if by_name else _brought_together(settings, day)
    said = groups_in(regrouped(settings, joint), day)
    if joint:
        said["method"] = "owner's name, company numbers and matches that were accepted"
    said["brought_together"] = [{"key": one.key, "members": list(one.members), "root": one.root} for one in joint]
    said["groups"] = [row for row in said["groups"] if row["settings"] >= at_least]
    lines = [f"{row['settings']:>5,} settings {row['places']:>6,} places  {row['group']}" for row in said["groups"]]
    lines.append(_concentration_in_words(said["concentration"], said["method"]))
    lines.append(f"{sum(len(one.members) for one in joint):,} names were brought together in {len(joint):,} groups.")
    answer(said, as_json=as_json, text="\n".join(lines))


def _concentration_in_words(share: dict[str, Any], method: str) -> str:
    if not share["owners"]:
        return "No private children's home has a published owner on this day: how concentrated they are is not known."
    return (
        f"Private children's homes: {share['homes']:,} of {share['owners']:,} owners by {method}; the ten largest have "
        f"{share['top_10_share']} per cent."
    )


def _brought_together(settings: Any, day: date) -> Any:
    """Return the groups that ownership makes of several owners, as pages show them; none where no statements are held."""
    from kinfold.market.ownership.graph import graph_on
    from kinfold.market.ownership.roll_up import joint_groups
    from kinfold.market.ownership.store import held_file
    from kinfold.market.ownership.tax import understood_held

    if not held_file().exists():
        return ()
    found = understood_held()
    return joint_groups(settings, graph_on(found.entities, found.interests, day), accepted=_accepted_matches())


def _accepted_matches() -> dict[str, str]:
    """Return the matches that officers accepted; none where this installation has no tables: the other commands need none."""
    start_service()
    from django.db import connection

    from kinfold.service.records.reads.market_ownership import accepted

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not Path(name).exists():
        return {}
    return accepted() if "owner_match" in connection.introspection.table_names() else {}


def day_or_last(on: datetime | None, days: list[date]) -> date:
    """Return the day asked about, or the last one of which there is a file."""
    return on.date() if on else days[-1]


@market_app.command("exit")
def exit_of(
    group: str = typer.Argument(..., help="The owner's name, in any spelling."),
    on: datetime = typer.Option(None, "--on", formats=["%Y-%m-%d"], help="The day; the last published one without it."),
    occupancy: float = typer.Option(None, help="Share of registered places that are filled; the policy's without it."),
    furthest: float = typer.Option(None, help="No move further than so many miles."),
    draws: int = typer.Option(6, min=1, max=200, help="How often chance is drawn for each suitability."),
    as_json: bool = _JSON,
) -> None:
    """
    Say what would become of the children if a group's homes closed: a curve over how many free places would suit.

    Example: kinfold market exit "Cambian Childcare Ltd" --on 2025-03-31 --json
    """
    from kinfold.market.exits.group import exit_of_group
    from kinfold.market.store import open_register

    held = open_register()
    day = day_or_last(on, held.days)
    said = exit_of_group(
        held,
        group,
        day=day,
        occupancy=occupancy,
        furthest=furthest,
        draws=draws,
        joint=_brought_together(held.on(day), day),
    )
    lines = [
        f"{said['group']} on {said['on']}: {said['homes_leaving']:,} children's homes, {said['places_leaving']:,} places, "
        f"{said['authorities']:,} authorities."
    ]
    for row in said["curve"]:
        lines.append(
            f"  {row['suitability']:>4.0%} of free places suit: of {row['displaced']['middle']:,.0f} children "
            f"{row['unplaced']['middle']:,.0f} ({row['unplaced']['low']:,.0f} to {row['unplaced']['high']:,.0f}) have none, "
            f"{row['none_near']['middle']:,.0f} none in their area or within {said['near_miles']:g} miles; "
            f"the others move {row['mean_miles']['middle']:.0f} miles on average. {row['together']['middle']:,.0f} of "
            f"{row['groups']['middle']:,.0f} groups of brothers and sisters stay together; {row['schools_kept']['middle']:,.0f} of "
            f"{row['schooled']['middle']:,.0f} keep their school; {row['complex_unplaced']['middle']:,.0f} of "
            f"{row['complex_needs']['middle']:,.0f} whose needs few homes meet have no place."
        )
    lines.append(
        f"At {said['moves_a_week']:g} moves a week from each area the homes must go on for {said['weeks_to_move']} weeks."
    )
    lines += said["cannot_see"]
    answer(said, as_json=as_json, text="\n".join(lines))


@market_app.command()
def score(
    file: Path = typer.Argument(..., help="A JSON file: ratios by name, or a submission's figures under `figures`."),
    base_rate: float = typer.Option(None, help="Share of firms that fail in a year; the policy's without it."),
    as_json: bool = _JSON,
) -> None:
    """
    Score a provider's ratios: points, band, the reasons for points lost, and what would change the band.

    Example: kinfold market score ratios.json --json
    """
    from dataclasses import asdict

    from kinfold.market.financial.scoring import score_document
    from kinfold.market.policy import JURISDICTION, pack
    from kinfold.market.reading_json import json_object

    rate = pack(JURISDICTION, datetime.now(UTC).date())["sector_failure_rate"] if base_rate is None else base_rate
    if not 0 < rate < 1:
        raise InputError("The base rate is a share between 0 and 1, such as 0.02.")
    found, checks = score_document(json_object(file), base_rate=rate)
    said = {**asdict(found), "checks": checks}
    lines = [f"{found.points} points ({found.low} to {found.high}): {found.band}."]
    lines += [
        f"  {one.lost:>5.1f} points lost: {one.label} ({'missing' if one.value is None else one.value})"
        for one in found.reasons
    ]
    lines += [f"  {one.band.capitalize()} if: {one.label} {one.direction} {one.at:g}" for one in found.changes]
    lines += [f"  Does not fit: {one['message']}" for one in checks]
    answer(said, as_json=as_json, text="\n".join([*lines, found.caveat]), code=1 if checks else 0)


@market_app.command()
def signals(
    on: datetime = typer.Option(None, "--on", formats=["%Y-%m-%d"], help="The day; the last published one without it."),
    at_least: int = typer.Option(
        None, min=2, help="Leave out groups with fewer judged homes than this; the policy's without it."
    ),
    most: int = typer.Option(20, min=1, help="How many to list."),
    as_json: bool = _JSON,
) -> None:
    """
    Rank groups of children's homes for somebody to look at. A rank is no finding and can start nothing.

    Example: kinfold market signals --on 2025-03-31
    """
    from dataclasses import asdict

    from kinfold.market.policy import JURISDICTION, pack
    from kinfold.market.signals import triage
    from kinfold.market.store import open_register

    held = open_register()
    day = day_or_last(on, held.days)
    found = triage(held.on(day), pack(JURISDICTION, day), at_least=at_least)
    said = {"on": day.isoformat(), **asdict(found)}
    said["signals"] = said["signals"][:most]
    lines = [
        f"{one['rate']['k']:>3} of {one['rate']['n']:>3} below good ({one['rate']['expected']:.1f} expected); "
        f"{one['rate']['low']:.0%} to {one['rate']['high']:.0%}; chance in the family {one['family_chance']:.3f}  {one['name']}"
        for one in said["signals"]
    ]
    answer(said, as_json=as_json, text="\n".join([*lines, found.how_well, *found.cannot_see]))


@market_app.command()
def notifications(
    file: Path = typer.Argument(..., help="CSV or a workbook: group, month, notifications, places; one kind of home."),
    as_json: bool = _JSON,
) -> None:
    """
    Say of which groups the rate of notifications has changed, and since when. An alarm is no finding and can start nothing.

    Example: kinfold market notifications notified.csv
    """
    from dataclasses import asdict

    from kinfold.files.received import Limits
    from kinfold.market.policy import JURISDICTION, pack
    from kinfold.market.signals.notifications import FIELDS, watched
    from kinfold.market.supply.sheet import read_filled

    if not file.is_file() or file.stat().st_size > Limits().file_bytes:
        raise InputError(f"{file.name} is not there, or is too large. Check the path.")
    today = datetime.now(UTC).date()
    found = watched(
        read_filled(file.read_bytes(), name=file.name, fields=FIELDS, today=today), pack(JURISDICTION, today)
    )
    lines = [
        f"{one.group}: {one.seen} notified from {one.since:%B %Y} to {one.alarm:%B %Y}, where {one.expected:.1f} were expected"
        for one in found if one.alarm and one.since
    ]  # fmt: skip
    text = "\n".join(
        [*(lines or ["No group's rate has changed."]), f"{len(found)} groups, {len(lines)} with an alarm."]
    )
    answer({"groups": [asdict(one) for one in found]}, as_json=as_json, text=text)


market_app.registered_commands += ownership_app.registered_commands + foretold_app.registered_commands
market_app.registered_groups += ownership_app.registered_groups

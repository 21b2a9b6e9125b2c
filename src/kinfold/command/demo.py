"""`kinfold demo`: an invented council, loaded through the same doors, open on this machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import typer

from kinfold.command.line import answer, start_service

demo_app = typer.Typer(add_completion=False)


@demo_app.command()
def demo(
    scale: str = typer.Option("council", help="council, region or england."),
    seed: int = typer.Option(1, help="The same seed gives the same people."),
    port: int = typer.Option(8000, help="The port to answer on, on this machine alone."),
    build_only: bool = typer.Option(False, "--build-only", help="Build it and stop."),
    as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document when it is built."),
) -> None:
    """
    Build the demonstration and open it. Every child, family and council in it is invented.

    Example: kinfold demo --port 8123
    """
    os.environ["KINFOLD_DEMO"] = "1"
    start_service()
    from django.conf import settings

    from kinfold.service.records.actions import demonstration
    from kinfold.service.records.models import Load
    from kinfold.service.records.setting_up import migrate_all

    migrate_all()
    demonstration.mark_as_invented()
    if not settings.DEMO:  # settings are read once: begin again, now that the mark stands beside the tables
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 -- the same program again
    if settings.INSTALLATION in NATIONAL:
        _add_market()
        NATIONAL[settings.INSTALLATION]()
    else:
        _add_council(Path(settings.DATA) / "invented", scale, seed, whole=build_only)
    if build_only:
        answer({"built": True, "loads": Load.objects.count()}, as_json=as_json, text="The demonstration is built.")
    elif settings.INSTALLATION in NATIONAL:
        _serve(port)
    else:
        _serve_and_load(port, Path(settings.DATA) / "invented")


def _add_council(folder: Path, scale: str, seed: int, *, whole: bool) -> None:
    """Invent a council or more and load what the first pages need; with `whole`, everything else too."""
    from kinfold.service.records.models import Load

    if not Load.objects.filter(state="done", door="standard_safeguarding_dataset").exists():
        _say(f"Inventing a {scale}: families, workers, schools, homes")
        _invent(scale, seed, folder)
        _say("Loading its files through the same doors as a council's")
        _load(folder, first=True)
    _add_personas()
    if whole:
        add_sharing()
        add_the_rest(folder)


def add_the_rest(folder: Path) -> None:
    """Add what the first pages do not need: providers, the other files, cases, and pairs to decide about."""
    _add_market()
    _load(folder, first=False)
    _add_cases()
    _find_pairs()


def _serve_and_load(port: int, folder: Path) -> NoReturn:
    """Open the pages while a process beside, which ends with them, loads the rest of the files."""
    address = f"http://127.0.0.1:{port}"
    beside = [sys.executable, "-m", "kinfold.command.demo_rest", str(folder), address, str(os.getpid())]
    subprocess.Popen(beside)  # noqa: S603 -- our own words
    _serve(port)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _invent(scale: str, seed: int, folder: Path) -> None:
    from kinfold.synthetic import invent

    for made in invent(scale, seed, folder, today=datetime.now(UTC).date(), mistakes=True):
        _say(f"  {made.folder.name}: {made.children:,} children")


def _load(folder: Path, *, first: bool) -> None:
    """Load the invented files: first the dataset with names, families and workers, then everything else."""
    from kinfold.files.received import Incoming
    from kinfold.service.records.actions import receiving

    today = datetime.now(UTC).date()
    for council in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        code = council.name.split("-")[0]
        wanted = [path for path in sorted(council.iterdir()) if path.is_dir() and not path.name.startswith(".")]
        dataset = [path for path in wanted if path.name == "standard_safeguarding_dataset"]
        chosen = dataset if first else [path for path in wanted if path not in dataset]
        for path in chosen:
            receiving.receive(
                [[Incoming(f"{council.name}/{path.name}", path)]], by="demonstration", today=today, council=code
            )


def _add_personas() -> None:
    from kinfold.service.records.actions import demonstration
    from kinfold.service.records.models import Holder

    for holder in Holder.objects.filter(sort="council").order_by("code")[:2]:
        demonstration.add_personas(holder, today=datetime.now(UTC).date())


def _add_cases() -> None:
    """Add the invented cases of home education, serious incidents, corporate parenting and family hubs."""
    from kinfold.service.records.actions.hubs_demonstration import add_hubs
    from kinfold.service.records.actions.incidents_demonstration import add_cases
    from kinfold.service.records.actions.parenting_demonstration import add_council_report
    from kinfold.service.records.actions.teams_demonstration import add_teams
    from kinfold.service.records.models import Holder

    for holder in Holder.objects.filter(sort="council").order_by("code")[:2]:
        add_cases(holder, today=datetime.now(UTC).date())
        add_hubs(holder, today=datetime.now(UTC).date())
        add_teams(holder, today=datetime.now(UTC).date())
        add_council_report(holder, today=datetime.now(UTC).date())


def _add_market() -> None:
    """Load the invented register of providers, whose numbers the invented placements name, where none is loaded."""
    from django.conf import settings

    from kinfold.command.market import invented_england
    from kinfold.market.store import keep, market_folder

    data = Path(settings.DATA)
    if not (market_folder(data) / "current").exists():
        _say("Loading an invented register of providers, and who owns them")
        keep(invented_england(), folder=data)
        _add_ownership(data)


def _add_ownership(data: Path) -> None:
    """Keep invented statements about who owns the largest invented owners."""
    from kinfold.market.groups import groups_on
    from kinfold.market.ownership.bods import as_statements
    from kinfold.market.ownership.invented import invented_chains, invented_disclosures, invented_operators
    from kinfold.market.ownership.store import keep
    from kinfold.market.store import open_register

    register = open_register(data)
    day = register.days[-1]
    owners = [row["group"] for row in groups_on(register, day)["groups"] if row["sector"] != "Local Authority"][:40]
    keep(as_statements(*invented_chains(owners, seed=1), day, disclosures=invented_disclosures(owners)), folder=data)
    keep(as_statements(*invented_operators(), day), folder=data)


def _add_regulator() -> None:
    """Add an invented regulator with its officers and a case of each sort, the one of oversight about the first in the list."""
    from kinfold.service.records.actions.market_demonstration import add_regulator, in_the_list
    from kinfold.service.records.actions.market_supply_demonstration import (
        add_applications,
        add_vacancies,
        add_workforce,
    )
    from kinfold.service.records.setting_up import add_holder

    holder = add_holder(code="REG", name="Inspectorate of Invented Services")
    group, homes = in_the_list(0)
    served = in_the_list(1)
    add_regulator(
        holder, today=datetime.now(UTC).date(), group=group, homes=homes, served=served if len(served[1]) > 1 else None
    )
    add_applications(holder, today=datetime.now(UTC).date())
    add_workforce(holder, today=datetime.now(UTC).date())
    add_vacancies(holder)


def _add_department() -> None:
    """Add an invented Department with its analysts, the two largest groups in financial oversight (one sound, one failing), and a capital programme."""
    from kinfold.service.records.actions.market_money_demonstration import add_department, largest_groups
    from kinfold.service.records.actions.market_supply_demonstration import add_capital, add_vacancies
    from kinfold.service.records.setting_up import add_holder

    holder = add_holder(code="DEP", name="Department of Invented Services")
    add_department(holder, today=datetime.now(UTC).date(), groups=largest_groups())
    add_capital(holder, today=datetime.now(UTC).date())
    add_vacancies(holder)


NATIONAL = {"regulator": _add_regulator, "department": _add_department}


def add_sharing() -> None:
    """Add six other organisations with agreements to the first council one can be, whom they know, and people of theirs."""
    from kinfold.service.records.actions.agreements_demonstration import add_sharing
    from kinfold.service.records.actions.partners_demonstration import add_partners
    from kinfold.service.records.models import Holder

    holder = Holder.objects.filter(sort="council").order_by("code").first()
    if holder is not None:
        add_sharing(holder, today=datetime.now(UTC).date())
        add_partners(holder, today=datetime.now(UTC).date())


def _find_pairs() -> None:
    """Have the records of the councils one can be compared, so that there is something to decide about."""
    from kinfold.service.jobs.queue import enqueue
    from kinfold.service.records.actions.identity import TASK
    from kinfold.service.records.models import Holder

    for holder in Holder.objects.filter(sort="council").order_by("code")[:2]:
        enqueue(TASK, {"held_by": holder.pk}, held_by=holder.pk, by="demonstration")


def _serve(port: int) -> NoReturn:
    """Open the pages as `kinfold serve` does, in this process begun anew: threads of what built it outlive no fork."""
    _say(f"Open http://127.0.0.1:{port}/ and choose who to be. Stop with Ctrl-C.")
    serve = ["serve", "--port", str(port), "--workers", "2", "--with-worker"]
    os.execv(sys.executable, [sys.executable, "-c", "from kinfold.command import main; main()", *serve])  # noqa: S606

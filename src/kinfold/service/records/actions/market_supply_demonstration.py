"""The supply of homes in the demonstrations: the Department's capital programme, the regulator's applications
to register, free places and those who work in homes. All invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kinfold.market.cases.journal import AGREED, MOVE, PROPOSAL
from kinfold.market.cases.registration import COMPLETE, PROPOSED, REGISTERED, RETURNED, SUBMITTED
from kinfold.market.owners import owner_key
from kinfold.market.supply.fast_track import FAST_TRACK, FITNESS, STANDARD, eligibility, in_force
from kinfold.market.supply.invented import invented_projects
from kinfold.market.supply.invented_applications import InventedApplication, invented_applications
from kinfold.market.supply.invented_workforce import invented_census
from kinfold.market.supply.sheet import Filled, FilledRow
from kinfold.service.records.actions.capital import project_key, take_in
from kinfold.service.records.actions.market_cases import open_case, write
from kinfold.service.records.actions.market_demonstration import Officer, officer
from kinfold.service.records.actions.market_notices import with_notice
from kinfold.service.records.actions.market_workforce import take_in as take_in_workforce
from kinfold.service.records.actions.provider_door import keep_vacancies
from kinfold.service.records.models import Account, Holder, HomeWorkforce, MarketCase
from kinfold.service.records.reads.market import shelf
from kinfold.service.records.reads.market_cases import PROJECT, REGISTRATION, case
from kinfold.service.records.reads.market_workforce import register_homes
from kinfold.service.records.reads.provider_door import PROVIDER, door
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.terms.places import demo_authorities

COUNCILS = [one.la_code for one in demo_authorities()][::19][:8]  # some in most regions
FUNDING = (
    "funding_analyst",
    "capital",
    "Nia Beck",
    "Funding analyst: the capital programme, its places and what stands in their way",
)

REGISTRARS = (
    ("ofsted_registrar", "first", "Fin Lark", "Registrar: applications to register, the fast track, visits, proposes a decision"),
    ("ofsted_registrar", "second", "Gil Oake", "Registrar, the second officer: agrees or does not"),
)  # fmt: skip


def add_capital(holder: Holder, *, today: date) -> MarketCase | None:
    """Add the analyst and an invented programme once, as its file is taken in and people add to it; return a project that is late."""
    with as_system():
        if MarketCase.objects.filter(held_by=holder, sort=PROJECT).exists():
            return None
    nia = officer(holder, *FUNDING, today=today)
    projects = invented_projects(COUNCILS, today=today)
    taken = take_in(
        nia, Filled("programme.csv", [FilledRow(number, one.row) for number, one in enumerate(projects, start=2)])
    )
    if taken.refusals:
        raise AssertionError(f"The invented programme does not fit: {taken.refusals[0]}")
    found: MarketCase | None = None
    for one in projects:
        row = MarketCase.objects.get(held_by=holder, sort=PROJECT, about=project_key(one.row["project"]))
        met = 0
        for sort, said, reasons in one.lines:
            more = {"of": met} if sort == "overcome" else {}
            number = write(nia, row, sort=sort, said={**said, **more}, reasons=reasons).number
            met = number if sort == "barrier" else met
        found = row if one.row["name"] == "Quay Cottage" else found
    return found


def add_applications(holder: Holder, *, today: date) -> MarketCase | None:
    """Add two registrars and invented applications at every stage once; return one on the fast track."""
    with as_system():
        if MarketCase.objects.filter(held_by=holder, sort=REGISTRATION).exists():
            return None
    fin, gil = (officer(holder, *one, today=today) for one in REGISTRARS)
    rows = [
        _application(fin, gil, one, COUNCILS[number % len(COUNCILS)], number, today)
        for number, one in enumerate(invented_applications())
    ]
    return rows[0]


def _application(
    fin: Reader, gil: Reader, one: InventedApplication, council: str, number: int, today: date
) -> MarketCase:
    """Record one application as registrars do, up to where it stands; days it says are some time ago, the lines are of today."""

    def ago(days: int) -> str:
        return (today - timedelta(days=max(one.ago - days, 0))).isoformat()

    said = {
        "provider": one.provider,
        "provision": "children's home",
        "council": council,
        "places": one.places,
        "received_on": ago(0),
    }
    row = open_case(
        fin,
        sort=REGISTRATION,
        about=owner_key(one.provider),
        name=one.name,
        said={**said, **one.facts},
        reasons="application received",
    )
    first = Officer(fin, row)
    if one.reached == RETURNED:
        first.writes(MOVE, "It names no manager, and no money", to=RETURNED, on=ago(4))
    if one.reached in (SUBMITTED, RETURNED):
        return row
    first.writes(MOVE, "Everything that is asked was said", to=COMPLETE, on=ago(4))
    if one.reached == COMPLETE:
        return row
    _routed(first, one, ago(6), today)
    if one.reached in (FAST_TRACK, STANDARD):
        return row
    first.writes("visit", on=ago(16), who="Fin Lark", found="Rooms ready; the office is being moved")
    for check in in_force(today, FITNESS)[: None if one.reached == REGISTERED else 3]:
        first.writes(
            "fitness",
            check=check.name,
            met=one.reached != PROPOSED or check.name != "staffing",
            what="Interview and papers of the application",
        )
    if one.reached == REGISTERED:
        _agreed(first, gil, "All is met", to=REGISTERED, urn=f"SC98{number:04d}")
    if one.reached == PROPOSED:
        first.writes(
            "fitness", check="staffing", met=False, what="Three of seven staff have no experience of the needs named"
        )
        _agreed(first, gil, "Too few of the staff know the needs", to=PROPOSED, proposes="refuse")
    return row


def _routed(first: Officer, one: InventedApplication, on: str, today: date) -> None:
    found = eligibility(one.facts, today)
    route = FAST_TRACK if one.departure else found.route
    first.writes(
        "route",
        one.departure or found.because,
        route=route,
        departure=one.departure,
        on=on,
        rules=found.rules,
        by_the_rules=found.route,
    )


def _agreed(first: Officer, gil: Reader, reasons: str, **said: Any) -> None:
    number = first.writes(PROPOSAL, reasons, evidence=[], **said)
    page = case(gil, REGISTRATION, str(first.row.uid))
    Officer(gil, first.row).writes(AGREED, **with_notice(page, {"of": number, "served_on": page.today.isoformat()}))


def add_vacancies(holder: Holder) -> int:
    """Let the invented providers of an installation say how many places of their homes are free; return of how many homes they did."""
    count = 0
    with as_system():
        accounts = list(
            Account.objects.filter(held_by=holder, email__startswith=f"{PROVIDER.replace('_', '.')}.").order_by("pk")
        )
    for account in accounts:
        reader = Reader(account)
        homes = [one for one in door(reader).homes if one["places"] is not None]
        said = {one["urn"]: min(place % 3, one["places"]) for place, one in enumerate(homes) if place % 5 != 4}
        count += keep_vacancies(reader, said, note="Staffed, from Monday") if said else 0
    return count


def add_workforce(holder: Holder, *, today: date) -> int:
    """Take in an invented census of a part of the register's homes, and the answer of a provider; return of how many homes something was kept."""
    held = shelf(None)
    with as_system():
        if held is None or HomeWorkforce.objects.filter(held_by=holder).exists():
            return 0
    fin = Reader(Account.objects.get(held_by=holder, email__startswith="ofsted.registrar.first@"))
    rows = invented_census(sorted(register_homes(held)), day=date(today.year - (today.month < 10), 9, 30))
    whole, kept = take_in_workforce(fin, Filled("census.csv", rows), today=today)
    if whole.refusals:
        raise AssertionError(f"The invented census does not fit: {whole.refusals[0]}")
    return kept

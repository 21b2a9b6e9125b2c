"""What has to be made in the town before the example of a page can be opened."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.journeys.town import Town


def first_duty() -> str:
    from kinfold.duties.catalogue import duty_catalogue

    return next(iter(duty_catalogue())).id


def with_a_register(arguments: list[Any]) -> list[Any]:
    """Return the arguments of a page once a small invented register of providers has been loaded."""
    from django.conf import settings

    from kinfold.market.invented import Invented, invented_register
    from kinfold.market.store import keep, market_folder

    if not (market_folder(Path(settings.DATA)) / "current").exists():
        homes = [
            Invented(
                f"SC9{n:04d}", "Children's home", "Private", f"Tarn {n % 5} Ltd", "990", "Quillmere", "North West", 4
            )
            for n in range(60)
        ]
        keep(invented_register(homes, last_year=2025, seed=2), folder=Path(settings.DATA))
    return arguments


def with_a_census(town: Town, arguments: list[Any]) -> list[Any]:
    """Return the arguments of a page once half the homes of the register have answered a census of those who work there."""
    from django.test import override_settings

    from kinfold.service.records.actions.market_supply_demonstration import add_workforce

    with_a_register([])
    with override_settings(INSTALLATION="regulator"):
        add_workforce(town.holder, today=town.today)
    return arguments


def a_family(town: Town) -> str:
    """Return the public id of a family that two children belong to."""
    from kinfold.service.records.actions.families import family_for
    from kinfold.service.records.scope import as_system

    with as_system():
        children = [town.things[name] for name in ("robin", "juniper")]
        return str(family_for(town.reader("worker"), children, because="a test").uid)


def a_restricted_child(town: Town) -> str:
    """Return the public id of a child of the manager's team whose record the head of service has restricted."""
    if "isla" not in town.things:
        from kinfold.service.records.actions import people

        town.person("isla", "child", "Isla Wren", date(2015, 2, 2), number="C77")
        people.allocate(
            children=[town.things["isla"]],
            worker=town.things["sam"],
            role="SOCIAL_WORKER",
            by="test",
            because="a journey",
            today=town.ago(300),
        )
        restrict_as(town, "head", "isla")
    return town.uid("isla")


def a_restriction_asked(town: Town) -> str:
    """Return the public id of a request to restrict a record, which the manager has made."""
    from kinfold.service.records.models import RestrictionRequest

    if not RestrictionRequest.objects.exists():
        restrict_as(town, "manager", "tia")
    return str(RestrictionRequest.objects.get().uid)


def restrict_as(town: Town, who: str, child: str) -> None:
    """Restrict a child's record, or ask for it, in the name of whoever works with the child."""
    from kinfold.service.records.actions import restricting
    from kinfold.service.records.reads.restrictions import can_be_named

    named = [uid for uid, _ in can_be_named(town.reader(who), town.things[child])]
    said = restricting.Asked(
        "known_to_staff", "A neighbour of the family works on the front desk", named, town.ago(-20)
    )
    restricting.put_on(town.reader(who), town.uid(child), said)


def an_open_allocation(town: Town) -> str:
    """Return the public id of the allocation of the first child to their worker."""
    from kinfold.service.records.reads.allocations import allocations_of

    found = allocations_of(town.reader("manager"), town.uid())
    return next(one.fact for one in found.open_now if one.worker == "Sam Okoro")


def an_allocation(town: Town) -> int:
    """Return the number of an allocation that the manager has made today."""
    from kinfold.service.records.actions.staff import allocate_children
    from kinfold.service.records.reads.reader import Reader

    return allocate_children(
        Reader(town.who["manager"]),
        children=[town.uid()],
        worker=town.uid("eli"),
        role="PERSONAL_ADVISER",
        because="Ill",
    ).change


def with_owners(arguments: list[Any]) -> list[Any]:
    """Return the arguments of a page once invented statements about owners have been loaded."""
    from django.conf import settings

    from kinfold.market.ownership.bods import as_statements
    from kinfold.market.ownership.invented import invented_chains, invented_operators
    from kinfold.market.ownership.store import keep

    keep(
        as_statements(*invented_chains([f"Tarn {n} Ltd" for n in range(5)], seed=1), date(2026, 1, 1)),
        folder=Path(settings.DATA),
    )
    keep(as_statements(*invented_operators(), date(2026, 1, 1)), folder=Path(settings.DATA))
    return arguments


def a_look(town: Town) -> int:
    from kinfold.service.records.models import AuditEntry

    worker = town.reader("worker")
    worker.looked(worker.account.held_by_id, "child page", [town.uid()])  # its own, whichever pages were opened before
    return int(AuditEntry.objects.filter(action="child page", person=town.uid()).latest("seq").seq)


def a_clock(town: Town) -> str:
    from kinfold.service.records.reads.clocks import child_clocks

    return child_clocks(town.reader("worker"), town.uid(), on=town.today)[0].key

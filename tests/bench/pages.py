"""
Search, a child's page and the pages beside it, timed in process by one reader, each as a share of its limit.

Read at the size of what is loaded in KINFOLD_DATA (or the database KINFOLD_DATABASE_URL names): a council, a region,
England. `search over everything` is asked by somebody who may search every council loaded, which no role of a council
may: it is the hardest search there is. The clock runs from the request's first middleware to the last byte of the
answer; what the network takes is not in it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.bench.names import give_names

ASKED = int(os.environ.get("ASKED", "150"))
SEARCH_MS, CHILD_MS, PAGE_KB = 100.0, 80.0, 100.0
ROLE = "director_of_childrens_services"


@dataclass(frozen=True, slots=True)
class Child:
    """A child that is asked about."""

    uid: str
    name: str
    born: date | None


def pages() -> list[dict[str, Any]]:
    """Time every page for a director of the council with the most children, then search over every council."""
    set_up()
    give_names()
    holder, people = most_children()
    client, everywhere = client_of(director(holder)), client_of(director(holder, everywhere=True))
    size = children_loaded()
    rows = [
        timed(what, size, people, lambda child, ask=ask: ask(client, child), limit_ms=limit)
        for what, ask, limit in _questions()
    ]
    rows += [
        timed(
            f"{what}, over everything", size, people, lambda child, ask=ask: ask(everywhere, child), limit_ms=SEARCH_MS
        )
        for what, ask, limit in _questions()
        if limit == SEARCH_MS
    ]
    return rows


Ask = Callable[[Any, Child], Any]


def _questions() -> list[tuple[str, Ask, float | None]]:
    return [
        ("search by name", lambda c, p: c.post("/search/", {"q": p.name}), SEARCH_MS),
        ("search by a misspelt name", lambda c, p: c.post("/search/", {"q": slip(p.name)}), SEARCH_MS),
        ("search by surname alone", lambda c, p: c.post("/search/", {"q": p.name.split()[-1]}), SEARCH_MS),
        ("search by name and date of birth", lambda c, p: c.post("/search/", {"q": f"{slip(p.name)} {p.born}"}), SEARCH_MS),
        ("search by date of birth", lambda c, p: c.post("/search/", {"q": str(p.born)}), SEARCH_MS),
        ("a child's page", lambda c, p: c.get(f"/children/{p.uid}/"), CHILD_MS),
        ("a child's family", lambda c, p: c.get(f"/children/{p.uid}/family/"), None),
        ("what is due for a child", lambda c, p: c.get(f"/children/{p.uid}/due/"), None),
    ]  # fmt: skip


def set_up() -> None:
    """Start Django as the service does, for requests made in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinfold.service.config.settings")
    os.environ.setdefault("KINFOLD_LOG_LEVEL", "ERROR")
    import logging

    import django

    django.setup()
    logging.getLogger("kinfold").setLevel("ERROR")  # a line to the terminal for each request is not the page's work
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]


def most_children() -> tuple[Any, list[Child]]:
    """Return the council with the most children, and children of it, spread evenly over its register."""
    from django.db.models import Count, Q

    from kinfold.service.records.models import Holder, PersonIndex
    from kinfold.service.records.scope import as_system

    children = Count("personindex", filter=Q(personindex__sort="child"))
    with as_system():
        holder = Holder.objects.annotate(n=children).order_by("-n").first()
        rows = list(
            PersonIndex.objects.filter(held_by=holder, sort="child", birth_date__isnull=False).exclude(name="")
            .order_by("pk").values_list("person__uid", "name", "birth_date")
        )  # fmt: skip
    if holder is None or not rows:
        raise SystemExit("Nothing is loaded in KINFOLD_DATA: run `kinfold demo --build-only` there first.")
    return holder, [Child(str(uid), name, born) for uid, name, born in rows[:: max(1, len(rows) // ASKED)][:ASKED]]


def children_loaded() -> int:
    """Return how many children the register has."""
    from kinfold.service.records.models import PersonIndex
    from kinfold.service.records.scope import as_system

    with as_system():
        return PersonIndex.objects.filter(sort="child").count()


def director(holder: Any, *, everywhere: bool = False, number: int = 0) -> Any:
    """Return an account that reads a whole council, or with `everywhere` all of them: made once."""
    from kinfold.service.records.actions import people
    from kinfold.service.records.models import Account, Holder

    email = f"bench{number or ''}{'-all' if everywhere else ''}@{holder.code.lower()}.invalid"
    found = Account.objects.filter(email=email).first()
    if found is not None:
        return found
    day = date(2020, 1, 1)
    found = people.add_account(email=email, name="Bench", holder=holder, by="bench", today=day)
    people.give_role(account=found, role=ROLE, by="bench", because="bench", today=day)
    if everywhere:
        for other in Holder.objects.exclude(pk=holder.pk):
            _role_in(found, other, day)
    return Account.objects.get(pk=found.pk)


def _role_in(account: Any, holder: Any, day: date) -> None:
    """Give the role in one more council, as no action does: an account belongs to one."""
    from kinfold.service.records.models import Reach, RoleHeld

    RoleHeld.objects.create(
        account=account, role=ROLE, held_by=holder, from_date=day, granted_by="bench", because="bench"
    )
    Reach.objects.create(
        held_by=holder, actor_id=account.person_id, sort="whole_council", from_date=day, because="bench"
    )


def client_of(account: Any) -> Any:
    """Return a client signed in as an account through the council's own directory."""
    from django.test import Client

    from kinfold.service.web.sign_in.second_factor import BY_DIRECTORY

    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[BY_DIRECTORY] = True
    session.save()
    return client


def slip(name: str) -> str:
    """Return a name with one letter left out."""
    return name[:2] + name[3:] if len(name) > 4 else name


def timed(
    what: str, size: int, people: Sequence[Child], call: Callable[[Child], Any], *, limit_ms: float | None
) -> dict[str, Any]:  # fmt: skip
    """Ask for a page about each child and return the middle and 95th percentile, with the share of the limits."""
    from django.db import connection

    call(people[0])
    times, worked, largest = [], [], 0
    for child in people:
        started, began = time.perf_counter(), time.thread_time()
        answer = call(child)
        times.append((time.perf_counter() - started) * 1000)
        worked.append((time.thread_time() - began) * 1000)  # what it takes where nobody else wants the processor
        if answer.status_code != 200:
            raise SystemExit(f"{what} was answered {answer.status_code}")
        largest = max(largest, len(answer.content))
    cuts = statistics.quantiles(times, n=100)
    shares = {"size": round(largest / 1000 / PAGE_KB, 2)} | ({"p95": round(cuts[94] / limit_ms, 2)} if limit_ms else {})
    return {
        "what": what, "database": connection.vendor, "children": size, "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1), "processor_p95_ms": round(statistics.quantiles(worked, n=100)[94], 1), "largest_kb": round(largest / 1000), "load": round(os.getloadavg()[0], 1),
        "of_limit": shares,
    }  # fmt: skip

"""
The pages of what is due, and of the forms by which it is done, timed in process at the size of what is loaded: a
council, a region, England.

Three readers of the council with the most children: one who works with 25 of them, one whose team works with 300, and the
director, who answers for everybody. Clocks that wait for the worker are worked out first, as they are at night.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.bench import pages
from tests.bench.pages import Child

PAGE_MS = 120.0
WORKS_WITH, TEAM = 25, 300
DAY = date(2020, 1, 1)


def due() -> list[dict[str, Any]]:
    """Time every page and letter of what is due, each as a share of its limit."""
    pages.set_up()
    from django.utils import timezone

    from kinfold.service.records.actions.clock_keeping import keep_clocks

    holder, people = pages.most_children()
    keep_clocks(holder.pk, today=timezone.localdate())
    size = pages.children_loaded()
    return [pages.timed(what, size, people, ask, limit_ms=PAGE_MS) for what, ask in _questions(holder, people)]


def _questions(holder: Any, people: list[Child]) -> list[tuple[str, Callable[[Child], Any]]]:
    worker = _reaches(pages.director(holder, number=101), "social_worker", holder, "open_allocation", WORKS_WITH)
    leader = _reaches(pages.director(holder, number=102), "team_manager", holder, "team", TEAM)
    director = pages.director(holder)
    mine, team, service = (pages.client_of(account) for account in (worker, leader, director))
    keys = _keys(people)
    proved = [child for child in people if child.uid in keys]

    def proof(child: Child) -> Any:
        chosen = child if child.uid in keys else proved[hash(child.uid) % len(proved)]
        return service.get(f"/children/{chosen.uid}/due/proof/", {"clock": keys[chosen.uid]})

    return [
        ("my wall", lambda _: mine.get("/due/")),
        ("my wall, overdue", lambda _: mine.get("/due/?show=overdue")),
        ("my team's wall", lambda _: team.get("/due/team/")),
        ("my team's wall, coming up", lambda _: team.get("/due/team/?show=coming")),
        ("my service's wall", lambda _: service.get("/due/service/")),
        ("my service's wall, overdue", lambda _: service.get("/due/service/?show=overdue")),
        ("my service's wall, page 40 of what is coming", lambda _: service.get("/due/service/?show=coming&page=40")),
        ("the catalogue with what runs", lambda _: service.get("/duties/")),
        ("one duty with its cases", lambda _: service.get("/duties/LA18/")),
        ("what if these became law", lambda _: service.get("/duties/what-if/")),
        ("a child's clocks", lambda child: service.get(f"/children/{child.uid}/due/")),
        ("a child's clocks as known on a day", lambda child: service.get(f"/children/{child.uid}/due/?as_known_on=2026-03-04")),
        ("the proof of a clock", proof),
        ("how a service's duties were kept, a quarter", lambda _: service.get("/due/timeliness/")),
        ("how a service's duties were kept, a year",
         lambda _: service.get("/due/timeliness/?from=2025-11-01&to=2026-10-31")),
        ("how a child's duties were kept", lambda child: service.get(f"/due/timeliness/?child={child.uid}")),
        ("my calendar's page", lambda _: mine.get("/due/calendar/")),
        *_forms(mine, worker, service),
    ]  # fmt: skip


def _forms(mine: Any, worker: Any, service: Any) -> list[tuple[str, Callable[[Child], Any]]]:
    """Return the questions about the forms of a worker's children, and about the services beside."""
    from kinfold.service.records.models import Reach

    uids = [str(uid) for uid in Reach.objects.filter(actor_id=worker.person_id).values_list("person__uid", flat=True)]

    def of(child: Child) -> str:
        return f"/children/{uids[hash(child.uid) % len(uids)]}"

    return [
        ("what can be recorded of a child", lambda child: mine.get(f"{of(child)}/record/")),
        ("a form: a visit in care", lambda child: mine.get(f"{of(child)}/record/looked_after_visit/")),
        ("a form: a placement", lambda child: mine.get(f"{of(child)}/record/placement/")),
        ("a form: an assessment", lambda child: mine.get(f"{of(child)}/record/assessment/")),
        ("a child's letters", lambda child: mine.get(f"{of(child)}/letters/")),
        ("what waits for approval", lambda _: service.get("/approvals/")),
        ("family hubs", lambda _: mine.get("/hubs/")),
        ("home education", lambda _: service.get("/home-education/")),
        ("incidents", lambda _: service.get("/incidents/")),
        ("the director's wall", lambda _: service.get("/safety-wall/")),
    ]


def _reaches(account: Any, role: str, holder: Any, sort: str, number: int) -> Any:
    """Return the account as one of another role that reaches so many children in one way: made once."""
    from kinfold.service.records.models import Account, ClockCheck, Reach, RoleHeld

    if not Reach.objects.filter(actor_id=account.person_id, sort=sort).exists():
        RoleHeld.objects.filter(account=account).update(role=role)
        Reach.objects.filter(actor_id=account.person_id).delete()
        children = list(ClockCheck.objects.filter(held_by=holder, person__sort="child").values_list("pk", flat=True))
        Reach.objects.bulk_create(
            Reach(
                held_by=holder, actor_id=account.person_id, person_id=child, sort=sort, from_date=DAY, because="bench"
            )
            for child in random.Random(number).sample(children, min(number, len(children)))
        )
    return Account.objects.get(pk=account.pk)


def _keys(people: list[Child]) -> dict[str, str]:
    """Return, for each of some children who has one, the key of a clock that was to be done."""
    from kinfold.service.records.models import KeptClock

    rows = KeptClock.objects.filter(person__uid__in=[child.uid for child in people], due__isnull=False)
    return {str(uid): key for uid, key in rows.order_by("due").values_list("person__uid", "key")}

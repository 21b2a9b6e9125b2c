"""Two invented family hubs for the demonstration: what they offer, who was referred, what they answered, who came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from kinfold.service.records.actions.casework_hubs import add_hub, add_service
from kinfold.service.records.actions.incidents_demonstration import BECAUSE, children_of, reader_of
from kinfold.service.records.actions.services import keep
from kinfold.service.records.models import Holder, Thing
from kinfold.service.records.reads.casework_hubs import hub_of, hubs
from kinfold.service.records.reads.reader import Reader

GUIDE = "Parenting through change"
OFFERS: dict[str, tuple[dict[str, Any], ...]] = {
    "Quayside Family Hub": (
        {"service": "Parenting course, ten weeks", "for_whom": "parents of children from 4 to 11",
         "how_to_reach": "by referral", "practice_guide": GUIDE, "places": 12},
        {"service": "Help with a baby’s sleep and feeding", "for_whom": "parents of babies to one year",
         "how_to_reach": "come in on Tuesdays", "places": 8},
    ),
    "Hilltop Family Hub": (
        {"service": "Talking and playing together", "for_whom": "children from 2 to 4 and a parent",
         "how_to_reach": "come in on Thursdays", "practice_guide": "Early language at home", "places": 10},
        {"service": "Advice on benefits and debt", "for_whom": "any family", "how_to_reach": "ring first"},
    ),
}  # fmt: skip
# Who was referred to what, how long ago, and what was answered when.
REFERRALS = (
    ("Quayside Family Hub", "Parenting course, ten weeks", 60, "accepted", 55, ""),
    ("Quayside Family Hub", "Parenting course, ten weeks", 40, "declined", 30, "the course had begun: the next is in spring"),
    ("Hilltop Family Hub", "Talking and playing together", 9, "", 0, ""),
)  # fmt: skip


def add_hubs(holder: Holder, *, today: date) -> int:
    """Add the invented hubs to an invented council once; return how many. Needs its personas and the children of one."""
    worker, children = reader_of(holder, "social_worker"), children_of(holder)
    if worker is None or len(children) < len(REFERRALS) or hubs(worker):
        return 0
    rows: dict[str, Thing] = {}
    for name, offers in OFFERS.items():
        uid = add_hub(worker, name=name)
        for said in offers:
            add_service(worker, uid, values=said, since=today - timedelta(days=300))
        rows[name] = hub_of(worker, uid)
    _refer(worker, rows, children, today)
    return len(rows)


def _refer(worker: Reader, rows: dict[str, Thing], children: Sequence[Thing], today: date) -> None:
    for child, (hub, service, ago, answer, answered, why) in zip(children, REFERRALS, strict=False):
        said = {"service": service, "reason": "Calmer evenings, and somebody to ask",
                "how_to_engage": "Ring after four, and speak to the grandmother too", "answer": answer,
                "answered_date": (today - timedelta(days=answered)).isoformat() if answer else "",
                "declined_reason": why}  # fmt: skip
        keep(worker, child, kind="service_referral", values=said, day=today - timedelta(days=ago), because=BECAUSE,
             party=rows[hub])  # fmt: skip
    for session, ago in enumerate((48, 41, 34, 27, 20, 13, 6), start=1):
        came: dict[str, Any] = {
            "programme": "Parenting course",
            "practice_guide": GUIDE,
            "session": session,
            "attended": session != 4,
        }
        keep(worker, children[0], kind="service_attendance", values=came, day=today - timedelta(days=ago),
             because=BECAUSE, party=rows["Quayside Family Hub"])  # fmt: skip

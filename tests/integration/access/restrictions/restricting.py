"""What the tests of restrictions say and do again and again."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from kinfold.service.records.actions import restricting
from tests.integration.council import World

LONG_AGO = date(2025, 5, 1)
WORDS = "The father's sister works on the front desk of this office"
RESTRICTING = ("head_of_service", "director_of_childrens_services", "information_governance")


def asked(world: World, *named: str, **change: Any) -> restricting.Asked:
    """Return a restriction that names the accounts of some roles."""
    said = {"reason": "domestic_abuse", "because": WORDS, "review_date": timezone.localdate() + timedelta(days=60)}
    return restricting.Asked(named=[str(world.accounts[one].uid) for one in named], **{**said, **change})


def put_on(world: World, *named: str, by: str = "head_of_service") -> str:
    """Restrict the child's record to the accounts of some roles."""
    return restricting.put_on(world.reader(by, "a reason"), world.uid(), asked(world, *named))


def sent(world: World, *named: str, **change: Any) -> dict[str, Any]:
    """Return what the form sends."""
    day = timezone.localdate() + timedelta(days=60)
    return {
        "reason": "domestic_abuse", "because": WORDS, "named": [str(world.accounts[one].uid) for one in named],
        "review_date_day": day.day, "review_date_month": day.month, "review_date_year": day.year, **change,
    }  # fmt: skip


def told(answer: Any) -> str:
    """Return what a person could tell from an answer: its text without the tokens that change every time."""
    return re.sub(r'(nonce|value)="[^"]*"|trace[^<]+', "", answer.content.decode())

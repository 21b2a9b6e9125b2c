"""How duties were kept, as files: figures without names, and what was late with names only for who may take them out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from .conftest import Council

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def rows_of(client: Client, ask: str) -> list[dict[str, str]]:
    answer = client.get(f"/due/timeliness/?{ask}")
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def late(council: Council) -> Council:
    """Return the council with two children on plans since January, whom nobody has visited."""
    council.child("Leah")
    for name in ("Robin", "Leah"):
        council.tell(name, "child_protection_plan", {}, date(2026, 1, 5))
    council.keep(timezone.localdate())
    return council


@pytest.mark.parametrize(
    ("role", "named"),
    [
        pytest.param("head_of_service", {"Robin Quill", "Leah Quill"}, id="who may take a list with names out"),
        pytest.param("social_worker", {""}, id="who may not"),
    ],
)
def test_what_was_late_leaves_with_names_only_for_who_may(
    late: Council, signed_in: SignIn, role: str, named: set[str]
) -> None:
    found = rows_of(signed_in(role), "from=2026-01-01&to=2026-03-31&wall=mine&what=late&as=csv" if role == "social_worker"
                    else "from=2026-01-01&to=2026-03-31&what=late&as=csv")  # fmt: skip

    assert {row["Child"] for row in found} == named
    assert "Child protection visit" in {row["What"] for row in found}


def test_the_figures_of_a_cohort_and_of_one_child_name_nobody(late: Council, signed_in: SignIn) -> None:
    client, period = signed_in("social_worker"), "from=2026-01-01&to=2026-03-31&as=csv&what=figures"

    cohort = {row["Duty"]: row for row in rows_of(client, period)}
    one = {row["Duty"]: row for row in rows_of(client, f"{period}&child={late.uid('Leah')}")}

    assert (cohort["CP08"]["Not done"], one["CP08"]["Not done"]) == ("2", "1")
    assert (one["CP08"]["What"], one["CP08"]["Share in time"]) == ("Child protection visit", "0.0")
    assert (one["CP08"]["From"], one["CP08"]["To"]) == ("2026-01-01", "2026-03-31")
    assert not any("Quill" in cell for row in (*cohort.values(), *one.values()) for cell in row.values())


def test_the_page_leads_to_its_files_with_the_same_question(late: Council, signed_in: SignIn) -> None:
    first = (timezone.localdate() - timedelta(days=30)).isoformat()

    page = signed_in("head_of_service").get(f"/due/timeliness/?from={first}&wall=team").content.decode()

    for what in ("figures", "late"):
        assert f"from={first}" in page
        assert f"wall=team&amp;what={what}&amp;as=csv" in page

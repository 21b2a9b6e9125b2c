"""The pages of what is due: walls, proofs, reasons, timeliness, and trying a commencement date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from kinfold.duties import calendars_known_on, clocks, compare, days_in_force, duty_catalogue
from kinfold.duties.table import case_count, cases
from kinfold.service.records.models import AuditEntry, EventFact, KeptClock, PersonIndex
from kinfold.service.records.reads.clock_facts import all_versions
from kinfold.service.records.reads.clock_proof import proved, timeliness
from kinfold.service.records.reads.clock_wall import Show, how_many, wall
from kinfold.service.records.reads.clock_wall_then import wall_then
from kinfold.service.records.reads.clock_what_if import what_if
from kinfold.service.records.reads.clocks import clock_rows
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.scope import as_system
from kinfold.service.web.presenters.due import when_due
from kinfold.service.web.presenters.due_buttons import button
from kinfold.terms.errors import InputError, NotPermitted

from .conftest import TODAY, Council

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def key_of(council: Council, duty: str, name: str = "Robin") -> str:
    council.keep()
    return KeptClock.objects.filter(person=council.persons[name], duty=duty).order_by("pk").first().key  # type: ignore[union-attr]


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("path", "role", "said"),
    [
        pytest.param("/due/", "social_worker", "What is due on", id="mine"),
        pytest.param("/due/?show=overdue", "social_worker", "Robin Quill", id="mine, overdue"),
        pytest.param("/due/team/", "social_worker", "What is due on", id="a team's, by somebody without one"),
        pytest.param("/due/service/?show=overdue", "director_of_childrens_services", "Robin Quill", id="the service's"),
        pytest.param("/due/?show=nonsense&page=minus", "social_worker", "What is due on", id="nonsense is the usual"),
        pytest.param("/due/timeliness/", "head_of_service", "How duties were kept", id="timeliness"),
        pytest.param("/duties/what-if/", "director_of_childrens_services", "Staying Close", id="what if"),
        pytest.param("/duties/?commencement=local", "social_worker", "local", id="the catalogue, local"),
    ],
)
def test_a_page_of_what_is_due_opens(council: Council, signed_in: SignIn, path: str, role: str, said: str) -> None:
    council.tell("Robin", "child_protection_plan", {}, date(2026, 1, 5))
    council.keep(timezone.localdate())

    answer = signed_in(role).get(path)

    assert answer.status_code == 200
    assert said in text_of(answer)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param(
            "/due/timeliness/?from=2026-03-01&to=2026-02-01", "ends before it begins", id="a period backwards"
        ),
        pytest.param("/due/timeliness/?from=yesterday", "is not a date", id="not a date"),
        pytest.param("/duties/what-if/?staying_close=soon", "is not a date", id="not a day to try"),
        pytest.param("/duties/what-if/?no_such=2026-01-01", "no commencement switch", id="no such switch"),
    ],
)
def test_what_cannot_be_answered_says_how_to_ask(council: Council, signed_in: SignIn, path: str, said: str) -> None:
    answer = signed_in("director_of_childrens_services").get(path)

    assert answer.status_code == 400
    assert said in text_of(answer)


def test_a_proof_prints_the_facts_the_rule_and_the_arithmetic(council: Council, signed_in: SignIn) -> None:
    key = key_of(council, "LA18")

    said = text_of(signed_in("social_worker").get(f"/children/{council.uid('Robin')}/due/proof/?clock={quote(key)}"))

    for part in ("It started with the", "20 working days after", "reg. 33(1)", "How what was known"):
        assert part in said


def test_a_proof_shows_how_what_was_known_changed_it(council: Council) -> None:
    key = key_of(council, "LA18")
    council.tell("Robin", "looked_after_review", {}, date(2026, 11, 19))

    found = proved(council.at_noon("social_worker"), council.uid("Robin"), key, on=TODAY)

    assert [change.after.value for _, change in found.changes if change.after] == ["running", "met"]


def test_whoever_does_not_reach_a_child_gets_no_proof(council: Council) -> None:
    council.child("Hidden", worker="nobody")
    council.tell("Hidden", "care_period", {"start_reason": "S"}, date(2026, 11, 1))
    key = key_of(council, "LA18", "Hidden")

    with pytest.raises(NotPermitted):
        proved(council.at_noon("social_worker"), council.uid("Hidden"), key, on=TODAY)


def test_a_clock_that_did_not_run_has_no_proof(council: Council) -> None:
    with pytest.raises(InputError, match="no such clock"):
        proved(council.at_noon("social_worker"), council.uid("Robin"), "FD04:within:none:2026-01-01", on=TODAY)


def test_the_reason_for_lateness_is_kept_and_stands_beside_the_figures(council: Council, signed_in: SignIn) -> None:
    today = timezone.localdate()
    council.tell("Robin", "child_protection_plan", {}, today - timedelta(days=40))
    council.keep(today)
    late = KeptClock.objects.get(person=council.persons["Robin"], duty="CP08", sort="open")
    address = f"/children/{council.uid('Robin')}/due/reason/"

    answer = signed_in("social_worker").post(address, {"clock": late.key, "reason": "The family was away."})

    assert answer.status_code == 302
    assert EventFact.objects.get(kind="duty_reason").payload["about"] == "late"
    found = timeliness(council.at_noon("head_of_service"), first=today - timedelta(days=60), end=today)
    assert [one.reason for one in found.late if one.key == late.key] == ["The family was away."]


def test_a_reason_is_asked_for_only_where_something_is_late(council: Council, signed_in: SignIn) -> None:
    council.tell("Robin", "care_period", {"start_reason": "S"}, timezone.localdate())
    council.keep(timezone.localdate())
    running = KeptClock.objects.filter(person=council.persons["Robin"], sort="open", due__gt=timezone.localdate())
    address = f"/children/{council.uid('Robin')}/due/reason/"

    answer = signed_in("social_worker").post(address, {"clock": running[0].key, "reason": "Why not"})

    assert answer.status_code == 400
    assert "nothing to explain" in text_of(answer)


def test_timeliness_tells_late_doing_from_late_recording(council: Council) -> None:
    start = date(2026, 1, 5)
    council.tell("Robin", "child_protection_plan", {}, start)
    council.tell("Robin", "child_protection_visit", {"seen": True}, date(2026, 1, 12))
    council.keep()

    found = timeliness(council.at_noon("head_of_service"), first=start, end=date(2026, 1, 31))
    visits = next(one for one in found.duties if one.duty == "CP08")

    assert (visits.in_time, visits.recorded_late, visits.not_done) == (1, 1, 1)
    assert visits.share_in_time == 0.5


def test_trying_a_date_says_what_working_everything_out_with_it_would(council: Council) -> None:
    council.child("Leah", born=date(2007, 3, 14))
    council.tell("Leah", "leaving_care", {"eligibility": "former relevant"}, date(2025, 3, 14))
    council.tell("Robin", "proceedings", {"application_type": "care or supervision order"}, date(2026, 10, 1))
    council.keep()
    tried = {"family_group_decision_making": date(2026, 1, 1), "staying_close": date(2025, 1, 1)}
    with as_system():
        facts = [one for child in council.persons.values() for one in all_versions(child.pk)]

    def worked(switched: dict[str, date]) -> list[object]:
        return clocks(facts, duty_catalogue(), calendars_known_on(TODAY), today=TODAY, switches=switched)  # type: ignore[return-value]

    full = compare(worked(days_in_force()), worked(days_in_force(tried)))  # type: ignore[arg-type]
    found = what_if(council.at_noon("director_of_childrens_services"), tried, on=TODAY)

    assert sum(one.would_run for one in found.switches) == len(full.would_run)
    assert sum(one.would_be_overdue for one in found.switches) == len(full.would_be_overdue)
    assert sum(one.would_be_met for one in found.switches) == len(full.would_be_met)
    assert full.would_run or full.would_be_overdue


def test_every_look_at_a_wall_is_recorded_with_those_shown(council: Council) -> None:
    council.keep()
    before = AuditEntry.objects.filter(action="wall").count()

    wall(council.at_noon("social_worker"), on=TODAY, show=Show.OVERDUE)

    assert AuditEntry.objects.filter(action="wall").count() == before + 1


def test_the_service_wall_shows_what_the_council_itself_owes(council: Council, signed_in: SignIn) -> None:
    manager = council.work("team_manager", "Cora Venn")
    assert manager.held_by is not None
    web = signed_in("team_manager")
    assert "its own record is not begun" in text_of(web.get("/due/service/"))

    day = {"day_day": "3", "day_month": "3", "day_year": "2026"}
    report = {"report_type": "statutory return", "step": "submitted"}
    answer = web.post("/due/council/report/", {**day, **report})

    assert answer.status_code == 302
    page = text_of(web.get("/due/service/"))
    assert "Virtual school head appointed" in page
    assert web.post("/due/council/post/", {**day, "post": "virtual school head"}).status_code == 302
    assert "Virtual school head appointed" not in text_of(web.get("/due/service/"))
    assert signed_in("social_worker").get("/due/council/post/").status_code == 403


def test_one_childs_timeliness_is_theirs_alone(council: Council, signed_in: SignIn) -> None:
    council.child("Leah")
    for name in ("Robin", "Leah"):
        council.tell(name, "child_protection_plan", {}, date(2026, 1, 5))
    council.keep(timezone.localdate())

    page = text_of(signed_in("social_worker").get(f"/due/timeliness/?child={council.uid('Leah')}&from=2026-01-01"))

    assert "Leah Quill" in page
    assert "Robin" not in page
    council.child("Stranger", worker="nobody")
    answer = signed_in("social_worker").get(f"/due/timeliness/?child={council.uid('Stranger')}")
    assert answer.status_code == 404


def test_hours_are_those_of_england_whatever_the_database_keeps() -> None:
    assert when_due(datetime(2026, 9, 27, 22, tzinfo=UTC), None) == "27 September 2026 at 23:00"


def test_a_wall_as_it_stood_knows_no_more_than_was_known_that_day(council: Council, signed_in: SignIn) -> None:
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    council.child("Wren")
    council.tell("Wren", "care_period", {"start_reason": "S"}, today - timedelta(days=10))
    reader = Reader(council.accounts["social_worker"], timezone.now())

    known_now = clock_rows(reader, child=None, on=yesterday)
    known_then = clock_rows(reader, child=None, on=yesterday, as_known_on=yesterday)
    page = text_of(signed_in("social_worker").get(f"/due/?as_known_on={yesterday}"))

    assert "LA18" in {row["duty"] for row in known_now if row["child"] == council.uid("Wren")}
    assert known_then == [], "it was typed in today"
    assert "What was due on" in page
    assert "from what was known then" in page
    assert "Wren" not in page
    assert wall_then(reader, on=today).counts[Show.COMING] > 0


def test_what_was_met_since_waits_on_the_wall_as_it_stood(council: Council) -> None:
    today = timezone.localdate()
    council.child("Wren")
    council.tell("Wren", "care_period", {"start_reason": "S"}, today - timedelta(days=10))
    council.tell("Wren", "looked_after_review", {}, today)
    council.keep(today)
    reader = Reader(council.accounts["social_worker"], timezone.now())

    assert not _first_review(clock_rows(reader, child=None, on=today), council)
    assert _first_review(clock_rows(reader, child=None, on=today - timedelta(days=1)), council)


def _first_review(rows: list[dict[str, Any]], council: Council) -> list[dict[str, Any]]:
    return [row for row in rows if row["duty"] == "LA18" and row["child"] == council.uid("Wren")]


def test_a_whole_service_as_it_stood_says_what_to_ask_instead(council: Council, signed_in: SignIn) -> None:
    answer = signed_in("director_of_childrens_services").get("/due/service/?as_known_on=2026-03-04")

    assert answer.status_code == 400
    assert "Choose your own wall or one child" in text_of(answer)


_OF_THE_COUNCIL = {"council_details", "published_report", "data_protection_complaint", "personal_data_breach"}


def test_every_line_about_a_person_has_a_button_that_leads_to_what_meets_it() -> None:
    without = [
        (duty.id, part.label)
        for duty in duty_catalogue()
        for part in duty.rule.parts
        if part.name not in ("asap", "before", "ext") and not button(duty, part.label, str(uuid4()), about="").href
    ]

    assert [one for one in without if not _OF_THE_COUNCIL & _started_by(one[0])] == []


def _started_by(duty: str) -> set[str]:
    return {pattern.kind for pattern in duty_catalogue().duty(duty).trigger}


def test_naming_somebody_is_one_button_with_the_child_and_the_role_filled_in() -> None:
    cell = button(duty_catalogue().duty("LC05"), "at_age", "one", about="")

    assert (cell.text, cell.href) == ("Name them", "/people/allocate/?role=PERSONAL_ADVISER&child=one")


@pytest.mark.parametrize("role", ["social_worker", "director_of_childrens_services"])
def test_the_first_page_says_what_is_due_to_those_who_work_with_children(
    council: Council, signed_in: SignIn, role: str
) -> None:
    web = signed_in(role)
    counts, _ = how_many(council.reader(role), on=timezone.localdate(), which="mine")

    said = text_of(web.get("/"))

    works = role == "social_worker"
    assert ('href="/due/?show=overdue"' in said) is works
    assert not works or f'kinfold-figures__value">{counts[Show.OVERDUE]}<' in said


@pytest.mark.parametrize(
    "address", ["/due/service/", "/due/service/?show=overdue", "/due/timeliness/", "/duties/what-if/"]
)
def test_an_analyst_reads_walls_without_names(council: Council, signed_in: SignIn, address: str) -> None:
    names = set(PersonIndex.objects.filter(sort="child").values_list("name", flat=True))

    director, analyst = (
        text_of(signed_in(role).get(address)) for role in ("director_of_childrens_services", "data_analyst")
    )

    assert not {name for name in names if name in analyst}
    assert ("Name withheld" in analyst) is any(name in director for name in names)


def test_the_catalogue_comes_a_part_at_a_time_and_the_busiest_first_where_that_is_asked(
    council: Council, signed_in: SignIn
) -> None:
    web = signed_in("director_of_childrens_services")

    first, last = (web.get(f"/duties/?page={page}").content.decode() for page in (1, 99))
    busiest = web.get("/duties/?sort=running&domain=review").content.decode()

    assert f"Showing 1 to 40 of {len(list(duty_catalogue()))} duties" in " ".join(re.sub("<[^>]+>", "", first).split())
    assert 'href="/duties/CP04/"' in first
    assert 'href="/duties/CP04/"' not in last
    assert "Download all of them as CSV" in first
    running = [int(number) for number in re.findall(r"--numeric\"><span>([0-9]+)</span>", busiest)]
    assert running == sorted(running, reverse=True)


def test_the_catalogue_says_how_many_cases_of_each_duty_are_tested_and_keeps_the_words_in_its_files(
    council: Council, signed_in: SignIn
) -> None:
    said = text_of(signed_in("social_worker").get("/duties/?q=core+group"))

    assert 'href="/duties/CP04/#cases"' in said
    assert "?q=core+group&amp;as=csv" in said
    for duty in duty_catalogue():
        assert case_count(duty) == sum(1 for _ in cases(duty, calendars_known_on(None), duty_catalogue()))


def test_the_childs_page_leads_to_the_form_that_meets_it(council: Council, signed_in: SignIn) -> None:
    page = text_of(signed_in("social_worker").get(f"/children/{council.uid('Robin')}/due/"))

    assert f"/children/{council.uid('Robin')}/record/looked_after_visit/" in page

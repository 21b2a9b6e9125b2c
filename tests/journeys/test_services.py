"""A consent request decided and reviewed; an incident from awareness to a recommendation done; the director's wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kinfold.service.records.actions import facts, people
from kinfold.service.records.models import Holder, Thing
from tests.journeys.conftest import TODAY, account, child

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Be = Callable[[str], Any]


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def say(kind: str, who: Thing, since: date, **values: Any) -> None:
    facts.record_fact(kind=kind, subject=who, values=values, by="test", because="test", valid_from=since)


@pytest.fixture
def zuri(council: Holder) -> Thing:
    """Return a child with a social worker, and the people of the three services around them."""
    sam = account(council, "Sam Okoro", "social_worker")
    for name, role in (("Elin Marsh", "elective_home_education_officer"), ("Rowena Castell", "director_of_childrens_services"),
                       ("Sunil Farrow", "safeguarding_partnership_manager")):  # fmt: skip
        account(council, name, role)
    made = child(council, "Zuri", "Okafor", date(2017, 3, 9), number="C100")
    people.allocate(children=[made], worker=sam.person, role="SOCIAL_WORKER", by="test", because="test", today=TODAY)
    return made


def type_day(page: Any, legend: str, day: date) -> None:
    group = page.get_by_role("group", name=legend, exact=True)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(number))


def save(page: Any, button: str = "Save") -> None:
    page.get_by_role("button", name=button, exact=True).click()


@dataclass
class Walk:
    """Somebody's way through the pages, each held to axe."""

    be: Be
    page: Any
    site: str
    accessible: Callable[[], None]

    def open(self, who: str, address: str) -> Any:
        """Become somebody and open a page."""
        self.be(who)
        self.page.goto(f"{self.site}{address}")
        return self.page


@pytest.fixture
def walk(be: Be, page: Any, live_server: Any, accessible: Callable[[], None]) -> Walk:
    return Walk(be, page, live_server.url, accessible)


def test_a_parents_request_is_refused_reviewed_and_granted(zuri: Thing, walk: Walk) -> None:
    # given an open enquiry, and a parent who asks
    say("section_47_enquiry", zuri, ago(20))
    request_is_recorded(walk)

    # when the officer confirms the grounds, refuses, and tells the parent, who asks for a review
    request_is_refused(walk)
    review_is_asked_for(walk)

    # then the director looks at it again, and grants it
    page = walk.open("Rowena Castell", "/home-education/")
    walk.accessible()
    page.get_by_role("link", name="Zuri Okafor").click()
    page.get_by_role("link", name="Review of a refusal").click()
    type_day(page, "Day of the decision", ago(0))
    page.get_by_label("Overturned").check()
    page.get_by_label("Why").fill("The enquiry has ended.")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zuri Okafor")
    expect(page.get_by_text("Granted", exact=True).first).to_be_visible()
    walk.accessible()


def request_is_recorded(walk: Walk) -> None:
    """Let the social worker record what the parent asks."""
    page = walk.open("Sam Okoro", "/home-education/")
    walk.accessible()
    page.get_by_label("Record a request: the child’s number in this council").fill("C100")
    save(page, "Go on")
    walk.accessible()
    type_day(page, "Day the request came", ago(10))
    page.get_by_label("What the parent says").fill("School has become too much.")
    save(page, "Record the request")
    expect(page.get_by_text("To be decided").first).to_be_visible()
    walk.accessible()


def request_is_refused(walk: Walk) -> None:
    """Let the officer confirm the grounds and refuse; a decision without its day is not saved."""
    page = walk.open("Elin Marsh", "/home-education/")
    page.get_by_role("link", name="Zuri Okafor").click()
    page.get_by_role("link", name="Confirm the grounds").click()
    save(page)
    page.get_by_role("link", name="Decide on consent").click()
    save(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    walk.accessible()
    type_day(page, "Day of the decision", ago(6))
    page.get_by_label("Refused").check()
    page.get_by_label("Why").fill("The enquiry is still open.")
    save(page)


def review_is_asked_for(walk: Walk) -> None:
    """Tell the parent how to have it looked at again, which the letter says, and record that they asked."""
    page = walk.page
    page.get_by_role("link", name="Tell the parent").click()
    type_day(page, "Day on which the parent was told how to ask for a review", ago(5))
    save(page)
    page.get_by_role("link", name="The letter to the parent").click()
    expect(page.get_by_text("look at this decision again")).to_be_visible()
    walk.accessible()
    page.get_by_role("link", name="Back to the case").click()
    page.get_by_role("link", name="Review of a refusal").click()
    type_day(page, "Day on which they asked", ago(3))
    page.get_by_label("Director of children's services").check()
    save(page)


@pytest.mark.usefixtures("zuri")
def test_an_incident_is_notified_reviewed_published_and_its_recommendation_done(walk: Walk) -> None:
    # given an incident the social worker records, which the manager says is notifiable and the director submits
    incident_is_recorded(walk)
    case = incident_is_notified(walk)

    # when the partners review, decide, publish and recommend, and what was recommended is done
    partners_review(walk, case)
    page = walk.page
    page.get_by_role("link", name="1 Train on bruising.").click()
    walk.accessible()
    page.get_by_label("What changed, and how it is known").fill("Everybody was trained.")
    type_day(page, "Day it was done (optional)", ago(0))
    save(page)

    # then nothing is left to do, and others find what was recommended
    expect(page.get_by_text("Closed", exact=True)).to_be_visible()
    page.goto(f"{walk.site}/learning/?q=bruising")
    expect(page.get_by_text("Train on bruising.")).to_be_visible()
    walk.accessible()
    page.goto(f"{walk.site}/partnership-report/")
    expect(page.get_by_role("cell", name="1 of 1").first).to_be_visible()
    walk.accessible()
    page.goto(case.rstrip("/") + "/notice/")
    walk.accessible()


def incident_is_recorded(walk: Walk) -> None:
    """Let the social worker record what happened."""
    page = walk.open("Sam Okoro", "/incidents/")
    walk.accessible()
    page.get_by_label("Record an incident: the child’s number in this council").fill("C100")
    save(page, "Go on")
    walk.accessible()
    type_day(page, "When the council became aware", ago(2))
    page.get_by_label("Time, such as 15:10").fill("15:10")
    page.get_by_label("Abuse or neglect known or suspected").check()
    page.get_by_label("Child seriously harmed").check()
    save(page, "Record it")
    walk.accessible()


def incident_is_notified(walk: Walk) -> str:
    """Let the manager say why it is notifiable and the director submit it; return the case's address."""
    page = walk.open("Sunil Farrow", "/incidents/")
    page.get_by_role("link", name="Zuri Okafor").click()
    case = str(page.url)
    page.get_by_role("link", name="Decide whether it is notifiable").click()
    page.get_by_label("Yes").check()
    page.get_by_label("Why, or why not").fill("Serious harm, and abuse is suspected.")
    save(page)
    walk.open("Rowena Castell", "/safety-wall/")
    expect(page.get_by_text("Waits for the director")).to_be_visible()
    walk.accessible()
    page.get_by_role("link", name="Zuri Okafor").first.click()
    page.get_by_role("link", name="Director decides to submit").click()
    walk.accessible()
    page.get_by_label("Submit it to the Panel now").check()
    save(page)
    expect(page.get_by_text("Rapid review under way")).to_be_visible()
    return case


def partners_review(walk: Walk, case: str) -> None:
    """Let the partners take each step from the rapid review to a recommendation."""
    walk.be("Sunil Farrow")
    page = walk.page
    for link, fill in (
        ("Rapid review sent to the Panel", {"day": "Day it was sent to the Panel", "check": "Yes"}),
        ("Decide on a practice review", {"day": "Day of the decision", "check": "Review", "Who decided": "The partners",
                                         "Why": "A new pattern."}),
        ("Practice review to a final report", {"day": "Day it began"}),
        ("Practice review to a final report", {"day": "Day"}),
        ("Send the report before publication", {"day": "Day it was sent"}),
        ("Publish the report", {"day": "Day of publication"}),
        ("Record a recommendation", {"day": "Day it was made", "What is recommended": "Train on bruising.",
                                     "Theme": "bruising"}),
    ):  # fmt: skip
        page.goto(case)
        page.get_by_role("link", name=link, exact=True).click()
        type_day(page, fill.pop("day"), ago(0))
        if choice := fill.pop("check", ""):
            page.get_by_role("radio", name=choice, exact=True).first.check()
        for label, words in fill.items():
            page.get_by_label(label, exact=True).fill(words)
        save(page)
        expect(page).to_have_url(case)
    walk.accessible()


def test_the_directors_wall_shows_deaths_overdue_notices_and_children_at_risk(
    zuri: Thing, be: Be, accessible: Callable[[], None], page: Any, live_server: Any
) -> None:
    say("serious_incident", zuri, ago(30), aware_at=f"{ago(30)}T09:00:00+00:00", notifiable=True)
    say("child_protection_plan", zuri, ago(300), initial_category="NEG")
    kai = child(zuri.held_by, "Kai", "Reyes", date(2004, 5, 1), number="C200")
    say("leaving_care", kai, date(2022, 5, 1), eligibility="former relevant")
    say("death", kai, ago(2), was_care_leaver=True)

    be("Rowena Castell")
    page.goto(f"{live_server.url}/safety-wall/")

    expect(page.get_by_text("Notify the Panel").first).to_be_visible()
    expect(page.get_by_role("link", name="Kai Reyes").first).to_be_visible()
    expect(page.get_by_text("Children at risk: clocks that are overdue or due soon")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Kai Reyes").first.click()
    expect(page.get_by_text("care leaver", exact=False).first).to_be_visible()
    accessible()
    page.goto(f"{live_server.url}/corporate-parenting/")
    expect(page.get_by_text("Enacted, not in force", exact=False)).to_be_visible()
    accessible()

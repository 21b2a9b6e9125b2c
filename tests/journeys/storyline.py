"""A story told through the real pages: its days come, its people fill in forms, and the wall says what is due."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

import kinfold.record.kinds  # noqa: F401 -- names every kind
from kinfold.casework import Form, Shape, form_named
from kinfold.casework.form import Each, Question
from kinfold.duties import duty_catalogue
from kinfold.duties.arithmetic import LONDON
from kinfold.service.records.actions import facts, people
from kinfold.service.records.actions.clock_keeping import keep_clocks
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.models import Account, Holder, Reach, Thing
from kinfold.service.records.setting_up import add_holder
from kinfold.service.web.drawings.words import day_words
from tests.integration.casework.sent_forms import sent
from tests.journeys.conftest import Served, account, child, passes

LONG_AGO = date(2020, 1, 1)
TYPED = frozenset(
    {Shape.DAY, Shape.MOMENT, Shape.NUMBER, Shape.MONEY, Shape.SHORT, Shape.LONG, Shape.LINES, Shape.PARTS}
)
# Every line of the tables in front: their cells as a person reads them, folded parts too.
LINES = "() => [...document.querySelectorAll('tbody tr')].map(r => [...r.children].map(c => c.textContent.trim()))"


class Hands:
    """The hands of the server's clock: set to a moment of the story, they go on from there."""

    def __init__(self) -> None:
        self.set("2026-11-02T09:00")

    def set(self, text: str) -> None:
        """Set the clock to a moment in London."""
        self._from = datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Return the moment it is."""
        return self._from + timedelta(seconds=time.monotonic() - self._since)


def days(*given: str) -> str:
    """Return days as a page writes them, one after the other."""
    return " ".join(day_words(date.fromisoformat(one)) for one in given)


@dataclass
class Story:
    """One council with the story's people in it, and the browser of whoever is at work."""

    served: Served
    page: Any
    hands: Hands
    holder: Holder
    accounts: dict[str, Account] = field(default_factory=dict)
    children: dict[str, Thing] = field(default_factory=dict)
    of_family: tuple[str, ...] = ()

    def work(self, role: str, name: str) -> None:
        """Let somebody with a role work here."""
        with self.served.database():
            self.accounts[role] = account(self.holder, name, role)

    def in_the_directory(self, role: str) -> None:
        """Let whoever has a role stand among the workers to whom children can be allocated."""
        account = self.accounts[role]
        with self.served.database():
            facts.record_fact(kind="worker_details", subject=account.person, by="test", because="the story",
                              values={"full_name": account.name, "job_title": "Practitioner"})  # fmt: skip
            index_persons(self.holder.pk, [account.person_id])

    def child(self, name: str, born: str, *works: str) -> Thing:
        """Add a child of the story, with the social worker and whoever else works with them."""
        forename, _, surname = name.partition(" ")
        with self.served.database():
            made = child(self.holder, forename, surname, date.fromisoformat(born), number=f"C{len(self.children) + 1}")
            for role in ("social_worker", *works):
                people.allocate(children=[made], worker=self.accounts[role].person, role=role.upper(), by="test",
                                because="the story", today=LONG_AGO, replace=False, is_primary=role == "social_worker")  # fmt: skip
        self.children[forename] = made
        return made

    def adult(self, name: str, tie: str, child: str) -> Thing:
        """Add an adult of the family, whom the social worker works with too."""
        forename, _, surname = name.partition(" ")
        with self.served.database():
            made = Thing.objects.create(word="person", sort="adult", held_by=self.holder)
            self.children[forename] = made
            self.say(forename, "name", {"forename": forename, "surname": surname, "name_type": "LEGAL"})
            facts.record_fact(kind=tie, subject=made, values={}, by="test", because="the story",
                              party=self.children[child])  # fmt: skip
            self.reaches("social_worker", forename, "open_allocation")
        return made

    def family(self, *names: str) -> None:
        """Make children of the story brothers and sisters, the family that `of_family` names."""
        self.of_family = names
        with self.served.database():
            group = Thing.objects.create(word="person", sort="group", held_by=self.holder)
            for name in names:
                facts.record_fact(kind="member_of_group", subject=self.children[name], party=group, values={},
                                  by="test", because="the story")  # fmt: skip

    def reaches(self, role: str, who: str, sort: str = "appointment") -> None:
        """Let somebody work with a person: appointed to a meeting or a decision, where `sort` says no other way."""
        with self.served.database():
            Reach.objects.create(actor=self.accounts[role].person, person=self.children[who], sort=sort,
                                 held_by=self.holder, from_date=LONG_AGO, because="the story")  # fmt: skip

    def is_their_own(self, who: str) -> None:
        """Let a young person of the story see their own record."""
        with self.served.database():
            own = people.add_account(email=f"{who.lower()}@{self.holder.code}.invalid", name=who, holder=self.holder,
                                     by="test", today=LONG_AGO, persona="for this journey", worker=self.children[who])  # fmt: skip
            people.give_role(account=own, role="child", by="test", because="the story", today=LONG_AGO)
            self.accounts["child"] = own
            Reach.objects.get_or_create(actor=self.children[who], person=self.children[who], sort="self",
                                        held_by=self.holder, defaults={"from_date": LONG_AGO, "because": "it is theirs"})  # fmt: skip

    def overnight(self) -> None:
        """Let the worker keep the clocks, as it does within seconds of a change and every night."""
        with self.served.database():
            keep_clocks(self.holder.pk)

    def say(self, who: str, kind: str, values: Mapping[str, Any], since: str = "", until: str = "") -> str:
        """Put a fact on record that the story takes as known."""
        first, end = (date.fromisoformat(day) if day else None for day in (since, until))
        with self.served.database():
            return str(facts.record_fact(kind=kind, subject=self.children[who], values=dict(values), valid_from=first,
                                         valid_to=end, by="test", because="the story"))  # fmt: skip

    def at(self, moment: str, role: str = "social_worker") -> None:
        """Let a moment of the story come, and somebody sit down to work."""
        self.hands.set(moment if "T" in moment else f"{moment}T09:00")
        self.page.context.clear_cookies()
        self.served.sign_in(self.page.context, self.accounts[role])

    def open(self, address: str) -> Any:
        """Open a page by its address in the service."""
        self.page.goto(f"{self.served.url}{address}")
        return self.page

    def record(
        self, who: str, form: str, *, how: str = "", because: str = "", check: bool = False, also: Sequence[str] = (),
        **given: Any,
    ) -> str:  # fmt: skip
        """
        Fill in a form, read it through and record it; return what the check page said must come first.

        `how` is `happened` or `decide` where a gate stands before it. `check` holds the check page to axe. `also` are
        the brothers and sisters whom the one form is about as well.
        """
        self.fill(who, form, also=also, **given)
        self.page.wait_for_load_state()
        told = self.page.locator("main").inner_text()
        if check:
            passes(self.page)
        if how:
            self.page.check(f"#how_{how}", force=True)
        if because:
            self.page.fill("#because", because)
        self.page.get_by_role("button", name="Record this").or_(
            self.page.get_by_role("button", name="Send for approval")
        ).click()
        self.page.locator(".govuk-notification-banner").first.wait_for()
        return str(told)

    def refused(self, who: str, form: str, **given: Any) -> str:
        """Fill in a form that is refused; return what is said to be wrong with it."""
        with pytest.raises(AssertionError):
            self.fill(who, form, **given)
        return str(self.page.locator(".govuk-error-summary").inner_text())

    def fill(self, who: str, name: str, *, also: Sequence[str] = (), **given: Any) -> None:
        """Fill in a form as far as the page that shows the answers, with each sibling's own part of it."""
        form = form_named(name)
        self.open(f"/children/{self.children[who].uid}/record/{name}/")
        for sibling in also:
            self.page.check(f'[name="also"][value="{self.children[sibling].uid}"]', force=True)
        self._give([one for one in form.questions if one.required or one.name in given], given)
        self.page.get_by_role("button", name="Check your answers").click()
        for sibling in sorted(also):
            self._own_part(form, sibling)
        wrong = self.page.locator(".govuk-error-summary")
        self.page.get_by_role("heading", name="Check your answers").or_(wrong).first.wait_for()
        assert not wrong.count(), wrong.inner_text()

    def _own_part(self, form: Form, sibling: str) -> None:
        """Answer what is asked of a sibling alone, where the form asks anything of each."""
        if not any(one.each for one in form.questions):
            return
        expect(self.page.get_by_role("heading", level=1, name=sibling)).to_be_visible()
        self._give([one for one in form.questions if one.each is Each.OWN and one.required], {})
        self.page.get_by_role("button", name="Continue").click()

    def _give(self, asked: Sequence[Question], given: Mapping[str, Any]) -> None:
        """Answer questions of the form in front: as given, else with anything that fits."""
        known = {one.name for one in asked if one.known and one.name not in given and self._stands(one.name)}
        shapes = {question.name: question.shape for question in asked}
        told = sent([one for one in asked if one.name not in known], given, day=self.hands.now().date())
        for control in [name for name, shape in shapes.items() if shape is Shape.DAY and name in given]:
            year, month, number = told.pop(control).split("-")
            told |= {f"{control}_day": number, f"{control}_month": month, f"{control}_year": year}
        self.page.evaluate("for (const one of document.querySelectorAll('form details')) one.open = true")
        for control, answer in told.items():
            self._answer(control, answer, shapes.get(control))
        for control in (one.name for one in asked if one.shape is Shape.WHICH and one.name not in given):
            self.page.locator(f'[name="{control}"]').last.check(force=True)

    def _stands(self, control: str) -> bool:
        """Return whether the record has filled in a control already."""
        filled = f'[name="{control}"]:checked, select[name="{control}"], textarea[name="{control}"], input[type=text][name^="{control}"]'
        return bool(self.page.evaluate("named => document.querySelector(named)?.value", filled))

    def _answer(self, control: str, answer: Any, shape: Shape | None) -> None:
        control_of = f'[name="{control}"]'
        if shape is None or shape in TYPED:
            self.page.fill(control_of, str(answer))
        elif self.page.locator(f"select{control_of}").count():
            self.page.select_option(control_of, answer)
        else:
            self.page.check(f'{control_of}[value="{answer}"]', force=True)

    def due(self, who: str, duty: str) -> list[tuple[str, str]]:
        """Return what a child's page of clocks says of a duty: by when, and the state, line by line."""
        return self.clocks(who)[duty]

    def clocks(self, who: str) -> dict[str, list[tuple[str, str]]]:
        """Return what a child's page of clocks says of every duty: by when, and the state, line by line."""
        self.open(f"/children/{self.children[who].uid}/due/")
        by_label = {one.label: one.id for one in duty_catalogue().duties.values()}
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for line in self.lines():
            if line[0] in by_label:
                found[by_label[line[0]]].append((line[1], line[2]))
        return found

    def lines(self) -> list[list[str]]:
        """Return every line of the tables in front, folded ones too, as its cells."""
        return list(self.page.evaluate(LINES))

    def day(self, legend: str, day: str) -> None:
        """Type a day into the three boxes under a legend."""
        year, month, number = day.split("-")
        group = self.page.get_by_role("group", name=legend, exact=True)
        for label, part in (("Day", number), ("Month", month), ("Year", year)):
            group.get_by_label(label, exact=True).fill(part)

    def press(self, button: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=button, exact=True).click()

    def wall(self, which: str = "", show: str = "now") -> list[list[str]]:
        """Return the lines of a wall: child, what, by when, state."""
        self.open(f"/due/{which}?show={show}")
        return [line[:4] for line in self.lines()]

    def passes(self) -> None:
        """Hold the page in front to axe at both widths."""
        passes(self.page)


def begin(served: Served, page: Any, hands: Hands, code: str, **roles: str) -> Story:
    """Return a story in a council of its own, with a social worker, a team manager and whoever else is named by role."""
    hands.set("2026-11-02T09:00")
    with served.database():
        story = Story(served, page, hands, add_holder(code=code, name=f"Council {code}"))
    for role, name in {"social_worker": "Sam Okoro", "team_manager": "Mary Ash", **roles}.items():
        story.work(role, name)
    return story

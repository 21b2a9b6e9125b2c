"""An invented council with something to see on every page: what the sweep of all pages and the long journeys stand on."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.test import override_settings

import kinfold.record.kinds
import kinfold.service.jobs.worker  # noqa: F401 -- names every task
from kinfold.service.jobs.queue import finish, take
from kinfold.service.jobs.tasks import run_task
from kinfold.service.records.actions import (
    access,
    adopting,
    child_protection_teams,
    destroying,
    facts,
    identity,
    people,
    receiving,
    rights,
    saved_lists,
)
from kinfold.service.records.actions import papers as paper_actions
from kinfold.service.records.loading.indexing import index_persons
from kinfold.service.records.loading.resolve import remember
from kinfold.service.records.models import Account, Grant, Holder, IdentifierKey, Load, Pair, QuarantinedRow, Thing
from kinfold.service.records.reads.person import find_person
from kinfold.service.records.reads.questions import Question
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.rights import for_rights
from kinfold.service.records.scope import as_system
from kinfold.service.records.setting_up import add_holder

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def the_return(folder: Path, children: int, *, wrong: str = "C2") -> list[Path]:
    """Write a year's return of so many children; the episode of `wrong` begins on a day that does not exist."""
    numbers = [f"C{number}" for number in range(1, children + 1)]
    days = {wrong: "31/02/2025"}
    tables = {
        "header.csv": [HEADER, *(f"{n},1,01/01/2015,WBRI,,," for n in numbers)],
        "episodes.csv": [EPISODES, *(f"{n},{days.get(n, '01/05/2025')},S,C2,N1,U1,PR1,,,,,," for n in numbers)],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join([*lines, ""]))
    return [folder / name for name in tables]


@dataclass
class Town:
    """The council: its accounts by what they do, its people and bodies by name, its facts by what they are."""

    today: date
    holder: Holder
    who: dict[str, Account] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def uid(self, name: str = "robin") -> str:
        """Return the public id of somebody or something."""
        return str(self.things[name].uid)

    def reader(self, who: str) -> Reader:
        """Return somebody as a reader."""
        return Reader(self.who[who])

    def governance(self, who: str = "governance") -> Reader:
        """Return information governance as a reader that says its reason."""
        return for_rights(self.reader(who))

    def ago(self, days: int) -> date:
        """Return the day so many days ago."""
        return self.today - timedelta(days=days)

    def say(self, subject: str, kind: str, values: dict[str, Any], since: date | None = None,
            until: date | None = None, **rest: Any) -> str:  # fmt: skip
        """Record a fact about somebody and return its public id."""
        party = self.things.get(rest.pop("party", ""))
        return str(facts.record_fact(kind=kind, subject=self.things[subject], values=values, valid_from=since,
                                     valid_to=until, party=party, by="test", because="a journey", **rest))  # fmt: skip

    def person(self, key: str, sort: str, name: str, born: date | None = None, *, number: str = "") -> Thing:
        """Add somebody with a name."""
        forename, _, surname = name.partition(" ")
        made = self.things[key] = Thing.objects.create(word="person", sort=sort, held_by=self.holder)
        if number:
            remember(self.holder.pk, [("la_child_id", number, made.pk)])
            self.say(key, "identifier", {"identifier_type": "la_child_id", "value": number}, ref=number)
        self.say(key, "name", {"forename": forename, "surname": surname, "name_type": "LEGAL"})
        if born:
            self.say(key, "person_details", {"birth_date": born, "sex": "F"})
        index_persons(self.holder.pk, [made.pk])
        return made

    def worker(self, key: str, name: str, team: str) -> Thing:
        """Add a worker of a team."""
        made = self.things[key] = Thing.objects.create(word="person", sort="worker", held_by=self.holder)
        self.say(key, "worker_details", {"full_name": name, "job_title": "Social worker", "department": team})
        index_persons(self.holder.pk, [made.pk])
        return made

    def account(self, key: str, role: str, name: str, *, worker: Thing | None = None, team: Thing | None = None) -> Account:  # fmt: skip
        """Add an account with a role, whom one can choose on the page of personas."""
        made = people.add_account(
            email=f"{key}@{self.holder.code}.invalid", name=name, holder=self.holder, by="test",
            today=date(2020, 1, 1), worker=worker, persona="for a journey",
        )  # fmt: skip
        people.give_role(account=made, role=role, by="test", because="a journey", today=date(2020, 1, 1), scope=team)
        self.who[key] = made
        return made


def found_town(today: date) -> Town:
    """Found the council: people at work, one family, one record whose time is over, files, papers and requests."""
    with as_system():
        town = Town(today, add_holder(code="990", name="Elmshire"))
        _people_at_work(town)
        _family(town)
        _allocations(town)
        _old_record(town)
        _adoption(town)
        _papers(town)
        _files(town)
        _rights(town)
        _the_rest(town)
        _sharing(town)
        _regulator(town)
        _department(town)
    return town


def _people_at_work(town: Town) -> None:
    team = town.things["team"] = people.add_team(holder=town.holder, code="T1", name="North", by="test")
    sam, eli = town.worker("sam", "Sam Okoro", "T1"), town.worker("eli", "Eli Reed", "T1")
    town.account("worker", "social_worker", "Sam Okoro", worker=sam, team=team)
    town.account("other worker", "social_worker", "Eli Reed", worker=eli, team=team)
    town.account("manager", "team_manager", "Mary Ash", team=team)
    town.account("head", "head_of_service", "Hal Brook")
    town.account("director", "director_of_childrens_services", "Rowena Castell")
    town.account("analyst", "data_analyst", "Priya Lomax")
    town.account("night", "emergency_duty_team", "Tom Harrow")
    town.account("governance", "information_governance", "Nadia Fenn")
    town.account("governance 2", "information_governance", "Omar Tull")
    town.account("administrator", "application_administrator", "Lewis Oduya")
    town.account("partnership", "safeguarding_partnership_manager", "Sunil Farrow")
    town.account("panel", "practice_review_panel_reader", "Petra Lund")
    town.account("inspector", "ofsted_inspector", "Greta Sallow")


def _family(town: Town) -> None:
    home = town.things["home"] = Thing.objects.create(word="body", sort="setting", held_by=town.holder)
    IdentifierKey.objects.create(held_by=town.holder, sort="urn", value="SC900001", thing=home)
    town.say("home", "setting_details", {"name": "Larchmere House", "urn": "SC900001"})
    town.person("robin", "child", "Robin Quill", date(2014, 6, 14), number="C1001")
    town.person("juniper", "child", "Juniper Quill", date(2016, 1, 9), number="C1002")
    town.person("tia", "child", "Tia Marsh", date(2012, 5, 1), number="C1003")
    town.person("mother", "adult", "Ottoline Brae", date(1988, 2, 3))
    town.person("father", "adult", "Darren Pike", date(1986, 9, 30))
    for child in ("robin", "juniper"):
        town.facts[f"mother of {child}"] = town.say(
            "mother", "mother_of", {"parental_responsibility": True}, party=child
        )
    town.say("father", "father_of", {}, party="robin")
    town.say("robin", "address", {"address_lines": "4 Hazel Row, Elmbridge", "postcode": "LS1 4AP"}, town.ago(1400))
    town.say("robin", "child_protection_plan", {"initial_category": "NEG"}, town.ago(700), town.ago(400))
    for child in ("robin", "tia"):
        town.say(child, "care_period", {"start_reason": "S", "primary_need": "N1"}, town.ago(400))
        town.say(child, "legal_status", {"legal_status": "C2"}, town.ago(400))
        town.say(child, "placement", {"placement_type": "K2", "placement_provider": "PR4", "urn": "SC900001"},
                 town.ago(400), party="home", ref="SC900001")  # fmt: skip
    town.say("robin", "looked_after_review", {"participation": "PN1"}, town.ago(100))
    town.facts["review"] = town.say("robin", "contact", {"contact_source": "1A"}, town.ago(750))


def _allocations(town: Town) -> None:
    for child in ("robin", "juniper"):
        people.allocate(children=[town.things[child]], worker=town.things["sam"], role="SOCIAL_WORKER", by="test",
                        because="a journey", today=town.ago(300))  # fmt: skip
    people.allocate(children=[town.things["tia"]], worker=town.things["eli"], role="SOCIAL_WORKER", by="test",
                    because="a journey", today=town.ago(300))  # fmt: skip
    from kinfold.service.records.reaching import write_reach

    write_reach(town.holder.pk, {town.things[name].pk for name in ("robin", "juniper", "tia")})
    people.put_in_sample(
        account=town.who["inspector"], children=[town.things["robin"]], by="test", today=town.today, days=10
    )


def _old_record(town: Town) -> None:
    town.person("percival", "child", "Percival Stone", date(1990, 1, 1), number="C7")
    town.person("agatha", "child", "Agatha Stone", date(1991, 1, 1), number="C8")
    for child in ("percival", "agatha"):
        town.say(child, "referral_episode", {}, date(2001, 1, 1), date(2001, 6, 1))
    destroying.decide_review(town.governance(), town.uid("percival"), decision="destroy", reason="The time is over")
    town.facts["proposal"] = next(one.fact for one in _proposals(town))


def _adoption(town: Town) -> None:
    for key, role, name in (
        ("adoption", "adoption_worker", "Ines Rowe"), ("adoption 2", "adoption_worker", "Caleb Dunn"),
        ("archivist", "adoption_archivist", "Vera Lisle"), ("archivist 2", "adoption_archivist", "Noel Pask"),
    ):  # fmt: skip
        worker = town.things[key] = Thing.objects.create(word="person", sort="worker", held_by=town.holder)
        town.account(key, role, name, worker=worker)
    for key, name in (("poppy", "Poppy Marrable"), ("hester", "Hester Vine")):
        town.person(key, "child", name, date(2023, 3, 9))
        town.say(key, "placed_for_adoption", {}, town.ago(200))
        people.allocate(children=[town.things[key]], worker=town.things["adoption"], role="adoption_worker", by="test",
                        because="a journey", today=town.ago(300))  # fmt: skip
    asked = adopting.ask_to_seal(town.reader("adoption"), town.uid("hester"), order_date=town.ago(9), purpose="The court's order")  # fmt: skip
    adopting.answer(town.reader("adoption 2"), str(asked.uid), agree=True)
    asked = adopting.ask_to_seal(town.reader("adoption"), town.uid("poppy"), order_date=town.ago(2), purpose="The court's order")  # fmt: skip
    town.facts["seal request"] = str(asked.uid)


def _proposals(town: Town) -> list[Any]:
    from kinfold.service.records.reads.keeping import proposals

    return proposals(town.governance())


def _papers(town: Town) -> None:
    sam, robin = town.reader("worker"), find_person(town.uid())
    town.facts["note"] = paper_actions.write_paper(
        sam, robin, kind="note", day=town.ago(30), title="Visit at home",
        words="Darren rang from work. Robin likes the new school.", said={},
    )  # fmt: skip
    town.facts["scan"], _ = paper_actions.attach(
        sam, robin, kind="attachment", day=town.ago(20), title="School report", name="report.pdf", content=SCAN
    )


def _files(town: Town) -> None:
    with tempfile.TemporaryDirectory() as folder:
        received = receiving.receive(
            receiving.incoming_of(the_return(Path(folder), 6)), by=str(town.who["analyst"].uid), today=town.today,
            council=town.holder.code,
        )  # fmt: skip
    (load,) = received.loads
    assert load.state == Load.State.DONE, load.message
    town.numbers["load"] = load.pk
    town.numbers["row"] = QuarantinedRow.objects.get(load=load).pk


def _rights(town: Town) -> None:
    nadia, robin = town.governance(), town.uid()
    town.account("parent", "parent", "Ottoline Brae", worker=town.things["mother"])
    rights.open_to_family(nadia, robin, email=town.who["parent"].email, because="parental responsibility")
    town.account("young person", "child", "Robin Quill", worker=town.things["robin"])
    rights.open_to_family(nadia, robin, email=town.who["young person"].email, because="their own record")
    rights.place_hold(town.reader("governance"), town.uid("agatha"), values={"reason": "A national inquiry"})
    from kinfold.service.records.models import SpellFact

    town.facts["hold"] = str(SpellFact.objects.get(kind="legal_hold").fact)
    town.facts["request"] = rights.record_request(
        nadia, robin, asker=town.uid("mother"), scope="Everything since January", received=town.ago(5), confirmed=None
    )
    rights.start_pack(nadia, robin, town.facts["request"])
    work()


def work() -> None:
    """Do every job that waits, as the worker would."""
    while (job := take("a journey")) is not None:
        assert finish(job, run_task(job))


def _the_rest(town: Town) -> None:
    town.person("gwendolen", "child", "Gwendolen Ashcombe", date(2009, 2, 27))
    town.person("gwendolin", "child", "Gwendolin Ashcombe", date(2009, 2, 27))
    identity.find_pairs(town.holder.pk)
    town.facts["pair"] = str(Pair.objects.order_by("-probability")[0].uid)
    town.facts["list"] = saved_lists.save_list(
        town.reader("manager"), name="Children in care", question=Question(kind="care_period"), shared=True
    )
    access.break_glass(
        town.reader("other worker"), town.things["juniper"], reason="worker_absent",
        words="The police have brought her to the office and her worker is away.",
    )  # fmt: skip
    town.numbers["break glass"] = Grant.objects.get(sort="break_glass").pk
    _protection_team(town)


def _protection_team(town: Town) -> None:
    manager = town.reader("manager")
    uid = child_protection_teams.set_up(manager, name="Harbour team", since=town.ago(90))
    town.things["protection team"] = find_person(uid)
    for agency, who in (("police", "Sgt Col Brennan"), ("health", "Dr Lena Osei")):
        town.facts["team member"] = child_protection_teams.add_member(
            manager, uid, since=town.ago(80), said={"agency": agency, "practitioner": who}
        )
    town.facts["team decision"] = town.say("robin", "multi_agency_decision", {"matter": "Whether to hold a conference"},
                                           town.ago(10), party="protection team")  # fmt: skip


def _sharing(town: Town) -> None:
    """Six other organisations with agreements; one has answered who knows Robin, and given what it holds."""
    from uuid import UUID

    from kinfold.service.records.actions import agreements_demonstration, fetching, finding_asks, finding_leases
    from kinfold.service.records.models import Pointer, SharingOrganisation
    from kinfold.service.records.reads.fetching import token_of
    from kinfold.sharing.agreements import Purpose, RecordType
    from kinfold.sharing.finding import Outcome

    agreements_demonstration.add_sharing(town.holder, today=town.today)
    ask = finding_asks.ask(town.reader("worker"), town.uid(), purpose=Purpose.SAFEGUARDING, basis="UK GDPR article 6(1)(e)",
                           because="section 47 enquiry")  # fmt: skip
    schools = SharingOrganisation.objects.get(code="vale-schools")
    (work,) = finding_leases.claim(schools)
    found = finding_asks.Found(RecordType.EDUCATION, "Pupil system", "VAL1")
    finding_asks.answer(schools, [finding_asks.Answer(UUID(work.work), UUID(work.lease), Outcome.RECORDS, [found])])
    link = fetching.fetch(town.reader("worker"), ask, str(Pointer.objects.get().uid))
    (work,) = finding_leases.claim(schools)
    events = [{"date": "2026-01-05", "kind": "concern", "summary": "Came without lunch; said that nobody was up"}]
    payload = {"status": "On roll", "setting": "Vale Academy", "attendance_percent": 81.5, "events": events}
    fetching.take_in(schools, UUID(work.work), UUID(work.lease), payload)
    town.facts["ask"], town.facts["fetched"] = str(ask.uid), token_of(link)


def _regulator(town: Town) -> None:
    """What the regulator's installation has: its officers, and a case of each sort (its pages are opened as such)."""
    from kinfold.service.records.actions.market_demonstration import add_regulator
    from kinfold.service.records.actions.market_supply_demonstration import add_applications

    with override_settings(INSTALLATION="regulator"):
        homes = {f"SC9{number:04d}": "Tarn 1 Ltd" for number in (1, 6, 11)}
        others = {f"SC9{number:04d}": "Tarn 2 Ltd" for number in (2, 7)}
        found = add_regulator(town.holder, today=town.today, group="tarn 1", homes=homes, served=("tarn 2", others))
        town.facts["notice"] = str(found.pop().uid)
        found += filter(None, [add_applications(town.holder, today=town.today)])
        for row in found:
            town.facts[f"case of {row.sort}"] = str(row.uid)
    for key, name in (
        ("oversight officer", "Ada Finch"),
        ("enforcement officer", "Cai Wren"),
        ("provider", "Per Holt"),
        ("registrar", "Fin Lark"),
    ):
        town.who[key] = Account.objects.get(held_by=town.holder, name=name)


def _department(town: Town) -> None:
    """What the Department's installation has: an analyst, a failing group with returns and a warning, and a council that is warned."""
    from kinfold.service.records.actions.market_money_demonstration import add_department
    from kinfold.service.records.actions.market_supply_demonstration import add_capital
    from kinfold.service.records.models import MarketLine

    with override_settings(INSTALLATION="department"):
        homes = [{"urn": f"SC9{number:04d}", "places": 4} for number in (1, 6, 11)]
        (row,) = add_department(town.holder, today=town.today, groups={"tarn 1": homes})
        project = add_capital(town.holder, today=town.today)
    town.facts["case of financial"] = str(row.uid)
    town.facts["case of project"] = str(project.uid) if project else ""
    town.numbers["warning"] = MarketLine.objects.filter(case=row, said__has_key="recipients").latest("number").number
    town.numbers["return"] = MarketLine.objects.filter(case=row, sort="return").latest("number").number
    for key, name in (
        ("financial analyst", "Eva Lund"),
        ("funding analyst", "Nia Beck"),
        ("warned", "Hal Byrne"),
        ("provider in oversight", "Tia Marsh"),
    ):
        town.who[key] = Account.objects.get(held_by=town.holder, name=name)

"""One form about one person as a reader fills it: what is known, whom one may choose, what the record would be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kinfold.casework import (
    Answers,
    Form,
    KnownFact,
    Raw,
    Shape,
    ToWrite,
    already_known,
    facts_of,
    form_named,
    over_the_most,
    read_answers,
    under_way,
)
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads.casework import insist_on_form, known_facts, people_for
from kinfold.service.records.reads.person import Whole, find_person, whole
from kinfold.service.records.reads.reader import Reader


@dataclass(frozen=True, slots=True)
class Filling:
    """One form about one person; `people` are those that each question about somebody lets one choose."""

    form: Form
    row: ThingRow
    document: Whole
    known: list[KnownFact]
    people: dict[str, list[tuple[str, str]]]
    today: date
    me: str

    @property
    def open_facts(self) -> list[KnownFact]:
        """Return what the form could change or end."""
        return under_way(self.form, self.known)

    @property
    def start(self) -> Raw:
        """Return what stands in the form before anything is typed."""
        return already_known(self.form, self.known, today=self.today, me=self.me)

    def answers(self, raw: Raw) -> Answers:
        """Return what was typed, read and checked."""
        people = [uid for those in self.people.values() for uid, _ in those]
        facts = [one.fact for one in self.open_facts]
        read = read_answers(self.form, raw, today=self.today, people=people, facts=facts)
        read.errors.update(over_the_most(self.form, read.values, self.known))
        return read

    def told(self, answers: Answers) -> list[ToWrite]:
        """Return what the record would be told. Raises InputError where there is nothing to change."""
        return facts_of(self.form, answers, self.known, me=self.me)


def filling(reader: Reader, uid: str, name: str) -> Filling:
    """Return a form about a person, and record the View. Raises NotPermitted, recorded, who may not write it."""
    form = form_named(name)
    row = insist_on_form(reader, uid, form)
    return _filling(reader, row, form, log=True)


def filling_seen(reader: Reader, row: ThingRow, form: Form) -> Filling:
    """Return a form as a reader sees it who may open the record, whether or not they may write the form."""
    return _filling(reader, find_person(str(row.uid)), form, log=False)


def _filling(reader: Reader, row: ThingRow, form: Form, *, log: bool) -> Filling:
    document = whole(reader, str(row.uid), action=f"form {form.name}"[:40], log=log)
    people = {q.name: people_for(document, q) for q in form.questions if q.shape is Shape.WHO}
    return Filling(
        form, row, document, known_facts(document), people, timezone.localdate(), reader.account.name,
    )  # fmt: skip

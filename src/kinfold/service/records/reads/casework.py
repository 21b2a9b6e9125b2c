"""What a form needs of a record: what is known already, who may write which form, and what is being written."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from kinfold.access.things import Thing
from kinfold.access.words import Verb
from kinfold.casework import STAGES, Form, How, KnownFact, Question, Raw, forms
from kinfold.duties import Duty
from kinfold.record.declare import KINDS, Word
from kinfold.record.retention import schedule
from kinfold.service.records.models import Account, FormDraft, PersonIndex, SpellFact
from kinfold.service.records.models import Thing as ThingRow
from kinfold.service.records.reads import clocks
from kinfold.service.records.reads.casework_hubs import hub_choices
from kinfold.service.records.reads.child_fact import NOTHING, version_mark
from kinfold.service.records.reads.child_protection_teams import team_choices
from kinfold.service.records.reads.papers import thing_of_kind
from kinfold.service.records.reads.person import Whole, find_person
from kinfold.service.records.reads.reader import Reader
from kinfold.service.records.reads.versions import one_person
from kinfold.service.records.scope import as_system
from kinfold.service.records.sealing import unseal
from kinfold.terms.errors import NotPermitted

MOST_PEOPLE = 300
# Bodies that a form lets one choose, by the word of the form: each from the council's own list of them.
BODIES_OF = {"hub": hub_choices, "child protection team": team_choices}
WRITTEN_ABOUT = {"child": ("child",), "adult": ("adult", "worker")}


@dataclass(frozen=True, slots=True)
class Written:
    """A form being written: what was typed so far, by whom last, in which version; why it was returned."""

    uid: str
    form: str
    raw: Raw
    version: int
    state: str
    by: str
    at: datetime
    asked_by: str = ""
    asked_at: datetime | None = None
    reasons: str = ""
    returned_by: str = ""
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        """Return whether it waits for somebody's approval."""
        return self.state == FormDraft.State.WAITING

    @property
    def forgotten_on(self) -> date | None:
        """Return the day on which it is forgotten unless somebody goes on with it; None while it waits."""
        return None if self.waits else localdate(self.at + kept_days(localdate(self.at))) + timedelta(days=1)


def known_facts(document: Whole) -> list[KnownFact]:
    """Return what the record says, as forms read it: without what was withdrawn."""
    return [
        KnownFact(
            entry.kind.name, entry.fact, entry.since, entry.until, entry.values,
            version_mark(entry.kind.word.value, entry.version.version.id), entry.party or "",
        )
        for entry in document.entries
        if entry.version.version.status != "void"
    ]  # fmt: skip


def may_write(reader: Reader, row: ThingRow, form: Form) -> bool:
    """Return whether the reader writes all that the form would record about this person."""
    return _writes(reader, row, reader.thing(row), form)


def forms_to_write(reader: Reader, row: ThingRow) -> list[Form]:
    """Return the forms that the reader may fill about a person, in order of stage."""
    thing = reader.thing(row)  # asked of the database once, not for each of two hundred forms
    return [form for form in forms().values() if _writes(reader, row, thing, form)]


def _writes(reader: Reader, row: ThingRow, thing: Thing, form: Form) -> bool:
    if row.sort not in WRITTEN_ABOUT[form.about]:
        return False
    kinds = {one.kind for one in form.writes if one.when is None} or form.kinds
    return all(
        reader.decide(Verb.WRITE, thing_of_kind(thing, KINDS[name], KINDS[name].label_default)) for name in kinds
    )


def insist_on_form(reader: Reader, uid: str, form: Form) -> ThingRow:
    """Return the person the form is about. Raises NotPermitted, recorded, where the reader may not write it."""
    row = find_person(uid)
    if not may_write(reader, row, form):
        thing = thing_of_kind(reader.thing(row), KINDS[form.main().kind], "open")
        reader.insist(Verb.WRITE, thing, action=f"form {form.name}"[:40])
        raise NotPermitted(NOTHING)
    return row


def pressing(reader: Reader, uid: str, offered: Sequence[Form]) -> dict[str, str]:
    """Return the forms that would meet what is due now, by name, each with the most pressing duty it meets."""
    try:
        running = clocks.child_clocks(reader, uid, on=reader.now.date())
    except NotPermitted:
        return {}
    found: dict[str, str] = {}
    going = _going_on(uid)
    fitting = [form for form in offered if _fits(form, going)]
    for clock in running:
        if not (clock.is_waiting or clock.is_overdue):
            continue
        kinds = _kinds_that_meet(clock.duty)
        for form in fitting:
            if form.main().kind in kinds:
                found.setdefault(form.name, clock.duty.label)
    return found


def _going_on(uid: str) -> set[str]:
    with as_system():
        rows = SpellFact.objects.filter(subject__in=one_person(find_person(uid).pk), known_to__isnull=True)
        return set(rows.filter(valid_to__isnull=True, status="final").values_list("kind", flat=True))


def _fits(form: Form, going: set[str]) -> bool:
    """Return whether a form makes sense now: what lasts is begun where it has not, and ended where it goes on."""
    main = form.main()
    if main.how is How.CHANGE or main.declared.word is not Word.SPELL:
        return main.how is not How.CHANGE
    return (main.kind in going) == (main.how is How.END)


def duties_met_by(form: Form) -> list[Duty]:
    """Return the duties of the catalogue that a fact of the form's main kinds can meet."""
    return [duty for duty in clocks.catalogue() if _kinds_that_meet(duty) & form.kinds]


def _kinds_that_meet(duty: Duty) -> set[str]:
    return {pattern.kind for several in duty.completion.values() for pattern in several}


def by_stage(offered: Iterable[Form]) -> dict[str, list[Form]]:
    """Return forms under the words of their stage."""
    found: dict[str, list[Form]] = {}
    for form in offered:
        found.setdefault(STAGES[form.stage], []).append(form)
    return found


def people_for(document: Whole, question: Question) -> list[tuple[str, str]]:
    """Return whom a question lets one choose: (public id, name). Nobody the reader may not know of is among them."""
    if question.people == "worker":
        rows = Account.objects.filter(held_by_id=document.held_by, is_active=True, person__isnull=False)
        return [
            (str(uid), name) for uid, name in rows.order_by("name").values_list("person__uid", "name")[:MOST_PEOPLE]
        ]
    if question.people in BODIES_OF:
        return BODIES_OF[question.people](document.held_by)
    if question.people in ("setting", "organisation", "team"):
        found = PersonIndex.objects.filter(held_by_id=document.held_by, sort=question.people).exclude(name="")
        return [
            (str(uid), name) for uid, name in found.order_by("name").values_list("person__uid", "name")[:MOST_PEOPLE]
        ]
    near = [one for one in document.people.values() if one.sort in ("child", "adult") and one.uid != document.uid]
    return sorted(((one.uid, one.name or "Name not known") for one in near), key=lambda pair: pair[1])


def kept_days(on: date) -> timedelta:
    """Return how long a form that nobody goes on with is kept, by the schedule of retention in force on a day."""
    return timedelta(days=schedule()["form_begun"].on(on))


def written_of(row: ThingRow, form: Form) -> Written | None:
    """Return the form as far as somebody has written it, or None. The caller has asked whether it may be written."""
    found = FormDraft.objects.filter(person=row, form=form.name).select_related("changed_by", "asked_by").first()
    return as_written(found) if found else None


def as_written(row: FormDraft) -> Written:
    """Return a row with its content opened."""
    said = json.loads(b"".join(unseal(row.held_by_id, io.BytesIO(bytes(row.content)))))
    return Written(
        uid=str(row.uid), form=row.form, raw=said.get("raw", {}), version=row.version, state=row.state,
        by=row.changed_by.name, at=row.at, asked_by=row.asked_by.name if row.asked_by else "", asked_at=row.asked_at,
        reasons=said.get("reasons", ""), returned_by=said.get("returned_by", ""), marks=said.get("marks", {}),
    )  # fmt: skip


def unfinished(reader: Reader, row: ThingRow, offered: Sequence[Form]) -> list[Written]:
    """Return the forms about a person that somebody has begun and the reader may go on with, newest first."""
    names = {form.name for form in offered}
    rows = FormDraft.objects.filter(person=row, form__in=names).select_related("changed_by", "asked_by")
    return [as_written(one) for one in rows.order_by("-at")]

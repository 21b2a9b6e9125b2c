"""Sharing agreements: the list, one with its lines and versions, a line added or taken out, why, what changes, revoking."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.service.records.actions import agreements as actions
from kinfold.service.records.reads import agreements as reads
from kinfold.service.records.reads.agreements_looks import limits
from kinfold.service.records.reads.agreements_looks import unusual_looks as read_unusual
from kinfold.service.web.forms import Checkboxes, DayField, Form, Radios, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import agreements as present
from kinfold.service.web.presenters.sharing import RECORDS, SORTS, purpose_label
from kinfold.sharing.agreements import Mode, OrganisationSort, Purpose, RecordType, Request, Rule
from kinfold.terms.errors import InputError

_RECORDS = [(one.value, words) for one, words in RECORDS.items()]
_SORTS = [(one.value, words) for one, words in SORTS.items()]
_PURPOSES = [(one.value, purpose_label(one)) for one in Purpose]
_MODES = [(Mode.EXISTENCE.value, "That there is a record"), (Mode.CONTENT.value, "What the record says")]
WHY_HINT = "Kept with the version, and shown to whoever looks after agreements."


class RuleForm(Form):
    """One line of an agreement."""

    effect = django_forms.ChoiceField(
        label="Does this line allow or refuse?",
        choices=[("allow", "It allows"), ("deny", "It refuses")],
        widget=Radios(),
    )
    exception = django_forms.ChoiceField(
        label="Is it the rule or an exception?",
        choices=[("no", "The rule"), ("yes", "An exception: it comes before the rules")], widget=Radios(),
        error_messages={"required": "Select whether it is the rule or an exception"},
    )  # fmt: skip
    modes = django_forms.MultipleChoiceField(
        label="What is told?", choices=_MODES, widget=Checkboxes(), error_messages={"required": "Select what is told"}
    )
    record_types = django_forms.MultipleChoiceField(
        label="Which records?",
        choices=_RECORDS,
        widget=Checkboxes(),
        error_messages={"required": "Select at least one sort of record"},
    )
    purposes = django_forms.MultipleChoiceField(
        label="What for?",
        choices=_PURPOSES,
        widget=Checkboxes(),
        error_messages={"required": "Select at least one purpose"},
    )
    sorts = django_forms.MultipleChoiceField(
        label="To which sorts of organisation?", choices=_SORTS, widget=Checkboxes(), required=False,
        help_text="Choose none if you name organisations below. For both, make two lines.",
    )  # fmt: skip
    organisations = django_forms.MultipleChoiceField(
        label="To which organisations by name?", choices=[], widget=Checkboxes(), required=False
    )
    since = DayField(label="From", required=False)
    until = DayField(label="Until, the first day on which it no longer holds", required=False)
    reason = django_forms.CharField(label="On what ground", required=False, max_length=200, widget=Text())
    because = django_forms.CharField(label="Why do you change the agreement?", max_length=200, widget=Text(), error_messages={"required": "Enter why you change the agreement"},
                                     help_text=WHY_HINT)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Return the values. Adds an error where nobody is named, or the days are the wrong way round."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("sorts") and said.get("organisations"):  # names alone would count, and the sorts be left out unsaid
            self.add_error("sorts", "Choose sorts of organisation, or organisations by name, not both: make two lines")
        elif not said.get("sorts") and not said.get("organisations"):
            self.add_error("sorts", "Choose sorts of organisation, or organisations by name")
        if said.get("since") and said.get("until") and said["until"] <= said["since"]:
            self.add_error("until", "Until must be after from")
        return said

    def rule(self) -> Rule:
        """Return the line as it was written."""
        said = self.cleaned_data
        return Rule(
            allows=said["effect"] == "allow", modes=frozenset(map(Mode, said["modes"])),
            record_types=frozenset(map(RecordType, said["record_types"])),
            purposes=frozenset(map(Purpose, said["purposes"])), sorts=frozenset(map(OrganisationSort, said["sorts"])),
            organisations=frozenset(said["organisations"]), since=said["since"], until=said["until"],
            reason=said["reason"],
        )  # fmt: skip


class CompareForm(Form):
    """Two versions to compare."""

    before = django_forms.ChoiceField(label="From", choices=[], widget=Select())
    after = django_forms.ChoiceField(label="To", choices=[], widget=Select())

    def __init__(self, *given: Any, versions: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("before", "after"):
            self.fields[name].choices = versions  # type: ignore[attr-defined]


class BecauseForm(Form):
    """A reason."""

    because = django_forms.CharField(label="Why", max_length=200, widget=Text(), help_text=WHY_HINT)


class OrganisationForm(Form):
    """An organisation that shares."""

    name = django_forms.CharField(label="Name", max_length=120, widget=Text())
    code = django_forms.CharField(
        label="Short name",
        max_length=59,
        widget=Text(width=20),
        help_text="Small letters, digits, hyphens: vale-police",
    )
    sort = django_forms.ChoiceField(
        label="What sort of organisation is it?",
        choices=_SORTS,
        widget=Radios(),
        error_messages={"required": "Select what sort of organisation it is"},
    )
    record_types = django_forms.MultipleChoiceField(
        label="Which records can it hold?", choices=_RECORDS, widget=Checkboxes(), required=False
    )
    client_id = django_forms.CharField(
        label="The API client of its system", required=False, max_length=48, widget=Text(),
        help_text="Without one it is never asked by itself.",
    )  # fmt: skip


class WhyForm(Form):
    """A question to the agreements in force."""

    holder = django_forms.ChoiceField(
        label="Whose record?", choices=[], widget=Select(), error_messages={"required": "Select whose record it is"}
    )
    asker = django_forms.ChoiceField(
        label="Who asks?", choices=[], widget=Select(), error_messages={"required": "Select who asks"}
    )
    mode = django_forms.ChoiceField(
        label="What is asked?", choices=_MODES, widget=Radios(), error_messages={"required": "Select what is asked"}
    )
    record_type = django_forms.ChoiceField(
        label="Which record?", choices=_RECORDS, widget=Select(), error_messages={"required": "Select which record"}
    )
    purpose = django_forms.ChoiceField(
        label="What for?", choices=_PURPOSES, widget=Select(), error_messages={"required": "Select what it is for"}
    )

    def __init__(self, *given: Any, organisations: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        for name in ("holder", "asker"):
            self.fields[name].choices = organisations  # type: ignore[attr-defined]


def _reader(request: Asked) -> Any:
    return reads.for_sharing(request.reader)


@page("agreements")
def agreements(request: Asked) -> HttpResponse:
    """List the organisations and where the agreement of each stands."""
    return render(request, "pages/sharing/agreements.html", present.list_page(reads.parties(_reader(request))))


@page("organisation_add")
def organisation_add(request: Asked) -> HttpResponseBase:
    """Add an organisation."""
    reads.insist_on_agreements(_reader(request), action="add an organisation")
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_party(
                _reader(request), code=said["code"], name=said["name"], sort=OrganisationSort(said["sort"]),
                record_types=[RecordType(one) for one in said["record_types"]], client_id=said["client_id"],
            )  # fmt: skip
        except InputError as error:
            form.add_error("code", str(error))
        else:
            messages.success(
                request, "The organisation is added. Until an agreement is written, it tells nobody anything."
            )
            return redirect("agreement", code=said["code"])
    return _form(request, form, title="Add an organisation that shares", button="Add it", back=reverse("agreements"))


@page("agreement")
def agreement(request: Asked, code: str) -> HttpResponse:
    """Show one agreement with its lines and versions."""
    found = reads.agreement_page(_reader(request), code)
    return render(request, "pages/sharing/agreement.html", present.agreement_page(found))


@page("agreement_rule")
def agreement_rule(request: Asked, code: str) -> HttpResponseBase:
    """Add a line to an agreement: a new version, in force at once."""
    found = reads.agreement_page(_reader(request), code)
    form = RuleForm(request.POST or None)
    form.fields["organisations"].choices = present.organisations(found)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        latest = found.versions[0].agreement if found.versions else None
        defaults, exceptions = (latest.defaults, latest.exceptions) if latest and not latest.revoked else ((), ())
        if form.cleaned_data["exception"] == "yes":
            exceptions = (*exceptions, form.rule())
        else:
            defaults = (*defaults, form.rule())
        actions.write_agreement(
            _reader(request), code, defaults=defaults, exceptions=exceptions, made_from=found.party.version,
            because=form.cleaned_data["because"],
        )  # fmt: skip
        days = present.held_days(form.rule())
        messages.success(
            request, f"The line is added. It holds {days}." if days else "The line is added. It is in force now."
        )
        return redirect("agreement", code=code)
    return _form(
        request,
        form,
        title=f"Add a line to the agreement of {found.party.name}",
        button="Add the line",
        back=reverse("agreement", args=[code]),
    )


@page("agreement_rule_out")
def agreement_rule_out(request: Asked, code: str, part: str, place: int) -> HttpResponseBase:
    """Take a line out of an agreement: a new version, in force at once."""
    found = reads.agreement_page(_reader(request), code)
    latest = found.versions[0].agreement if found.versions else None
    rules = {"rule": latest.defaults, "exception": latest.exceptions}.get(part, ()) if latest else ()
    if place >= len(rules) or latest is None:
        raise InputError("There is no such line. Look at the agreement again.")
    form = BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = (*rules[:place], *rules[place + 1 :])
        actions.write_agreement(
            _reader(request), code, defaults=kept if part == "rule" else latest.defaults,
            exceptions=kept if part == "exception" else latest.exceptions, made_from=found.party.version,
            because=form.cleaned_data["because"],
        )  # fmt: skip
        messages.success(request, "The line is taken out. It no longer holds.")
        return redirect("agreement", code=code)
    words = present.rule_words(rules[place], dict(found.others))
    return _form(
        request,
        form,
        title="Take this line out?",
        button="Take it out",
        words=words,
        back=reverse("agreement", args=[code]),
    )


@page("agreement_revoke")
def agreement_revoke(request: Asked, code: str) -> HttpResponseBase:
    """Revoke an agreement."""
    found = reads.agreement_page(_reader(request), code)
    form = BecauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke(_reader(request), code, because=form.cleaned_data["because"])
        messages.success(request, "The agreement is revoked. Whatever was on its way is stopped.")
        return redirect("agreement", code=code)
    return _form(
        request, form, title=f"Revoke the agreement of {found.party.name}?", button="Revoke it now",
        words="Within a second it opens nothing any longer, on every page and for every system. Records on their way are "
              "stopped, and those that came are closed.", back=reverse("agreement", args=[code]),
    )  # fmt: skip


@page("agreement_compare")
def agreement_compare(request: Asked, code: str) -> HttpResponse:
    """Show what changes between two versions; where none are named, between the latest and the one before it."""
    found = reads.agreement_page(_reader(request), code)
    latest = found.party.version
    before, after = _version(request, "before", max(latest - 1, 0)), _version(request, "after", latest)
    changed = reads.compare(_reader(request), code, before=before, after=after, on=timezone.localdate())
    context = present.compare_page(found, changed, before=before, after=after)
    form = CompareForm(versions=present.version_choices(found), initial={"before": str(before), "after": str(after)})
    return render(request, "pages/sharing/agreement_compare.html", context | {"form": form})


def _version(request: Asked, name: str, otherwise: int) -> int:
    text = request.GET.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InputError("Choose two versions that there are.")
    return int(text)


@page("agreement_why")
def agreement_why(request: Asked) -> HttpResponse:
    """Say why something is refused, or allowed."""
    names = [(one.code, one.name) for one in reads.parties(_reader(request))]
    form = WhyForm(request.GET or None, organisations=names)
    decision, line = None, ""
    if form.is_valid():
        said = form.cleaned_data
        decision = reads.explained(
            _reader(request),
            Request(holder=said["holder"], asker=said["asker"], mode=Mode(said["mode"]),
                    record_type=RecordType(said["record_type"]), purpose=Purpose(said["purpose"]),
                    on=timezone.localdate()),
        )  # fmt: skip
        line = present.rule_words(decision.rule, dict(names)) if decision.rule else ""
    asked = (
        {"holder": form.cleaned_data["holder"], "name": dict(names)[form.cleaned_data["holder"]]} if decision else {}
    )
    context = {"form": form, "decision": decision, "line": line, "asked": asked}
    return render(request, "pages/sharing/agreement_why.html", context)


@page("unusual_looks")
def unusual_looks(request: Asked) -> HttpResponse:
    """Show patterns of unusual looking."""
    context = present.unusual_page(read_unusual(_reader(request)), limits(timezone.localdate()))
    return render(request, "pages/sharing/unusual_looks.html", context)


def _form(request: Asked, form: Form, *, title: str, button: str, back: str, words: str = "") -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "back": back, "words": words}
    return render(request, "pages/services/step.html", context)

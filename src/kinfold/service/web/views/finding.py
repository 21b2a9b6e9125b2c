"""Who else knows a child: the panel, asking, one ask as it fills, a fetched record, and what may be shared."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kinfold.service.records.actions import agreements_decisions as deciding
from kinfold.service.records.actions import fetching as fetch_actions
from kinfold.service.records.actions import finding_asks as actions
from kinfold.service.records.reads import fetching as fetch_reads
from kinfold.service.records.reads import finding_asks as reads
from kinfold.service.records.reads import person
from kinfold.service.records.reads.agreements_decisions import decisions_about, recipients, told_by_us
from kinfold.service.web.forms import Form, LongText, Radios, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import child as present_child
from kinfold.service.web.presenters import sharing as present
from kinfold.sharing.agreements import OrganisationSort, Purpose, RecordType
from kinfold.sharing.lawful import advice, bases
from kinfold.terms.errors import InputError

PURPOSES = [(purpose.value, basis.label) for purpose, basis in bases().items() if purpose is not Purpose.STATISTICS]
POWERS = {purpose.value: basis.power for purpose, basis in bases().items()}


ELSE = "somebody-else"


class AskForm(Form):
    """What for, and why now."""

    purpose = django_forms.ChoiceField(
        label="What for?",
        choices=PURPOSES,
        widget=Radios(hints=POWERS),
        error_messages={"required": "Select what you ask for"},
    )
    because = django_forms.CharField(
        label="Why do you ask now?", max_length=200, widget=Text(), error_messages={"required": "Enter why you ask now"},
        help_text="For example: section 47 enquiry begun today. It is kept, and the family may read it.",
    )  # fmt: skip


class MayShareForm(Form):
    """What is to be shared, with whom and what for."""

    purpose = django_forms.ChoiceField(
        label="What is it needed for?",
        choices=PURPOSES,
        widget=Radios(),
        error_messages={"required": "Select what it is needed for"},
    )
    record_type = django_forms.ChoiceField(
        label="What is it about?", choices=[(one.value, words) for one, words in present.RECORDS.items()],
        widget=Select(), error_messages={"required": "Select what it is about"},
    )  # fmt: skip
    sharer = django_forms.ChoiceField(
        label="Who shares it?", choices=[(one.value, words) for one, words in present.SORTS.items()], widget=Select(), error_messages={"required": "Select who shares it"},
        initial=OrganisationSort.LOCAL_AUTHORITY.value,
    )  # fmt: skip

    to = django_forms.ChoiceField(
        label="With whom?", choices=[], widget=Select(), error_messages={"required": "Select with whom it is shared"}
    )
    field_order = ("to",)

    def __init__(self, *given: Any, organisations: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        offered = [("", "Choose one"), *organisations, (ELSE, "Somebody else")]
        self.fields["to"].choices = offered  # type: ignore[attr-defined]


class DecisionForm(Form):
    """What was decided."""

    what = django_forms.CharField(label="What was asked for or would be shared", max_length=200, widget=Text())
    with_whom = django_forms.CharField(label="With whom", max_length=120, widget=Text())
    shared = django_forms.ChoiceField(
        label="What do you decide?",
        choices=[("yes", "Share it"), ("no", "Do not share it")],
        widget=Radios(),
        error_messages={"required": "Select what you decide"},
    )
    because = django_forms.CharField(
        label="Why", max_length=2000, widget=LongText(rows=3), error_messages={"required": "Enter your reasons"}
    )
    told_family = django_forms.ChoiceField(
        label="Does the family know?",
        choices=[("yes", "Yes, they were told"), ("no", "No: it could put somebody at risk"), ("", "Not yet")],
        required=False, widget=Radios(),
    )  # fmt: skip


@page("who_else")
def who_else(request: Asked, uid: str) -> HttpResponse:
    """Show what the reader's organisation asked about a child, and what was decided about sharing."""
    document = person.whole(request.reader, str(uid), log=False)
    _, asks = reads.panel(request.reader, str(uid))
    decisions = decisions_about(request.reader, str(uid))
    context = {**present_child.heading(document), **present.panel_page(asks, decisions), "uid": uid}
    return render(request, "pages/sharing/who_else.html", context)


@page("who_else_ask")
def who_else_ask(request: Asked, uid: str) -> HttpResponseBase:
    """Ask every organisation that may tell."""
    document = person.whole(request.reader, str(uid), log=False)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        purpose = Purpose(form.cleaned_data["purpose"])
        try:
            made = actions.ask(
                request.reader, str(uid), purpose=purpose, basis=bases()[purpose].ordinary,
                because=form.cleaned_data["because"], trace=getattr(request, "trace_id", ""),
            )  # fmt: skip
        except InputError as error:
            form.add_error(None, str(error))
        else:
            return redirect("ask", uid=made.uid)
    return render(request, "pages/services/step.html", {
        "form": form, "title": f"Who else knows {document.name or 'this child'}?", "button": "Ask them",
        "back": reverse("who_else", args=[uid]),
        "words": "Each organisation whose agreement allows it is told the child’s name, date of birth and numbers, and "
                 "that you ask. Ask for what you need today.",
    })  # fmt: skip


@page("ask")
def ask(request: Asked, uid: str) -> HttpResponse:
    """Show one ask as it fills."""
    found = reads.ask_page(request.reader, str(uid))
    context = {**present.ask_page(found, now=request.reader.now), "name": _name_of(request, found.child)}
    return render(request, "pages/sharing/ask.html", context)


def _name_of(request: Asked, child: str) -> str:
    return person.whole(request.reader, child, log=False).name or "this child"


@require_POST
@page("ask_fetch")
def ask_fetch(request: Asked, uid: str, pointer: str) -> HttpResponseBase:
    """Ask for a record that was found, and go to its link."""
    made = reads.own_ask(request.reader, str(uid))
    link = fetch_actions.fetch(request.reader, made, str(pointer))
    return redirect("fetched", token=fetch_reads.token_of(link))


@require_POST
@page("ask_stop")
def ask_stop(request: Asked, uid: str) -> HttpResponseBase:
    """Stop asking."""
    actions.stop(request.reader, reads.own_ask(request.reader, str(uid)))
    messages.success(request, "Stopped. Nobody is asked any longer, and nothing more arrives.")
    return redirect("ask", uid=uid)


@page("fetched")
def fetched(request: Asked, token: str) -> HttpResponse:
    """Show what came through a link; 410 once the link has ended."""
    found = fetch_reads.opened(request.reader, token)
    context = {**present.fetched_page(found), "name": _name_of(request, found.child)}
    answer = render(request, "pages/sharing/fetched.html", context)
    answer["Cache-Control"] = "no-store"
    if found.ended:
        answer.status_code = 410
    return answer


@page("may_i_share")
def may_i_share(request: Asked, uid: str) -> HttpResponseBase:
    """Say what the law lets somebody share, and record what they decided, to share or not."""
    document = person.whole(request.reader, str(uid), log=False)
    known = recipients(request.reader, document.held_by)
    names = {code: name for code, name, _ in known}
    asked = MayShareForm(request.GET or None, organisations=list(names.items()))
    chosen = asked.cleaned_data if asked.is_valid() else None
    decision = None
    if chosen:
        decision = DecisionForm(request.POST or None, initial={"with_whom": names.get(chosen["to"], "")})
    if chosen and decision and request.method == "POST" and decision.is_valid():
        _record(request, str(uid), Purpose(chosen["purpose"]), decision.cleaned_data)
        messages.success(request, "Your decision is recorded, with its reasons.")
        return redirect("who_else", uid=uid)
    context = {**present_child.heading(document), "asked": asked, "decision": decision, "uid": uid}
    if chosen:
        purpose, record_type = Purpose(chosen["purpose"]), RecordType(chosen["record_type"])
        sorts = {code: sort for code, _, sort in known}
        told = told_by_us(request.reader, document.held_by, chosen["to"], purpose=purpose, record_type=record_type)
        context |= {
            "advice": advice(
                purpose, record_type, sharer=OrganisationSort(chosen["sharer"]), recipient=sorts.get(chosen["to"])
            ),
            "agreement": present.told_words(told) if told else "",
            "certainty": present.certainty_words(bases()[purpose].certainty),
        }
    return render(request, "pages/sharing/may_i_share.html", context)


def _record(request: Asked, uid: str, purpose: Purpose, said: dict[str, Any]) -> None:
    deciding.record_decision(
        request.reader, uid,
        deciding.Decided(
            with_whom=said["with_whom"], what=said["what"], purpose=purpose, shared=said["shared"] == "yes",
            because=said["because"], told_family={"yes": True, "no": False}.get(said["told_family"]),
        ),
    )  # fmt: skip

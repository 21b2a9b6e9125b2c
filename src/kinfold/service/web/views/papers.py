"""Notes, documents and photographs: reading, writing with drafts that stay, correcting, withdrawing, attaching."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.files.attached import ALLOWED_WORDS, EXTENSIONS, LARGEST
from kinfold.record.declare import KINDS, Kind
from kinfold.service.records.actions import papers as actions
from kinfold.service.records.actions import recording
from kinfold.service.records.actions import rights as rights_actions
from kinfold.service.records.actions.facts import VOID_REASONS
from kinfold.service.records.reads import papers as reads
from kinfold.service.records.reads.person import find_person, whole
from kinfold.service.records.reads.rights import for_rights, names_to_release_to
from kinfold.service.web.downloads import handed_over
from kinfold.service.web.forms import DayField, Files, Form, LongText, Radios, Select, Text
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import papers as present
from kinfold.service.web.presenters.child import heading
from kinfold.terms.errors import EditConflict, InputError, NotPermitted

LONGEST = 100_000
# A kind's own closed choices that are asked when it is typed in.
ASKED = {"letter": ("letter_type", "direction"), "court_report": ("report_type",), "childs_own_words": ("how_given",)}
# A file is handed over to be saved; a browser that shows it anyway may run nothing in it and load nothing.


class KindForm(Form):
    """What is to be written."""

    kind = django_forms.ChoiceField(label="What do you want to write?", widget=Radios())


class NoteForm(Form):
    """A paper that is typed in."""

    day = DayField(label="Day", today_latest=timezone.localdate, help_text="When it happened or was written.")
    title = django_forms.CharField(label="Title", max_length=200, widget=Text())
    words = django_forms.CharField(
        label="Words",
        help_text="Write as if the child will read it one day, because they may.",
        max_length=LONGEST,
        widget=LongText(rows=14),
    )

    def ask(self, kind: Kind) -> None:
        """Ask what this kind of paper has of its own."""
        for name in ASKED.get(kind.name, ()):
            spec = kind.fields[name]
            choices = [("", "Choose one"), *((word, word.capitalize()) for word in spec.choices)]
            self.fields[name] = django_forms.ChoiceField(
                label=spec.meaning, choices=choices, required=spec.required, widget=Select()
            )

    def own(self) -> dict[str, Any]:
        """Return what was said of the kind's own fields."""
        asked = {name for names in ASKED.values() for name in names}
        return {name: value for name, value in self.cleaned_data.items() if name in asked}


class CorrectForm(NoteForm):
    """A correction of a paper: made from a version, for a reason."""

    because = django_forms.CharField(label="Why you are correcting it", max_length=200, widget=Text())
    made_from = django_forms.CharField(widget=django_forms.HiddenInput())


class WithdrawForm(Form):
    """Why a paper is withdrawn."""

    reason = django_forms.ChoiceField(
        label="Why it is withdrawn",
        choices=list(VOID_REASONS.items()),
        widget=Radios(hints={
            "wrong_person": "It is hidden from everyone but information governance.",
            "unlawful": "It is hidden from everyone but information governance.",
        }),
    )  # fmt: skip
    because = django_forms.CharField(label="What happened", max_length=200, widget=Text())
    made_from = django_forms.CharField(widget=django_forms.HiddenInput())


class OneFile(Files):
    """One file and no more."""

    allow_multiple_selected = False


class UploadForm(Form):
    """A document or photograph."""

    file = django_forms.FileField(
        label="File",
        help_text=f"{ALLOWED_WORDS}, up to {LARGEST // 1_000_000} MB. The place and time that a camera wrote into a "
        "photograph are taken out.",
        widget=OneFile(accept=",".join(f".{ending}" for ending in EXTENSIONS.values()) + ",.jpeg"),
    )
    kind = django_forms.ChoiceField(label="What it is", widget=Select())
    day = DayField(label="Day", today_latest=timezone.localdate, help_text="When it was written or taken.")
    title = django_forms.CharField(label="Title", max_length=200, required=False, widget=Text())
    consent = django_forms.BooleanField(
        label="Those in the photograph, or who may say so for them, agreed to it", required=False
    )

    def clean(self) -> dict[str, Any]:
        """Return the values. A photograph needs somebody's agreement."""
        said = super().clean() or {}
        if said.get("kind") == "photograph" and not said.get("consent"):
            self.add_error("consent", "Tick that those in the photograph agreed, or do not attach it")
        return said


class ReleaseForm(Form):
    """To whom something is released, and what it says in words for them."""

    to = django_forms.ChoiceField(label="To whom", widget=Radios())
    words_for_child = django_forms.CharField(
        label="What it says, in words meant for them", widget=LongText(rows=4), max_length=4000
    )


@page("papers")
def papers(request: Asked, uid: str) -> HttpResponse:
    """List every paper of a record."""
    document, found = reads.papers_of(request.reader, str(uid))
    context = present.list_page(document, found, reads.drafts_about(request.reader, str(uid)))
    return render(request, "pages/papers.html", context)


@page("notes")
def notes(request: Asked, uid: str) -> HttpResponse:
    """Show everything typed, newest first, one below the other."""
    document, found = reads.papers_of(request.reader, str(uid))
    context = present.notes_page(document, found, reads.drafts_about(request.reader, str(uid)))
    return render(request, "pages/notes.html", context)


@page("note_new")
def note_new(request: Asked, uid: str) -> HttpResponseBase:
    """Ask what is to be written."""
    document = whole(request.reader, str(uid), action="write a paper")
    kinds = _kinds(request, str(uid), reads.TYPED)
    form = KindForm(request.POST or None, initial={"kind": "note"})
    form.fields["kind"].choices = present.kind_choices(kinds)  # type: ignore[attr-defined]
    form.fields["kind"].widget.hints = present.kind_hints(kinds)
    if request.method == "POST" and form.is_valid():
        return redirect("note_write", uid=uid, kind=form.cleaned_data["kind"])
    return render(request, "pages/note_new.html", {**heading(document), "form": form})


def _kinds(request: Asked, uid: str, names: tuple[str, ...]) -> list[Kind]:
    kinds = reads.kinds_to_write(request.reader, find_person(uid), names)
    if not kinds:
        raise NotPermitted("There is nothing here that you can open.")
    return kinds


@page("note_write")
def note_write(request: Asked, uid: str, kind: str) -> HttpResponseBase:
    """Write a paper of one kind; what is typed stays as a draft until it is saved or discarded."""
    document = whole(request.reader, str(uid), action="write a paper")
    declared = next((one for one in _kinds(request, str(uid), reads.TYPED) if one.name == kind), None)
    if declared is None:
        raise NotPermitted("There is nothing here that you can open.")
    about = f"{uid}:{kind}"
    draft = reads.draft_of(request.reader, "paper", about)
    if "discard" in request.POST:
        actions.drop_draft(request.reader, "paper", about)
        messages.success(request, "The draft is discarded.")
        return redirect("papers", uid=uid)
    form = _note_form(request, draft, declared)
    if "keep" in request.POST:
        actions.save_draft(request.reader, form="paper", about=about, values=_typed(request))
        messages.success(request, "The draft is kept. Only you can see it.")
        return redirect("note_write", uid=uid, kind=kind)
    if request.method == "POST":
        actions.save_draft(request.reader, form="paper", about=about, values=_typed(request))
        if form.is_valid() and (fact := _write(request, str(uid), kind, form)):
            messages.success(request, f"The {declared.label.lower()} is saved.")
            return redirect("paper", uid=uid, fact=fact)
    context = {**heading(document), "form": form, "kind": declared, "draft": draft, "about": about,
               "draft_href": reverse("note_draft", args=[uid])}  # fmt: skip
    return render(request, "pages/note_write.html", context)


def _note_form(request: Asked, draft: Any, kind: Kind) -> NoteForm:
    start: dict[str, Any] = {"day": timezone.localdate()}
    if draft:
        start |= draft.values
        start["day"] = _day_of(draft.values)
    form = NoteForm(request.POST if request.method == "POST" else None, initial=start)
    form.ask(kind)
    return form


def _day_of(values: dict[str, str]) -> Any:
    """Return the day of a draft as far as it is one: what was half typed is shown again, not lost."""
    try:
        return DayField(required=False).to_python([values.get(f"day_{part}", "") for part in range(3)])
    except django_forms.ValidationError:
        return None


def _typed(request: Asked) -> dict[str, str]:
    """Return what was typed, for the draft: the day's parts are numbered."""
    sent = {k: str(v) for k, v in request.POST.items() if k not in ("csrfmiddlewaretoken", "keep", "about")}
    for number, part in enumerate(("day", "month", "year")):
        for name in (f"day_{part}", f"day_{number}"):
            if name in sent:
                sent[f"day_{number}"] = sent.pop(name)
    return sent


def _write(request: Asked, uid: str, kind: str, form: NoteForm) -> str:
    said = form.cleaned_data
    try:
        return actions.write_paper(
            request.reader, find_person(uid), kind=kind, day=said["day"], title=said["title"], words=said["words"],
            said=form.own(),
        )  # fmt: skip
    except InputError as error:
        form.add_error(None, str(error))
        return ""


@page("note_draft")
def note_draft(request: Asked, uid: str) -> HttpResponse:
    """Keep what is being typed, asked by the page every few seconds. Answers when it was kept."""
    about = request.POST.get("about", "")
    if request.method != "POST" or not about.startswith(f"{uid}:") or len(about) > 60:
        return JsonResponse({"saved": False}, status=400)
    if not reads.kinds_to_write(request.reader, find_person(str(uid)), reads.TYPED):
        raise NotPermitted("There is nothing here that you can open.")
    try:
        actions.save_draft(request.reader, form="paper", about=about, values=_typed(request))
    except InputError as error:
        return JsonResponse({"saved": False, "why": str(error)}, status=400)
    return JsonResponse({"saved": True, "at": timezone.localtime().strftime("%H:%M")})


@page("paper")
def paper(request: Asked, uid: str, fact: str) -> HttpResponse:
    """Show one paper with every version it ever had."""
    found = reads.paper_of(request.reader, str(uid), str(fact))
    return render(request, "pages/paper.html", present.paper_page(str(uid), found))


@page("paper_file")
def paper_file(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Hand over a paper's file, never to be run or shown as a page. The download is a View."""
    kept, pieces = reads.file_of(request.reader, str(uid), str(fact))
    return handed_over(kept, pieces)


@page("note_edit")
def note_edit(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Correct a paper. Where somebody else did first, show both versions side by side and lose neither."""
    found = reads.paper_of(request.reader, str(uid), str(fact))
    if not found.may_change or found.file:
        raise NotPermitted("There is nothing here that you can open.")
    about = f"{uid}:{str(fact)[:20]}"
    draft = reads.draft_of(request.reader, "paper", about)
    start = {"day": found.day, "title": found.values.get("title"), "words": found.words, "made_from": found.mark}
    if draft:
        start |= {**draft.values, "day": _day_of(draft.values)}
    form = CorrectForm(request.POST or None, initial=start)
    if request.method == "POST":
        actions.save_draft(request.reader, form="paper", about=about, values=_typed(request))
        if form.is_valid():
            try:
                _correct(request, str(uid), found, form.cleaned_data)
            except EditConflict:
                return _beside(request, str(uid), found, form)
            except InputError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "The correction is saved. The earlier version is kept.")
                return redirect("paper", uid=uid, fact=fact)
    context = {**present.paper_page(str(uid), found), "form": form, "draft": draft, "about": about,
               "draft_href": reverse("note_draft", args=[uid])}  # fmt: skip
    return render(request, "pages/note_edit.html", context)


def _correct(request: Asked, uid: str, found: reads.Paper, said: dict[str, Any]) -> None:
    actions.correct_paper(
        request.reader, find_person(uid), fact=found.fact, kind=found.kind.name, made_from=said["made_from"],
        day=said["day"], title=said["title"], words=said["words"], because=said["because"],
    )  # fmt: skip


def _beside(request: Asked, uid: str, found: reads.Paper, form: CorrectForm) -> HttpResponse:
    """Show what the reader typed and what somebody else saved meanwhile; the form now stands on the newest version."""
    mine = {name: form.cleaned_data[name] for name in ("day", "title", "words")}
    again = CorrectForm(initial={**form.cleaned_data, "made_from": found.mark})
    context = {**present.paper_page(uid, found), "form": again, "mine": mine, "by": found.newest.by}
    return render(request, "pages/note_conflict.html", context, status=409)


@page("paper_withdraw")
def paper_withdraw(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Withdraw a paper: it is kept, says why, and with two of the reasons is hidden."""
    found = reads.paper_of(request.reader, str(uid), str(fact))
    if not found.may_change:
        raise NotPermitted("There is nothing here that you can open.")
    form = WithdrawForm(request.POST or None, initial={"made_from": found.mark})
    if request.method == "POST" and form.is_valid():
        try:
            recording.void(request.reader, find_person(str(uid)), word="paper", fact=str(fact), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The paper is withdrawn.")
            return redirect("papers", uid=uid)
    return render(request, "pages/paper_withdraw.html", {**present.paper_page(str(uid), found), "form": form})


@page("paper_release")
def paper_release(request: Asked, uid: str, fact: str) -> HttpResponseBase:
    """Release a paper to the young person or a parent, with words meant for them."""
    reader = for_rights(request.reader)  # who releases must be able to read all of it
    found = reads.paper_of(reader, str(uid), str(fact))
    form = ReleaseForm(request.POST or None)
    people = names_to_release_to(str(uid))
    form.fields["to"].choices = people  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            rights_actions.release_item(reader, str(uid), word="paper", fact=str(fact), **form.cleaned_data)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "It is released.")
            return redirect("paper", uid=uid, fact=fact)
    context = {**present.paper_page(str(uid), found), "form": form, "people": people}
    return render(request, "pages/paper_release.html", context)


@page("upload_paper")
def upload_paper(request: Asked, uid: str) -> HttpResponseBase:
    """Attach a document or a photograph."""
    document = whole(request.reader, str(uid), action="attach a file")
    kinds = _kinds(request, str(uid), reads.ATTACHED)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"day": timezone.localdate()})
    form.fields["kind"].choices = present.kind_choices(kinds)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            fact, kept = _attach(request, str(uid), form.cleaned_data)
        except InputError as error:
            form.add_error("file", str(error))
        else:
            gone = f" Taken out of it: {kept.removed[0]}." if kept.removed else ""
            messages.success(request, f"The {KINDS[form.cleaned_data['kind']].label.lower()} is attached.{gone}")
            return redirect("paper", uid=uid, fact=fact)
    return render(request, "pages/upload_paper.html", {**heading(document), "form": form})


def _attach(request: Asked, uid: str, said: dict[str, Any]) -> tuple[str, Any]:
    sent = said["file"]
    # read one byte more than may be kept: a larger file is refused without being held in memory
    content = sent.read(LARGEST + 1)
    because = "those in it agreed" if said["consent"] else ""
    return actions.attach(
        request.reader, find_person(uid), kind=said["kind"], day=said["day"], title=said["title"], name=sent.name,
        content=content, because=because,
    )  # fmt: skip

"""Financial oversight: the groups that meet a condition, a group's case, its returns, ratios, score and stress."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from kinfold.access.things import day_of
from kinfold.files.attached import make_safe
from kinfold.market.cases.financial import is_late
from kinfold.market.exits.replaceable import Thresholds, measured_groups, moved
from kinfold.market.financial.arithmetic import worked_ratios
from kinfold.market.financial.covenants import cash_ahead, checked_covenants
from kinfold.market.financial.schedules import every_figure
from kinfold.market.financial.scorecard import Scored
from kinfold.market.financial.scoring import score_document
from kinfold.market.financial.stress import Shock, least_occupancy, reverse_stress, stressed
from kinfold.market.financial.template import template
from kinfold.market.financial.workbook import read_return
from kinfold.market.groups import settings_of
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.actions.provider_returns import read_by
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market import shelf
from kinfold.service.records.reads.market_cases import FINANCIAL, CasePage
from kinfold.service.records.reads.market_exits import HOME
from kinfold.service.web.components import Table
from kinfold.service.web.downloads import download
from kinfold.service.web.forms import DayField, Form
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.numbers_asked import asked, values
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_finance as present
from kinfold.service.web.presenters import market_ratios as present_ratios
from kinfold.service.web.presenters.market_cases import address, crumbs_of
from kinfold.service.web.presenters.services import reaches
from kinfold.service.web.steps_finance import steps
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.service.web.views.market_lists import cases_file
from kinfold.service.web.views.market_steps import open_form, pages_of_cases, show_case
from kinfold.terms.errors import InputError

_EMPTY = "pages/market/empty.html"
WORKBOOK = MEDIA["xlsx"]
START = (Ask("reasons", "Why a case about this group is opened", "long"),)


def _policy(request: Asked) -> Pack:
    return pack(JURISDICTION, day_of(request.reader.now))


@page("finance")
def groups(request: Asked) -> HttpResponse:
    """Show which groups meet a condition, who falls in or out at other thresholds, and the cases; groups as a file too."""
    held = shelf(None)
    if held is None:
        return render(request, _EMPTY)
    policy = Thresholds.of(_policy(request))
    numbers = asked(present.numbers(policy), request.GET)
    limits = present.thresholds(values(numbers))
    homes = held.settings.filter(held.settings["type"] == HOME)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name="groups-by-condition", title="Groups", headings=present.HEADINGS,
                           rows=present.group_rows(measured_groups(homes, limits)))  # fmt: skip
    may = reaches(request.reader.actor, "finance_open")["may_finance_open"]
    cases = reads.cases(request.reader, FINANCIAL) if may else []
    if request.GET.get("cases", "") in MEDIA:
        return cases_file(request.GET["cases"], cases)
    today = day_of(request.reader.now)
    context = present.list_page(
        moved(homes, before=policy, after=limits), numbers, cases, day=held.day, today=today, may_open=may
    )
    return render(request, "pages/market/finance.html", context | {"query": request.GET.urlencode()})


@page("finance_open")
def start(request: Asked, key: str) -> HttpResponseBase:
    """Show what a group meets by the policy pack, and open a case about it."""
    held = shelf(None)
    if held is None:
        return render(request, _EMPTY)
    settings = settings_of(held.settings, key)
    group, name = settings["owner_key"][0], settings["owner"].drop_nulls().sort()[0]
    policy = _policy(request)
    homes = held.settings.filter(held.settings["type"] == HOME)
    row = next((one for one in measured_groups(homes, Thresholds.of(policy)) if one["owner_key"] == group), None)
    form = form_of(START)(request.POST or None)
    said = {"group": group, "conditions": row["conditions"] if row else [], "register": held.day.isoformat()}
    done = open_form(
        request, form,
        lambda: actions.open_case(request.reader, sort=FINANCIAL, about=group, name=name, said=said, reasons=form.reasons), FINANCIAL,
    )  # fmt: skip
    if done is not None:
        return done
    context = present.open_page(row, name, policy) | {"form": form, "group": group}
    return render(request, "pages/market/finance_open.html", context)


@page("finance_template")
def workbook(request: Asked) -> HttpResponse:
    """Send the return as a workbook to fill in, with the group's name where a case is named."""
    uid = request.GET.get("group", "")
    name = reads.case_row(request.reader, FINANCIAL, _uid(uid)).name if uid else ""
    return download(template(name), name="financial-return.xlsx", media_type=WORKBOOK)


def _uid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise InputError("There is no such case. Open the case, and take the workbook from there.") from None


@page("finance_case")
def case(request: Asked, case: str) -> HttpResponse:
    """Show a group's case."""
    read_by(request.reader, str(case))
    return show_case(request, FINANCIAL, str(case), steps, present.sections)


class ReturnForm(Form):
    """A filled-in workbook and the day on which it came."""

    received_on = DayField(label="Day it was received", today_latest=timezone.localdate)
    file = django_forms.FileField(label="The workbook", help_text="The template, filled in and saved as .xlsx.")


@page("finance_return")
def take_in(request: Asked, case: str) -> HttpResponseBase:
    """Take in a return: what does not fit is said by sheet and cell, and then nothing is written."""
    found = reads.case(request.reader, FINANCIAL, str(case))
    form = ReturnForm(request.POST or None, request.FILES or None)
    refused: list[Table] = []
    if request.method == "POST" and form.is_valid():
        try:
            told = _take(request, found, form, refused)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            if told is not None:
                messages.success(request, told)
                return redirect("finance_case", case)
    context = {"form": form, "refused": refused, "title": "Take in a return", "back": address(found.row), "name": found.row.name,
               "template": f"{reverse('finance_template')}?group={found.row.uid}", "crumbs": crumbs_of(found, "Take in a return")}  # fmt: skip
    return render(request, "pages/market/finance_return.html", context)


def _take(request: Asked, found: CasePage, form: ReturnForm, refused: list[Table]) -> str | None:
    """Write a return and return what is said of it; None where it is refused, with the reasons in `refused`."""
    given = form.cleaned_data["file"]
    content = given.read()
    read = read_return(content, today=found.today)
    if read.refusals:
        refused.append(present.refusals(read, "Send it back with these"))
        return None
    received = form.cleaned_data["received_on"]
    before = found.working.versions(read.period_end.isoformat() if read.period_end else "")
    line = actions.write(request.reader, found.row, sort="return", said={**read.said(), "received_on": received.isoformat()},
                         file=make_safe(given.name, content))  # fmt: skip
    late = " It is late." if is_late(line, _policy(request)) else ""
    version = f" It is version {len(before) + 1} for this period; the earlier one is kept." if before else ""
    return f"The return was taken in: its figures fit one another.{late}{version}"


@page("finance_ratios")
def ratios(request: Asked, case: str) -> HttpResponse:
    """Show every ratio of the last return with its arithmetic, and the score with its reasons; ratios as a file too."""
    found = _with_a_return(request, str(case))
    figures = _figures(request, found)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(form, name=f"ratios-{found.row.reference}", title="Ratios", headings=present_ratios.RATIO_HEADINGS,
                           rows=present_ratios.ratio_rows(worked_ratios(figures)))  # fmt: skip
    scored: Scored | None = None
    because = ""
    try:
        scored, _ = score_document(
            {"figures": found.working.latest.said["figures"]}, base_rate=_policy(request)["sector_failure_rate"]
        )
    except InputError as error:
        because = str(error)
    return render(
        request,
        "pages/market/finance_ratios.html",
        present_ratios.ratios_page(found, figures, scored, because, _policy(request)),
    )


def _figures(request: Asked, found: CasePage) -> dict[str, float]:
    return every_figure(found.working.latest.said, variable=_policy(request)["variable_costs"])


def _with_a_return(request: Asked, uid: str) -> CasePage:
    found = reads.case(request.reader, FINANCIAL, uid)
    if found.working.latest is None:
        raise InputError("No return has come yet. Take one in first.")
    return found


@page("finance_stress")
def stress(request: Asked, case: str) -> HttpResponse:
    """Show what a shock does to the last return, and the least one that breaks something."""
    found = _with_a_return(request, str(case))
    figures = _figures(request, found)
    numbers = asked(present_ratios.SHOCKS, request.GET)
    moved_by = values(numbers)
    shock = Shock(
        moved_by["fees"] / 100,
        moved_by["occupancy"] / 100,
        moved_by["pay"] / 100,
        moved_by["rate"] / 100,
        moved_by["homes"] / 100,
        bool(moved_by["refinancing"]),
    )
    variable, largest = (_policy(request)[name] for name in ("variable_costs", "stress_largest"))
    said = found.working.latest.said
    ended = date.fromisoformat(said["period_end"])
    context = present_ratios.stress_page(
        found, numbers, covenants=checked_covenants(said.get("covenants") or (), figures, shock, variable=variable, period_end=ended),
        ahead=cash_ahead(said.get("cash_ahead") or (), figures, shock, variable=variable), before=stressed(figures, Shock(), variable=variable), after=stressed(figures, shock, variable=variable),
        breaks=reverse_stress(figures, variable=variable, largest=largest),
        occupancy=least_occupancy(figures, variable=variable, largest=largest), variable=variable,
    )  # fmt: skip
    return render(request, "pages/market/finance_stress.html", context)


step, exhibit, disclosure = pages_of_cases(FINANCIAL, steps)

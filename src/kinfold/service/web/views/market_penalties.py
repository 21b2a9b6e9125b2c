"""Monetary penalties: opening a case, the case, its steps, its notices, its evidence."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kinfold.access.things import day_of
from kinfold.market.penalties import CHIEF_INSPECTOR, SECRETARY_OF_STATE, grounds
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.actions import market_cases as actions
from kinfold.service.records.actions.market_notices import NOTICES, served_text, text_of
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market_cases import FINANCIAL, PENALTY, UNREGISTERED, CaseRow
from kinfold.service.web.market_forms import Ask, form_of
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_penalties as present
from kinfold.service.web.presenters.market_cases import address, crumbs_of
from kinfold.service.web.presenters.services import crumbs
from kinfold.service.web.steps_of_cases import plainly
from kinfold.service.web.steps_penalty import grid, steps
from kinfold.service.web.views.home_education import letter_answer
from kinfold.service.web.views.market_steps import FORM, open_form, pages_of_cases, show_case
from kinfold.terms.errors import InputError

# The ground, and how the act is written, where a penalty begins from another case.
BEGINNINGS = {
    UNREGISTERED: ("carrying on unregistered", "carrying on"),
    FINANCIAL: ("duty of financial oversight", "duty in"),
}
TITLES = {"intention": "Notice of intention", "final": "Final notice"}


@page("penalty_open")
def start(request: Asked) -> HttpResponseBase:
    """Open a case about a penalty, from another case or by itself; only on grounds that are this installation's power."""
    origin = _origin(request)
    authority = SECRETARY_OF_STATE if reads.is_department() else CHIEF_INSPECTOR
    policy = pack(JURISDICTION, day_of(request.reader.now))
    ours = [name for name, ground in grounds(policy).items() if ground.authority == authority]
    ground, act_said = BEGINNINGS[origin.sort] if origin else (request.GET.get("ground"), "")
    asks = (
        Ask("name", "The person or company", value=_operator(origin) or request.GET.get("name", "")),
        Ask("act", "The act or omission", hint="When, where and what. The same words find other penalties for the same act.",
            value=f"{act_said} {origin.reference}" if origin else request.GET.get("act", "")),
        Ask("ground", "Ground", "one", plainly(ours), value=ground if ground in ours else None),
        Ask("reasons", "Why", "long"),
    )  # fmt: skip
    form = form_of(asks)(request.POST or None)

    def act() -> object:
        said = {**form.answers(), "authority": authority}
        return actions.open_case(request.reader, sort=PENALTY, about=said["act"].strip().casefold(), name=said["name"], said=said,
                                 reasons=form.reasons, origin=origin)  # fmt: skip

    done = open_form(request, form, act, PENALTY)
    if done is not None:
        return done
    context = {
        "form": form, "title": "Open a case about a monetary penalty", "button": "Open a case", "cancel": reverse("penalties"),
        "crumbs": crumbs(("Penalties", reverse("penalties")), ("Open a case", "")),
        "words": f"From {origin.reference}: {origin.name}." if origin else "",
    }  # fmt: skip
    return render(request, FORM, context)


def _origin(request: Asked) -> CaseRow | None:
    uid = request.GET.get("from", "")
    try:
        sort = FINANCIAL if reads.is_department() else UNREGISTERED
        return reads.case_row(request.reader, sort, str(UUID(uid))) if uid else None
    except ValueError:
        raise InputError("There is no such case to begin from. Open the case and begin there.") from None


def _operator(origin: CaseRow | None) -> str:
    if origin is None:
        return ""
    return str(origin.name if origin.sort == FINANCIAL else origin.about)


@page("penalty_case")
def case(request: Asked, case: str) -> HttpResponse:
    """Show a case about a penalty."""
    return show_case(request, PENALTY, str(case), steps, lambda found: present.sections(found, grid()))


@page("penalty_notice")
def notice(request: Asked, case: str, which: str) -> HttpResponse:
    """Show a notice as it was served, or as it would be today; as PDF where that is asked for."""
    found = reads.case(request.reader, PENALTY, str(case))
    if which not in TITLES:
        raise InputError("There is no such notice. Go back to the case and choose one.")
    to = NOTICES[which]
    served = served_text(found, to)
    context = {
        "title": TITLES[which] if served else f"Draft of a {TITLES[which].lower()}",
        "paragraphs": served or text_of(found, to, found.today), "holder": found.row.held_by.name,
        "today": found.working.days.get(to, found.today), "signed": "", "back": address(found.row),
        "crumbs": crumbs_of(found, TITLES[which]),
    }  # fmt: skip
    return letter_answer(request, context, name=f"{which}-{found.row.reference}")


step, exhibit, disclosure = pages_of_cases(PENALTY, steps)

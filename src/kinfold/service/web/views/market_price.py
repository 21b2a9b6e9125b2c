"""Profit and price: every group with a return, one group's levels, bases and screens, and a cap through viability and exit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from kinfold.access.things import day_of
from kinfold.market.exits.cost import Costs, cost_of_exit
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.market.prices import Tried, bases_of, screens, tried
from kinfold.market.profit import Cap
from kinfold.service.records.reads import market_cases as reads
from kinfold.service.records.reads.market import owners_of_homes
from kinfold.service.records.reads.market_cases import FINANCIAL, CasePage
from kinfold.service.records.reads.market_exits import exit_counts
from kinfold.service.web.numbers_asked import asked, values
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market_price as present
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError


@page("market_price")
def prices(request: Asked) -> HttpResponse:
    """Show every group with a return, or one of them with a cap tried on it; groups and homes, and placements, as files too."""
    if request.GET.get("group"):
        return _one(request, request.GET["group"])
    cases, policy = reads.cases(request.reader, FINANCIAL), pack(JURISDICTION, day_of(request.reader.now))
    form = request.GET.get("placements", "")
    if form in MEDIA:
        return file_answer(
            form,
            name="placements",
            title="Placements",
            headings=present.PLACEMENT_HEADINGS,
            rows=present.placement_rows(cases, policy),
        )
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(
            form,
            name="fees-and-margins",
            title="Fees and margins",
            headings=present.LEVEL_HEADINGS,
            rows=present.group_rows(cases),
        )
    return render(request, "pages/market/prices.html", present.all_page(cases, policy))


def _one(request: Asked, uid: str) -> HttpResponse:
    try:
        found = reads.case(request.reader, FINANCIAL, str(UUID(uid)))
    except ValueError:
        raise InputError("There is no such case. Choose a group from the list of profit and price.") from None
    if found.working.latest is None:
        raise InputError("No return has come for this group yet. Take one in first.")
    policy = pack(JURISDICTION, day_of(request.reader.now))
    said = found.working.latest.said
    form = request.GET.get("form", "margin")
    if form not in present.FORMS:
        raise InputError("There is no such form of cap. Choose one of those on the page.")
    numbers = asked(present.numbers(), request.GET)
    made, because, words = _tried(found, form, values(numbers), policy)
    earlier = [one for one in found.working.returns if one.said["period_end"] < said["period_end"]]
    before = max(earlier, key=lambda one: one.said["period_end"]).said if earlier else None
    context = present.group_page(
        found, bases=bases_of(said["figures"], policy), screens=screens(said["figures"], before, said.get("segments", {}), policy), form=form,
        asked=numbers, tried=made, because=because, exit_words=words, owners=owners_of_homes([one["urn"] for one in said["homes"]]),
    )  # fmt: skip
    cap = f"{policy.values['commencement_s17'].label}: {policy['commencement_s17'].casefold()}."
    return render(request, "pages/market/price.html", context | {"cap_rests_on": cap})


def _tried(found: CasePage, form: str, said: dict[str, float], policy: Pack) -> tuple[Tried | None, str, str]:
    """Return the cap tried, or why no saving is shown, and the exit in words."""
    exit_ = exit_counts(found.working.opened.said["group"])
    if exit_ is None:
        return (
            None,
            "The register shows no home of this group, so its exit cannot be counted, and no saving is shown without it.",
            "",
        )
    row = min(exit_["curve"], key=lambda one: abs(one["suitability"] * 100 - said["suitability"]))
    cost = cost_of_exit(row, Costs.of(policy))
    words = (f"If it closed: {row['displaced']['middle']:,.0f} children would move, {row['unplaced']['middle']:,.0f} of them would have no place where "
             f"{row['suitability']:.0%} of free places suit; £{cost.first_year:,.0f} in the first year.")  # fmt: skip
    try:
        made = tried(
            found.working.latest.said, _cap(found, form, said["level"]), least_cover=policy["least_cover"], exit_cost=cost.first_year,
            move_cost=policy["move_cost"], elasticity=-said["response"],
        )  # fmt: skip
    except InputError as error:
        return None, str(error), words
    return made, "", words


def _cap(found: CasePage, form: str, level: float) -> Cap:
    said = found.working.latest.said
    figures, places = said["figures"], sum(one["places"] for one in said["homes"])
    capital = figures.get("fixed_assets", 0.0) - figures.get("intangible_assets", 0.0) + figures.get("current_assets", 0.0) - figures.get("short_term_liabilities", 0.0)  # fmt: skip
    filled = sum(one["children"] for one in said["homes"])
    return Cap(
        form, level if form == "per_week" else level / 100, max(capital, 0.0) / places if places else 0.0, filled / places if places else 1.0
    )  # fmt: skip

"""The public register of providers: in numbers and on a map, its settings, its owners."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from kinfold.access.matrix import may_reach, route_rule
from kinfold.access.things import day_of
from kinfold.access.words import Installation
from kinfold.market.diversity import CANNOT_SEE
from kinfold.service.records.reads import market as reading
from kinfold.service.records.reads.market_ownership import matches
from kinfold.service.records.reads.market_workforce import workforce_said
from kinfold.service.records.reads.provider_door import vacancy_said
from kinfold.service.records.reads.settings import settings_numbered
from kinfold.service.web.components import Table
from kinfold.service.web.page import Asked, page
from kinfold.service.web.presenters import market as present
from kinfold.service.web.presenters import market_files as files
from kinfold.service.web.presenters.market_diversity import HEADINGS, diversity_page, rows_of
from kinfold.service.web.presenters.market_ownership import JOINT, joint_table, links_of
from kinfold.service.web.presenters.market_workforce import workforce_rows
from kinfold.service.web.presenters.provider_door import vacancy_row
from kinfold.service.web.presenters.staff import setting_page
from kinfold.service.web.table_files import MEDIA, file_answer
from kinfold.terms.errors import InputError

_EMPTY = "pages/market/empty.html"


def _shelf(request: Asked) -> reading.Shelf | None:
    said = request.GET.get("on", "").strip()
    try:
        return reading.shelf(date.fromisoformat(said) if said else None)
    except ValueError:
        raise InputError("The day must be a date such as 2023-03-31.") from None


def _kept(request: Asked) -> dict[str, str]:
    """Return what was asked, but for the page of a list, so that a file has what its page shows."""
    said = request.GET.copy()
    said.pop("page", None)
    return {"query": said.urlencode()}


def _settings_file(form: str, name: str, rows: pl.DataFrame) -> HttpResponse:
    return file_answer(
        form,
        name=name,
        title="Settings",
        headings=files.SETTINGS,
        rows=files.settings_rows(rows),
        note=present.ATTRIBUTION,
    )


@gzip_page  # published facts, the same for everybody: there is nothing to guess from their length
@page("market")
def overview(request: Asked) -> HttpResponse:
    """Show the register in numbers, and children's homes by authority on a map; the totals as CSV or a workbook."""
    held = _shelf(request)
    if held is None:
        return render(request, _EMPTY)
    found = reading.overview(held)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(
            form, name="register-totals", title="Totals", headings=files.TOTALS, rows=files.total_rows(found["totals"])
        )
    return render(
        request,
        "pages/market/overview.html",
        present.overview_page(found, held.register.days, held.day)
        | _kept(request)
        | {"workforce": Installation(settings.INSTALLATION) in route_rule("web:market_workforce").installations},
    )


@gzip_page
@page("market_settings")
def settings_list(request: Asked) -> HttpResponse:
    """List settings, filtered by words, type, sector, region or authority; all that fit as CSV or a workbook."""
    held = _shelf(request)
    if held is None:
        return render(request, _EMPTY)
    asked = {name: request.GET.get(name, "") for name in present.FILTERS}
    rows = reading.listed(
        held, words=asked["q"], type_=asked["type"], sector=asked["sector"], region=asked["region"], area=asked["area"]
    )
    form = request.GET.get("as", "")
    if form in MEDIA:
        return _settings_file(form, "settings", rows)
    context = present.settings_page(held.settings, rows, held.day, request.GET) | _kept(request)
    return render(request, "pages/market/settings.html", context)


@gzip_page
@page("market_diversity")
def diversity(request: Asked) -> HttpResponse:
    """Show sectors, flows and concentration by area; every area as CSV or a workbook."""
    held = _shelf(request)
    if held is None:
        return render(request, _EMPTY)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return file_answer(
            form, name="diversity", title="Diversity", headings=HEADINGS, rows=rows_of(held), note=CANNOT_SEE
        )
    return render(request, "pages/market/diversity.html", diversity_page(held))


@page("market_setting")
def setting(request: Asked, urn: str) -> HttpResponse:
    """Show one setting: what it is, over the years, and how it was judged."""
    held = _shelf(request)
    if held is None:
        return render(request, _EMPTY)
    context = present.setting_page(reading.one_setting(held, urn)) | {"children": _own_children(request, urn)}
    if request.user.is_authenticated:
        context["rows"] += vacancy_row(vacancy_said(request.reader, urn))
        context["rows"] += workforce_rows(workforce_said(request.reader, urn))
    return render(request, "pages/market/setting.html", context)


def _decides_owners(request: Asked) -> bool:
    return bool(may_reach(request.reader.actor, route_rule("web:market_owner_match")))


def _own_children(request: Asked, urn: str) -> list[Table]:
    """Return the council's own children there, for a reader whose role has the page of homes; nothing for anybody else."""
    if not request.user.is_authenticated or not may_reach(request.reader.actor, route_rule("web:organisation")):
        return []
    today = day_of(request.reader.now)
    return [setting_page(one, today=today)["now"] for one in settings_numbered(request.reader, urn)]


@gzip_page
@page("market_groups")
def groups(request: Asked) -> HttpResponse:
    """List owners, the one with the most settings first, and say what names cannot tell; all as CSV or a workbook."""
    held = _shelf(request)
    if held is None:
        return render(request, _EMPTY)
    found = reading.all_groups(held)
    form = request.GET.get("as", "")
    if form in MEDIA:
        rows = files.owner_rows(present.groups_named(found["groups"], request.GET))
        return file_answer(
            form, name="owners", title="Owners", headings=files.OWNERS, rows=rows, note=found["cannot_see"]
        )
    return render(request, "pages/market/groups.html", present.groups_page(found, request.GET) | _kept(request))


@page("market_group")
def group(request: Asked, key: str) -> HttpResponse:
    """Show one owner: its settings, places, where they are and how they were judged; its settings as CSV or a workbook."""
    held = _shelf(request)
    if held is None:
        return render(request, _EMPTY)
    rows = reading.one_group(held, key)
    form = request.GET.get("as", "")
    if form in MEDIA:
        return _settings_file(form, "owner-settings", rows)
    context = present.group_page(rows, held.day, request.GET) | _kept(request)
    if request.user.is_authenticated:  # statements name people
        context["ownership"] = links_of(matches(rows["owner"].drop_nulls().unique().to_list()))
        context["joint"] = joint_table(*reading.brought_together(held, key), may_decide=_decides_owners(request))
    if any(one.key == held.group_of(key) for one in held.joint):
        context["joint_words"] = JOINT
    return render(request, "pages/market/group.html", context)

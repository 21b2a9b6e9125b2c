"""Agreements as people read them: the list, one agreement's lines, its versions, and what would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.service.records.reads.agreements import AgreementPage, Kept, Party
from kinfold.service.records.reads.agreements_looks import Unusual
from kinfold.service.records.reads.looks import role_words
from kinfold.service.web.components import Cell, Column, Table, Tag
from kinfold.service.web.drawings.words import day_words, listed
from kinfold.service.web.presenters.sharing import MODES, RECORDS, SORTS, purpose_label
from kinfold.sharing.agreements import Rule
from kinfold.sharing.comparing import Change


def list_page(found: Sequence[Party]) -> dict[str, Any]:
    """Return the list of organisations with where the agreement of each stands."""
    columns = [Column("Organisation"), Column("Sort"), Column("Agreement"), Column("Version", numeric=True),
               Column("Its system")]  # fmt: skip
    lines = [
        [Cell(one.name, href=reverse("agreement", args=[one.code])), Cell(SORTS[one.sort]), Cell("", tag=_tag(one)),
         Cell(one.version or ""), Cell("Pulls work by itself" if one.system else "None: ring them")]
        for one in found
    ]  # fmt: skip
    empty = "No organisation has a place here yet. Add the first."
    return {"table": Table("Organisations that share", columns, lines, empty=empty)}


def _tag(one: Party) -> Tag:
    if not one.version:
        return Tag("None: opens nothing", "grey")
    return Tag("Revoked", "red") if one.revoked else Tag("In force", "green")


def agreement_page(found: AgreementPage) -> dict[str, Any]:
    """Return one agreement: its lines as they hold, and its versions."""
    latest = found.versions[0] if found.versions else None
    names = {code: name for code, name in found.others}
    return {
        "party": found.party,
        "tag": _tag(found.party),
        "latest": latest,
        "rules": _rules(latest, names) if latest else [],
        "versions": _versions(found),
        "may_revoke": latest is not None and not latest.revoked,
    }


def _rules(latest: Kept, names: dict[str, str]) -> list[dict[str, Any]]:
    agreement = latest.agreement
    return [
        {"words": rule_words(rule, names), "exception": exception, "place": place, "allows": rule.allows}
        for exception, rules in ((False, agreement.defaults), (True, agreement.exceptions))
        for place, rule in enumerate(rules)
    ]


def rule_words(rule: Rule, names: dict[str, str]) -> str:
    """Return one line of an agreement as a sentence."""
    who = [names.get(code, code) for code in sorted(rule.organisations)] or [SORTS[sort] for sort in sorted(rule.sorts)]
    what = " and ".join(MODES[mode] for mode in sorted(rule.modes, key=lambda mode: mode.place))
    records = ", ".join(RECORDS[one] for one in sorted(rule.record_types))
    purposes = "; ".join(purpose_label(one) for one in sorted(rule.purposes))
    tells = "are told" if rule.allows else "are not told"
    said = [f"{listed(who)} {tells} {what} ({records}).", f"What for: {purposes}."]
    if days := held_days(rule):
        said.append(f"Holds {days}.")
    if rule.reason:
        said.append(f"Ground: {rule.reason.rstrip('.')}.")
    return " ".join(said)


def held_days(rule: Rule) -> str:
    """Return from and until when a line holds, as it stands in a sentence; "" for one without days."""
    days = [f"from {day_words(rule.since)}"] if rule.since else []
    return " ".join([*days, *([f"until {day_words(rule.until)}"] if rule.until else [])])


def _versions(found: AgreementPage) -> Table:
    columns = [Column("Version"), Column("Made"), Column("By"), Column("Why"), Column("What changed")]
    lines = [
        [Cell(f"{one.version}{' (revoked)' if one.revoked else ''}"), Cell(day_words(one.made_at.date())),
         Cell(one.made_by), Cell(one.because),
         Cell("Compare", href=f"{reverse('agreement_compare', args=[found.party.code])}?before={one.version - 1}&after={one.version}",
              about=f"version {one.version - 1} with {one.version}")]
        for one in found.versions
    ]  # fmt: skip
    return Table(
        "Versions", columns, lines, empty="No agreement was made yet: this organisation tells nobody anything."
    )


def compare_page(
    found: AgreementPage, changed: Sequence[tuple[date, Sequence[Change]]], *, before: int, after: int
) -> dict[str, Any]:
    """Return what another version would tell more, or less: today, and on each later day on which that changes."""
    words = [f"version {one}" if one else "no agreement" for one in (before, after)]
    return {
        "party": found.party,
        "title": f"From {words[0]} to {words[1]}",
        "tables": [
            _changes(f"From {day_words(day)}" if place else "As they hold today", rows, found)
            for place, (day, rows) in enumerate(changed)
        ],
    }


def _changes(caption: str, rows: Sequence[Change], found: AgreementPage) -> Table:
    names = {code: name for code, name in found.others}
    sorts = {str(one): words for one, words in SORTS.items()}
    columns = [Column("Who"), Column("What"), Column("Records"), Column("What for"), Column("Change")]
    lines = [
        [Cell(names.get(one.asker) or sorts.get(one.asker, one.asker)), Cell(MODES[one.mode]),
         Cell(RECORDS[one.record_type]), Cell(purpose_label(one.purpose)),
         Cell("", tag=Tag("Told", "green") if one.allowed else Tag("No longer told", "red"))]
        for one in rows
    ]  # fmt: skip
    return Table(caption, columns, lines, empty="Both tell the same.")


def version_choices(found: AgreementPage) -> list[tuple[str, str]]:
    """Return the versions that can be compared, the latest first, and none at all."""
    made = [(str(one.version), f"Version {one.version}, {day_words(one.made_at.date())}") for one in found.versions]
    return [*made, ("0", "No agreement")]


def organisations(found: AgreementPage) -> list[tuple[str, str]]:
    """Return the organisations that a line may name."""
    return list(found.others)


def unusual_page(found: Sequence[Unusual], limits: tuple[int, int, int]) -> dict[str, Any]:
    """Return the patterns of unusual looking, and what is counted as one."""
    one_record, refusals, in_a_day = limits
    counted = [
        f"somebody looked at one record {one_record:,} times or more",
        f"somebody was refused {refusals:,} times or more",
        f"somebody opened {in_a_day:,} records or more in a day",
    ]
    columns = [Column("Pattern"), Column("Who"), Column("Role"), Column("How often", numeric=True),
               Column("Shown from", numeric=True), Column("About")]  # fmt: skip
    lines = [
        [Cell(one.sort.capitalize()), Cell(f"{one.who}, {one.organisation}" if one.organisation else one.who),
         Cell(role_words(one.role)), Cell(one.times), Cell(one.limit),
         Cell(one.name or one.about,
              href=reverse("child_looks", args=[one.about]) if len(one.about) == 36 else "")]
        for one in found
    ]  # fmt: skip
    empty = "Nothing unusual was counted in the last seven days."
    return {"table": Table("The last seven days", columns, lines, empty=empty), "counted": counted}

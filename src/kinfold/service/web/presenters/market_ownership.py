"""Ownership as its page shows it: three questions with three answers, the chain as a drawing, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kinfold.market.not_for_profit import rule_in_words, standing
from kinfold.market.ownership.graph import Entity
from kinfold.service.records.reads.market import Member
from kinfold.service.records.reads.market_ownership import Match
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.ownership import Chain, Holding, Owner
from kinfold.service.web.drawings.words import day_words

UK = frozenset({"GB", "UK", "GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"})
SORTS = {"entity": "company or other body", "person": "person", "arrangement": "trust or fund", "state": "state body",
         "anonymous": "not named", "unknown": "not described"}  # fmt: skip
KINDS = {"shares": "shares", "votes": "votes", "board": "appoints the board", "influence": "influence by articles or contract",
         "agreement": "votes by agreement", "other": "another interest"}  # fmt: skip


def address(uid: str, day: date | None = None) -> str:
    """Return the address of an entity's page."""
    return f"{reverse('market_ownership')}?{urlencode({'of': uid} | ({'on': day.isoformat()} if day else {}))}"


def links_of(matches: Sequence[Match]) -> list[Link]:
    """Return the links from a group to who may own it: by number, as a person decided, or by name alone."""
    return [Link(f"Who owns {_name(one)}{_how(one)}", address(one.candidate.entity.uid)) for one in matches]


def _name(one: Match) -> str:
    return one.candidate.entity.name or one.candidate.entity.uid


def _how(one: Match) -> str:
    if one.decision is not None:
        return f" (accepted by {one.decision.name})" if one.decision.accepted else " (refused)"
    return "" if one.sure else f" (by name alone, {one.candidate.score:.0%}, not confirmed)"


JOINT = (
    "These owners are shown as one group: the ownership statements that are held say that one and the same controls them all. "
    "Which company an owner is rests on a company number or on an officer’s decision, which can be taken back."
)


def joint_table(members: Sequence[Member], root: str, *, may_decide: bool) -> Table | None:
    """Return the owners that ownership brings together in a group, each with what that rests on; None where it is one owner."""
    if not members:
        return None
    columns = [
        Column("Owner"),
        Column("Settings", True),
        Column("Which company it is rests on"),
        Column("Controlled by"),
    ]
    lines: list[list[Cell | str | int | float]] = [
        [Cell(one.name, reverse("market_owner_match", args=[one.key])) if may_decide else one.name, one.settings, one.because,
         Cell("Look at who controls it", address(root), about=f"for {one.name}")]
        for one in members
    ]  # fmt: skip
    return Table("Owners brought together in this group", columns, lines)


def matches_table(matches: Sequence[Match]) -> Table:
    """Return the candidates for an owner with their scores, reasons and what was decided."""
    columns = [Column("Candidate"), Column("Score", True), Column("It rests on"), Column("Decided")]
    lines: list[list[Cell | str | int | float]] = [
        [Cell(_name(one), address(one.candidate.entity.uid)), f"{one.candidate.score:.0%}", one.candidate.because, _decided(one)]
        for one in matches
    ]  # fmt: skip
    return Table(
        "Candidates", columns, lines, empty="No entity of the statements that were loaded is called nearly so."
    )


def _decided(one: Match) -> Cell:
    if one.decision is None:
        return Cell("Not decided")
    said = f"{one.decision.name}, {day_words(one.decision.at.date())}: {one.decision.because}"
    return Cell(said, tag=Tag("Accepted", "green") if one.decision.accepted else Tag("Refused", "grey"))


def search_page(rows: Sequence[Entity], words: str, *, held: bool) -> dict[str, Any]:
    """Return the page on which an entity is looked for."""
    columns = [Column("Name"), Column("What"), Column("Country"), Column("Declared tax residence")]
    lines: list[list[Cell | str | int | float]] = [
        [Cell(one.name or one.uid, address(one.uid)), what(one.sort, one.form), country(one.country), one.tax_residence or "No declaration"]
        for one in rows
    ]  # fmt: skip
    empty = "No name has these words. Try fewer." if held else (
        "No ownership statements have been loaded. Whoever runs this installation can load some with “kinfold market bods in FILE”.")  # fmt: skip
    return {"q": words, "table": Table("Companies, people and others", columns, lines, empty=empty)}


def what(sort: str, form: str | None) -> str:
    """Return what an entity is, in words."""
    return f"{SORTS.get(sort, sort)}{f' ({form})' if form else ''}"


def country(code: str | None) -> str:
    """Return whether an entity is of the United Kingdom, and of which country where not."""
    if code is None:
        return "Not known"
    return "United Kingdom" if code.upper() in UK or code.upper().startswith("GB") else code.upper()


def share(low: float, high: float) -> str:
    """Return a share, as one figure or from and to."""
    if low == 0 and high == 1:
        return "share not said"
    return f"{low:.1%}".replace(".0%", "%") if abs(high - low) < 5e-4 else f"{low:.0%} to {high:.0%}"


def entity_page(said: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Return an entity's page."""
    about = said["entity"]
    return {
        "title": about["name"] or about["uid"], "day": day_words(day), "on": day.isoformat(), "of": about["uid"],
        "rows": [
            SummaryRow("What", what(about["sort"], about["form"]).capitalize(), note=about["status"] or ""),
            SummaryRow("Country", country(about["country"])),
            SummaryRow("Declared tax residence", about["tax_residence"] or "No declaration"),
            *_wales(about, day),
        ],
        "control": _control(said["control"]), "control_source": said["control"]["source"],
        "interest": _interest(said["economic_interest"], day), "interest_words": _interest_words(said["economic_interest"]),
        "registered": _registered(said["registered"], day), "chain": chain_of(said),
        "not_known": said["not_known"], "said": _said(said["said"]) if said["said"] else None,
    }  # fmt: skip


def _said(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return what an entity and those above it say in place of naming an owner, in the publisher's own words."""
    columns = [
        Column("Who says it"),
        Column("What it says"),
        Column("What that means"),
        Column("Since"),
        Column("Source"),
    ]
    lines: list[list[Cell | str | int | float]] = [
        [one["name"] or one["uid"], f"{one['words']}.", one["why"], day_words(one["since"]) if one["since"] else "Not said", one["source"]]
        for one in rows
    ]  # fmt: skip
    return Table("What is said in place of naming an owner", columns, lines)


def _wales(about: Mapping[str, Any], day: date) -> list[SummaryRow]:
    """Return where a body stands in Wales; people are no providers."""
    if about["sort"] != "entity":
        return []
    found = standing(form=about["form"], day=day)
    words = {True: "may", False: "may not", None: "not known whether it may"}
    said = f"{words[found.may_begin]} begin, {words[found.may_go_on]} go on".capitalize()
    return [SummaryRow("Providing children’s services in Wales", f"{found.what.capitalize()}: {said[:1].lower()}{said[1:]}",
                       note=f"By {found.because}. {rule_in_words(day)}")]  # fmt: skip


def _control(said: Mapping[str, Any]) -> list[SummaryRow]:
    by = said["by"]
    if by is None:
        return [SummaryRow("Controlled by", "Nobody for certain", note="No test of the Act is met by what is held.")]
    tests = [f"({test}) {words}" for test, words in said["tests"].items()]
    return [
        SummaryRow("Controlled by", by["name"] or by["uid"], [Link("Look at", address(by["uid"]), about=by["name"] or by["uid"])]),
        SummaryRow("By which test", tests or ["through others"]),
        SummaryRow("Country", country(by["country"]), note="" if by["tax_residence"] else "No declaration of where it pays tax."),
    ]  # fmt: skip


def _interest(said: Mapping[str, Any], day: date) -> Table:
    columns = [Column("Ultimate owner"), Column("What"), Column("Country"), Column("Interest")]
    lines: list[list[Cell | str | int | float]] = [
        [Cell(one["name"] or one["uid"], address(one["uid"], day)), what(one["sort"], one["form"]), _country_cell(one["country"]),
         share(one["low"], one["high"])]
        for one in said["owners"]
    ]  # fmt: skip
    return Table(
        "Whom the value belongs to in the end", columns, lines, empty="Nobody is known to have an interest in it."
    )


def _country_cell(code: str | None) -> Cell:
    said = country(code)
    return Cell(
        said, tag=None if said == "United Kingdom" else Tag("Not known" if code is None else "Outside the UK", "grey")
    )


def _interest_words(said: Mapping[str, Any]) -> str:
    least, most = said["not_known_at_least"], said["not_known_at_most"]
    unknown = f"{_between(least, most)} of the value belongs to nobody who is known here." if most > 5e-4 else ""
    circle = "It lies in, or below, a circle of companies that own one another." if said["circular"] else ""
    return " ".join(filter(None, (unknown, circle)))


def _between(least: float, most: float) -> str:
    return f"{least:.0%}" if f"{least:.0%}" == f"{most:.0%}" else f"Between {least:.0%} and {most:.0%}"


def _registered(rows: Sequence[Mapping[str, Any]], day: date) -> Table:
    columns = [Column("Registered person"), Column("What is registered"), Column("Since"), Column("Country")]
    lines: list[list[Cell | str | int | float]] = [
        [Cell(one["name"] or one["uid"], address(one["uid"], day)), "; ".join(one["natures"]),
         day_words(one["since"]) if one["since"] else "Not said", country(one["country"])]
        for one in rows
    ]  # fmt: skip
    return Table("Registered persons with significant control", columns, lines,
                 empty="The statements that were loaded name nobody as registered. “kinfold market companies” takes in the companies register’s own.")  # fmt: skip


def chain_of(said: Mapping[str, Any]) -> Chain:
    """Return the chain above an entity as it is drawn: each owner once, at the level nearest to the entity."""
    about, links = said["entity"], said["chain"]
    owners = {
        about["uid"]: Owner(about["uid"], about["name"] or about["uid"], _detail(about["sort"], about["country"]), 0)
    }
    for one in links:
        if one["owner"] not in owners:
            owners[one["owner"]] = Owner(
                one["owner"], one["owner_name"] or one["owner"], _detail(one["sort"], one["country"]), one["level"],
                abroad=one["country"] is not None and country(one["country"]) != "United Kingdom",
                faint=one["sort"] in ("anonymous", "unknown") or one["country"] is None,
            )  # fmt: skip
    holdings: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in links:
        holdings.setdefault((one["owner"], one["subject"]), []).append(one)
    return Chain(
        f"Who holds what above {about['name'] or about['uid']}", list(owners.values()),
        [Holding(owner, subject, "; ".join(_held(one) for one in held), any(one["low"] > 0.5 or one["kind"] == "board" for one in held))
         for (owner, subject), held in holdings.items()],
    )  # fmt: skip


def _held(one: Mapping[str, Any]) -> str:
    words = KINDS.get(one["kind"], one["kind"])
    said = share(one["low"], one["high"])
    return words if one["kind"] not in ("shares", "votes") and said == "share not said" else f"{words}, {said}"


def _detail(sort: str, code: str | None) -> str:
    where = "country not known" if code is None else country(code).replace("United Kingdom", "UK")
    return f"{SORTS.get(sort, sort).removesuffix(' or other body')}, {where}"

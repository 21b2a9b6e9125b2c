"""A person's rights, as staff see them and as the person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from kinfold.access.looks import Look
from kinfold.access.third_parties import Mark
from kinfold.record.retention import Kept, keep_until
from kinfold.service.records.reads.holds_back import HeldLook
from kinfold.service.records.reads.keeping import Due, Proposal
from kinfold.service.records.reads.looks import StaffLook
from kinfold.service.records.reads.own_record import OwnRecord
from kinfold.service.records.reads.rights import AccessRequest, RightsOf
from kinfold.service.web.components import Cell, Column, Link, SummaryRow, Table, Tag
from kinfold.service.web.drawings.words import day_words
from kinfold.service.web.presenters.papers import size_words
from kinfold.service.web.presenters.people import look_words, why_for_family
from kinfold.service.web.templatetags.kinfold import moment

SORTS = {"pdf": "PDF", "html": "Web page", "json": "Data (JSON)"}
WAITING = {"ready": "It waits to be made.", "running": "It is being made.", "failed": "It could not be made."}


def child_page(found: RightsOf, looks: Sequence[StaffLook]) -> dict[str, Any]:
    """Return the rights page of one person."""
    uid = str(found.row.uid)
    until = keep_until(found.kept)
    return {
        "found": found, "uid": uid, "name": found.name or "Name not known",
        "until": day_words(until) if until else "", "kept": _kept(found.kept), "holds": _holds(found, uid),
        "requests": requests_table(found.requests, uid), "releases": _releases(found), "family": _family(found),
        "looks": _looks(looks, uid, found.holds_back),
        "crumbs": [Link("Home", reverse("home")), Link(found.name or "The child", reverse("child", args=[uid])),
                   Link("Rights")],
    }  # fmt: skip


def _kept(rules: Sequence[Kept]) -> Table:
    columns = [
        Column("Rule"),
        Column("Keep until"),
        Column("Why"),
        Column("Source"),
        Column("How sure we are of the rule"),
    ]
    rows = [
        [kept.value.label, day_words(kept.until, unknown="not known yet"), kept.because, kept.value.source,
         kept.value.certainty]
        for kept in rules
    ]  # fmt: skip
    return Table("How long this record is kept", columns, rows, empty="No rule applies to what is held.")


def _holds(found: RightsOf, uid: str) -> Table:
    columns = [Column("Since"), Column("Why"), Column("Look again on"), Column("End", quiet=True)]
    rows = [
        [Cell(day_words(hold.valid_from)), Cell(hold.payload.get("reason", "")),
         Cell(_day(hold.payload.get("review_date"))),
         Cell("End", reverse("legal_hold_end", args=[uid, hold.fact]), about="this legal hold") if found.disposes else Cell("")]
        for hold in found.holds
    ]  # fmt: skip
    return Table("Legal holds", columns, rows, empty="There is no legal hold: nothing keeps this record but its rule.")


def _day(text: Any) -> str:
    return day_words(date.fromisoformat(text)) if text else ""


def requests_table(requests: Sequence[AccessRequest], uid: str) -> Table:
    """Return requests for a copy as a table."""
    columns = [Column("Received"), Column("Who asks"), Column("What for"), Column("State")]
    rows = [
        [Cell(day_words(one.received), href=reverse("subject_access_request", args=[uid, one.fact])),
         Cell(one.asker_name or "not recorded"), Cell(one.values.get("scope") or "everything"), Cell("", tag=state(one))]
        for one in requests
    ]  # fmt: skip
    return Table("Requests for a copy", columns, rows, empty="Nobody has asked for a copy of this record.")


def state(one: AccessRequest) -> Tag:
    """Return how far a request is."""
    if one.answered:
        return Tag(str(one.values.get("outcome") or "answered").capitalize(), "green")
    if one.job and one.job.state in ("ready", "running"):
        return Tag("Being made", "blue")
    if one.built:
        return Tag("Make again" if one.stale else "To be checked and released", "purple")
    return Tag("To do", "orange")


def _releases(found: RightsOf) -> Table:
    columns = [Column("Day"), Column("To"), Column("Released by"), Column("In words for them")]
    rows = [
        [day_words(one.valid_from), dict(_names(found)).get(one.party_id, "the family"), one.payload.get("approved_by", ""),
         one.payload.get("words_for_child", "") or "the copy of the record"]
        for one in found.releases
    ]  # fmt: skip
    return Table("What was released", columns, rows, empty="Nothing has been released yet.")


def _names(found: RightsOf) -> list[tuple[Any, str]]:
    return [(one.asker, one.asker_name) for one in found.requests if one.asker_name]


def _family(found: RightsOf) -> Table:
    columns = [Column("Who"), Column("Sees"), Column("Since")]
    rows = [[who, "their own record" if sort == "self" else "what is released to them", day_words(since)]
            for who, sort, since in found.family]  # fmt: skip
    return Table("Who of the family can open their own page", columns, rows, empty="Nobody of the family can yet.")


def _looks(looks: Sequence[StaffLook], uid: str, holds_back: bool) -> Table:
    columns = [Column("When"), Column("Who"), Column("What"), Column("The family sees it"), Column("Hold", quiet=True)]
    rows = [
        [Cell(moment(look.at)), Cell(f"{look.who}, {look.organisation}".strip(", ")), Cell(look_words(look.action)),
         Cell(f"held back, review on {day_words(look.review_on)}") if look.hidden and look.review_on else Cell("yes"),
         Cell("") if not holds_back else
         Cell("Review", reverse("hold_back", args=[uid, look.seq]), about=f"the look of {moment(look.at)}") if look.hidden else
         Cell("Hold back", reverse("hold_back", args=[uid, look.seq]), about=f"the look of {moment(look.at)}")]
        for look in looks[:20]
    ]  # fmt: skip
    return Table("The last 20 looks", columns, rows, empty="Nobody has looked.")


def request_page(
    uid: str, name: str, one: AccessRequest, items: Sequence[dict[str, Any]], marks: Sequence[Mark]
) -> dict[str, Any]:
    """Return one request's page: what the pack would say, what was marked, its files and what comes next."""
    said = [
        SummaryRow("Received", day_words(one.received)), SummaryRow("Who asks", one.asker_name or "not recorded"),
        SummaryRow("What for", one.values.get("scope") or "everything"),
        SummaryRow("Certain who asks since", _day(one.values.get("identity_confirmed_date")) or "not recorded"),
    ]  # fmt: skip
    titles = {item["id"]: _title(item) for item in items}
    marked = [
        (place, mark.words, mark.instead, titles.get(mark.fact, "everywhere") if mark.fact else "everywhere")
        for place, mark in enumerate(marks)
    ]
    job = one.job.state if one.job else ""
    return {
        "one": one, "uid": uid, "name": name, "rows": said, "items": items, "marked": marked,
        "files": _files(one, "subject_access_file", uid), "waiting": WAITING.get(job, ""),
        "message": one.job.message if one.job and job == "failed" else "", "tag": state(one),
        "crumbs": [Link("Home", reverse("home")), Link(name, reverse("child", args=[uid])),
                   Link("Requests for a copy", reverse("subject_access", args=[uid])), Link("One request")],
    }  # fmt: skip


def _title(item: dict[str, Any]) -> str:
    return f"{item['kind']}, {item['from'] or 'day not known'}"


def item_choices(items: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the items in which words may be marked."""
    return [("", "Everywhere"), *((item["id"], _title(item)) for item in items if item["text"] or item["values"])]


def _files(one: AccessRequest, route: str, uid: str) -> list[tuple[str, str, str]]:
    return [
        (label, reverse(route, args=[uid, one.fact, sort]), size_words(one.files[sort].size))
        for sort, label in SORTS.items()
        if sort in one.files
    ]


def proposals_page(
    waiting: Sequence[Proposal], due: Sequence[Due], back: Sequence[HeldLook], me: str
) -> dict[str, Any]:
    """Return what waits for a decision."""
    columns = [Column("Record"), Column("What"), Column("Why"), Column("Proposed by"), Column("You can", quiet=True)]
    rows = [
        [Cell(one.name or "Name not known", href=reverse("child", args=[one.person])),
         Cell(destroyed_words(one)), Cell(one.why), Cell(one.proposer),
         Cell("Another person must agree") if one.proposed_by == me
         else Cell("Decide", reverse("record_to_decide", args=[one.fact]), about=f"about {one.name}")]
        for one in waiting
    ]  # fmt: skip
    over = [
        [Cell(one.name or "Name not known", href=reverse("disposal", args=[one.uid])), Cell(day_words(one.born)),
         Cell(day_words(one.kept.until)), Cell(one.kept.value.label)]
        for one in due
    ]  # fmt: skip
    return {
        "waiting": Table("Waiting for a second person", columns, rows, empty="Nothing waits for a second person."),
        "due": Table("Retention time over", [Column("Record"), Column("Born"), Column("Since"), Column("Rule")], over,
                     empty="No record’s time is over."),
        "back": _held_looks(back),
    }  # fmt: skip


def _held_looks(back: Sequence[HeldLook]) -> Table:
    columns = [Column("Record"), Column("Look"), Column("Held back"), Column("Why"), Column("Review"),
               Column("You can", quiet=True)]  # fmt: skip
    rows = [
        [Cell(one.name, href=reverse("child_rights", args=[one.uid])), Cell(f"{one.who}, {moment(one.looked_at)}"),
         Cell(f"{one.by}, {day_words(one.since)}"), Cell(one.because),
         Cell(day_words(one.review_on), tag=Tag("Due", "orange") if one.overdue else None),
         Cell("Review", reverse("hold_back", args=[one.uid, one.seq]), about=f"the look at {one.name}’s record")]
        for one in back
    ]  # fmt: skip
    return Table("Looks held back from a family", columns, rows, empty="No look is held back from a family.")


def destroyed_words(one: Proposal) -> str:
    """Return what a proposal would destroy: the whole record, or the kind of one fact and the day it begins."""
    since = f", {day_words(one.erased_from)}" if one.erased_from else ""
    return f"{one.erased_kind}{since}" if one.erased_kind else "The whole record"


def own_page(found: Sequence[OwnRecord]) -> dict[str, Any]:
    """Return what a young person or a parent sees of each record that is theirs to see."""
    about = (
        "you" if not found or any(one.own for one in found) else "your child" if len(found) == 1 else "your children"
    )
    return {"title": f"What is recorded about {about}", "records": _own_records(found)}


def _own_records(found: Sequence[OwnRecord]) -> list[dict[str, Any]]:
    return [
        {
            "uid": str(one.row.uid), "own": one.own, "name": one.name or "Your child",
            "title": "Your record" if one.own else one.name or "Your child",
            "released": one.released, "looks": _family_looks(one.looks) if one.looks is not None else None,
            "requests": [(r, state(r) if r.answered else Tag("We are working on it", "blue"),
                          _files(r, "my_record_file", str(one.row.uid)) if r.released else []) for r in one.requests],
            "may_ask": all(r.answered for r in one.requests),
        }
        for one in found
    ]  # fmt: skip


def _family_looks(looks: Sequence[Look]) -> Table:
    columns = [Column("Day"), Column("Organisation"), Column("Role"), Column("Why")]
    lines = [(day_words(look.on), look.organisation, look.role, why_for_family(look.reason)) for look in looks]
    rows = [list(line) for line in dict.fromkeys(lines)]
    return Table("Who has looked", columns, rows, empty="Nobody has looked yet.", quiet_caption=True)

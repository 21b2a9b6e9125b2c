"""Whether the journals of the regulator's cases hold: every line in itself, and the last one as the audit chain knows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kinfold.access.views import Broken
from kinfold.market.cases.journal import Line, broken_at
from kinfold.service.records.models import AuditBody, AuditEntry, MarketCase, MarketLine

WRITTEN = "line of a case"


def journal_faults(held_by: int) -> list[Broken]:
    """Return every journal of a holder that was changed, or cut short, with the entry of the audit chain that tells."""
    told = _told(held_by)
    found = []
    for row in MarketCase.objects.filter(held_by=held_by).order_by("pk"):
        lines = lines_of(row.lines.select_related("by").order_by("number"))
        if (number := broken_at(lines)) is not None:
            found.append(
                Broken(held_by, 0, "journal", f"Case {row.reference}: line {number} does not fit its journal.")
            )
            continue
        seq, number, seal = told.get(str(row.uid), (0, 0, ""))
        if number and (len(lines) < number or lines[number - 1].seal != seal):
            said = f"Case {row.reference} has {len(lines)} lines; the audit chain knows of {number}, sealed otherwise."
            found.append(Broken(held_by, seq, "journal", said))
        elif len(lines) > number:
            said = f"Case {row.reference} has {len(lines)} lines; the audit chain knows of {number}."
            found.append(Broken(held_by, seq, "journal", said))
    return found


def _told(held_by: int) -> Mapping[str, tuple[int, int, str]]:
    """Return the last line of each case as the audit chain tells it: its entry, the line's number and its seal."""
    entries = AuditEntry.objects.filter(held_by=held_by, action=WRITTEN).values("seq")
    last: dict[str, tuple[int, int, str]] = {}
    for seq, body in (
        AuditBody.objects.filter(held_by=held_by, seq__in=entries).order_by("seq").values_list("seq", "body")
    ):
        if "case" in body:
            last[body["case"]] = (seq, int(body["number"]), str(body["seal"]))
    return last


def lines_of(rows: Iterable[MarketLine]) -> list[Line]:
    """Return lines as they are kept, as the journal takes them."""
    return [
        Line(row.number, row.sort, row.said, str(row.by.uid), row.name, row.at, row.reasons, row.content_sha256, row.before,
             row.seal)
        for row in rows
    ]  # fmt: skip

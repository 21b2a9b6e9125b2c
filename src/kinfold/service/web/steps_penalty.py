"""What can be done now in a case about a monetary penalty, each as a form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kinfold.market.cases.penalty import ELSEWHERE, SECOND_OFFICER, Working, next_states
from kinfold.market.penalties import BALANCE, BEYOND, Grid, amount
from kinfold.market.penalty_grid import grid_held
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.market_forms import Ask, Step
from kinfold.service.web.steps_of_cases import answer, cites, decision, evidence, plainly, representations, with_numbers

TITLES = {
    "guards checked": "Record that nothing stands against a penalty", "closed": "Close the case",
    "intention served": "Propose a notice of intention", "representations considered": "Record that representations were considered",
    "dropped": "Propose to drop it", "final notice": "Propose a final notice", "appealed": "Record an appeal",
    "overdue": "Record that it is overdue", "recovery": "Go on to recovery", "published": "Propose to publish it",
}  # fmt: skip
KNOWN = {"convicted": "Has the person been convicted for it?", "proceedings_pending": "Are criminal proceedings for it pending?",
         "acquitted": "Has the person been acquitted of it?"}  # fmt: skip


def grid() -> Grid | None:
    """Return the grid of amounts that was supplied to this installation."""
    return grid_held(Path(settings.DATA))


def steps(page: CasePage) -> dict[str, Step]:
    """Return the steps that can be done now by their place in the address, what waits for somebody first."""
    if not page.may_write:
        return {}
    working: Working = page.working
    found = answer(page, working.second_officer, _service(working))
    if working.state == "closed":
        return found
    found["evidence"] = evidence()
    if working.state == "open":
        found["act"] = _act()
        if working.opened.by != page.reader_uid:
            found["sign"] = _sign(page, working)
    if working.state in ("open", "guards checked", "representations considered") and (amounts := grid()) is not None:
        found["amount"] = _amount(amounts)
    found |= _of_the_notice(working)
    if working.second_officer is None:
        for to in next_states(working):
            found[to.replace(" ", "-")] = decision(TITLES[to], [to], alone=to not in SECOND_OFFICER)
    return found


def _service(working: Working) -> tuple[Ask, ...]:
    if working.second_officer is None or working.second_officer.to not in ("intention served", "final notice"):
        return ()
    return (Ask("served_on", "Day of service", "any_day", hint="Day 1 of every period that follows is this day.",
                value=timezone.localdate()),)  # fmt: skip


def _act() -> Step:
    return Step(
        "Record what is known of the act elsewhere", "act",
        (*(Ask(name, KNOWN[name], "yes_no") for name in ELSEWHERE),
         Ask("reasons", "How you know: whom you asked, and when", "long")),
        words="Nobody is punished twice for one act. Other penalties for it are found by this program.",
    )  # fmt: skip


def _sign(page: CasePage, working: Working) -> Step:
    return Step(
        "Sign whether the evidence is sufficient", "signed",
        (Ask("sufficient", "Is the evidence sufficient?", "yes_no"),
         Ask("standard", "To which standard of proof", "one", plainly((BALANCE, BEYOND)), hint=f"This ground needs: {working.ground.standard}."),
         cites(page, required=False), Ask("reasons", "Why", "long")),
        made=with_numbers,
    )  # fmt: skip


def _amount(amounts: Grid) -> Step:
    severities = sorted({one for one, _ in amounts.base})
    culpabilities = sorted({one for _, one in amounts.base})
    return Step(
        "Work out the amount", "amount",
        (Ask("severity", "Severity", "one", plainly(severities)), Ask("culpability", "Culpability", "one", plainly(culpabilities)),
         Ask("days", "Days of operation", "number", value=0),
         Ask("factors", "What makes it more or less serious", "many", plainly((*amounts.aggravating, *amounts.mitigating)), required=False),
         Ask("fees", "Fees taken while unregistered, in pounds", "pounds", required=False),
         Ask("means", "What the person can pay, in pounds", "pounds", required=False, hint="Leave it empty where it is not known."),
         Ask("reasons", "What the answers rest on", "long")),
        words=f"Amounts are those of: {amounts.source}.", made=lambda said: _worked_out(amounts, said),
    )  # fmt: skip


def _worked_out(amounts: Grid, said: dict[str, Any]) -> dict[str, Any]:
    lines = amount(
        amounts, severity=said["severity"], culpability=said["culpability"], days=said["days"] or 0,
        factors=said.get("factors") or [], fees_pence=said.get("fees") or 0, means_pence=said.get("means"),
    )  # fmt: skip
    rows = [{"what": one.what, "pence": one.pence, "rests_on": one.rests_on} for one in lines]
    return {**said, "lines": rows, "source": amounts.source}


def _of_the_notice(working: Working) -> dict[str, Step]:
    found = {}
    if working.state == "intention served":
        found["representations"] = representations()
    if working.state == "dropped":
        found["told"] = Step("Record that the person was told", "told", (Ask("on", "Day", "day"), Ask("how", "How")))
    if working.state in ("final notice", "upheld", "varied", "overdue", "recovery"):
        found["payment"] = Step("Record the payment", "payment",
                                (Ask("on", "Day", "day"), Ask("pence", "Amount paid", "pounds")))  # fmt: skip
    if working.state == "appealed":
        found["appeal"] = Step(
            "Record what the tribunal decided", "appeal decided",
            (Ask("outcome", "Outcome", "one", plainly(("upheld", "varied", "cancelled"))), Ask("on", "Day", "day"),
             Ask("pence", "Amount that the tribunal set", "pounds", required=False)),
        )  # fmt: skip
    return found

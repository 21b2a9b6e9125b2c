"""Steps that every case of the regulator has: evidence, a decision by one officer, a second officer's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kinfold.market.cases.journal import AGREED, DECLINED, EVIDENCE, MOVE, PROPOSAL, Waiting
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.market_forms import REASONS, Ask, Choices, Step

POWERS = ("Care Standards Act 2000, s.31 (entry and inspection)", "Care Standards Act 2000, s.31 (documents)",
          "Given by the person", "Given by a council", "Open source", "Police and Criminal Evidence Act 1984")  # fmt: skip


def plainly(values: Sequence[str]) -> Choices:
    """Return words as choices, the first letter large."""
    return [(one, one[:1].upper() + one[1:]) for one in values]


def exhibits(page: CasePage) -> Choices:
    """Return the evidence of a case as choices."""
    return [
        (str(one.number), f"Exhibit {one.number}: {one.said['what']}") for one in page.journal if one.sort == EVIDENCE
    ]


def cites(page: CasePage, *, required: bool = True) -> Ask:
    """Return the question on which evidence something rests."""
    hint = "" if exhibits(page) else "There is no evidence in this case yet: add it first."
    return Ask("evidence", "On which evidence", "many", exhibits(page), required=required, hint=hint)


def with_numbers(said: dict[str, Any]) -> dict[str, Any]:
    """Return answers with the exhibits as numbers."""
    return {**said, "evidence": [int(one) for one in said.get("evidence") or []]}


def evidence() -> Step:
    """Return the step that adds evidence."""
    return Step(
        "Add evidence", EVIDENCE,
        (Ask("what", "What it is"), Ask("power", "Under which power, or how, it was obtained", "one", plainly(POWERS)),
         Ask("obtained_on", "Day it was obtained", "day"),
         Ask("used", "Is it relied on?", "yes_no", hint="Unused material stands in the disclosure schedule too."),
         Ask("file", "File", "file", required=False, hint="Kept sealed; its hash stands in the journal.")),
        button="Add evidence",
        words="Evidence is never changed or taken out. What was wrong is put right by another item.",
    )  # fmt: skip


def decision(title: str, states: Sequence[str], *, alone: bool, asks: Sequence[Ask] = (), also: Mapping[str, Any] | None = None) -> Step:  # fmt: skip
    """Return the step that moves a case to one of some states, or proposes it to a second officer."""
    one = len(states) == 1
    to = () if one else (Ask("to", "What is decided", "one", plainly(states)),)
    words = "" if alone else "Nothing happens until a second officer has agreed."
    return Step(title, MOVE if alone else PROPOSAL, (*to, *asks, REASONS), button="Record" if alone else "Propose",
                words=words, also={**({"to": states[0]} if one else {}), **(also or {})})  # fmt: skip


def answer(page: CasePage, waiting: Waiting | None, asks: Sequence[Ask] = (), what: str = "") -> dict[str, Step]:
    """Return the step by which a second officer answers a proposal: none where nothing waits, or for who proposed it."""
    if waiting is None or waiting.line.by == page.reader_uid:
        return {}
    said = f"{waiting.line.name} proposes: {what or waiting.to}. Reasons: {waiting.line.reasons}"
    step = Step(
        "Answer as second officer", AGREED,
        (Ask("answer", "Do you agree?", "one", [(AGREED, "Yes, I agree"), (DECLINED, "No")]), *asks,
         replace(REASONS, required=False, hint="Needed where you do not agree.")),
        button="Answer", words=said, also={"of": waiting.line.number},
    )  # fmt: skip
    return {"answer": step}


def representations() -> Step:
    """Return the step that records representations which came another way than through the provider's own door."""
    return Step(
        "Record representations", "representations",
        (Ask("received_on", "Day they were received", "day"), Ask("representations", "What the person says", "long")),
    )  # fmt: skip

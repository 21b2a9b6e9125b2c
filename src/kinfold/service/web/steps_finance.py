"""What can be done now in a case of financial oversight, each as a form. A return has a page of its own."""

from __future__ import annotations

from kinfold.market.cases.financial import (
    CONTINGENCY,
    DETERMINING,
    FORMAL,
    LEFT,
    NOT_IN_SCHEME,
    RECOVERY,
    RISK,
    STAGES,
    STANDARD,
    UPDATED,
    Working,
    next_stages,
    plan_questions,
    suggested,
)
from kinfold.market.policy import JURISDICTION, Pack, pack
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.records.reads.market_warnings import receipts
from kinfold.service.web.market_forms import Ask, Step
from kinfold.service.web.steps_of_cases import answer, cites, decision, evidence, with_numbers

HOW = "How, and to whom"


def stage_words(stage: str) -> str:
    """Return a stage with its number, as people say it."""
    return f"stage {STAGES[stage]}, {stage}" if stage in STAGES else stage


def steps(page: CasePage) -> dict[str, Step]:
    """Return the steps that can be done now by their place in the address, what waits for somebody first."""
    working: Working = page.working
    if not page.may_write:
        return {}
    found = answer(page, working.second_officer)
    if working.ended:
        return found
    if working.second_officer is None:
        for to in next_stages(working):
            found[to.replace(" ", "-")] = _stage(page, working, to)
    if working.warning is not None:
        found |= _told(page, working)
    found["manager"] = Step("Record who answers for it", "manager", (Ask("manager", "Name and role in the group’s management", value=working.manager or None),))  # fmt: skip
    policy = pack(JURISDICTION, page.today)
    found |= {sort.replace(" ", "-"): _plan(sort, policy) for sort in (CONTINGENCY, RECOVERY)}
    found["review"] = Step(
        "Ask for an independent business review", "review asked",
        (Ask("who", "Who carries it out"), Ask("on", "Day", "day"), Ask("question", "What it is to find out", "long")),
    )  # fmt: skip
    if working.reviews:
        found["review-received"] = Step(
            "Record what the business review found", "review received",
            (Ask("who", "Who carried it out"), Ask("on", "Day it was received", "day"), Ask("found", "What it found", "long"),
             Ask("file", "The review", "file", required=False)),
        )  # fmt: skip
    if suggested(working, policy):
        found["override"] = Step(
            "Record why a suggestion is not followed", "override",
            (Ask("instead", "What is done instead"), Ask("reasons", "Why", "long")),
        )  # fmt: skip
    return found | {"evidence": evidence()}


def _stage(page: CasePage, working: Working, to: str) -> Step:
    titles = {
        NOT_IN_SCHEME: "Propose: not in the scheme", LEFT: "Propose: it leaves the scheme",
        FORMAL: "Propose an advance warning (stage 6)", UPDATED: "Propose an update of the warning",
    }  # fmt: skip
    title = titles.get(to, f"Propose {stage_words(to)}")
    if to == STANDARD and working.stage == DETERMINING:
        title = "Propose the determination: in the scheme (stage 2)"
    asks: tuple[Ask, ...] = ()
    if to in (FORMAL, UPDATED):
        asks = _warning(working)
    if to == RISK:
        asks = (Ask("because", "What makes the risk significant", "long"),)
    step = decision(title, [to], alone=False, asks=(*asks, cites(page, required=False)))
    return Step(
        step.title, step.sort, step.asks, step.button, _words(working, to) or step.words, step.also, with_numbers
    )


def _words(working: Working, to: str) -> str:
    if to in (FORMAL, UPDATED):
        return (
            "Each council with children there or with homes in its area, and Ofsted, is told in the service when a second officer has "
            "agreed. Each reads its own part alone; nothing of the group’s figures goes out, so put none into the basis."
        )
    if working.warning is not None:
        return "The warning in force is withdrawn when a second officer has agreed."
    return ""


def _warning(working: Working) -> tuple[Ask, ...]:
    before = working.decisions[-1][0].said if working.warning is not None else {}
    return (
        Ask("basis", "Why there is a real possibility that care stops", "long", value=before.get("basis"), hint="Recipients read this."),
        Ask("begins", "From which day care may stop", "any_day"), Ask("ends", "Until which day", "any_day"),
        Ask("actions", "What is asked of those who are warned", "long", value=before.get("actions")),
        Ask("contact", "Whom they ask", value=before.get("contact")),
    )  # fmt: skip


def _told(page: CasePage, working: Working) -> dict[str, Step]:
    open_ = [(one.code, one.name) for one in receipts(page.row, working) if not one.opened_at and not one.elsewhere]
    if not open_:
        return {}
    return {
        "told": Step("Record that somebody was told another way", "told",
                     (Ask("recipient", "Who", "one", open_), Ask("on", "Day", "day"), Ask("how", HOW)),
                     words="For those who have no account here, or have not opened the warning.")
    }  # fmt: skip


def plan_asks(sort: str, policy: Pack) -> tuple[Ask, ...]:
    """Return the questions of a contingency or recovery plan, as the policy pack has them."""
    questions = plan_questions(sort, policy)
    return tuple(Ask(name, label, "number" if name == "run_off_weeks" else "long") for name, label in questions.items())


def _plan(sort: str, policy: Pack) -> Step:
    return Step(f"Record a {sort}", sort, (Ask("received_on", "Day it was received", "day"), *plan_asks(sort, policy), Ask("file", "The plan", "file", required=False)),
                words="Each version is kept. The last one counts.")  # fmt: skip

"""What can be done now in a case of provider oversight, each as a form."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from kinfold.market.oversight.case import PROPOSED
from kinfold.market.oversight.working import OPEN, SECOND_OFFICER, Working, next_states
from kinfold.market.policy import JURISDICTION, pack
from kinfold.service.records.reads.market_cases import CasePage
from kinfold.service.web.market_forms import REASONS, Ask, Step
from kinfold.service.web.steps_of_cases import answer, cites, decision, evidence, plainly, representations, with_numbers
from kinfold.terms.errors import InputError

SEVERITIES = ("low", "medium", "high")
SERVED = frozenset({"notice served", *PROPOSED, *PROPOSED.values()})
TITLES = {
    "evidence review": "Begin the review of evidence", "monitoring": "Go back to monitoring", "no action": "Propose not to act",
    "setting route": "Act on the settings instead", "notice drafted": "Draft the notice", "notice served": "Propose to serve the notice",
    "appealed": "Record an appeal", "plan overdue": "Record that the plan is overdue", "withdrawn": "Propose to withdraw the notice",
    "quashed": "Record that the notice was quashed", "plan approved": "Propose to approve the plan",
    "plan rejected": "Propose to reject the plan", "not complied with": "Propose: not complied with",
    "implementing": "Record that the plan is carried out", "review": "Begin the review of the plan",
    "completed": "Record that the plan is completed", "penalty case": "Propose a penalty case",
    "restriction proposed": "Propose a notice of proposal to restrict growth", "growth restricted": "Propose to decide that growth is restricted",
    "cancellation proposed": "Propose a notice of proposal to cancel registrations", "cancellation": "Propose to decide on cancellation", "closed": "Close the case",
    "triage": "Open the case again",
}  # fmt: skip


def steps(page: CasePage) -> dict[str, Step]:
    """Return the steps that can be done now by their place in the address, what waits for somebody first."""
    if not page.may_write:
        return {}
    working: Working = page.working
    found = answer(page, working.second_officer, _service(working))
    for number, concern in working.concerns.items():
        if concern.state == OPEN and concern.line.by != page.reader_uid:
            found[f"concern-{number}"] = _confirm(number, concern.line.said)
    if working.state != "closed":
        found |= _always(page, working)
    if working.state in ("notice served", "plan overdue", "plan rejected", "appealed"):
        found["plan"] = _plan()
    if working.state in ("implementing", "senior manager replaced", "review"):
        found["progress"] = _progress(working)
    if working.state == "implementing":
        found["senior-manager"] = Step(
            "Record another senior manager", "senior manager", (Ask("manager", "Name and role"),)
        )
    if working.state in PROPOSED:
        found["representations"] = representations()
    if working.second_officer is None:
        found |= _moves(page, working)
    return found


def _service(working: Working) -> tuple[Ask, ...]:
    to = working.second_officer.to if working.second_officer else ""
    if to not in SERVED or (to == "notice served" and working.served_on):
        return ()
    days = pack(JURISDICTION, timezone.localdate())["deemed_service_by_post"]
    hint = f"A letter is taken to be served {days} working days after it was posted. Day 1 of the period is this day."
    return (Ask("served_on", "Day of service", "any_day", hint=hint, value=timezone.localdate()),)


def _always(page: CasePage, working: Working) -> dict[str, Step]:
    found = {"evidence": evidence()}
    if working.state in ("triage", "evidence review", "notice drafted"):
        found["group"] = _group(working)
        found["concern"] = _concern(page, working)
    if working.state == "evidence review" and "setting_action_insufficient" not in working.facts:
        found["setting-action"] = Step(
            "Say why action on the settings is not enough", "setting action", (REASONS,),
            words="A notice to a parent is for what its settings cannot put right one by one.",
        )  # fmt: skip
    return found


def _group(working: Working) -> Step:
    now = working.group
    listed = (
        "\n".join(f"{one.name}: {', '.join(sorted(one.establishments))}" for one in now.subsidiaries) if now else ""
    )
    return Step(
        "Verify the group", "group",
        (Ask("parent", "Parent undertaking", required=False, value=now.parent if now else None,
             hint="Leave it empty where there is none. A quarter of the shares does not make a parent."),
         Ask("parent_is_undertaking", "Is it established to be an undertaking in law?", "yes_no",
             hint="Of a council or a charity’s trustees that is for lawyers."),
         Ask("subsidiaries", "Registered providers with their establishments", "lines", value=listed,
             hint="One provider on a line: its name, a colon, the numbers of its establishments between commas."),
         Ask("reasons", "From which documents this was verified", "long")),
        made=group_said,
    )  # fmt: skip


def group_said(said: dict[str, Any]) -> dict[str, Any]:
    """Return the group as a line says it. Raises InputError for a line that is no provider with establishments."""
    found = []
    for line in said["subsidiaries"]:
        name, colon, numbers = line.rpartition(":")
        urns = sorted({one.strip().upper() for one in numbers.split(",") if one.strip()})
        if not colon or not name.strip() or not urns:
            raise InputError(
                f"“{line[:60]}” is not a provider with its establishments. Write it like: Name Ltd: SC012345, SC012346"
            )
        found.append({"name": name.strip(), "establishments": urns})
    return {**said, "parent": (said.get("parent") or "").strip() or None, "subsidiaries": found}


def _concern(page: CasePage, working: Working) -> Step:
    urns = sorted({urn for one in working.group.subsidiaries for urn in one.establishments}) if working.group else []
    where = Ask("establishment", "Establishment or agency", "one", [(urn, urn) for urn in urns]) if urns else Ask(
        "establishment", "Number of the establishment or agency", hint="Verify the group first, and its numbers are offered here.")  # fmt: skip
    return Step(
        "Raise a concern", "concern",
        (where, Ask("issue", "The issue", "long"), Ask("regulation", "Which regulation is breached", required=False),
         Ask("severity", "How severe", "one", plainly(SEVERITIES)),
         Ask("grounds_for_cancellation", "Are there reasonable grounds to suspect cause to cancel the registration?", "yes_no"),
         cites(page)),
        words="A concern counts when another person has confirmed it.", made=with_numbers,
    )  # fmt: skip


def _confirm(number: int, said: Any) -> Step:
    grounds = "with" if said["grounds_for_cancellation"] else "without"
    return Step(
        f"Confirm or refuse the concern about {said['establishment']}", "concern confirmed",
        (Ask("answer", "Do you confirm it?", "one",
             [("concern confirmed", "Yes, I confirm it"), ("concern not confirmed", "No")]),
         Ask("reasons", "What you looked at, and why", "long")),
        words=f"{said['establishment']}: {said['issue']} ({grounds} grounds to cancel). Look at the evidence before you answer.",
        also={"of": number}, button="Answer",
    )  # fmt: skip


def _plan() -> Step:
    return Step(
        "Record the improvement plan", "plan",
        (Ask("received_on", "Day it was received", "day"),
         Ask("actions", "Actions", "lines", hint="One on a line: the issue, what is done, by whom, by when."),
         Ask("manager", "Senior manager who answers for it", hint="Name and role.")),
    )  # fmt: skip


def _progress(working: Working) -> Step:
    actions = working.plans[-1].said["actions"] if working.plans else []
    return Step(
        "Record progress", "progress",
        (Ask("action", "Which action", "one", [(one, one) for one in actions]), Ask("found", "What was found", "long"),
         Ask("done", "Is it done?", "yes_no"), Ask("on", "Day", "day")),
    )  # fmt: skip


def _moves(page: CasePage, working: Working) -> dict[str, Step]:
    found = {}
    for to in next_states(working):
        if to == "notice drafted" and not _may_draft(working):
            continue
        asks: tuple[Ask, ...] = ()
        also: dict[str, Any] = {}
        if to in ("not complied with", "penalty case", "cancellation proposed"):
            asks = (cites(page),)
        if to == "restriction proposed":
            asks = _restriction()
        if to in PROPOSED:
            also = {"representation_days": int(pack(JURISDICTION, page.today)["registration_representations"])}
        if to == "notice served":
            also = {"plan_days": int(pack(JURISDICTION, page.today)["plan_submission"])}
        step = decision(TITLES[to], [to], alone=to not in SECOND_OFFICER, asks=asks, also=also)
        found[to.replace(" ", "-")] = Step(
            step.title, step.sort, step.asks, step.button, step.words, step.also, _decided
        )
    return found


def _may_draft(working: Working) -> bool:
    return bool(working.case.trigger and working.case.trigger.met and "setting_action_insufficient" in working.facts)


def _restriction() -> tuple[Ask, ...]:
    bases = ("condition of registration (Care Standards Act 2000)", "refusal of new registrations (Care Standards Act 2000)",
             "policy intent (policy paper of November 2024, §96): no power of its own was found in the Act")  # fmt: skip
    return (Ask("legal_basis", "On what legal basis", "one", plainly(bases)), Ask("scope", "What is restricted"),
            Ask("until", "Until which day", "any_day", required=False))  # fmt: skip


def _decided(said: dict[str, Any]) -> dict[str, Any]:
    facts = {name: said.pop(name) for name in ("legal_basis", "scope", "until") if name in said}
    return {**with_numbers(said), **({"facts": facts} if facts else {})}

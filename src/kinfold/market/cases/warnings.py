"""The words of an advance warning to one recipient: what may stop, when, what is asked of them; nothing of the group's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases.financial import OFSTED, SOURCE
from kinfold.market.policy import pack_said


def warning_to(
    recipient: Mapping[str, Any], proposal: Mapping[str, Any], *, group: str, issued: date, number: int
) -> Sequence[str]:
    """Return the paragraphs of a warning; `number` is 1 for the first and counts its updates on."""
    begins, ends = (date.fromisoformat(proposal[name]) for name in ("begins", "ends"))
    first = "Advance warning" if number == 1 else f"Update {number - 1} of the advance warning"
    policy = pack_said({}, issued)
    return policy.paragraphs(
        "words_advance_warning", recipient=recipient["name"], which=first, group=group, issued=f"{issued:%-d %B %Y}", section=SOURCE,
        commencement=policy["commencement_s16"], begins=f"{begins:%-d %B %Y}", ends=f"{ends:%-d %B %Y}", basis=proposal["basis"],
        theirs="\n\n".join(_theirs(recipient)), actions=proposal["actions"], contact=proposal["contact"],
    )  # fmt: skip


def _theirs(recipient: Mapping[str, Any]) -> list[str]:
    if recipient["code"] == OFSTED:
        return ["Councils with children there, or with homes in their area, were warned today too."]
    children, homes = recipient["children"], recipient["homes"]
    placed = "The group has not told us whether children of yours live there: look in your own record."
    if children is not None:
        placed = f"Of the children whom you look after, {children} lived in its homes when it last told us."
    here = f"Homes in your area: {', '.join(homes)}." if homes else "It has no home in your area."
    return [placed, here]

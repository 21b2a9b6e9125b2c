"""The words of an advance warning to one recipient: what may stop, when, what is asked of them; nothing of the group's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases.financial import OFSTED, SOURCE
from kinfold.market.oversight.trigger import COMMENCEMENT


def warning_to(
    recipient: Mapping[str, Any], proposal: Mapping[str, Any], *, group: str, issued: date, number: int
) -> Sequence[str]:
    """Return the paragraphs of a warning; `number` is 1 for the first and counts its updates on."""
    begins, ends = (date.fromisoformat(proposal[name]) for name in ("begins", "ends"))
    first = "Advance warning" if number == 1 else f"Update {number - 1} of the advance warning"
    return [
        f"To: {recipient['name']}",
        f"{first} about {group}, issued on {issued:%-d %B %Y} under {SOURCE}. {COMMENCEMENT}.",
        f"There is a real possibility that this group stops caring for children between {begins:%-d %B %Y} and {ends:%-d %B %Y}.",
        f"Why: {proposal['basis']}",
        *_theirs(recipient),
        f"What is asked of you: {proposal['actions']}",
        f"Whom to ask: {proposal['contact']}",
        "This is confidential: tell only those who must act. A warning is no finding that the group fails; it is updated or withdrawn.",
    ]


def _theirs(recipient: Mapping[str, Any]) -> list[str]:
    if recipient["code"] == OFSTED:
        return ["Councils with children there, or with homes in their area, were warned today too."]
    children, homes = recipient["children"], recipient["homes"]
    placed = "The group has not told us whether children of yours live there: look in your own record."
    if children is not None:
        placed = f"Of the children whom you look after, {children} lived in its homes when it last told us."
    here = f"Homes in your area: {', '.join(homes)}." if homes else "It has no home in your area."
    return [placed, here]

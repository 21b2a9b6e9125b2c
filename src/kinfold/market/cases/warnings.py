"""The words of an advance warning to one recipient: what may stop, when, what is asked of them; nothing of the group's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.market.cases.financial import OFSTED
from kinfold.market.policy import JURISDICTION, Pack, pack


def warning_to(
    recipient: Mapping[str, Any], proposal: Mapping[str, Any], *, group: str, issued: date, number: int
) -> Sequence[str]:
    """Return the paragraphs of a warning; `number` is 1 for the first and counts its updates on."""
    policy = pack(JURISDICTION, issued)
    begins, ends = (date.fromisoformat(proposal[name]) for name in ("begins", "ends"))
    which = policy.words("words_warning_first" if number == 1 else "words_warning_update", number=number - 1)
    return policy.paragraphs(
        "words_advance_warning", recipient=recipient["name"], which=which, group=group, issued=f"{issued:%-d %B %Y}",
        commencement=policy["commencement_s16"], begins=f"{begins:%-d %B %Y}", ends=f"{ends:%-d %B %Y}", basis=proposal["basis"],
        theirs="\n\n".join(_theirs(recipient, policy)), actions=proposal["actions"], contact=proposal["contact"],
    )  # fmt: skip


def _theirs(recipient: Mapping[str, Any], policy: Pack) -> list[str]:
    """Return what a warning says to one recipient alone: its own children as a count, and the homes in its area."""
    if recipient["code"] == OFSTED:
        return [policy.words("words_warning_ofsted")]
    children, homes = recipient["children"], recipient["homes"]
    return [
        policy.words(
            "words_warning_children_not_known" if children is None else "words_warning_children", children=children
        ),
        policy.words("words_warning_homes" if homes else "words_warning_no_homes", homes=", ".join(homes)),
    ]

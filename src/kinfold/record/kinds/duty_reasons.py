"""The reasons people give about a statutory duty: why a decision was made all the same, why something was late."""

from __future__ import annotations

from kinfold.record.declare import Sensitivity, event, field


@event(
    "duty_reason",
    label="Reason given about a duty",
    plural="Reasons given about duties",
    family="duties",
    source="This project's casework notes, section 1c: a gate opens when the duty is met or an authorised person says why",
    party="person who gives it",
    ref="duty",
    same_when=("valid_from", "ref"),
)
class DutyReason:
    """Somebody says why a decision was made although a duty was not met, or why what was due came late."""

    duty: str | None = field("Which duty, by its identifier in the catalogue", required=True)
    about: str | None = field(
        "What the reason is for", required=True, choices=("decided all the same", "late", "happened already")
    )
    started_by: str | None = field("The fact that started the duty, by its public id")
    role: str | None = field("The post in which it was given")
    reason: str | None = field("The reason", required=True, sensitivity=Sensitivity.NARRATIVE)

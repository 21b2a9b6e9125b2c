"""The family's plan that its author may still put right: the newest one, before it was reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kinfold.casework import Form, Raw, as_typed, form_named
from kinfold.service.records.reads.child_fact import version_mark
from kinfold.service.records.reads.families import OneFamily, one_family
from kinfold.service.records.reads.person import Entry
from kinfold.service.records.reads.reader import Reader
from kinfold.terms.errors import InputError

KIND = "family_plan"


@dataclass(frozen=True, slots=True)
class PlanToCorrect:
    """The family, its plan as it stands, and the questions of its form that say what the plan says."""

    family: OneFamily
    plan: Entry
    form: Form

    @property
    def asked(self) -> frozenset[str]:
        """Return the fields of the plan that the form asks."""
        return frozenset(name for question in self.form.questions for _, name in question.targets)

    @property
    def mark(self) -> str:
        """Return the public name of the version that a correction is made from."""
        return version_mark("plan", self.plan.version.version.id)

    @property
    def start(self) -> Raw:
        """Return what stands in the form: the plan as it is."""
        values: Mapping[str, object] = {**self.plan.values, "day": str(self.plan.since or "")}
        return {
            question.name: as_typed(question, values[name])
            for question in self.form.questions
            if values.get(name := question.targets[0][1] if question.targets else question.name)
        }


def why_not(reader: Reader, family: OneFamily) -> str:
    """Return why the reader cannot put the family's plan right; empty where they can."""
    plan = family.plans[0]
    if str(plan.version.version.recorded_by) != str(reader.account.uid):
        return "Only who wrote the plan puts it right. Write a new version instead."
    reviewed = [
        review
        for child in family.children
        for review in child.of("plan_review")
        if review.values.get("plan_type") == "family" and str(review.since or "") >= str(plan.since or "")
    ]
    return "The plan has been reviewed, so it stands as it is. Write a new version instead." if reviewed else ""


def plan_to_correct(reader: Reader, uid: str, fact: str) -> PlanToCorrect:
    """
    Return the family's plan for its author to put right, and record the View.

    Raises InputError, saying to write a new version, for an earlier plan, one that was reviewed, and another's.
    """
    family = one_family(reader, uid)
    if not family.plans or str(family.plans[0].fact) != fact:
        raise InputError("There is a newer plan, so this one stands as it is. Write a new version instead.")
    if refused := why_not(reader, family):
        raise InputError(refused)
    asked = form_named(KIND)
    kept = tuple(one for one in asked.questions if not one.targets or one.targets[0][0] == KIND)
    return PlanToCorrect(family, family.plans[0], replace(asked, questions=kept, together=False))

"""Plans: what is intended, by whom, by when. A new version is a new fact that says what it follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kinfold.record.declare import EndDate, Sensitivity, called, field, plan, shared

NARRATIVE = Sensitivity.NARRATIVE

# kind: (label, room, source, meaning)
_PLANS: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "family_plan": (
            "Family Help plan",
            "casework",
            "Families First Partnership programme guide",
            "One plan for a whole family, kept by the Family Help lead practitioner; the subject may be a group.",
        ),
        "family_network_plan": (
            "Family's own plan",
            "casework",
            "Children Act 1989, s.31ZA, as inserted in 2026",
            "The plan that a family made in a family group decision-making meeting.",
        ),
        "child_in_need_plan_content": (
            "Content of a child in need plan",
            "casework",
            "Working Together to Safeguard Children, ch. 3",
            "What is to be done under a child in need plan.",
        ),
        "child_protection_plan_content": (
            "Content of a child protection plan",
            "casework",
            "Working Together to Safeguard Children, ch. 3",
            "What is to change under a child protection plan, who does what, and how it will be known.",
        ),
        "safety_plan": (
            "Safety plan",
            "casework",
            "Working Together to Safeguard Children, ch. 3",
            "What keeps a child safe from day to day, agreed with those who do it.",
        ),
        "placement_plan": (
            "Placement plan",
            "care",
            "Care Planning, Placement and Case Review (England) Regulations 2010, reg. 9",
            "How a placement will meet a child's needs, with delegated authority.",
        ),
        "health_plan": (
            "Health plan",
            "care",
            "Care Planning, Placement and Case Review (England) Regulations 2010, reg. 5",
            "What is to be done for a looked after child's health.",
        ),
        "personal_education_plan": (
            "Personal education plan",
            "care",
            "Care Planning, Placement and Case Review (England) Regulations 2010, reg. 5; statutory guidance",
            "What is to be done for a looked after child's education, kept with school and virtual school head.",
        ),
        "adoption_placement_plan": (
            "Adoption placement plan",
            "care",
            "Adoption Agencies Regulations 2005, reg. 35",
            "How a child will be placed with adopters.",
        ),
        "detention_placement_plan": (
            "Detention placement plan",
            "care",
            "Care Planning, Placement and Case Review (England) Regulations 2010, reg. 47C",
            "How a remanded child is looked after in youth detention accommodation.",
        ),
        "pathway_plan": (
            "Pathway plan",
            "care",
            "Children Act 1989, s.23E; Care Leavers (England) Regulations 2010",
            "What support a young person has on the way to independence.",
        ),
        "special_guardianship_support_plan": (
            "Special guardianship support plan",
            "care",
            "Special Guardianship Regulations 2005, regs 13 to 18",
            "What support a special guardian and the child have.",
        ),
        "short_breaks_plan": (
            "Short breaks plan",
            "care",
            "Care Planning, Placement and Case Review (England) Regulations 2010, reg. 48",
            "How a child's short breaks are arranged.",
        ),
    }
)


@shared
class PlanContent:
    """What is kept of every plan made with a child or family."""

    edition: int | None = field("Which version of the plan, the first being 1")
    goals: tuple[dict[str, Any], ...] | None = field(
        "What is hoped for: each with its words and how it will be known", sensitivity=NARRATIVE
    )
    actions: tuple[dict[str, Any], ...] | None = field(
        "What is to be done: each with what, who, by when, and the event that met it", sensitivity=NARRATIVE
    )
    contingency: str | None = field("What happens if it does not work", sensitivity=NARRATIVE)
    view_of_child: str | None = field("What the child says of it", sensitivity=NARRATIVE)
    view_of_family: str | None = field("What the family say of it", sensitivity=NARRATIVE)
    agreed_by: tuple[str, ...] | None = field("Who agreed to it")
    agreed_date: date | None = field("When")
    shared_with_child_date: date | None = field("When the child was given it in words meant for them")


def _declare_plans() -> None:
    for name, (label, family, source, meaning) in _PLANS.items():
        cls = type(name.title().replace("_", ""), (PlanContent,), {"__doc__": meaning, "__module__": __name__})
        plan(name, label=label, family=family, source=source)(cls)


_declare_plans()


@plan(
    "care_plan",
    label="Care plan",
    family="care",
    source="Care Planning, Placement and Case Review (England) Regulations 2010, regs 4 and 5; Children Act 1989, s.31A",
    dates={"standard_safeguarding_dataset": ("lacp_cla_care_plan_start_date", "lacp_cla_care_plan_end_date")},
    # The next plan starts on the day this one ends.
    ends={"standard_safeguarding_dataset": EndDate.FIRST_DAY_AFTER},
)
class CarePlan(PlanContent):
    """How a looked after child's needs will be met; before a court, the plan of section 31A."""

    for_court: bool | None = field("Whether it is the plan put before a court")
    summary: str | None = field(
        "The plan as the source states it", sensitivity=NARRATIVE, names=called(dataset="lacp_cla_care_plan_json")
    )


@plan(
    "permanence_plan",
    label="Plan for permanence",
    plural="Plans for permanence",
    family="care",
    source="Children Act 1989 guidance, vol. 2; IRO handbook: by the second review",
    same_when=("valid_from", "route"),
)
class PermanencePlan(PlanContent):
    """The route by which a child will have a lasting home."""

    route: str | None = field(
        "Which route",
        codes="permanence_plan",
        names=called(annex_a="What is the permanence plan for this child?"),
    )
    parallel_route: str | None = field("The route planned beside it, where there is one", codes="permanence_plan")

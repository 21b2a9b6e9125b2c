"""An invented council's last twelve months as the lists of the inspectors' workbook (Annex A)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kinfold.files.annex_a.layout import LISTS
from kinfold.synthetic.days import age_on, birthday
from kinfold.synthetic.world import CarePeriod, Child, Council, Referral

Row = dict[str, Any]


def headings() -> Mapping[int, Sequence[str]]:
    """Return the headings of each list by its number, as the inspectorate writes them."""
    return {
        one.number: tuple(column.heading for column in one.columns) for one in sorted(LISTS, key=lambda one: one.number)
    }


class Workbook:
    """Builds the rows of the lists for one council, looking back a year from `today`; dates are dates."""

    def __init__(self, council: Council, today: int) -> None:
        self.today, self.since = today, today - 365
        self.teams = {team.number: team.name for team in council.teams}
        self.names = {worker.number: worker.name for worker in council.workers}

    def rows_of(self, child: Child) -> Iterator[tuple[int, Row]]:
        """Yield `(list number, row by heading)` for a child."""
        who = self._who(child)
        disabled = {"Does the Child have a Disability": "a) Yes" if child.disabilities else "b) No"}
        recent = [one for one in child.referrals if one.made >= self.since]
        for referral in recent:
            yield 1, who | {"Date of Contact": day_of(referral.made), "Contact Source": referral.source}
            yield 3, who | self._held(referral) | {
                "Date of Referral": day_of(referral.made), "Referral Source": referral.source,
                "Referral NFA?": "a) Yes" if referral.no_further_action else "b) No",
                "Number of Referrals in Last 12 Months": len(recent),
            }  # fmt: skip
        for referral in child.referrals:
            held = who | disabled | self._held(referral)
            yield from self._need(child, referral, held)
            yield from self._protection(referral, held)
        yield from self._care(child, who | disabled)
        yield from self._leaver(child, who | disabled)

    def _who(self, child: Child) -> Row:
        gender = {"M": "a) Male", "F": "b) Female", "U": "d) Not stated/recorded"}[child.sex]
        return {
            "Child Unique ID": child.la_child_id, "Gender": gender, "Ethnicity": child.ethnicity,
            "Date of Birth": day_of(child.birth), "Age": "" if child.birth is None else age_on(child.birth, self.today),
        }  # fmt: skip

    def _held(self, referral: Referral) -> Row:
        return {
            "Allocated Team": self.teams.get(referral.team, ""),
            "Allocated Worker": self.names.get(referral.worker, ""),
        }

    def _need(self, child: Child, referral: Referral, held: Row) -> Iterator[tuple[int, Row]]:
        for one in referral.assessments:
            if (one.authorised or self.today) >= self.since:
                yield 4, held | {
                    "Continuous Assessment Start Date": day_of(one.start),
                    "Child Seen During Continuous Assessment": "a) Yes" if one.seen else "b) No",
                    "Continuous Assessment Date of Authorisation": day_of(one.authorised),
                    "Was the child assessed as requiring LA children's social care support?":
                        ("a) Yes" if one.in_need else "b) No") if one.authorised is not None else "",
                }  # fmt: skip
        for enquiry in referral.enquiries:
            if enquiry.start >= self.since:
                yield 5, held | {
                    "Strategy discussion initiating Section 47 Enquiry Start Date": day_of(enquiry.start),
                    "Was an Initial Child Protection Conference deemed unnecessary?": "b) No" if enquiry.required else "a) Yes",
                    "Date of Initial Child Protection Conference": day_of(enquiry.conference),
                    "Did the Initial Child Protection Conference Result in a Child Protection Plan":
                        ("a) Yes" if enquiry.plan_made else "b) No") if enquiry.conference is not None else "",
                    "Number of Section 47 Enquiries in the last 12 months": 1,
                    "Number of ICPCs in the last 12 months": int(enquiry.conference is not None),
                }  # fmt: skip
        if not referral.no_further_action and (referral.closed is None or referral.closed >= self.since):
            seen = [v for plan in referral.need_plans for v in plan.visits] + [
                v for p in child.care for v in p.visits[-1:]
            ]
            yield 6, held | {
                "CIN Start Date": day_of(referral.made), "Primary Need Code": referral.need,
                "Date Child Was Last Seen": day_of(max(seen) if seen else None), "CIN Closure Date": day_of(referral.closed),
                "Reason for Closure": referral.closure_reason, "Case Status": self._status(child, referral),
            }  # fmt: skip

    @staticmethod
    def _status(child: Child, referral: Referral) -> str:
        if referral.closed is not None:
            return "e) Closed episode"
        if any(period.end is None for period in child.care):
            return "a) Looked after child"
        if any(plan.end is None for plan in referral.protection_plans):
            return "b) Child protection plan"
        return (
            "c) Child in need plan" if any(plan.end is None for plan in referral.need_plans) else "d) Open assessment"
        )

    def _protection(self, referral: Referral, held: Row) -> Iterator[tuple[int, Row]]:
        for plan in referral.protection_plans:
            if (plan.end or self.today) >= self.since:
                yield 7, held | {
                    "Child Protection Plan Start Date": day_of(plan.start), "Initial Category of Abuse": plan.initial_category,
                    "Latest Category of Abuse": plan.latest_category,
                    "Date of the Last Statutory Visit": day_of(plan.visits[-1] if plan.visits else None),
                    "Was the Child Seen Alone?": "a) Yes" if plan.visits and plan.visits[-1] * 31 % 4 else "b) No",
                    "Date of latest review conference": day_of(plan.reviews[-1] if plan.reviews else None),
                    "Child Protection Plan End Date": day_of(plan.end),
                    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)": "b) No",
                    "Number of Previous Child Protection Plans": plan.earlier_plans,
                }  # fmt: skip

    def _care(self, child: Child, who: Row) -> Iterator[tuple[int, Row]]:
        periods = [one for one in child.care if (one.end or self.today) >= self.since]
        for period in periods:
            placement, status = period.placements[-1], period.statuses[-1]
            health = child.health[-1] if child.health else None
            missing = [m for m in period.missing if m[0] >= self.since]
            referral = child.referrals[-1] if child.referrals else None
            yield 8, who | (self._held(referral) if referral else {}) | {
                "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))": _yes_no(child.unaccompanied),
                "Date Started to be Looked After": day_of(period.start), "Child's Category of Need": period.need,
                "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)":
                    _yes_no(period is not periods[0]),
                "Start date of current legal status": day_of(status.start), "Child's Legal Status": status.code,
                "Date of Latest Statutory Review": day_of(period.reviews[-1] if period.reviews else None),
                "Date of Last Social Work Visit": day_of(period.visits[-1] if period.visits else None),
                "Date of Last IRO Visit / Contact to the Child": day_of(period.reviews[-1] if period.reviews else None),
                "Date of Last Health Assessment": day_of(health.assessed_date if health and health.assessed == "1" else None),
                "Date of Last Dental Check": day_of(health.teeth_date if health and health.teeth == "1" else None),
                "Number of Placements in the Last 12 months": sum((p.end or self.today) >= self.since for p in period.placements),
                "Date Ceased to be Looked After": day_of(period.end), "Reason Ceased to be Looked After": period.end_reason,
                "Start Date of Most Recent Placement": day_of(placement.start), "Placement Type": placement.kind,
                "Placement Provider": placement.provider, "Placement postcode": placement.spot.postcode,
                "URN of Placement": placement.urn,
                "Placement Location": "a) In LA" if placement.spot.inside else "b) Out of LA",
                "Number of Episodes the Child has been ‘Missing’ from their Placement in the last 12 months":
                    sum(m[2] == "M" for m in missing),
                "Number of Episodes the Child has been ‘Absent’ from their Placement in the last 12 months":
                    sum(m[2] == "A" for m in missing),
            }  # fmt: skip
            if period.adoption is not None:
                yield (
                    10,
                    {k: v for k, v in who.items() if k != "Age"} | self._adoption(child, period),
                )

    def _adoption(self, child: Child, period: CarePeriod) -> Row:
        plan = period.adoption
        if plan is None:
            return {}
        return {
            "Family identifier": child.family.number, "Date the Child Entered Care": day_of(period.start),
            "Date of Decision that Child Should be Placed for Adoption": day_of(plan.decision),
            "Date of Placement Order": day_of(plan.order if plan.order <= self.today else None),
            "Date of Matching Child and Prospective Adopters": day_of(plan.matched),
            "Date Placed for Adoption": day_of(plan.placed), "Date of Adoption Order": day_of(plan.adopted),
            "Date of Decision that Child Should No Longer be Placed for Adoption": day_of(plan.ceased),
            "Reason Why Child No Longer Placed for Adoption": plan.ceased_reason,
        }  # fmt: skip

    def _leaver(self, child: Child, who: Row) -> Iterator[tuple[int, Row]]:
        if not child.leaver or child.birth is None or child.leaver[-1].contact < self.since:
            return
        last = child.leaver[-1]
        adult = last.contact >= birthday(child.birth, 18)
        yield 9, who | {
            "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)": _yes_no(child.unaccompanied),
            "Allocated Team": "Leaving Care", "Eligibility Category": "c) Former relevant child" if adult else "b) Relevant child",
            "Latest Pathway Plan Review Date": day_of(last.contact), "LA in Touch": last.in_touch,
            "Latest Date of Contact": day_of(last.contact), "Type of Accommodation": last.accommodation,
            "Suitability of Accommodation": last.suitable, "Activity Status": last.activity,
        }  # fmt: skip


def _yes_no(value: bool) -> str:
    return "a) Yes" if value else "b) No"


def day_of(ordinal: int | None) -> date | str:
    """Return the date of a day, an empty text for None."""
    return "" if ordinal is None else date.fromordinal(ordinal)

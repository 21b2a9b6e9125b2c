"""An invented council's children in need as the XML of one census year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kinfold.synthetic.days import add_working, as_iso
from kinfold.synthetic.world import Child, Referral

PRE_PROCEEDINGS_SINCE = 2027  # the census of 2026-27 is the first that asks for them


class Census:
    """Builds the elements of one census year `[start, end]`, named by the year in which it ends."""

    def __init__(self, *, start: int, end: int, year: int) -> None:
        self.start, self.end, self.year = start, end, year

    def referrals_of(self, child: Child) -> list[Referral]:
        """Return the referrals that the census asks for: open in the year, or made in it and taken no further."""
        return [
            one
            for one in child.referrals
            if (self.start <= one.made <= self.end)
            or (not one.no_further_action and one.made <= self.end and (one.closed is None or one.closed >= self.start))
        ]

    def document(self, la_code: str, children: Iterable[Child]) -> Iterator[str]:
        """Yield the text of the whole file, a child at a time, in the order of elements that the schema wants."""
        yield (
            '<?xml version="1.0" encoding="utf-8"?>\n<Message><Header><CollectionDetails><Collection>CIN</Collection>'
            f"<Year>{self.year}</Year><ReferenceDate>{self.year}-03-31</ReferenceDate></CollectionDetails><Source>"
            f"<SourceLevel>L</SourceLevel><LEA>{la_code}</LEA><SoftwareCode>Invented England</SoftwareCode>"
            f"<Release>1</Release><SerialNo>001</SerialNo><DateTime>{self.year}-05-29T09:00:00</DateTime></Source></Header>\n"
            "<Children>\n"
        )
        for child in children:
            referrals = self.referrals_of(child)
            if referrals:
                yield self.child(child, referrals)
        yield "</Children></Message>\n"

    def child(self, child: Child, referrals: list[Referral]) -> str:
        """Return one Child element."""
        born = child.birth if child.birth is not None and child.birth <= self.end else None
        expected = None if born is not None else child.expected or child.birth
        parts = ["<Child><ChildIdentifiers>", _tag("LAchildID", child.la_child_id)]
        parts += [_tag("UPN", child.upn), _tag("FormerUPN", child.former_upn), _tag("UPNunknown", child.upn_unknown)]
        parts += [_tag("PersonBirthDate", as_iso(born)), _tag("ExpectedPersonBirthDate", as_iso(expected))]
        died = as_iso(child.death) if child.death is not None and child.death <= self.end else ""
        parts += [_tag("Sex", child.sex if born is not None else "U"), _tag("PersonDeathDate", died)]
        parts += ["</ChildIdentifiers><ChildCharacteristics>", _tag("Ethnicity", child.ethnicity), "<Disabilities>"]
        parts += [_tag("Disability", code) for code in child.disabilities or ("NONE",)]
        parts.append("</Disabilities></ChildCharacteristics>")
        parts += [self._referral(one) for one in referrals]
        parts.append("</Child>\n")
        return "".join(parts)

    def _referral(self, referral: Referral) -> str:
        closed = self._by_now(referral.closed)
        parts = [
            "<CINdetails>",
            _tag("CINreferralDate", as_iso(referral.made)),
            _tag("ReferralSource", referral.source),
        ]
        parts += [_tag("PrimaryNeedCode", referral.need), _tag("CINclosureDate", closed)]
        parts.append(_tag("ReasonForClosure", referral.closure_reason if closed else ""))
        parts += self._assessments(referral)
        for plan in referral.need_plans:
            if self._in_year(plan.start, plan.end):
                parts += ["<CINPlanDates>", _tag("CINPlanStartDate", as_iso(plan.start)),
                          _tag("CINPlanEndDate", self._by_now(plan.end)), "</CINPlanDates>"]  # fmt: skip
        parts += self._enquiries(referral)
        parts.append(f"<ReferralNFA>{int(referral.no_further_action)}</ReferralNFA>")
        parts += self._protection(referral)
        if self.year >= PRE_PROCEEDINGS_SINCE:
            parts += self._pre_proceedings(referral)
        parts.append("</CINdetails>")
        return "".join(parts)

    def _assessments(self, referral: Referral) -> list[str]:
        parts: list[str] = []
        for one in referral.assessments:
            if not self._in_year(one.start, one.authorised):
                continue
            authorised = self._by_now(one.authorised)
            parts += ["<Assessments>", _tag("AssessmentActualStartDate", as_iso(one.start))]
            parts += [_tag("AssessmentInternalReviewDate", self._by_now(one.review))]
            parts.append(_tag("AssessmentAuthorisationDate", authorised))
            if authorised:
                factors = "".join(_tag("AssessmentFactors", code) for code in one.factors)
                parts.append(f"<FactorsIdentifiedAtAssessment>{factors}</FactorsIdentifiedAtAssessment>")
            parts.append("</Assessments>")
        return parts

    def _enquiries(self, referral: Referral) -> list[str]:
        parts: list[str] = []
        for one in referral.enquiries:
            if not self._in_year(one.start, one.conference or one.end):
                continue
            held = self._by_now(one.conference)
            target = as_iso(one.target if one.required else add_working(one.start, 15))
            parts += ["<Section47>", _tag("S47ActualStartDate", as_iso(one.start)), _tag("InitialCPCtarget", target)]
            parts += [_tag("DateOfInitialCPC", held), f"<ICPCnotRequired>{int(not one.required)}</ICPCnotRequired>"]
            parts.append("</Section47>")
        return parts

    def _protection(self, referral: Referral) -> list[str]:
        parts: list[str] = []
        for plan in referral.protection_plans:
            if not self._in_year(plan.start, plan.end):
                continue
            parts += ["<ChildProtectionPlans>", _tag("CPPstartDate", as_iso(plan.start))]
            parts.append(_tag("CPPendDate", self._by_now(plan.end)))
            parts.append(_tag("InitialCategoryOfAbuse", plan.initial_category))
            parts.append(_tag("LatestCategoryOfAbuse", plan.latest_category))
            parts.append(f"<NumberOfPreviousCPP>{plan.earlier_plans}</NumberOfPreviousCPP>")
            reviews = "".join(
                _tag("CPPreviewDate", as_iso(one)) for one in plan.reviews if self.start <= one <= self.end
            )
            parts.append(f"<Reviews>{reviews}</Reviews>" if reviews else "")
            parts.append("</ChildProtectionPlans>")
        return parts

    def _pre_proceedings(self, referral: Referral) -> list[str]:
        court = referral.pre_proceedings
        if court is None or not self._in_year(court.decision, court.outcome_date):
            return []
        return [
            "<PreProceedingsandFGDM>", _tag("PPStartDate", as_iso(court.decision)), _tag("LBPSentDate", as_iso(court.letter)),
            f"<FGDMMeetingOffer>{int(court.offered)}</FGDMMeetingOffer><FGDMMeetingFac>{int(court.held)}</FGDMMeetingFac>",
            _tag("InitialPPMeetingDate", as_iso(court.meeting)), _tag("StepDecisionDate", as_iso(court.outcome_date)),
            _tag("PPOutcome", court.outcome), _tag("CourtAppDate", as_iso(court.court)), "</PreProceedingsandFGDM>",
        ]  # fmt: skip

    def _in_year(self, start: int, end: int | None) -> bool:
        return start <= self.end and (end is None or end >= self.start)

    def _by_now(self, one: int | None) -> str:
        return as_iso(one) if one is not None and one <= self.end else ""


def _tag(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>" if text else ""

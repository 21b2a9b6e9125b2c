"""
Writing a children in need census from claims: the inverse of reading one.

Facts are put where the schema wants them: an assessment, plan or enquiry inside the referral of which
its natural key speaks, or else the referral open on its first day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from lxml import etree

from kinfold.files.cin_census import layout
from kinfold.files.cin_census.layout import Item, Module
from kinfold.files.ownership import owner_of
from kinfold.record.claim import Claim, SubjectRecord

_NUMBERS = ("la_child_id", "upn", "former_upn")


@dataclass(frozen=True, slots=True)
class CensusHeader:
    """What the file says of itself. `year` is the year in which the census year ends."""

    la_code: str
    year: int
    made_at: datetime
    software: str = "Kinfold"


def write_cin_census(stream: IO[bytes], subjects: Iterable[SubjectRecord], header: CensusHeader) -> int:
    """
    Write the census of `subjects` as XML to `stream`; return how many children were written.

    Only the kinds that the census carries are written. Pre-proceedings are left out before 2026-27.
    """
    written = 0
    with etree.xmlfile(stream, encoding="utf-8") as file:
        file.write_declaration()
        with file.element("Message"):
            file.write("\n", _header(header), "\n")
            with file.element("Children"):
                for subject in subjects:
                    child = _child(subject, header.year)
                    etree.indent(child, level=2)  # a line an element, so that a message can name the line
                    file.write("\n    ", child)
                    written += 1
                file.write("\n")
    return written


def _header(header: CensusHeader) -> Any:
    element = etree.Element("Header")
    details = etree.SubElement(element, "CollectionDetails")
    _add(details, "Collection", "CIN")
    _add(details, "Year", str(header.year))
    _add(details, "ReferenceDate", f"{header.year}-03-31")
    source = etree.SubElement(element, "Source")
    _add(source, "SourceLevel", "L")
    _add(source, "LEA", header.la_code)
    _add(source, "SoftwareCode", header.software)
    _add(source, "SerialNo", "001")
    _add(source, "DateTime", header.made_at.isoformat(timespec="seconds"))
    return element


def _child(subject: SubjectRecord, year: int) -> Any:
    claims: dict[str, list[Claim]] = {}
    for claim in subject.claims:
        claims.setdefault(claim.kind, []).append(claim)
    child = etree.Element("Child")
    details: dict[str, Any] = dict(claims["person_details"][0].payload) if "person_details" in claims else {}
    details["la_child_id"] = subject.subject.value
    for claim in claims.get("identifier", ()):
        if claim.payload.get("identifier_type") in _NUMBERS:
            details.setdefault(claim.payload["identifier_type"], claim.payload["value"])
    _module(child, layout.CHILD_IDENTIFIERS, details)
    if "ethnicity" in details or "disability" in claims:
        lists = claims["disability"][0].payload if "disability" in claims else {}
        characteristics = _module(child, layout.CHILD_CHARACTERISTICS, {"ethnicity": details.get("ethnicity")})
        _add_list(characteristics, "Disabilities", "Disability", lists.get("disabilities", ()))
    for referral in _Referrals(claims).each():
        _referral(child, referral, year)
    return child


@dataclass(slots=True)
class _Referral:
    """One referral with the facts that belong inside it, by kind."""

    claim: Claim
    inside: dict[str, list[Claim]]


class _Referrals:
    """A child's referrals, and which of them each other fact belongs to."""

    def __init__(self, claims: Mapping[str, list[Claim]]) -> None:
        self.referrals = [_Referral(claim, {}) for claim in claims.get("referral_episode", ())]
        self.by_key = {referral.claim.natural_key: referral for referral in self.referrals}
        for kind in ("assessment", "child_in_need_plan", "section_47_enquiry", "child_protection_plan",
                     "child_protection_review", "pre_proceedings", "initial_child_protection_conference"):  # fmt: skip
            for claim in claims.get(kind, ()):
                if (referral := self._of(claim)) is not None:
                    referral.inside.setdefault(kind, []).append(claim)

    def each(self) -> Sequence[_Referral]:
        """Return the referrals in the order given."""
        return self.referrals

    def _of(self, claim: Claim) -> _Referral | None:
        named = self.by_key.get(claim.natural_key.split("/")[0])
        if named is not None and "/" in claim.natural_key:
            return named
        return owner_of(self.referrals, claim, spell=lambda referral: referral.claim)


def _referral(child: Any, referral: _Referral, year: int) -> None:
    inside, values = referral.inside, _values(referral.claim)
    enquiries = [_values(claim) for claim in inside.get("section_47_enquiry", ())]
    _place_conferences(values, enquiries, inside.get("initial_child_protection_conference", ()))
    last = values.pop("no_further_action", None)
    if last and "closure_reason" not in values and values.get("valid_to") == values.get("valid_from"):
        values.pop("valid_to", None)  # a referral that led to nothing has no closure date in the census
    element = _module(child, layout.CIN_DETAILS, values)
    for claim in inside.get("assessment", ()):
        assessment = _module(element, layout.ASSESSMENTS, _values(claim))
        factors = claim.payload.get("factors", ())
        _add_list(assessment, "FactorsIdentifiedAtAssessment", "AssessmentFactors", factors)
    for claim in inside.get("child_in_need_plan", ()):
        _module(element, layout.CIN_PLAN_DATES, _values(claim))
    for enquiry in enquiries:
        _module(element, layout.SECTION_47, enquiry)
    if last is not None:
        _add(element, "ReferralNFA", _text(layout.CIN_DETAILS.items["ReferralNFA"], last))
    _plans(element, inside)
    if year >= layout.FIRST_YEAR_OF_PRE_PROCEEDINGS:
        for claim in inside.get("pre_proceedings", ()):
            undated = claim.natural_key.endswith("/undated")
            values = _values(claim) | ({"valid_from": None} if undated else {})
            _module(element, layout.PRE_PROCEEDINGS, values)


def _place_conferences(
    referral: dict[str, Any], enquiries: Sequence[dict[str, Any]], conferences: Iterable[Claim]
) -> None:
    """Write each conference once: in the enquiry that led to it, else in the referral."""
    for claim in conferences:
        day = claim.valid_from.isoformat() if claim.valid_from else None
        said = [referral.get("initial_conference_date"), *(e.get("initial_conference_date") for e in enquiries)]
        if day is None or day in said:
            continue
        free = [e for e in enquiries if "initial_conference_date" not in e and e["valid_from"] <= day]
        target = free[-1] if free else referral
        target.setdefault("initial_conference_date", day)
        if free and "target_date" in claim.payload:
            target.setdefault("initial_conference_target", claim.payload["target_date"])


def _plans(element: Any, inside: Mapping[str, list[Claim]]) -> None:
    plans = inside.get("child_protection_plan", [])
    reviews: dict[int, list[Claim]] = {}
    for review in inside.get("child_protection_review", ()):
        owner = owner_of(plans, review, spell=lambda plan: plan)
        if owner is not None:
            reviews.setdefault(id(owner), []).append(review)
    for plan in plans:
        written = _module(element, layout.CHILD_PROTECTION_PLANS, _values(plan))
        days = [review.valid_from.isoformat() for review in reviews.get(id(plan), ()) if review.valid_from]
        _add_list(written, "Reviews", "CPPreviewDate", days)


def _values(claim: Claim) -> dict[str, Any]:
    """Return a claim's payload with its days under the layout's names."""
    values = dict(claim.payload)
    if claim.valid_from is not None:
        values["valid_from"] = claim.valid_from.isoformat()
    if claim.valid_to is not None:
        values["valid_to"] = claim.valid_to.isoformat()
    return values


def _module(parent: Any, module: Module, values: Mapping[str, Any]) -> Any:
    element = etree.SubElement(parent, module.element)
    for item in module.items.values():
        value = values.get(item.field)
        if value is not None and item.shape != "codes":
            _add(element, item.element, _text(item, value))
    return element


def _text(item: Item, value: Any) -> str:
    if item.shape == "flag":
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _add_list(parent: Any, holder: str, name: str, texts: Iterable[str]) -> None:
    texts = list(texts)
    if texts:
        held = etree.SubElement(parent, holder)
        for text in texts:
            _add(held, name, text)

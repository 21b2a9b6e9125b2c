"""Counting back from the written files, with nothing but their columns: what `check` compares with the published figures."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from kinfold.synthetic.beside import truth_file
from kinfold.terms.places import locate_many, miles_between
from kinfold.terms.working_days import bank_holidays, working_days_between

Counts = Counter[str]
_FOSTER = tuple(f"U{n}" for n in range(1, 7))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def uk(text: str) -> date:
    """Return the date of 31/03/2026."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def count_council(folder: Path, *, stands_on: str) -> Counts:
    """Return the counts of one council's folder; a format that was not written adds nothing."""
    counts: Counts = Counter()
    years = sorted(path for path in (folder / "ssda903").glob("*") if path.is_dir())
    if years:
        _count_care(counts, years[-1], stands_on)
    censuses = sorted((folder / "cin_census").glob("*.xml"))
    if censuses:
        _count_need(counts, censuses[-2:])
    extracts = sorted(path for path in (folder / "standard_safeguarding_dataset").glob("*") if path.is_dir())
    if extracts:
        _count_workers(counts, extracts[-1])
    truth = json.loads(truth_file(folder).read_text("utf-8"))
    counts["population"] += truth["child_population"]
    counts["children"] += truth["children"]
    counts["twins"] += 2 * len(truth["twins"])
    for name, value in truth["workforce_full_time_equivalents"].items():
        counts[f"posts {name}"] += value
    return counts


def _count_care(counts: Counts, year: Path, stands_on: str) -> None:
    episodes: dict[str, list[dict[str, str]]] = {}
    for row in rows_of(year / "episodes.csv"):
        episodes.setdefault(row["CHILD"], []).append(row)
    unaccompanied = {row["CHILD"] for row in rows_of(year / "uasc.csv")}
    counts["in care in the year"] += len(episodes)
    counts["went missing"] += len({row["CHILD"] for row in rows_of(year / "missing.csv") if row["MISSING"] == "M"})
    places = locate_many(
        {row[name] for rows in episodes.values() for row in rows[-1:] for name in ("HOME_POST", "PL_POST")}
    )
    for child, rows in episodes.items():
        rows.sort(key=lambda row: uk(row["DECOM"]))
        for row in rows:
            if row["REC"] and row["REC"] != "X1":
                counts["ceased"] += 1
                counts["adopted"] += row["REC"] in ("E11", "E12")
        if not rows[-1]["DEC"]:
            _count_in_care(counts, rows, unaccompanied=child in unaccompanied, places=places, stands_on=stands_on)
    _count_health_and_leaving(counts, year)


def _count_in_care(
    counts: Counts, rows: list[dict[str, str]], *, unaccompanied: bool, places: Any, stands_on: str
) -> None:
    last = rows[-1]
    counts["in care"] += 1
    counts["unaccompanied"] += unaccompanied
    counts["foster"] += last["PLACE"] in _FOSTER
    counts["foster relative"] += last["PLACE"] in _FOSTER[:3]
    counts["care order"] += last["LS"] == "C2"
    counts["abuse or neglect"] += last["CIN"] == "N1"
    placements = 1 + sum(row["RNE"] in ("P", "B") for row in rows[1:])
    counts["two placements"] += placements == 2
    counts["three placements"] += placements >= 3
    home, there = places.get(last["HOME_POST"]), places.get(last["PL_POST"])
    counts["inside"] += there is not None and there.la_code == stands_on
    far = (
        home is not None
        and there is not None
        and miles_between((home.easting, home.northing), (there.easting, there.northing)) > 20
    )
    counts["far"] += far
    for name, kinds in (("adoption", ("A3", "A4", "A5", "A6")), ("homes", ("K1", "K2"))):
        counts[name] += last["PLACE"] in kinds
        counts[f"{name} far"] += far and last["PLACE"] in kinds


def _count_health_and_leaving(counts: Counts, year: Path) -> None:
    for row in rows_of(year / "oc2.csv"):
        if row["SDQ_SCORE"]:
            counts["sdq"] += 1
            counts["sdq sum"] += int(row["SDQ_SCORE"])
    end = date(int(year.name[:4]) + 1, 3, 31)
    for row in rows_of(year / "oc3.csv"):
        born = uk(row["DOB"])
        age = end.year - born.year - ((born.month, born.day) > (end.month, end.day))
        if age >= 19:
            counts["leavers"] += 1
            counts["leavers not in work"] += row["ACTIV"] in ("G4", "G5", "G6")


def _children(path: Path) -> Iterator[Any]:
    for _, element in etree.iterparse(str(path), tag="Child"):
        yield element
        element.clear()


def _texts(element: Any, tag: str) -> list[str]:
    return [found.text for found in element.iter(tag)]


def _count_need(counts: Counts, censuses: list[Path]) -> None:
    before: dict[str, list[str]] = {}
    for path in censuses[:-1]:
        for child in _children(path):
            before.setdefault(child.findtext(".//LAchildID"), []).extend(_texts(child, "CINreferralDate"))
    end = date(int(censuses[-1].stem[-4:]), 3, 31)
    start = date(end.year - 1, 4, 1)
    for child in _children(censuses[-1]):
        details = child.findall("CINdetails")
        made = sorted({*_texts(child, "CINreferralDate"), *before.get(child.findtext(".//LAchildID"), [])})
        counts["in need"] += any(d.find("CINclosureDate") is None and d.findtext("ReferralNFA") == "0" for d in details)
        counts["plans open"] += any(p.find("CPPendDate") is None for p in child.iter("ChildProtectionPlans"))
        for detail in details:
            day = date.fromisoformat(detail.findtext("CINreferralDate"))
            if start <= day <= end:
                counts["referrals"] += 1
                counts["no further action"] += detail.findtext("ReferralNFA") == "1"
                earlier = [date.fromisoformat(one) for one in made if one < day.isoformat()]
                counts["re-referrals"] += any(day - one <= timedelta(days=365) for one in earlier)
            _count_detail(counts, detail, start, end)


def _count_detail(counts: Counts, detail: Any, start: date, end: date) -> None:
    holidays = bank_holidays(end.year - 3, end.year)
    for one in detail.iter("Assessments"):
        authorised = one.findtext("AssessmentAuthorisationDate")
        if authorised:
            began = date.fromisoformat(one.findtext("AssessmentActualStartDate"))
            counts["assessments"] += 1
            counts["assessments in time"] += working_days_between(began, date.fromisoformat(authorised), holidays) <= 45
    for one in detail.iter("Section47"):
        began = date.fromisoformat(one.findtext("S47ActualStartDate"))
        held = one.findtext("DateOfInitialCPC")
        if start <= began <= end:
            counts["enquiries"] += 1
        if held:
            counts["conferences"] += 1
            counts["conferences in time"] += working_days_between(began, date.fromisoformat(held), holidays) <= 15
    for one in detail.iter("ChildProtectionPlans"):
        if start <= date.fromisoformat(one.findtext("CPPstartDate")) <= end:
            counts["plans"] += 1
            counts["repeat plans"] += one.findtext("NumberOfPreviousCPP") != "0"


def _count_workers(counts: Counts, extract: Path) -> None:
    workers = {
        row["prof_professional_id"]: row
        for row in rows_of(extract / "ssd_professionals.csv")
        if row["prof_professional_job_title"] == "Social worker" and float(row["prof_full_time_equivalency"] or 0) > 0
    }
    for row in workers.values():
        counts["fte"] += float(row["prof_full_time_equivalency"])  # type: ignore[assignment]
        if row["prof_agency_worker_flag"] == "Y":
            counts["agency fte"] += float(row["prof_full_time_equivalency"])  # type: ignore[assignment]
    with (extract / "ssd_involvements.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["invo_involvement_end_date"] and row["invo_professional_id"] in workers:
                counts["cases"] += 1


def count_register(path: Path) -> Counts:
    """Return how many children's homes the register has: in all, private, in the North West, of the largest group."""
    counts: Counts = Counter()
    groups: Counts = Counter()
    for row in rows_of(path):
        if row["Sort"] == "home":
            counts["register homes"] += 1
            counts["register private"] += row["Provider"] == "PR4"
            counts["register north west"] += row["Region"] == "North West"
            if row["Provider"] == "PR4":
                groups[row["Group"]] += 1
    counts["register largest group"] = max(groups.values(), default=0)
    return counts

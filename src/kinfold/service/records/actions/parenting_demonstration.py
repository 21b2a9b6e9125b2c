"""The invented council's own reports as a corporate parent: last year's published, this year's with the director."""

from __future__ import annotations

from datetime import date, timedelta

from kinfold.care.corporate_parenting import Year, councils_principles, year_of
from kinfold.service.records.actions.incidents_demonstration import reader_of
from kinfold.service.records.actions.parenting_council import answer, record, write_report
from kinfold.service.records.models import Holder
from kinfold.service.records.reads.parenting_council import our_year

WORDS = {
    "what_was_done": "Every care leaver up to 25 was offered a bus pass, and council tax was waived for those who asked.",
    "what_they_said": "The children in care council asked for later evenings at the drop-in. It now closes at nine.",
    "what_comes_next": "Apprenticeships kept for care leavers in every service, and a second drop-in on the coast.",
}
DID = {
    1: "The children in care council met six times and put questions to the director.",
    4: "Fourteen care leavers began apprenticeships with the council.",
    6: "A flat to practise in was opened for young people of 17.",
}


def add_council_report(holder: Holder, *, today: date) -> int:
    """Write the invented council's reports of last year and this year, once; return how many."""
    worker, director = reader_of(holder, "social_worker"), reader_of(holder, "director_of_childrens_services")
    this = year_of(today)
    if worker is None or director is None or our_year(worker, this).report is not None:
        return 0
    for number, words in DID.items():
        said = {"duty": councils_principles()[number], "what_was_done": words, "people_reached": 14}
        record(worker, "action", year=this, day=today - timedelta(days=1), said=said)
    record(worker, "offer", year=this, day=today - timedelta(days=1), said={"service": "A bus pass until 25"})
    last = Year(this.first - 1)
    for year in (last, this):
        write_report(worker, year=year, said=WORDS, send=True)
    answer(director, year=last, approve=True, reasons="")
    record(worker, "publish", year=last, day=today, said={"address": "https://example.invalid/corporate-parenting"})
    return 2

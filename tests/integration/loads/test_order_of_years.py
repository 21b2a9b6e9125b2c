"""Returns of several years end in the same record, in whatever order they are loaded."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from kinfold.files.received import Incoming
from kinfold.service.records.actions import receiving
from kinfold.service.records.models import Holder, SpellFact
from kinfold.service.records.setting_up import add_holder

pytestmark = pytest.mark.django_db
COLUMNS = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
YEARS = (2023, 2024, 2025)
# child: its episodes as (first day, reason begun, legal status, placement, last day, reason ceased)
EPISODES = {
    "stays": [("01/05/2022", "S", "C2", "U1", "", "")],
    "moves": [
        ("01/05/2022", "S", "C2", "U1", "10/02/2024", "X1"),
        ("10/02/2024", "P", "C2", "K2", "03/06/2024", "X1"),
        ("03/06/2024", "P", "C2", "U4", "", ""),
    ],
    "status changes": [
        ("01/05/2022", "S", "V2", "U1", "07/09/2023", "X1"),
        ("07/09/2023", "L", "C1", "U1", "20/03/2024", "X1"),
        ("20/03/2024", "L", "C2", "U1", "", ""),
    ],
    "goes and comes back": [
        ("01/05/2022", "S", "V2", "U1", "07/09/2023", "E4A"),
        ("15/01/2025", "S", "V2", "U1", "", ""),
    ],
    "leaves in the middle year": [
        ("01/05/2022", "S", "V2", "U1", "07/06/2023", "X1"),
        ("07/06/2023", "P", "V2", "K2", "09/11/2023", "E4A"),
    ],
    "leaves in the last year": [
        ("01/05/2022", "S", "C2", "U1", "07/06/2023", "X1"),
        ("07/06/2023", "P", "C2", "K2", "09/11/2025", "E4A"),
    ],
}  # fmt: skip

# child: who worked with them as (worker, first day, last day, why the worker changed)
WORKERS = {
    "stays": [("W1", "01/05/2022", "10/02/2024", "LEFTRL"), ("W2", "10/02/2024", "", "")],
    "moves": [("W1", "01/05/2022", "10/02/2024", "LEFTRL"), ("W2", "10/02/2024", "05/12/2024", "CHCHAN"),
              ("W1", "05/12/2024", "", "")],
    "leaves in the middle year": [("W1", "01/05/2022", "09/11/2023", "OTHERS")],
}  # fmt: skip


def _day(text: str) -> date:
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def _return_of(year: int) -> str:
    """Return the episodes table of the year to 31 March after `year`: what was open in it, as it stood at its end."""
    start, end = date(year, 4, 1), date(year + 1, 3, 31)
    lines = [COLUMNS]
    for child, episodes in EPISODES.items():
        for began, why, status, place, ended, ceased in episodes:
            over = bool(ended) and _day(ended) <= end
            if _day(began) <= end and not (ended and _day(ended) < start):
                last = f"{ended},{ceased}" if over else ","
                lines.append(f"{child},{began},{why},{status},N1,{place},PR1,{last},,,,")
    return "\n".join([*lines, ""])


def _workers_of(year: int) -> str:
    """Return the social workers table of a year, as it stood at its end."""
    start, end = date(year, 4, 1), date(year + 1, 3, 31)
    lines = ["CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON"]
    for child, workers in WORKERS.items():
        for worker, began, ended, why in workers:
            over = bool(ended) and _day(ended) <= end
            if _day(began) <= end and not (ended and _day(ended) < start):
                lines.append(f"{child},01/01/2015,{worker},{began}," + (f"{ended},{why}" if over else ","))
    return "\n".join([*lines, ""])


def _spells_of(holder: Holder) -> list[tuple[object, ...]]:
    numbers = dict(holder.identifierkey_set.filter(sort="la_child_id").values_list("thing_id", "value"))
    spells = SpellFact.objects.filter(held_by=holder, known_to__isnull=True, status="final")
    rows = spells.values_list("subject_id", "kind", "valid_from", "valid_to", "payload")
    return sorted(
        (numbers[child], kind, since, str(until), sorted(said.items())) for child, kind, since, until, said in rows
    )


@pytest.mark.parametrize("order", list(permutations(YEARS))[1:])
def test_returns_in_any_order_end_in_the_same_spells(order: tuple[int, ...], tmp_path: Path) -> None:
    spells = []
    for code, years in (("990", YEARS), ("991", order)):
        holder = add_holder(code=code, name=code)
        for year in years:
            folder = tmp_path / code / str(year)
            folder.mkdir(parents=True)
            (folder / "episodes.csv").write_text(_return_of(year))
            (folder / "social_workers.csv").write_text(_workers_of(year))
            receiving.receive(
                [[Incoming("return", folder)]], by="test", today=date(2026, 6, 1), council=code, keep=False
            )
        spells.append(_spells_of(holder))

    assert spells[1] == spells[0]
    assert len(spells[0]) == 33
    assert sum(kind == "allocation" for _, kind, *_ in spells[0]) == 6

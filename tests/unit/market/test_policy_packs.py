"""The policy packs: what stands in them, that all of it is asked for, and that the market room keeps no rule of its own in code."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kinfold import market
from kinfold.market import policy
from kinfold.market.cases.financial import CONTINGENCY, RECOVERY, plan_questions
from kinfold.market.cases.registration import provisions
from kinfold.market.penalties import BALANCE, BEYOND, CHIEF_INSPECTOR, SECRETARY_OF_STATE, grounds
from kinfold.market.policy import one_each, pack, pack_said, topics_of
from kinfold.terms.errors import SettingError
from kinfold.terms.law import parse_law

TODAY = date(2026, 6, 1)
ROOM = Path(market.__file__).parent
SOURCES = ROOM.parent
FILES = sorted(Path(policy.__file__).parent.rglob("*.toml"))
JURISDICTIONS = ("england", "wales")

# Constants with numbers that stay in code, each with why it is no threshold, period or amount of law or policy.
STRUCTURAL = {
    "accounts/numbers.py _MOST_SCALE": "what a number of a file may be before it is refused",
    "accounts/reading.py LARGEST": "how large a file may be before it is refused",
    "accounts/store.py LIMITS": "how many files are taken in at once",
    "cases/financial.py STAGES": "the numbers by which stages are called",
    "exits/children.py SIZES": "the sizes of groups that the simulation draws",
    "exits/distances.py _MILES_PER_UNIT": "a unit of length",
    "exits/distances.py _WITHIN": "geometry: the mean distance of two points of a disc",
    "exits/flow.py _CLOSED": "arithmetic of the flow",
    "exits/flow.py _PER_MILE": "arithmetic of the flow",
    "financial/arithmetic.py Z_DOUBLE_PRIME": "weights of a published formula",
    "financial/arithmetic.py Z_PRIME": "weights of a published formula",
    "financial/covenants.py QUARTERS": "the ends of a year's quarters",
    "financial/schedules.py MEASURE_LABELS": "which part of a ratio is its label",
    "financial/schedules.py PERIODS": "the rows of a sheet",
    "financial/stress.py _BREAKS": "what breaking is: cover of less than interest, less than no money",
    "financial/submission.py ROUNDING": "what rounding to pounds does to a sum",
    "financial/submission.py _CHECKS": "a figure that is not told counts as nothing",
    "financial/template.py YELLOW": "how a cell looks",
    "financial/train.py AGAIN": "training of a card, whose file keeps what came of it",
    "financial/train.py BASE_POINTS": "training of a card, whose file keeps what came of it",
    "financial/train.py BINS": "training of a card, whose file keeps what came of it",
    "financial/train.py POINTS_TO_DOUBLE": "training of a card, whose file keeps what came of it",
    "financial/train.py RIDGE": "training of a card, whose file keeps what came of it",
    "financial/train.py _HALF": "training of a card, whose file keeps what came of it",
    "financial/workbook.py FIRST": "the rows of a sheet",
    "financial/workbook.py MOST_ROWS": "how long a sheet may be before it is refused",
    "invented.py _FIRST_YEAR": "invented data",
    "ownership/companies_house.py REGISTERS": "how large a file may be before it is refused",
    "ownership/economic.py _CLOSED": "arithmetic of circles",
    "ownership/economic.py _DENSE": "arithmetic of circles",
    "ownership/economic.py _ROUNDS": "arithmetic of circles",
    "ownership/invented.py _SINCE": "invented data",
    "profit.py WEEKS_IN_A_YEAR": "the calendar",
    "published.py _DEEPEST_HEADER": "how far down a file its headings are looked for",
    "published.py _MONTHS": "the calendar",
    "register.py _DAYS_KEPT": "how much is kept in memory",
    "signals/rate_change.py _GROUPS_OF_TRIAL": "how often a simulation is drawn",
    "signals/shrinkage.py _GRID_CORRELATIONS": "where a search begins",
    "signals/shrinkage.py _GRID_MEANS": "where a search begins",
    "signals/shrinkage.py _SMALL": "arithmetic of a fraction",
    "supply/forecast.py WEEK": "the calendar",
    "supply/forecast.py WORKING_DAYS_A_YEAR": "the calendar",
    "supply/invented.py _HOMES": "invented data",
    "supply/invented.py _PACE": "invented data",
    "supply/invented.py _STORIES": "invented data",
    "supply/sheet.py MOST_ROWS": "how long a file may be before it is refused",
    "values.py _BEFORE_REORGANISATIONS": "the calendar",
    "values.py _SPREADSHEET_DAY_NOUGHT": "the calendar",
}  # fmt: skip


def constants_with_numbers() -> Iterator[str]:
    """Yield each constant of a module of the market room that holds a number, by its file and name."""
    for file in sorted(ROOM.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _has_number(node.value):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
                yield from (f"{file.relative_to(ROOM).as_posix()} {name}" for name in names if name.isupper())


def _has_number(value: ast.expr) -> bool:
    numbers = (one.value for one in ast.walk(value) if isinstance(one, ast.Constant))
    return any(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers)


def words_in_code() -> set[str]:
    """Return every text that stands in the sources, and the fixed parts of those that are put together."""
    return {
        one.value
        for file in SOURCES.rglob("*.py")
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def test_no_threshold_period_or_amount_stands_in_the_code_of_the_market_room() -> None:
    found = set(constants_with_numbers())

    assert found - STRUCTURAL.keys() == set(), "Put a rule into policy/, or say here why it is none"
    assert STRUCTURAL.keys() - found == set(), "These are gone: strike them out"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_value_says_its_source_and_how_sure_it_is(file: Path) -> None:
    for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
        assert table.get("certainty"), name
        assert "default of this project" in table["source"].casefold() or not table["certainty"].startswith(
            "uncertain"
        ), name


def test_every_value_is_asked_for() -> None:
    written = words_in_code()
    beginnings = tuple(one for one in written if one.endswith("_") and len(one) > 4)
    known = [
        name
        for jurisdiction in JURISDICTIONS
        for topic, values in topics_of(jurisdiction).items() if topic != "fast_track"
        for name in values
    ]  # fmt: skip

    assert [name for name in known if name not in written and not name.startswith(beginnings)] == []


def test_one_law_is_one_value() -> None:
    england = pack("england", TODAY)
    rules = [(one.label, one.source) for one in england.values.values()]

    assert len(set(rules)) == len(rules)
    assert england.values["penalty_appeal"].source != england.values["registration_appeal"].source


def test_grounds_for_a_penalty_are_the_packs_and_an_offence_is_proved_beyond_reasonable_doubt() -> None:
    known = grounds(pack("england", TODAY))

    assert {one.authority for one in known.values()} == {CHIEF_INSPECTOR, SECRETARY_OF_STATE}
    assert {one.standard for one in known.values()} == {BALANCE, BEYOND}
    assert known["carrying on unregistered"].standard == BEYOND
    assert grounds(pack("england", date(2026, 4, 28))) == {}


def test_what_may_be_applied_for_and_what_a_plan_must_say_are_the_packs() -> None:
    assert "supported accommodation" in provisions(pack("england", TODAY))
    assert "supported accommodation" not in provisions(pack("england", date(2023, 4, 27)))
    assert list(plan_questions(RECOVERY, pack("england", TODAY))) == ["actions", "funding", "fallback"]
    assert len(plan_questions(CONTINGENCY, pack("england", TODAY))) == 8


def test_the_sections_of_the_act_are_enacted_and_not_known_to_be_in_force() -> None:
    found = {
        name: pack("england", TODAY)[name] for name in pack("england", TODAY).values if name.startswith("commencement_")
    }

    assert set(found) == {f"commencement_s{section}" for section in range(14, 20)}
    assert set(found.values()) == {"Enacted, commencement unverified"}


def test_a_line_is_read_by_the_pack_it_was_written_under() -> None:
    assert pack_said({"pack": "england/2026-05-01"}, TODAY).day == date(2026, 5, 1)
    assert pack_said({}, TODAY).name == f"england/{TODAY.isoformat()}"


def test_a_form_of_words_has_each_thing_filled_in_and_what_is_empty_left_out() -> None:
    value = parse_law(
        '[w]\nlabel="a"\nunit="b"\nsource="c"\nvalues=[{from=2020-01-01, value=["To: {who}", "{more}", "End"]}]',
        file="a.toml",
    )
    made = policy.Pack("england", TODAY, value)

    assert made.paragraphs("w", who="{Ann}", more="One\n\nTwo") == ["To: {Ann}", "One", "Two", "End"]
    assert made.paragraphs("w", who="Ann", more="") == ["To: Ann", "End"]


def test_two_files_of_a_jurisdiction_cannot_say_the_same_thing() -> None:
    value = parse_law('[a]\nlabel="a"\nunit="b"\nsource="c"\nvalues=[{from=2020-01-01, value=1}]\n', file="a.toml")

    with pytest.raises(SettingError, match=r"more\.toml: a stands in another file"):
        one_each({"here": value, "more": value})

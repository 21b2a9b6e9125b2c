"""The rows that could not be used: who sees them, what they may keep of them, and putting them right."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.test import Client

from kinfold.access.words import Label
from kinfold.service.records.actions import receiving
from kinfold.service.records.actions.access import restrict
from kinfold.service.records.audit import verify_chain
from kinfold.service.records.models import (
    AuditEntry,
    Correction,
    Holder,
    IdentifierKey,
    Load,
    QuarantinedRow,
    SpellFact,
)  # fmt: skip
from kinfold.service.records.reads import loads as reads
from kinfold.service.records.reads import quarantine
from kinfold.service.records.reads.reader import Reader
from tests.integration.loads.conftest import EPISODES, RETURN, work
from tests.integration.loads.test_sending import text_of

pytestmark = pytest.mark.django_db
RIGHT = {
    "CHILD": "C2",
    "DECOM": "28/02/2026",
    "RNE": "S",
    "LS": "C2",
    "CIN": "N1",
    "PLACE": "U1",
    "PLACE_PROVIDER": "PR1",
}


@pytest.fixture
def bad(loaded: Load) -> QuarantinedRow:
    """Return the row whose date does not exist."""
    return QuarantinedRow.objects.get(load=loaded, table="Episodes")


def fill(web: Client, row: QuarantinedRow, values: dict[str, str], *, do: str = "again", **rest: str) -> Any:
    """Fill the row's form in as the page shows it, with `values` changed, and send it."""
    page = web.get(f"/files/{row.load_id}/quarantine/{row.pk}/")
    form = page.context["form"]
    typed = {name: form.initial.get(name, "") for name in form.fields if name != "because"}
    typed |= {f"field_{form.names.index(name)}": text for name, text in values.items()}
    said = {"because": "The court order says so", "do": do, **typed, **rest}
    return web.post(f"/files/{row.load_id}/quarantine/{row.pk}/", said)


def test_the_report_adds_up_and_says_so(analyst: Client, loaded: Load) -> None:
    said = text_of(analyst.get(f"/files/{loaded.pk}/"))

    assert "8 received = 6 that brought something new + 0 unchanged + 2 that could not be used" in said
    assert "2 rows still to put right" in said
    assert loaded.files.first().sha256 not in said


def test_the_command_line_prints_the_same_report(analyst: Client, council: Holder, tmp_path: Path) -> None:
    for name, content in RETURN.items():
        (tmp_path / name).write_text(content)
    groups = receiving.incoming_of(sorted(path for path in tmp_path.iterdir() if path.is_file()))

    printed = receiving.report(receiving.receive(groups, by="command line", today=date(2026, 6, 1)))

    (number,) = printed["loads"]  # type: ignore[misc]
    found = reads.report_of(Reader(analyst.account), number)  # type: ignore[attr-defined]
    line = found.line
    assert [printed[name] for name in ("rows", "facts", "unchanged", "children", "withdrawn", "notes")] == [
        line.rows, line.facts, line.unchanged, found.children, line.withdrawn, list(found.notes),
    ]  # fmt: skip
    _, shown = quarantine.every_row(Reader(analyst.account), number, quarantine.Asked(), action="test")  # type: ignore[attr-defined]
    assert [(r["file"], r["row"], r["message"]) for r in printed["quarantined"]] == [  # type: ignore[attr-defined]
        (row.file, row.row, row.message) for row in shown
    ]
    assert text_of(analyst.get(f"/files/{number}/")).count("command line") == 1


def test_each_row_says_where_it_is_what_is_wrong_and_how_to_put_it_right(analyst: Client, loaded: Load) -> None:
    said = text_of(analyst.get(f"/files/{loaded.pk}/quarantine/"))

    assert "Episodes row 3, episodes.csv" in said
    assert "31/02/2025 is not a day that exists" in said
    assert "Correct the date." in said


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 2),
        ("?table=Episodes", 1),
        ("?code=missing", 1),
        ("?table=Episodes&code=missing", 0),
        ("?file=reviews.csv", 1),
        ("?state=corrected", 0),
        ("?page=99", 0),
        ("?page=-1&table=Nothing", 0),
    ],
)
def test_the_rows_can_be_narrowed(analyst: Client, loaded: Load, query: str, rows: int) -> None:
    page = analyst.get(f"/files/{loaded.pk}/quarantine/{query}")

    assert page.status_code == 200
    assert len(page.context["table"].rows) == rows


def test_a_look_at_the_rows_is_one_view_with_everybody_in_it(analyst: Client, council: Holder, loaded: Load) -> None:
    child = IdentifierKey.objects.get(sort="la_child_id", value="C2").thing

    analyst.get(f"/files/{loaded.pk}/quarantine/")
    analyst.get(f"/files/{loaded.pk}/quarantine.csv")

    views = AuditEntry.objects.filter(held_by=council.pk, action__startswith="rows of a load")
    assert list(views.values_list("action", flat=True)) == ["rows of a load", "rows of a load as csv"]
    assert set(views.values_list("person", flat=True)) == {str(child.uid)}
    assert verify_chain(council.pk) == []


def test_a_spreadsheet_runs_nothing_of_what_is_kept_as_csv(analyst: Client, loaded: Load) -> None:
    QuarantinedRow.objects.filter(load=loaded, table="Reviews").update(field="=HYPERLINK(1)", code="@x", fix="-1+1")

    content = analyst.get(f"/files/{loaded.pk}/quarantine.csv?table=Reviews").content.decode("utf-8-sig")

    header, row = list(csv.reader(io.StringIO(content)))
    assert header[:4] == ["File", "Table", "Row", "Field"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
    assert row[3] == "'=HYPERLINK(1)"
    assert "REVIEW_CODE: =PN1()" in row[8]


def test_the_workbook_has_texts_and_no_formulas(analyst: Client, loaded: Load) -> None:
    QuarantinedRow.objects.filter(load=loaded, table="Reviews").update(field="=1+1")

    response = analyst.get(f"/files/{loaded.pk}/quarantine.xlsx?table=Reviews")

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    (_, row) = book.get_sheet_by_index(0).to_python()
    assert row[3] == "=1+1"
    assert response["Content-Disposition"].endswith('rows.xlsx"')


def test_a_corrected_row_is_loaded_again_and_the_other_children_are_passed_over(
    analyst: Client, loaded: Load, bad: QuarantinedRow
) -> None:
    response = fill(analyst, bad, {"DECOM": "28/02/2026"})
    made = Load.objects.get(pk__gt=loaded.pk)
    work()

    made.refresh_from_db()
    assert response.url == f"/files/{made.pk}/"
    assert (made.rows, made.facts, made.unchanged, made.quarantined) == (8, 1, 6, 1)
    assert SpellFact.objects.filter(kind="placement", known_to__isnull=True, valid_from="2026-02-28").count() == 1
    kept = Correction.objects.get()
    assert kept.values == {**dict.fromkeys(EPISODES.split("\n")[0].split(","), ""), **RIGHT}
    assert (kept.by, kept.because) == (str(analyst.account.uid), "The court order says so")  # type: ignore[attr-defined]
    assert set(QuarantinedRow.objects.filter(load=loaded).values_list("state", flat=True)) == {"corrected", "replaced"}


def test_a_correction_that_is_wrong_too_comes_back_with_what_was_typed(
    analyst: Client, loaded: Load, bad: QuarantinedRow
) -> None:
    fill(analyst, bad, {"DECOM": "30/02/2026"})
    work()

    again = QuarantinedRow.objects.get(load__gt=loaded.pk, table="Episodes")
    assert again.original["DECOM"] == "30/02/2026"
    fill(analyst, again, {"DECOM": "28/02/2026"})
    work()
    last = Load.objects.order_by("-pk").first()
    assert last is not None
    assert last.quarantined == 1


def test_a_row_may_be_left_out(analyst: Client, loaded: Load) -> None:
    orphan = QuarantinedRow.objects.get(load=loaded, table="Reviews")

    fill(analyst, orphan, {}, do="leave_out")
    corrected = text_of(analyst.get(f"/files/{loaded.pk}/quarantine/{orphan.pk}/"))
    analyst.post(f"/files/{loaded.pk}/again/")
    work()

    made = Load.objects.get(pk__gt=loaded.pk)
    assert "left this row out" in corrected
    assert (made.rows, made.quarantined) == (7, 1)


def test_several_rows_are_put_right_one_after_another_and_loaded_at_once(
    analyst: Client, loaded: Load, bad: QuarantinedRow
) -> None:
    other = QuarantinedRow.objects.get(load=loaded, table="Reviews")

    first = fill(analyst, bad, {"DECOM": "28/02/2026"}, do="next")
    second = fill(analyst, other, {"CHILD": "C3", "REVIEW_CODE": "PN1"}, do="next")

    assert first.url == f"/files/{loaded.pk}/quarantine/{other.pk}/"
    assert second.url == f"/files/{loaded.pk}/"
    assert "2 put right" in text_of(analyst.get(f"/files/{loaded.pk}/"))
    assert Load.objects.count() == 1
    analyst.post(f"/files/{loaded.pk}/again/")
    work()
    made = Load.objects.get(pk__gt=loaded.pk)
    assert (made.rows, made.facts, made.quarantined) == (8, 2, 0)


def test_loading_again_when_nothing_was_put_right_is_refused(analyst: Client, loaded: Load) -> None:
    response = analyst.post(f"/files/{loaded.pk}/again/")

    assert response.status_code == 400
    assert "Nothing has been put right" in text_of(response)
    assert Load.objects.count() == 1


def test_a_reason_must_be_given(analyst: Client, bad: QuarantinedRow) -> None:
    response = fill(analyst, bad, {"DECOM": "28/02/2026"}, because="")

    assert "Say why this is right" in text_of(response)
    assert Correction.objects.count() == 0


def test_two_people_who_put_one_row_right_both_keep_their_words(
    analyst: Client, signed_in: Callable[..., Client], bad: QuarantinedRow
) -> None:
    other = signed_in(name="Robin Second")
    place = f"/files/{bad.load_id}/quarantine/{bad.pk}/"
    mine = analyst.get(place).context["form"]
    typed = {name: mine.initial.get(name, "") for name in mine.fields} | {"because": "Mine", "do": "next"}
    fill(other, bad, {"DECOM": "27/02/2026"}, do="next", because="Theirs")

    response = analyst.post(place, typed | {"field_1": "28/02/2026"})

    said = text_of(response)
    assert response.status_code == 409
    assert "Somebody else put this row right while you did" in said
    assert "Robin Second" in said
    assert "27/02/2026" in said
    assert 'value="28/02/2026"' in said
    assert Correction.objects.get().values["DECOM"] == "27/02/2026"
    again = dict(response.context["form"].data.items()) | {"field_1": "28/02/2026"}
    assert analyst.post(place, again).status_code == 302
    assert Correction.objects.get().values["DECOM"] == "28/02/2026"


@pytest.fixture
def restricted(bad: QuarantinedRow) -> QuarantinedRow:
    """Return the row of a child whose record has been restricted since."""
    assert bad.subject is not None
    restrict(person=bad.subject, label=Label.RESTRICTED, named=[], by="test", because="A threat to the family")
    return bad


def test_nothing_of_a_restricted_childs_row_is_shown(analyst: Client, restricted: QuarantinedRow) -> None:
    number = restricted.load_id
    pages = [f"/files/{number}/quarantine/", f"/files/{number}/quarantine.csv", f"/files/{number}/"]

    for path in pages:
        assert "31/02/2025" not in analyst.get(path).content.decode("utf-8-sig")
    assert "a record that you cannot open" in text_of(analyst.get(pages[0]))
    assert "1 row is about records that you cannot open" in text_of(analyst.get(pages[2]))
    assert analyst.get(f"/files/{number}/quarantine/{restricted.pk}/").status_code == 404
    assert AuditEntry.objects.filter(action="refused: row of a load").exists()


def test_a_restricted_childs_row_is_put_right_by_nobody_who_may_not_open_it(
    analyst: Client, restricted: QuarantinedRow
) -> None:
    response = analyst.post(
        f"/files/{restricted.load_id}/quarantine/{restricted.pk}/", {"because": "x", "field_1": "28/02/2026"}
    )

    assert response.status_code == 404
    assert Correction.objects.count() == 0


def test_a_row_of_another_load_is_not_found_under_this_one(
    analyst: Client, send: Callable[..., Any], loaded: Load, bad: QuarantinedRow
) -> None:
    send(analyst, {**RETURN, "reviews.csv": RETURN["reviews.csv"] + "C1,01/01/2015,21/06/2025,PN1\n"})
    work()
    other = Load.objects.get(pk__gt=loaded.pk)

    assert analyst.get(f"/files/{other.pk}/quarantine/{bad.pk}/").status_code == 404

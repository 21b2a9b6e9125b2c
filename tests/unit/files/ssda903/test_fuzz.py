"""Whatever arrives, the door answers with records, problems or a refusal, and with nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kinfold.files.received import Limits
from kinfold.files.ssda903.layout import TABLES, XML_ROOT
from kinfold.record.claim import Delivery
from kinfold.terms.errors import FileRefused

from .conftest import recognised

FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
LIMITS = Limits(file_bytes=200_000, rows=500)

NASTY = st.sampled_from(
    ["", " ", "A1", "31/02/2025", "03/12/2012", "2025-05-02", "C2", "S", "X1", '"', "'", "=1+1", "\x1f", "é", "\u2028", "0", "99999", "zz/zz/zzzz", "-1", ";", "\t"]
)  # fmt: skip
CELL = NASTY | st.text(max_size=8)


def swallow(path: Path) -> None:
    """Read everything a path gives; rows must reconcile. A refusal is an answer too."""
    deliveries: list[Delivery] = []
    with suppress(FileRefused):
        deliveries = recognised(path, limits=LIMITS)
    for delivery in deliveries:
        records = list(delivery.read())
        assert sum(record.rows for record in records) + delivery.orphan_rows == delivery.expected_rows
        for record in records:
            assert len(record.problems) <= record.rows
            assert len({(claim.kind, claim.natural_key) for claim in record.claims}) == len(record.claims)


@FUZZ
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe")
@example(b"<EXPSSDA903>")
def test_any_bytes_are_answered(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)

    swallow(path)


@FUZZ
@given(st.sampled_from(TABLES), st.lists(st.lists(CELL, min_size=1, max_size=14), max_size=8), st.sampled_from(",;\t"))
def test_any_rows_under_a_known_header_are_answered(
    tmp_path: Path, table: object, rows: list[list[str]], delimiter: str
) -> None:
    names = list(table.names)  # type: ignore[attr-defined]
    path = tmp_path / "any.csv"
    lines = [delimiter.join(names), *(delimiter.join(["A1", *row][: len(names) + 1]) for row in rows)]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))

    swallow(path)


@FUZZ
@given(st.sampled_from(TABLES), st.data())
def test_full_rows_of_nasty_cells_are_answered(tmp_path: Path, table: object, data: st.DataObject) -> None:
    names = list(table.names)  # type: ignore[attr-defined]
    rows = data.draw(st.lists(st.lists(NASTY, min_size=len(names), max_size=len(names)), max_size=6))
    path = tmp_path / "any.csv"
    path.write_text("\n".join([",".join(names), *(",".join(row) for row in rows)]), encoding="utf-8", newline="")

    swallow(path)


TAGS = st.sampled_from(
    [
        "CHILD",
        "HEADER",
        "EPISODE",
        "CHILDID",
        "DECOM",
        "DOB",
        "UASC",
        "DUC",
        "OC2",
        "SDQ_SCORE",
        "PL",
        "AREVIEW",
        "REVIEW",
    ]
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """Some XML of the return's element names in any order."""
    tag = draw(TAGS)
    inner = draw(NASTY).replace("\x1f", "")
    if depth:
        inner += "".join(draw(st.lists(elements(depth - 1), max_size=3)))
    return f"<{tag}>{inner}</{tag}>"


@FUZZ
@given(st.lists(elements(), max_size=4), st.integers(0, 30))
def test_any_elements_and_any_cut_are_answered(tmp_path: Path, inside: list[str], lost: int) -> None:
    text = f"<{XML_ROOT}>{''.join(inside)}</{XML_ROOT}>"
    path = tmp_path / "any.xml"
    path.write_text(text[: len(text) - lost], encoding="utf-8")

    swallow(path)
